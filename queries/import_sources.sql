-- Where the imports of the United States come from, as printed.
--
-- Returns one row per import_source_id
--   import_source_id  INTEGER
--   product           VARCHAR
--   mineral           VARCHAR
--   form              VARCHAR
--   partner           VARCHAR  as printed; several countries may share one figure
--   partner_iso3      VARCHAR  NULL when several countries or the rest are named
--   period            VARCHAR
--   share             DOUBLE   fraction of imports of the form
--   qualifier         VARCHAR  NULL when printed as a plain figure
--   source_id         VARCHAR
--   note              VARCHAR
SELECT
    import_source.import_source_id,
    import_source.product,
    product.mineral,
    import_source.form,
    import_source.partner,
    import_source.partner_iso3,
    import_source.period,
    import_source.share,
    CAST(import_source.qualifier AS VARCHAR) AS qualifier,
    import_source.source_id,
    import_source.note
FROM import_source
JOIN product USING (product)
WHERE import_source.iso3 = 'USA'
ORDER BY import_source.product, import_source.form, import_source.import_source_id;
