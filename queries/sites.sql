-- Mines and plants with their position on the projected map.
--
-- Returns one row per site_id
--   site_id    VARCHAR
--   name       VARCHAR
--   operator   VARCHAR  NULL where the publisher names none
--   iso3       VARCHAR
--   product    VARCHAR
--   mineral    VARCHAR
--   material   VARCHAR  as the publisher lists it
--   stage      VARCHAR  mine | mine project | processing | processing project
--   status     VARCHAR  in the publisher's words
--   map_x      DOUBLE   degrees on the projected map
--   map_y      DOUBLE   degrees on the projected map
--   source_id  VARCHAR
SELECT
    site.site_id,
    site.name,
    site.operator,
    site.iso3,
    site.product,
    product.mineral,
    site.material,
    site.stage,
    site.status,
    site.map_x,
    site.map_y,
    site.source_id
FROM site
JOIN product USING (product)
ORDER BY site.site_id;
