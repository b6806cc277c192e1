-- Flows between countries under the counted headings of a product in one year.
--
-- Parameters
--   $product  VARCHAR
--   $year     INTEGER  calendar year
-- Returns one row per hs6, exporter, importer
--   hs6        VARCHAR
--   exporter   VARCHAR
--   importer   VARCHAR
--   value_usd  BIGINT
--   gross_t    FLOAT    tonnes of goods; NULL when no weight is given
--   source_id  VARCHAR
SELECT
    trade.hs6,
    trade.exporter,
    trade.importer,
    trade.value_usd,
    trade.gross_t,
    trade.source_id
FROM trade
JOIN hs_code USING (hs6)
WHERE hs_code.product = $product AND trade.year = $year AND hs_code.counted
ORDER BY trade.hs6, trade.exporter, trade.importer;
