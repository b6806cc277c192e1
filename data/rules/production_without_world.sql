-- Every year of a default or history series that lists output has a world total.
SELECT
    'production' AS table_name,
    production.series_id || '|' || production.year AS row_key,
    'no world total for this year' AS finding
FROM production
JOIN series USING (series_id)
LEFT JOIN world_production USING (series_id, year)
WHERE series.role <> 'alternative'
GROUP BY production.series_id, production.year
HAVING sum(production.quantity) > 0 AND count(world_production.quantity) = 0
ORDER BY row_key;
