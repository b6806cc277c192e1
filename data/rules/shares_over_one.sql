-- Shares of one list may not sum to more than 101 %.
SELECT
    'refining_share' AS table_name,
    concat_ws('|', product, stage, form, year, source_id) AS row_key,
    'the shares sum to ' || round(100 * sum(share), 1) || ' %' AS finding
FROM refining_share
WHERE area <> 'world'
GROUP BY product, stage, form, year, source_id, scenario
HAVING round(sum(share), 6) > 1.01
UNION ALL
SELECT
    'import_source' AS table_name,
    concat_ws('|', iso3, commodity, form, period) AS row_key,
    'the shares sum to ' || round(100 * sum(share), 1) || ' %' AS finding
FROM import_source
GROUP BY iso3, commodity, form, period
HAVING round(sum(share), 6) > 1.01
ORDER BY table_name, row_key;
