-- Every restriction and every instrument has settings of the what-if or one reason why there is none, never both.
SELECT
    'restriction' AS table_name,
    restriction_id AS row_key,
    count(restriction_lever.kind) || ' rows of levers, ' || count(restriction_lever.reason) || ' of them reasons' AS finding
FROM restriction
LEFT JOIN restriction_lever USING (restriction_id)
GROUP BY restriction_id
HAVING count(restriction_lever.kind) = 0 OR (count(restriction_lever.reason) > 0 AND count(restriction_lever.kind) > 1)
UNION ALL
SELECT
    'instrument' AS table_name,
    instrument_id AS row_key,
    count(instrument_lever.kind) || ' rows of levers, ' || count(instrument_lever.reason) || ' of them reasons' AS finding
FROM instrument
LEFT JOIN instrument_lever USING (instrument_id)
GROUP BY instrument_id
HAVING count(instrument_lever.kind) = 0 OR (count(instrument_lever.reason) > 0 AND count(instrument_lever.kind) > 1)
ORDER BY table_name, row_key;
