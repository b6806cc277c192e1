-- Groupings with everybody in them, the European Union under its own code.
--
-- Returns one row per grouping_id, iso3, role
--   grouping_id  VARCHAR
--   name         VARCHAR
--   iso3         VARCHAR  who is in it: a country, or EUU where the European Union itself is
--   role         VARCHAR  member | attendee | signatory | negotiating | observer
--   since        VARCHAR  as precise as the source
--   until        VARCHAR  as precise as the source; NULL when it lasts
--   confidence   VARCHAR  confirmed | inferred | claimed
--   source_id    VARCHAR
SELECT
    membership.grouping_id,
    grouping.name,
    membership.iso3,
    membership.role,
    membership.since,
    membership.until,
    membership.confidence,
    membership.source_id
FROM membership
JOIN grouping USING (grouping_id)
ORDER BY grouping.preset_order, membership.grouping_id, membership.iso3, membership.role;
