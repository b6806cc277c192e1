-- Every publication a figure rests on.
--
-- Returns one row per source_id
--   source_id  VARCHAR
--   publisher  VARCHAR
--   title      VARCHAR
--   edition    VARCHAR
--   url        VARCHAR
--   licence    VARCHAR
--   trust      VARCHAR
SELECT
    source_id,
    publisher,
    title,
    edition,
    url,
    licence,
    trust
FROM source
ORDER BY source_id;
