-- Published results and outcomes to hold the market model against, as printed.
--
-- Returns one row per benchmark_id
--   benchmark_id  INTEGER
--   material      VARCHAR
--   product       VARCHAR  NULL where several are meant, or none of the record
--   statement     VARCHAR
--   measure       VARCHAR  what is counted, with its unit
--   published     VARCHAR  figure as printed: a number, a range, a bound, or words
--   source_id     VARCHAR
SELECT
    benchmark_id,
    material,
    product,
    statement,
    measure,
    published,
    source_id
FROM benchmark
ORDER BY benchmark_id;
