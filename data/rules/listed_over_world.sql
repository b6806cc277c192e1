-- Countries listed may not sum to more than the world by over 3.1 %, the rounding of published totals.
SELECT
    'world_production' AS table_name,
    series_id || '|' || year AS row_key,
    'the countries listed sum to ' || round(100 * listed / quantity, 1) || ' % of the world' AS finding
FROM world_production
WHERE listed > 1.031 * quantity
ORDER BY row_key;
