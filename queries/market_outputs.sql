-- Output by country of the series behind each chain of the market model, in its base year.
--
-- Returns one row per chain, stage, iso3
--   chain      VARCHAR
--   stage      VARCHAR  ore or product
--   iso3       VARCHAR
--   year       INTEGER
--   output_t   DOUBLE   tonnes of the series, or percent of world where it gives shares; NULL when not disclosed
--   world_t    DOUBLE   world total of the series, same unit
--   qualifier  VARCHAR  NULL when printed as a plain figure
--   source_id  VARCHAR
WITH stages AS (
    SELECT
        chain,
        'ore' AS stage,
        ore_series_id AS series_id,
        ore_year AS year
    FROM market_chain
    UNION ALL
    SELECT
        chain,
        'product' AS stage,
        product_series_id AS series_id,
        product_year AS year
    FROM market_chain
)
SELECT
    stages.chain,
    stages.stage,
    production.iso3,
    production.year,
    production.quantity * coalesce(series.tonnes_per_unit, 1) AS output_t,
    world_production.quantity * coalesce(series.tonnes_per_unit, 1) AS world_t,
    CAST(production.qualifier AS VARCHAR) AS qualifier,
    production.source_id
FROM stages
JOIN series USING (series_id)
JOIN production USING (series_id, year)
JOIN world_production USING (series_id, year)
ORDER BY stages.chain, stages.stage, production.iso3;
