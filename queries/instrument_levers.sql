-- Settings of the what-if that stand for the recorded instruments, or the reason why none does.
--
-- Returns one row per instrument_id, part
--   instrument_id         VARCHAR
--   part                  INTEGER
--   owners                VARCHAR[]  codes of the countries it belongs to
--   status                VARCHAR
--   kind                  VARCHAR    floor | strike | stock | none
--   product               VARCHAR    NULL: several minerals without a published split, or none
--   stage                 VARCHAR    NULL as product
--   usd_per_t             DOUBLE     per tonne of the form, as announced; floor and strike only
--   usd_per_t_of_content  DOUBLE     per tonne of the metal the product is counted in
--   budget_usd            DOUBLE     stock: one of budget_usd, stock_t, cover_days
--   stock_t               DOUBLE     tonnes of the form
--   content_t             DOUBLE     tonnes of the metal in stock_t
--   cover_days            DOUBLE     days of use
--   form                  VARCHAR    what a tonne is a tonne of
--   source_id             VARCHAR
--   note                  VARCHAR    in words for the screen
--   reason                VARCHAR    why there is no setting; NULL when there is one
SELECT
    instrument_lever.instrument_id,
    instrument_lever.part,
    (
        SELECT list(instrument_owner.iso3 ORDER BY instrument_owner.iso3)
        FROM instrument_owner
        WHERE instrument_owner.instrument_id = instrument_lever.instrument_id
    ) AS owners,
    instrument.status,
    instrument_lever.kind,
    instrument_lever.product,
    CAST(instrument_lever.stage AS VARCHAR) AS stage,
    instrument_lever.usd_per_t,
    instrument_lever.usd_per_t / instrument_lever.content_t_per_t AS usd_per_t_of_content,
    instrument_lever.budget_usd,
    instrument_lever.stock_t,
    instrument_lever.stock_t * instrument_lever.content_t_per_t AS content_t,
    instrument_lever.cover_days,
    instrument_lever.form,
    instrument_lever.source_id,
    instrument_lever.note,
    instrument_lever.reason
FROM instrument_lever
JOIN instrument USING (instrument_id)
ORDER BY instrument_lever.instrument_id, instrument_lever.part;
