-- Modelled supply of a product to 2040 by leading country; what no country is named for has no code.
--
-- Parameters
--   $product  VARCHAR
-- Returns one row per stage, area, iso3, year
--   stage       VARCHAR  mine | refinery
--   basis       VARCHAR
--   area        VARCHAR  country | rest of world
--   iso3        VARCHAR  NULL for the rest of the world
--   year        INTEGER
--   quantity_t  DOUBLE
--   world_t     DOUBLE   the sum of the parts where that is more
--   scenario    VARCHAR
--   source_id   VARCHAR
SELECT
    CAST(part.stage AS VARCHAR) AS stage,
    part.basis,
    part.area,
    part.iso3,
    part.year,
    part.quantity_t,
    greatest(
        world.quantity_t, sum(part.quantity_t) OVER (PARTITION BY part.stage, part.year, part.scenario)
    ) AS world_t,
    part.scenario,
    part.source_id
FROM outlook AS part
JOIN outlook AS world USING (product, stage, year, scenario)
WHERE part.product = $product AND part.area <> 'world' AND world.area = 'world'
ORDER BY part.stage, part.year, part.area, part.quantity_t DESC, part.iso3;
