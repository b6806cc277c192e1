-- Recycling, substitution and by-product status of every product.
--
-- Returns one row per recycling_id
--   recycling_id             INTEGER
--   product                  VARCHAR
--   item                     VARCHAR
--   eu_rate                  DOUBLE   end-of-life recycling input rate of the European Union, fraction
--   global_rate              DOUBLE   share of world use from recycled input, fraction
--   substitution_difficulty  VARCHAR  low | medium | high
--   supply_class             VARCHAR  primary | mixed | by-product
--   companionality           DOUBLE   fraction of output won as a by-product
--   host_metals              VARCHAR
--   source_id                VARCHAR
SELECT
    recycling_id,
    product,
    item,
    eu_end_of_life_recycling_input_rate AS eu_rate,
    TRY_CAST(global_recycled_input AS DOUBLE) AS global_rate,
    substitution_difficulty,
    supply_class,
    companionality,
    host_metals,
    source_id
FROM recycling
ORDER BY recycling_id;
