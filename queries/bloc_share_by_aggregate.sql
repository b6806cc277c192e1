-- The bloc's share of world output in each default series, by plain aggregation; a second route to the model's figure.
--
-- Parameters
--   $members  VARCHAR[]  ISO codes
-- Returns one row per product, stage, form
--   product     VARCHAR
--   stage       VARCHAR
--   form        VARCHAR
--   bloc_share  DOUBLE   fraction of the published world
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
    coalesce(sum(production.quantity) FILTER (WHERE list_contains($members, production.iso3)), 0)
    / any_value(world_production.quantity) AS bloc_share
FROM series
JOIN latest USING (series_id)
JOIN world_production USING (series_id, year)
LEFT JOIN production USING (series_id, year)
WHERE series.role LIKE 'default%'
GROUP BY series.product, series.stage, series.form
ORDER BY series.product, series.stage, series.form;
