-- Output by country of the default series, each at its latest year.
--
-- Returns one row per product, stage, form, iso3
--   product    VARCHAR
--   stage      VARCHAR
--   form       VARCHAR
--   iso3       VARCHAR
--   year       INTEGER
--   quantity   DOUBLE   in the unit of the series; NULL when not disclosed
--   qualifier  VARCHAR  NULL when printed as a plain figure
--   source_id  VARCHAR
WITH latest AS (
    SELECT
        series_id,
        max(year) AS year
    FROM world_production
    GROUP BY series_id
)
SELECT
    series.product,
    CAST(series.stage AS VARCHAR) AS stage,
    series.form,
    production.iso3,
    production.year,
    production.quantity,
    CAST(production.qualifier AS VARCHAR) AS qualifier,
    production.source_id
FROM series
JOIN latest USING (series_id)
JOIN production USING (series_id, year)
WHERE series.role LIKE 'default%'
ORDER BY series.product, series.stage, series.form, production.quantity DESC, production.iso3;
