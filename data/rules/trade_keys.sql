-- Trade names only countries, headings and sources of the record (checked here: constraints would double its size).
SELECT
    'trade' AS table_name,
    trade.hs6 || '|' || trade.exporter || '|' || trade.importer AS row_key,
    'unknown heading, country or source' AS finding
FROM trade
LEFT JOIN hs_code ON hs_code.hs6 = trade.hs6
LEFT JOIN country AS seller ON seller.iso3 = trade.exporter
LEFT JOIN country AS buyer ON buyer.iso3 = trade.importer
LEFT JOIN source ON source.source_id = trade.source_id
WHERE hs_code.hs6 IS NULL OR seller.iso3 IS NULL OR buyer.iso3 IS NULL OR source.source_id IS NULL
GROUP BY trade.hs6, trade.exporter, trade.importer
ORDER BY row_key;
