-- Counted customs headings with their mineral and the years they are on record.
--
-- Returns one row per hs6
--   hs6          VARCHAR
--   description  VARCHAR
--   product      VARCHAR
--   mineral      VARCHAR
--   bundle       BOOLEAN  mixes goods, to be shown under its own name only
--   trade_stage  VARCHAR  ore | intermediate | refined | semi-manufactured | component | scrap
--   first_year   INTEGER  first year with values
--   tonnes_from  INTEGER  first year with weights, NULL when there are none
--   note         VARCHAR
SELECT
    hs_code.hs6,
    hs_code.description,
    hs_code.product,
    product.mineral,
    product.bundle,
    hs_code.trade_stage,
    hs_code.first_year,
    hs_code.tonnes_from,
    hs_code.note
FROM hs_code
JOIN product USING (product)
WHERE hs_code.counted
ORDER BY hs_code.hs6;
