-- The latest year of the trade table.
--
-- Returns one row per table
--   year  SMALLINT  NULL when there is no trade
SELECT max(year) AS year
FROM trade;
