-- Monthly prices as published.
--
-- Returns one row per product, item, year, month
--   product    VARCHAR
--   mineral    VARCHAR
--   item       VARCHAR
--   year       INTEGER
--   month      INTEGER
--   price      DOUBLE   in unit
--   unit       VARCHAR
--   source_id  VARCHAR
SELECT
    price_month.product,
    product.mineral,
    price_month.item,
    price_month.year,
    price_month.month,
    price_month.price,
    price_month.unit,
    price_month.source_id
FROM price_month
JOIN product USING (product)
ORDER BY price_month.product, price_month.item, price_month.year, price_month.month;
