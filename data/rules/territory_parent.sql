-- A territory belongs to a state of the record.
SELECT
    'country' AS table_name,
    territory.iso3 AS row_key,
    'belongs to ' || territory.parent_iso3 || ', which is not a state of the record' AS finding
FROM country AS territory
LEFT JOIN country AS state ON state.iso3 = territory.parent_iso3 AND state.kind = 'state'
WHERE territory.kind = 'territory' AND state.iso3 IS NULL
ORDER BY row_key;
