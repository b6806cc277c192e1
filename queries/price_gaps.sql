-- Dated prices inside and outside China.
--
-- Returns one row per price_gap_id
--   price_gap_id        INTEGER
--   product             VARCHAR
--   mineral             VARCHAR
--   form                VARCHAR
--   date                VARCHAR  as precise as the source: year, year-month or year-month-day
--   china_low           DOUBLE   in unit; NULL when only the other side is known
--   china_high          DOUBLE
--   china_basis         VARCHAR
--   outside_low         DOUBLE
--   outside_high        DOUBLE
--   outside_basis       VARCHAR
--   unit                VARCHAR
--   outside_over_china  DOUBLE   NULL where the sides do not compare
--   trust               VARCHAR  high | medium | medium-low | low
--   source_id           VARCHAR
--   note                VARCHAR
SELECT
    price_gap.price_gap_id,
    price_gap.product,
    product.mineral,
    price_gap.form,
    price_gap.date,
    price_gap.china_low,
    price_gap.china_high,
    price_gap.china_basis,
    price_gap.outside_low,
    price_gap.outside_high,
    price_gap.outside_basis,
    price_gap.unit,
    price_gap.outside_over_china,
    price_gap.trust,
    price_gap.source_id,
    price_gap.note
FROM price_gap
JOIN product USING (product)
ORDER BY price_gap.date, price_gap.price_gap_id;
