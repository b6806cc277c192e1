-- Governance of one country in its latest year with all six indicators, beside the median of the world in that year.
--
-- Parameters
--   $iso3  VARCHAR
-- Returns one row per indicator
--   indicator     VARCHAR  CC | GE | PV | RL | RQ | VA
--   year          INTEGER
--   estimate      DOUBLE   about -2.5 worst to 2.5 best
--   world_median  DOUBLE   of all places with an estimate in that year
--   places        INTEGER  how many those are
--   source_id     VARCHAR
WITH complete AS (
    SELECT year
    FROM governance
    WHERE iso3 = $iso3
    GROUP BY year
    HAVING count(*) = 6
    QUALIFY year = max(year) OVER ()
)
SELECT
    own.indicator,
    own.year,
    own.estimate,
    median(everybody.estimate) AS world_median,
    CAST(count(*) AS INTEGER) AS places,
    own.source_id
FROM governance AS own
JOIN complete ON complete.year = own.year
JOIN governance AS everybody ON everybody.year = own.year AND everybody.indicator = own.indicator
WHERE own.iso3 = $iso3
GROUP BY own.indicator, own.year, own.estimate, own.source_id
ORDER BY own.indicator;
