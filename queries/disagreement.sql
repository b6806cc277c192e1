-- How far the publications on one product and stage differ, for each country: its share in every series at its latest year.
--
-- Returns one row per product, stage, iso3
--   product     VARCHAR
--   stage       VARCHAR
--   iso3        VARCHAR
--   share_low   DOUBLE   fraction of the world of the series
--   share_high  DOUBLE
--   year_low    INTEGER  earliest of the years compared
--   year_high   INTEGER
--   series      INTEGER  number of series compared
WITH latest AS (
    SELECT
        series_id,
        max(year) AS year
    FROM world_production
    GROUP BY series_id
),
share AS (
    SELECT
        series.product,
        series.stage,
        production.iso3,
        production.year,
        series.series_id,
        production.quantity / greatest(world_production.quantity, world_production.listed) AS share
    FROM series
    JOIN latest USING (series_id)
    JOIN world_production USING (series_id, year)
    JOIN production USING (series_id, year)
    WHERE
        production.quantity IS NOT NULL
        AND series.quality IN ('good', 'fair')
        AND production.year >= 2017
    UNION ALL
    SELECT
        product,
        TRY_CAST(stage AS stage) AS stage,
        iso3,
        year,
        'share ' || source_id AS series_id,
        share
    FROM refining_share
    WHERE
        iso3 IS NOT NULL
        AND share IS NOT NULL
        AND year BETWEEN 2017 AND 2025
        AND scenario = 'observed'
        AND stage IN ('mine', 'smelter', 'refinery')
    QUALIFY year = max(year) OVER (PARTITION BY product, stage, iso3, source_id)
)
SELECT
    product,
    CAST(stage AS VARCHAR) AS stage,
    iso3,
    min(share) AS share_low,
    max(share) AS share_high,
    min(year) AS year_low,
    max(year) AS year_high,
    CAST(count(DISTINCT series_id) AS INTEGER) AS series
FROM share
GROUP BY product, stage, iso3
HAVING count(DISTINCT series_id) > 1
ORDER BY product, stage, iso3;
