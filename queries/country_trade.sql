-- What one country sells and buys in one year, by product and partner, counted headings only.
--
-- Parameters
--   $iso3  VARCHAR
--   $year  INTEGER  calendar year
-- Returns one row per direction, product, partner
--   direction  VARCHAR  exports | imports
--   product    VARCHAR
--   partner    VARCHAR  buyer of exports, seller of imports
--   value_usd  BIGINT
--   source_id  VARCHAR
WITH flow AS (
    SELECT
        'exports' AS direction,
        hs6,
        importer AS partner,
        value_usd,
        source_id
    FROM trade
    WHERE exporter = $iso3 AND year = $year
    UNION ALL
    SELECT
        'imports' AS direction,
        hs6,
        exporter AS partner,
        value_usd,
        source_id
    FROM trade
    WHERE importer = $iso3 AND year = $year
)
SELECT
    flow.direction,
    hs_code.product,
    flow.partner,
    CAST(sum(flow.value_usd) AS BIGINT) AS value_usd,
    min(flow.source_id) AS source_id
FROM flow
JOIN hs_code USING (hs6)
WHERE hs_code.counted
GROUP BY flow.direction, hs_code.product, flow.partner
ORDER BY flow.direction, hs_code.product, flow.partner;
