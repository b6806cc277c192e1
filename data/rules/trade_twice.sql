-- One row per heading, year, seller and buyer, and no country trades with itself.
SELECT
    'trade' AS table_name,
    concat_ws('|', hs6, year, exporter, importer) AS row_key,
    count(*) || ' rows' AS finding
FROM trade
GROUP BY hs6, year, exporter, importer
HAVING count(*) > 1 OR exporter = importer
ORDER BY row_key;
