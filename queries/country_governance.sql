-- Governance of each country in its latest year with all six indicators, beside the median of the world in that year.
--
-- Returns one row per iso3, indicator
--   iso3          VARCHAR
--   indicator     VARCHAR  CC | GE | PV | RL | RQ | VA
--   year          INTEGER
--   estimate      DOUBLE   about -2.5 worst to 2.5 best
--   world_median  DOUBLE   of all places with an estimate in that year
--   places        INTEGER  how many those are
--   source_id     VARCHAR
WITH complete AS (
    SELECT
        iso3,
        year
    FROM governance
    GROUP BY iso3, year
    HAVING count(*) = 6
    QUALIFY year = max(year) OVER (PARTITION BY iso3)
),
world AS (
    SELECT
        indicator,
        year,
        median(estimate) AS world_median,
        CAST(count(*) AS INTEGER) AS places
    FROM governance
    GROUP BY indicator, year
)
SELECT
    governance.iso3,
    governance.indicator,
    governance.year,
    governance.estimate,
    world.world_median,
    world.places,
    governance.source_id
FROM governance
JOIN complete USING (iso3, year)
JOIN world USING (indicator, year)
ORDER BY governance.iso3, governance.indicator;
