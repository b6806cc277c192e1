-- One default series per product, stage and form.
SELECT
    'series' AS table_name,
    product || '|' || stage || '|' || form AS row_key,
    count(*) || ' series are the default' AS finding
FROM series
WHERE role LIKE 'default%'
GROUP BY product, stage, form
HAVING count(*) > 1
ORDER BY row_key;
