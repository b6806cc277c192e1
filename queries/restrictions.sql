-- Dated records of export and import restrictions, one row per product they touch.
--
-- Returns one row per restriction_id, product
--   restriction_id  VARCHAR
--   imposing_iso3   VARCHAR
--   target_iso3     VARCHAR  NULL: everybody
--   material        VARCHAR
--   product         VARCHAR  NULL when no product of the record is named
--   stage           VARCHAR  NULL: every stage, parts or technology
--   scope           VARCHAR
--   measure         VARCHAR
--   level           VARCHAR
--   starts          VARCHAR  as precise as the source
--   ends            VARCHAR
--   status          VARCHAR
--   state           VARCHAR
--   suspended_from  VARCHAR  as precise as the source; NULL when never suspended
--   suspended_to    VARCHAR
--   source_id       VARCHAR
SELECT
    restriction.restriction_id,
    restriction.imposing_iso3,
    restriction.target_iso3,
    restriction.material,
    restriction_product.product,
    CAST(restriction_product.stage AS VARCHAR) AS stage,
    restriction.scope,
    restriction.measure,
    restriction.level,
    restriction.starts,
    restriction.ends,
    restriction.status,
    restriction.state,
    restriction.suspended_from,
    restriction.suspended_to,
    restriction.source_id
FROM restriction
LEFT JOIN restriction_product USING (restriction_id)
ORDER BY restriction.restriction_id, restriction_product.product;
