-- Agreements that one country is party to, and those of the European Union when it is a member of it, latest first.
--
-- Parameters
--   $iso3  VARCHAR
-- Returns one row per agreement_id, iso3
--   agreement_id  VARCHAR
--   iso3          VARCHAR  the party: the country, or EUU where the European Union itself is
--   date          VARCHAR  as precise as the source
--   kind          VARCHAR
--   title         VARCHAR
--   status        VARCHAR
--   parties       VARCHAR  names of all parties
--   source_id     VARCHAR
WITH party AS (
    SELECT
        agreement_party.agreement_id,
        string_agg(country.name, ', ' ORDER BY country.name) AS parties
    FROM agreement_party
    JOIN country USING (iso3)
    GROUP BY agreement_party.agreement_id
)
SELECT
    agreement.agreement_id,
    agreement_party.iso3,
    agreement.date,
    agreement.kind,
    agreement.title,
    agreement.status,
    party.parties,
    agreement.source_id
FROM agreement
JOIN party USING (agreement_id)
JOIN agreement_party USING (agreement_id)
JOIN country
    ON
        country.iso3 = $iso3
        AND (agreement_party.iso3 = country.iso3 OR (agreement_party.iso3 = 'EUU' AND country.eu_member))
ORDER BY agreement.date DESC, agreement.agreement_id, agreement_party.iso3;
