-- What each mineral was used for in its latest year of observed demand, where the record splits demand by use.
--
-- Clean energy in all is on record for more minerals than its technologies are. A product with demand of nothing is
-- left out; scenarios of later years are too.
--
-- Returns one row per mineral, use
--   mineral    VARCHAR
--   use        VARCHAR  clean_energy | electric_vehicles | grid_batteries | wind | solar | networks | hydrogen
--   year       INTEGER
--   source_id  VARCHAR
WITH named AS (
    SELECT
        product.mineral,
        CASE
            WHEN consumption.measure LIKE 'demand of clean energy%' THEN 'clean_energy'
            WHEN consumption.measure LIKE 'demand of electric vehicles%' THEN 'electric_vehicles'
            WHEN consumption.measure LIKE 'demand of grid battery storage%' THEN 'grid_batteries'
            WHEN consumption.measure LIKE 'demand of wind%' THEN 'wind'
            WHEN consumption.measure LIKE 'demand of solar PV%' THEN 'solar'
            WHEN consumption.measure LIKE 'demand of electricity networks%' THEN 'networks'
            WHEN consumption.measure LIKE 'demand of hydrogen technologies%' THEN 'hydrogen'
        END AS use,
        consumption.year,
        consumption.source_id
    FROM consumption
    JOIN product USING (product)
    WHERE consumption.scenario = 'observed' AND consumption.area = 'World' AND consumption.low > 0
)
SELECT
    mineral,
    use,
    max(year) AS year,
    arg_max(source_id, year) AS source_id
FROM named
WHERE use IS NOT NULL
GROUP BY mineral, use
ORDER BY mineral, use;
