-- Projects by country, first to start first.
--
-- Returns one row per project_id
--   project_id           INTEGER
--   iso3                 VARCHAR
--   name                 VARCHAR
--   product              VARCHAR
--   stage                VARCHAR
--   output               VARCHAR
--   capacity_t_per_year  DOUBLE   tonnes of the basis
--   basis                VARCHAR
--   start_year           INTEGER
--   status               VARCHAR
--   backers              VARCHAR
--   support_usd          DOUBLE
--   source_id            VARCHAR
SELECT
    project_id,
    iso3,
    name,
    product,
    stage,
    output,
    capacity_t_per_year,
    basis,
    start_year,
    status,
    backers,
    support_usd,
    source_id
FROM project
ORDER BY start_year, name, project_id;
