-- Agreements with each of their parties, latest first.
--
-- Returns one row per agreement_id, iso3
--   agreement_id  VARCHAR
--   iso3          VARCHAR  the party: a country, or EUU where the European Union itself is
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
ORDER BY agreement.date DESC, agreement.agreement_id, agreement_party.iso3;
