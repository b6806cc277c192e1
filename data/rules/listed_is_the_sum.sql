-- The listed total is the sum of the country rows, to a part in a million.
SELECT
    'world_production' AS table_name,
    world_production.series_id || '|' || world_production.year AS row_key,
    'listed is ' || any_value(world_production.listed) || ', the country rows sum to ' || coalesce(sum(production.quantity), 0)
        AS finding
FROM world_production
LEFT JOIN production USING (series_id, year)
GROUP BY world_production.series_id, world_production.year
HAVING abs(any_value(world_production.listed) - coalesce(sum(production.quantity), 0))
    > 1e-6 * any_value(world_production.listed) + 1e-9
ORDER BY row_key;
