-- Chains of the market model and the rules that fill in their base year.
--
-- Returns one row per chain
--   chain                VARCHAR
--   product              VARCHAR
--   variant_of           VARCHAR  NULL when it is no variant
--   grade                VARCHAR  A, B, C are offered, D is for the accounting only
--   basis                VARCHAR  what a tonne is a tonne of
--   supply_class         VARCHAR  primary, mixed or by-product
--   ore_series_id        VARCHAR  NULL for a chain of one stage
--   ore_product          VARCHAR
--   ore_stage            VARCHAR
--   ore_content_t_per_t  DOUBLE
--   product_series_id    VARCHAR  NULL where output is implied by ore trade
--   product_stage        VARCHAR
--   output_rule          VARCHAR
--   recycled_rule        VARCHAR
--   use_rule             VARCHAR
--   warning              VARCHAR
--   note                 VARCHAR
SELECT
    market_chain.chain,
    market_chain.product,
    market_chain.variant_of,
    market_chain.grade,
    market_chain.basis,
    market_chain.supply_class,
    market_chain.ore_series_id,
    ore.product AS ore_product,
    CAST(ore.stage AS VARCHAR) AS ore_stage,
    market_chain.ore_content_t_per_t,
    market_chain.product_series_id,
    coalesce(CAST(refined.stage AS VARCHAR), 'refinery') AS product_stage,
    market_chain.output_rule,
    market_chain.recycled_rule,
    market_chain.use_rule,
    market_chain.warning,
    market_chain.note
FROM market_chain
LEFT JOIN series AS ore ON ore.series_id = market_chain.ore_series_id
LEFT JOIN series AS refined ON refined.series_id = market_chain.product_series_id
ORDER BY market_chain.chain;
