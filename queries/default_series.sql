-- The default series, each at its latest year, with its world total.
--
-- Returns one row per product, stage, form
--   series_id        VARCHAR
--   product          VARCHAR
--   mineral          VARCHAR
--   stage            VARCHAR  mine | smelter | refinery
--   form             VARCHAR
--   family           VARCHAR  publication the series comes from
--   basis            VARCHAR  what a tonne is a tonne of
--   unit             VARCHAR
--   tonnes_per_unit  DOUBLE   NULL for gas volumes and shares
--   year             INTEGER  latest year of the series
--   world            DOUBLE   world total in the unit of the series
--   derivation       VARCHAR  published | sum of listed
--   complete         BOOLEAN  false when known producers are missing from the list
--   note             VARCHAR
--   source_id        VARCHAR  source of the world total
SELECT
    series.series_id,
    series.product,
    product.mineral,
    CAST(series.stage AS VARCHAR) AS stage,
    series.form,
    series.family,
    series.basis,
    series.unit,
    series.tonnes_per_unit,
    world_production.year,
    world_production.quantity AS world,
    world_production.derivation,
    series.complete,
    series.note,
    world_production.source_id
FROM series
JOIN product USING (product)
JOIN world_production USING (series_id)
WHERE series.role LIKE 'default%'
QUALIFY world_production.year = max(world_production.year) OVER (PARTITION BY series_id)
ORDER BY series.product, series.stage, series.form;
