-- Share of each country in every publication on a product, each at its latest year: what the range of disagreement spans.
--
-- Parameters
--   $product  VARCHAR
-- Returns one row per publication, stage, iso3, year, share
--   publication  VARCHAR
--   stage        VARCHAR  mine | smelter | refinery
--   iso3         VARCHAR
--   year         INTEGER
--   share        DOUBLE   fraction of the world of the publication
--   source_id    VARCHAR
WITH latest AS (
    SELECT
        series_id,
        max(year) AS year
    FROM world_production
    GROUP BY series_id
)
SELECT
    series.series_id AS publication,
    CAST(series.stage AS VARCHAR) AS stage,
    production.iso3,
    production.year,
    production.quantity / greatest(world_production.quantity, world_production.listed) AS share,
    production.source_id
FROM series
JOIN latest USING (series_id)
JOIN world_production USING (series_id, year)
JOIN production USING (series_id, year)
WHERE
    series.product = $product
    AND production.quantity IS NOT NULL
    AND series.quality IN ('good', 'fair')
    AND production.year >= 2017
UNION
SELECT
    'share ' || source_id AS publication,
    stage,
    iso3,
    year,
    share,
    source_id
FROM refining_share
WHERE
    product = $product
    AND iso3 IS NOT NULL
    AND share IS NOT NULL
    AND year BETWEEN 2017 AND 2025
    AND scenario = 'observed'
    AND stage IN ('mine', 'smelter', 'refinery')
QUALIFY year = max(year) OVER (PARTITION BY stage, iso3, source_id)
ORDER BY stage, iso3, share, publication, year;
