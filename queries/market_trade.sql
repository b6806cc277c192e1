-- Trade behind the flows of each chain of the market model, in tonnes of content a year.
--
-- The mean of three years, or of those with weights: some headings have weights in the last year only. A flow without
-- weight counts at the mean value of a tonne under its heading. Tonnes are added as decimals: sums of floats differ
-- in the last digit from run to run.
--
-- Parameters
--   $year  INTEGER  last of the three calendar years
-- Returns one row per chain, stage, exporter, importer
--   chain      VARCHAR
--   stage      VARCHAR  ore or product
--   exporter   VARCHAR
--   importer   VARCHAR
--   content_t  DOUBLE
--   source_id  VARCHAR
WITH flow AS (
    SELECT
        trade.hs6,
        trade.exporter,
        trade.importer,
        $year + 1 - greatest(min(hs_code.tonnes_from), $year - 2) AS years,
        sum(CAST(trade.gross_t AS DECIMAL(18, 3))) AS weighed_t,
        sum(trade.value_usd) FILTER (WHERE trade.gross_t IS NOT NULL) AS weighed_usd,
        sum(trade.value_usd) FILTER (WHERE trade.gross_t IS NULL) AS unweighed_usd,
        min(trade.source_id) AS source_id
    FROM trade
    JOIN hs_code USING (hs6)
    WHERE trade.year BETWEEN greatest(hs_code.tonnes_from, $year - 2) AND $year
    AND trade.hs6 IN (SELECT market_heading.hs6 FROM market_heading)
    GROUP BY trade.hs6, trade.exporter, trade.importer
),
unit_value AS (
    SELECT
        hs6,
        sum(weighed_usd) / CAST(sum(weighed_t) AS DOUBLE) AS usd_per_t
    FROM flow
    GROUP BY hs6
)
SELECT
    market_heading.chain,
    market_heading.stage,
    flow.exporter,
    flow.importer,
    sum(
        coalesce(market_heading.content_t_per_t, hs_code.content_t_per_t) / flow.years
        * (CAST(coalesce(flow.weighed_t, 0) AS DOUBLE) + coalesce(flow.unweighed_usd / unit_value.usd_per_t, 0))
    ) AS content_t,
    min(flow.source_id) AS source_id
FROM market_heading
JOIN hs_code USING (hs6)
JOIN flow USING (hs6)
JOIN unit_value USING (hs6)
GROUP BY market_heading.chain, market_heading.stage, flow.exporter, flow.importer
ORDER BY market_heading.chain, market_heading.stage, flow.exporter, flow.importer;
