-- Announced and running projects by product.
--
-- Returns one row per project_id
--   project_id           INTEGER
--   product              VARCHAR
--   name                 VARCHAR
--   iso3                 VARCHAR
--   stage                VARCHAR
--   output               VARCHAR
--   capacity_t_per_year  DOUBLE   NULL when not announced
--   basis                VARCHAR
--   counts_as_product    BOOLEAN  false for feed or concentrate, never added to product
--   start_year           INTEGER
--   status               VARCHAR
--   backers              VARCHAR
--   source_id            VARCHAR
SELECT
    project_id,
    product,
    name,
    iso3,
    stage,
    output,
    capacity_t_per_year,
    basis,
    counts_as_product,
    start_year,
    status,
    backers,
    source_id
FROM project
ORDER BY product, start_year, name, project_id;
