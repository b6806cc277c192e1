-- Largest flow of a product and the value of the fullest column of its flow diagram, year by year.
--
-- Ore flows from its sellers to refiners, refined goods from these to their buyers. A country counts as a refiner with
-- the ore it buys or the refined goods it sells, whichever is more, so this column is never less than the others.
--
-- Parameters
--   $product  VARCHAR
-- Returns one row per year
--   year         INTEGER
--   largest_usd  DOUBLE   largest flow of one country to another, ore or refined
--   fullest_usd  DOUBLE
WITH flow AS (
    SELECT
        trade.year::INTEGER AS year,
        hs_code.trade_stage = 'ore' AS is_ore,
        trade.exporter,
        trade.importer,
        sum(trade.value_usd)::DOUBLE AS value_usd
    FROM trade
    JOIN hs_code USING (hs6)
    WHERE hs_code.product = $product AND hs_code.counted
    GROUP BY ALL
),
refiner AS (
    SELECT
        year,
        CASE WHEN is_ore THEN importer ELSE exporter END AS iso3,
        greatest(sum(CASE WHEN is_ore THEN value_usd ELSE 0 END), sum(CASE WHEN is_ore THEN 0 ELSE value_usd END))
            AS value_usd
    FROM flow
    GROUP BY ALL
),
largest AS (
    SELECT year, max(value_usd) AS value_usd
    FROM flow
    GROUP BY year
)
SELECT
    largest.year,
    largest.value_usd AS largest_usd,
    sum(refiner.value_usd) AS fullest_usd
FROM largest
JOIN refiner USING (year)
GROUP BY largest.year, largest.value_usd
ORDER BY largest.year;
