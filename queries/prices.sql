-- Yearly prices as published.
--
-- Returns one row per price_id
--   price_id   INTEGER
--   product    VARCHAR
--   mineral    VARCHAR
--   commodity  VARCHAR
--   item       VARCHAR  what is priced, where and how
--   year       INTEGER
--   low        DOUBLE   in unit; NULL when not published
--   high       DOUBLE   in unit; as low unless a range is printed
--   unit       VARCHAR
--   qualifier  VARCHAR  NULL when printed as a plain figure
--   source_id  VARCHAR
--   note       VARCHAR
SELECT
    price.price_id,
    price.product,
    product.mineral,
    price.commodity,
    price.item,
    price.year,
    price.low,
    price.high,
    price.unit,
    CAST(price.qualifier AS VARCHAR) AS qualifier,
    price.source_id,
    price.note
FROM price
JOIN product USING (product)
ORDER BY price.product, price.item, price.year, price.price_id;
