-- Groupings that one country is in, and those of the European Union when it is a member of it.
--
-- Parameters
--   $iso3  VARCHAR
-- Returns one row per grouping_id, iso3, role
--   grouping_id  VARCHAR
--   name         VARCHAR
--   iso3         VARCHAR  who is in it: the country, or EUU where the European Union itself is
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
JOIN country
    ON country.iso3 = $iso3 AND (membership.iso3 = country.iso3 OR (membership.iso3 = 'EUU' AND country.eu_member))
ORDER BY grouping.preset_order, membership.grouping_id, membership.iso3, membership.role;
