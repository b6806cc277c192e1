-- Every place of the record, with its position on the projected map.
--
-- Returns one row per iso3
--   iso3         VARCHAR  ISO 3166-1 alpha-3, EUU for the European Union, XKX for Kosovo
--   name         VARCHAR
--   in_sentence  VARCHAR  name as it reads inside a sentence
--   kind         VARCHAR  state | territory | economy | union | former
--   parent_iso3  VARCHAR  state of a territory
--   eu_member    BOOLEAN
--   gdp_usd      DOUBLE   current US dollars, latest year known
--   gdp_year     INTEGER
--   feature      INTEGER  polygon of the map file, NULL when drawn as a point
--   lon          DOUBLE   degrees
--   lat          DOUBLE   degrees
--   map_x        DOUBLE   degrees on the projected map
--   map_y        DOUBLE   degrees on the projected map
--   small        BOOLEAN  drawn as a disc
SELECT
    iso3,
    name,
    in_sentence,
    kind,
    parent_iso3,
    eu_member,
    gdp_usd,
    gdp_year,
    feature,
    lon,
    lat,
    map_x,
    map_y,
    small
FROM country
ORDER BY iso3;
