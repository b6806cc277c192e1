-- What every country sells to every other in one year, by product, counted headings only.
--
-- Parameters
--   $year  INTEGER  calendar year
-- Returns one row per exporter, importer, product
--   exporter   VARCHAR
--   importer   VARCHAR
--   product    VARCHAR
--   value_usd  BIGINT
--   source_id  VARCHAR
SELECT
    trade.exporter,
    trade.importer,
    hs_code.product,
    CAST(sum(trade.value_usd) AS BIGINT) AS value_usd,
    min(trade.source_id) AS source_id
FROM trade
JOIN hs_code USING (hs6)
WHERE hs_code.counted AND trade.year = $year
GROUP BY trade.exporter, trade.importer, hs_code.product
ORDER BY trade.exporter, trade.importer, hs_code.product;
