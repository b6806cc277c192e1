-- Customs headings with the product and stage whose goods they carry.
--
-- Returns one row per hs6
--   hs6                VARCHAR
--   description        VARCHAR
--   product            VARCHAR
--   trade_stage        VARCHAR  ore | intermediate | refined | semi-manufactured | component | scrap
--   stage              VARCHAR  stage of production; NULL for parts and scrap
--   counted            BOOLEAN  false where the same goods are counted under another heading
--   content_t_per_t    DOUBLE   tonnes of content in a tonne of goods; NULL where no factor is known
--   content_basis      VARCHAR
--   content_qualifier  VARCHAR
SELECT
    hs6,
    description,
    product,
    trade_stage,
    CAST(stage AS VARCHAR) AS stage,
    counted,
    content_t_per_t,
    content_basis,
    CAST(content_qualifier AS VARCHAR) AS content_qualifier
FROM hs_code
ORDER BY hs6;
