-- Bilateral trade of one year by customs heading, counted headings only.
--
-- Parameters
--   $year  INTEGER  calendar year
-- Returns one row per hs6, exporter, importer
--   hs6        VARCHAR
--   exporter   VARCHAR
--   importer   VARCHAR
--   value_usd  BIGINT
--   gross_t    FLOAT    tonnes of goods; NULL when no weight is given
SELECT
    trade.hs6,
    trade.exporter,
    trade.importer,
    trade.value_usd,
    trade.gross_t
FROM trade
JOIN hs_code USING (hs6)
WHERE trade.year = $year AND hs_code.counted
ORDER BY trade.hs6, trade.exporter, trade.importer;
