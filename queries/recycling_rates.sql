-- End-of-life recycling input rate in the European Union, by product; a mineral with one rate lends it to its products.
--
-- Returns one row per product
--   product                         VARCHAR
--   end_of_life_recycling_input_rate  DOUBLE   fraction of input that is recycled scrap
--   source_id                       VARCHAR
WITH rate AS (
    SELECT
        product.mineral,
        recycling.product,
        max(recycling.eu_end_of_life_recycling_input_rate) AS rate,
        min(recycling.source_id) AS source_id
    FROM recycling
    JOIN product USING (product)
    WHERE recycling.eu_end_of_life_recycling_input_rate IS NOT NULL
    GROUP BY product.mineral, recycling.product
),
by_mineral AS (
    SELECT
        mineral,
        min(rate) AS rate,
        min(source_id) AS source_id
    FROM rate
    GROUP BY mineral
    HAVING count(*) = 1
)
SELECT
    product.product,
    coalesce(rate.rate, by_mineral.rate) AS end_of_life_recycling_input_rate,
    coalesce(rate.source_id, by_mineral.source_id) AS source_id
FROM product
LEFT JOIN rate ON rate.product = product.product
LEFT JOIN by_mineral ON by_mineral.mineral = product.mineral
WHERE coalesce(rate.rate, by_mineral.rate) IS NOT NULL
ORDER BY product.product;
