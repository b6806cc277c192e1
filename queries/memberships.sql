-- Who is in which grouping, in what role, how surely.
--
-- Returns one row per grouping_id, iso3, role
--   grouping_id  VARCHAR
--   iso3         VARCHAR  EUU where the European Union itself is the party
--   role         VARCHAR  member | attendee | signatory | negotiating | observer
--   in_preset    BOOLEAN  whether the role counts as being in the preset
--   since        VARCHAR  as precise as the source
--   confidence   VARCHAR  confirmed | inferred | claimed
--   source_id    VARCHAR
SELECT
    membership.grouping_id,
    membership.iso3,
    membership.role,
    preset_role.role IS NOT NULL AS in_preset,
    membership.since,
    membership.confidence,
    membership.source_id
FROM membership
LEFT JOIN preset_role
    ON preset_role.grouping_id = membership.grouping_id AND preset_role.role = membership.role
ORDER BY membership.grouping_id, membership.iso3, membership.role;
