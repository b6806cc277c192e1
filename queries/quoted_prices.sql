-- In what form and unit the base price of each chain of the market is published.
--
-- Returns one row per chain
--   chain            VARCHAR
--   role             VARCHAR  price: of the product; ore_price: of its ore
--   item             VARCHAR  what is priced, where and how
--   year             INTEGER
--   low              DOUBLE   in unit
--   unit             VARCHAR
--   content_t_per_t  DOUBLE   tonnes of the chain's basis in a tonne of the form; 1 where the form is the basis
--   source_id        VARCHAR
--   note             VARCHAR
SELECT
    market_input.chain,
    market_input.role,
    price.item,
    price.year,
    price.low,
    price.unit,
    market_input.divided_by AS content_t_per_t,
    price.source_id,
    market_input.note
FROM market_input
JOIN price ON market_input.table_name = 'price' AND market_input.row_key = CAST(price.price_id AS VARCHAR)
WHERE market_input.role IN ('price', 'ore_price')
ORDER BY market_input.chain;
