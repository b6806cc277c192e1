-- The longest series of one source on a product, and the default series of the years after it where it may be shown beside.
--
-- Parameters
--   $product  VARCHAR
-- Returns one row per series_id, iso3, year
--   series_id   VARCHAR
--   stage       VARCHAR  mine | smelter | refinery
--   form        VARCHAR
--   basis       VARCHAR
--   unit        VARCHAR
--   note        VARCHAR
--   later       BOOLEAN  true for the years after the history: another source, never joined to it
--   iso3        VARCHAR
--   year        INTEGER
--   quantity    DOUBLE   in unit; NULL when not disclosed
--   qualifier   VARCHAR
--   world       DOUBLE   in unit; the sum of the countries listed where that is more
--   derivation  VARCHAR  published | sum of listed
--   source_id   VARCHAR
WITH span AS (
    SELECT
        series.product,
        series.stage,
        max(world_production.year) AS year
    FROM series
    JOIN world_production USING (series_id)
    WHERE series.product = $product AND series.role LIKE '%history'
    GROUP BY series.product, series.stage
)
SELECT
    series.series_id,
    CAST(series.stage AS VARCHAR) AS stage,
    series.form,
    series.basis,
    series.unit,
    series.note,
    series.role NOT LIKE '%history' AS later,
    production.iso3,
    production.year,
    production.quantity,
    CAST(production.qualifier AS VARCHAR) AS qualifier,
    greatest(world_production.quantity, world_production.listed) AS world,
    world_production.derivation,
    production.source_id
FROM series
JOIN span ON span.product = series.product AND span.stage = series.stage
JOIN production USING (series_id)
JOIN world_production ON world_production.series_id = series.series_id AND world_production.year = production.year
WHERE
    series.role LIKE '%history'
    OR (
        series.role = 'default'
        AND production.year > span.year
        AND series.product IN (
            'copper', 'nickel', 'tungsten', 'rare_earths_total', 'platinum', 'palladium', 'gallium'
        )
    )
ORDER BY series.series_id, production.year, production.iso3;
