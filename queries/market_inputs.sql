-- Figures that fill in a chain of the market model beside its series, looked up where they stand.
--
-- Returns one row per market_input_id
--   market_input_id  INTEGER
--   chain            VARCHAR  NULL when it serves every chain
--   role             VARCHAR
--   stage            VARCHAR
--   iso3             VARCHAR  ROW: countries not named one by one; NULL: the world
--   amount           DOUBLE   tonnes, US dollars (per tonne for prices) or a fraction; NULL when not in this edition
--   qualifier        VARCHAR
--   source_id        VARCHAR  NULL when recalled
--   note             VARCHAR
WITH figure (table_name, row_key, amount, share, qualifier, source_id) AS (
    SELECT
        'price', CAST(price_id AS VARCHAR), CASE WHEN unit LIKE 'USD/%mtu' THEN 100 * low ELSE low_usd_per_t END,
        NULL, qualifier, source_id
    FROM price
    UNION ALL
    SELECT 'price_gap', CAST(price_gap_id AS VARCHAR), 1000 * outside_low, NULL, NULL, source_id
    FROM price_gap
    WHERE unit = 'USD/kg'
    UNION ALL
    SELECT
        'consumption', CAST(consumption_id AS VARCHAR), low * CASE unit WHEN 'kt' THEN 1000 WHEN 'kg' THEN 0.001 ELSE 1 END,
        share_of_world, qualifier, source_id
    FROM consumption
    UNION ALL
    SELECT
        'production', concat_ws('|', series_id, iso3, year), quantity * series.tonnes_per_unit, quantity / 100,
        qualifier, production.source_id
    FROM production
    JOIN series USING (series_id)
    UNION ALL
    SELECT 'capacity', capacity_id, quantity_t, NULL, qualifier, source_id
    FROM capacity
    UNION ALL
    SELECT 'refining_share', CAST(refining_share_id AS VARCHAR), quantity, share, qualifier, source_id
    FROM refining_share
    UNION ALL
    SELECT 'import_source', CAST(import_source_id AS VARCHAR), NULL, share, qualifier, source_id
    FROM import_source
)
SELECT
    input.market_input_id,
    input.chain,
    input.role,
    input.stage,
    input.iso3,
    input.times / input.divided_by * coalesce(
        input.amount,
        CASE WHEN input.role IN ('use_share', 'output_share', 'rest_weight') THEN figure.share ELSE figure.amount END
    ) AS amount,
    CAST(coalesce(input.qualifier, figure.qualifier) AS VARCHAR) AS qualifier,
    coalesce(input.source_id, figure.source_id) AS source_id,
    input.note
FROM market_input AS input
LEFT JOIN figure USING (table_name, row_key)
ORDER BY input.market_input_id;
