-- The longest series of one source on a product and stage, by country and year.
--
-- Parameters
--   $product  VARCHAR
--   $stage    VARCHAR  mine | smelter | refinery
-- Returns one row per series_id, iso3, year
--   series_id  VARCHAR
--   iso3       VARCHAR
--   year       INTEGER
--   quantity   DOUBLE   in unit; NULL when not disclosed
--   qualifier  VARCHAR
--   unit       VARCHAR
--   basis      VARCHAR
--   world      DOUBLE   in unit
--   source_id  VARCHAR
SELECT
    series.series_id,
    production.iso3,
    production.year,
    production.quantity,
    CAST(production.qualifier AS VARCHAR) AS qualifier,
    series.unit,
    series.basis,
    world_production.quantity AS world,
    production.source_id
FROM series
JOIN production USING (series_id)
JOIN world_production USING (series_id, year)
WHERE
    series.product = $product
    AND series.stage = CAST($stage AS stage)
    AND series.role LIKE '%history'
ORDER BY series.series_id, production.year, production.iso3;
