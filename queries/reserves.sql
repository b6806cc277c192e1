-- Reserves by country in the latest year with a number, one list per product: with a world total and on the basis of
-- its production where there is one.
--
-- Returns one row per reserve_id, iso3
--   reserve_id       VARCHAR
--   product          VARCHAR
--   form             VARCHAR
--   basis            VARCHAR
--   year             INTEGER
--   iso3             VARCHAR
--   reserves_t       DOUBLE   NULL when not disclosed
--   qualifier        VARCHAR
--   world_t          DOUBLE   published world, NULL when none is given
--   world_qualifier  VARCHAR  greater_than: a lower bound
--   source_id        VARCHAR
WITH list AS (
    SELECT
        reserve.reserve_id,
        reserve.year,
        any_value(reserve.product) AS product,
        any_value(world_reserve.quantity_t) AS world_t,
        any_value(world_reserve.qualifier) AS world_qualifier,
        count(series.series_id) > 0 AS on_basis_of_production
    FROM reserve
    LEFT JOIN world_reserve USING (reserve_id, year)
    LEFT JOIN series
        ON series.product = reserve.product AND series.basis = reserve.basis AND series.role LIKE 'default%'
    GROUP BY reserve.reserve_id, reserve.year
    HAVING count(DISTINCT reserve.iso3) FILTER (WHERE reserve.quantity_t IS NOT NULL) > 1
),
latest AS (
    FROM list
    QUALIFY row_number() OVER (
        PARTITION BY product
        ORDER BY world_t IS NULL, on_basis_of_production DESC, year DESC, reserve_id
    ) = 1
)
SELECT
    reserve.reserve_id,
    reserve.product,
    reserve.form,
    reserve.basis,
    reserve.year,
    reserve.iso3,
    reserve.quantity_t AS reserves_t,
    CAST(reserve.qualifier AS VARCHAR) AS qualifier,
    latest.world_t,
    CAST(latest.world_qualifier AS VARCHAR) AS world_qualifier,
    reserve.source_id
FROM latest
JOIN reserve USING (reserve_id, year)
ORDER BY reserve.product, reserve.quantity_t DESC, reserve.iso3;
