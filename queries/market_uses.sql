-- Use by country where a publication lists it, for the chains of the market model that rest on such a list.
--
-- Returns one row per chain, iso3
--   chain           VARCHAR
--   iso3            VARCHAR
--   use_t           DOUBLE
--   share_of_world  DOUBLE   fraction of the world of that list
--   source_id       VARCHAR
SELECT
    market_chain.chain,
    consumption.iso3,
    consumption.low * CASE consumption.unit WHEN 'kt' THEN 1000 ELSE 1 END AS use_t,
    consumption.share_of_world,
    consumption.source_id
FROM market_chain
JOIN consumption
    ON consumption.product = market_chain.product
    AND consumption.measure = market_chain.use_measure
    AND consumption.year = market_chain.use_year
WHERE consumption.share_of_world IS NOT NULL AND consumption.iso3 <> 'EUU'
ORDER BY market_chain.chain, consumption.iso3;
