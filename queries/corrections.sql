-- Published figures not used as printed, and exceptions to the rules of the build.
--
-- Returns one row per table_name, row_key, column_name
--   table_name   VARCHAR
--   row_key      VARCHAR
--   column_name  VARCHAR
--   printed      VARCHAR
--   used         VARCHAR
--   reason       VARCHAR
--   status       VARCHAR
SELECT
    table_name,
    row_key,
    column_name,
    printed,
    used,
    reason,
    status
FROM correction
ORDER BY table_name, row_key, column_name;
