-- What this database was built from.
--
-- Returns one row per name
--   name     VARCHAR
--   setting  VARCHAR
SELECT
    name,
    setting
FROM vintage
ORDER BY name;
