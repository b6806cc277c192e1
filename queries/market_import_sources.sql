-- Shares of their suppliers in the imports of the United States, for the chains of the market model.
--
-- Returns one row per chain, iso3
--   chain      VARCHAR
--   iso3       VARCHAR  the shipper, which need not be the origin
--   share      DOUBLE   fraction of imports
--   source_id  VARCHAR
SELECT
    market_chain.chain,
    import_source.partner_iso3 AS iso3,
    sum(import_source.share) AS share,
    min(import_source.source_id) AS source_id
FROM market_chain
JOIN import_source
    ON import_source.product = market_chain.import_product
    AND import_source.form = market_chain.import_form
WHERE import_source.iso3 = 'USA' AND import_source.partner_iso3 IS NOT NULL AND import_source.share IS NOT NULL
GROUP BY market_chain.chain, import_source.partner_iso3
ORDER BY market_chain.chain, import_source.partner_iso3;
