-- Output by country of every product with one source over all years from a first year on.
--
-- Left out are series that miss known producers, and those whose default series of today does.
--
-- Parameters
--   $year  INTEGER  first year
-- Returns one row per series_id, iso3, year
--   series_id  VARCHAR
--   product    VARCHAR
--   stage      VARCHAR  mine | smelter | refinery
--   iso3       VARCHAR
--   year       INTEGER
--   quantity   DOUBLE   in the unit of the series; NULL when not disclosed
--   world      DOUBLE   in the unit of the series
--   source_id  VARCHAR  source of the world total
WITH incomplete AS (
    SELECT DISTINCT
        product,
        stage
    FROM series
    WHERE role LIKE 'default%' AND NOT complete
),
span AS (
    SELECT series_id
    FROM world_production
    WHERE year >= $year
    GROUP BY series_id
    HAVING min(year) = $year AND count(*) = max(year) - $year + 1
)
SELECT
    series.series_id,
    series.product,
    CAST(series.stage AS VARCHAR) AS stage,
    production.iso3,
    production.year,
    production.quantity,
    world_production.quantity AS world,
    world_production.source_id
FROM series
JOIN span USING (series_id)
JOIN world_production USING (series_id)
JOIN production USING (series_id, year)
LEFT JOIN incomplete ON incomplete.product = series.product AND incomplete.stage = series.stage
WHERE
    series.role LIKE '%history'
    AND series.complete
    AND incomplete.product IS NULL
    AND world_production.year >= $year
ORDER BY series.series_id, production.year, production.iso3;
