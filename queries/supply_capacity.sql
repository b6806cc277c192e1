-- Capacity by product, form and area, each form at its latest year.
--
-- Returns one row per capacity_id
--   capacity_id  VARCHAR
--   product      VARCHAR
--   form         VARCHAR
--   basis        VARCHAR
--   area         VARCHAR  country, world, or group of countries as named
--   iso3         VARCHAR  NULL unless the area is one country
--   year         INTEGER
--   quantity_t   DOUBLE   tonnes a year; NULL when not disclosed
--   qualifier    VARCHAR
--   source_id    VARCHAR
SELECT
    capacity_id,
    product,
    form,
    basis,
    area,
    iso3,
    year,
    quantity_t,
    CAST(qualifier AS VARCHAR) AS qualifier,
    source_id
FROM capacity
QUALIFY year = max(year) OVER (PARTITION BY product, form)
ORDER BY product, form, quantity_t DESC, capacity_id;
