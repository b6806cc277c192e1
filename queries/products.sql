-- Every product with its mineral.
--
-- Returns one row per product
--   product              VARCHAR
--   product_name         VARCHAR
--   product_in_sentence  VARCHAR
--   mineral              VARCHAR
--   mineral_name         VARCHAR
--   mineral_in_sentence  VARCHAR
--   us_critical_2025     BOOLEAN  NULL where the list does not speak of the mineral
--   bundle               BOOLEAN  a customs heading that mixes goods
SELECT
    product.product,
    product.name AS product_name,
    product.in_sentence AS product_in_sentence,
    product.mineral,
    mineral.name AS mineral_name,
    mineral.in_sentence AS mineral_in_sentence,
    mineral.us_critical_2025,
    product.bundle
FROM product
JOIN mineral USING (mineral)
ORDER BY product.product;
