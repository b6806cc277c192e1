-- Groupings, presets first.
--
-- Returns one row per grouping_id
--   grouping_id   VARCHAR
--   name          VARCHAR
--   short_name    VARCHAR
--   founded       VARCHAR
--   description   VARCHAR
--   preset_order  INTEGER  NULL when not a preset
--   source_id     VARCHAR
SELECT
    grouping_id,
    name,
    short_name,
    founded,
    description,
    preset_order,
    source_id
FROM grouping
ORDER BY preset_order, grouping_id;
