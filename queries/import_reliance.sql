-- Net imports of the United States as a percentage of consumption, bounds as printed.
--
-- Returns one row per import_reliance_id
--   import_reliance_id  INTEGER
--   product             VARCHAR
--   mineral             VARCHAR
--   item                VARCHAR  what is counted, of which consumption
--   year                INTEGER
--   low                 DOUBLE   percent; NULL where only the upper bound is printed, or neither
--   high                DOUBLE   percent; NULL where only the lower bound is printed, or neither
--   qualifier           VARCHAR  NULL when printed as a plain figure
--   source_id           VARCHAR
--   note                VARCHAR
SELECT
    import_reliance.import_reliance_id,
    import_reliance.product,
    product.mineral,
    import_reliance.item,
    import_reliance.year,
    import_reliance.low,
    import_reliance.high,
    CAST(import_reliance.qualifier AS VARCHAR) AS qualifier,
    import_reliance.source_id,
    import_reliance.note
FROM import_reliance
JOIN product USING (product)
WHERE import_reliance.iso3 = 'USA'
ORDER BY import_reliance.product, import_reliance.item, import_reliance.year, import_reliance.import_reliance_id;
