-- Behaviour assumed by the market model, with its range, within one year and within five.
--
-- Returns one row per name, scope
--   name             VARCHAR
--   scope            VARCHAR  the chain it holds for; NULL: every chain
--   unit             VARCHAR
--   one_year         DOUBLE
--   one_year_low     DOUBLE
--   one_year_high    DOUBLE
--   five_years       DOUBLE
--   five_years_low   DOUBLE
--   five_years_high  DOUBLE
--   source_id        VARCHAR  NULL: an assumption of ours
--   note             VARCHAR
SELECT
    name,
    scope,
    unit,
    one_year,
    one_year_low,
    one_year_high,
    five_years,
    five_years_low,
    five_years_high,
    source_id,
    note
FROM assumption
ORDER BY name, scope NULLS FIRST;
