-- Pairs of stages on one content basis.
--
-- Returns one row per chain
--   chain            VARCHAR
--   mine_product     VARCHAR
--   mine_stage       VARCHAR
--   refined_product  VARCHAR
--   refined_stage    VARCHAR
--   basis            VARCHAR
--   note             VARCHAR
SELECT
    chain,
    mine_product,
    CAST(mine_stage AS VARCHAR) AS mine_stage,
    refined_product,
    CAST(refined_stage AS VARCHAR) AS refined_stage,
    basis,
    note
FROM chain
ORDER BY chain;
