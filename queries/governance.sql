-- Governance estimates of each country in its latest year with all six indicators.
--
-- Returns one row per iso3
--   iso3                 VARCHAR
--   year                 INTEGER
--   political_stability  DOUBLE  about -2.5 worst to 2.5 best
--   mean_estimate        DOUBLE  mean of the six indicators
SELECT
    iso3,
    year,
    max(estimate) FILTER (WHERE indicator = 'PV') AS political_stability,
    avg(estimate) AS mean_estimate
FROM governance
GROUP BY iso3, year
HAVING count(*) = 6
QUALIFY year = max(year) OVER (PARTITION BY iso3)
ORDER BY iso3;
