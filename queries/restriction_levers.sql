-- Settings of the what-if that stand for the recorded restrictions, or the reason why none does.
--
-- Returns one row per restriction_id, part
--   restriction_id  VARCHAR
--   part            INTEGER
--   imposing_iso3   VARCHAR
--   target_iso3     VARCHAR  NULL: everybody
--   state           VARCHAR  in force | suspended | scheduled | ended | not in force or unknown
--   kind            VARCHAR  cut | ban | export_tax | tariff | none
--   product         VARCHAR  NULL for none
--   stage           VARCHAR  NULL for none
--   share           DOUBLE   cut and ban: share of exports to the target; export_tax and tariff: rate; NULL for none
--   basis           VARCHAR  stated | computed | assumed; NULL for none
--   source_id       VARCHAR  of the share; NULL when it is assumed
--   note            VARCHAR  in words for the screen
--   reason          VARCHAR  why there is no setting; NULL when there is one
SELECT
    restriction_lever.restriction_id,
    restriction_lever.part,
    restriction.imposing_iso3,
    restriction.target_iso3,
    restriction.state,
    restriction_lever.kind,
    restriction_lever.product,
    CAST(restriction_lever.stage AS VARCHAR) AS stage,
    restriction_lever.share,
    restriction_lever.basis,
    restriction_lever.source_id,
    restriction_lever.note,
    restriction_lever.reason
FROM restriction_lever
JOIN restriction USING (restriction_id)
ORDER BY restriction_lever.restriction_id, restriction_lever.part;
