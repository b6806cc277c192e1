-- The record of Mineral Bloc: every table, its units, and the rules a row must meet.
--
-- Reading order: sources, places, goods, figures, trade, chain, policy, checks.
-- A figure that its publisher withheld or left out is NULL and says why in its qualifier; it is never 0.
-- Every figure names its source. Where several stand behind one row, the first is in the row and the others in also_source.

CREATE TYPE qualifier AS ENUM (
    'estimated',           -- by the publisher
    'withheld',            -- by the statistical office: the figure exists and is not disclosed
    'not_available',       -- the publisher prints NA or leaves the cell empty
    'included_elsewhere',  -- counted under another good or country
    'less_than', 'greater_than', 'about', 'range',
    'net_exporter',
    'derived',             -- computed by us from cited figures
    'modelled',            -- by the publisher, from project data
    'forecast',
    'recalled'             -- remembered, not found again
);
CREATE TYPE stage AS ENUM ('mine', 'smelter', 'refinery');

CREATE TABLE source (
    source_id VARCHAR PRIMARY KEY,
    publisher VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    edition VARCHAR,
    url VARCHAR,
    licence VARCHAR,
    trust VARCHAR NOT NULL,
    obtained VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE source IS 'One row per publication a figure rests on';
COMMENT ON COLUMN source.trust IS 'high, medium, low, press or law, as judged when it was read';
COMMENT ON COLUMN source.obtained IS 'how the text was reached when not from the publisher';

CREATE TABLE also_source (
    table_name VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    PRIMARY KEY (table_name, row_key, source_id)
);
COMMENT ON TABLE also_source IS 'Further sources of a row that rests on more than one';

CREATE TABLE country (
    iso3 VARCHAR PRIMARY KEY CHECK (length(iso3) = 3),
    iso2 VARCHAR,
    name VARCHAR NOT NULL UNIQUE,
    in_sentence VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('state', 'territory', 'economy', 'union', 'former')),
    parent_iso3 VARCHAR CHECK ((parent_iso3 IS NOT NULL) = (kind = 'territory')),
    region VARCHAR,
    subregion VARCHAR,
    population DOUBLE CHECK (population >= 0),
    population_year INTEGER,
    gdp_usd DOUBLE CHECK (gdp_usd >= 0),
    gdp_year INTEGER,
    eu_member BOOLEAN NOT NULL,
    feature INTEGER,
    lon DOUBLE CHECK (lon BETWEEN -180 AND 180),
    lat DOUBLE CHECK (lat BETWEEN -90 AND 90),
    map_x DOUBLE,
    map_y DOUBLE,
    small BOOLEAN NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON TABLE country IS 'Every place a figure names: states, territories, Taiwan, Hong Kong, Macao and Kosovo as economies of their own, the European Union, former states';
COMMENT ON COLUMN country.in_sentence IS 'name as it reads inside a sentence: the United States';
COMMENT ON COLUMN country.parent_iso3 IS 'the state a territory belongs to; it counts with its state only when the scenario says so';
COMMENT ON COLUMN country.gdp_usd IS 'current US dollars in gdp_year';
COMMENT ON COLUMN country.feature IS 'index of its polygon in static/world.geojson; NULL when drawn as a point only';
COMMENT ON COLUMN country.map_x IS 'longitude on the projected map (Equal Earth inside Mercator), degrees';
COMMENT ON COLUMN country.map_y IS 'latitude on the projected map, degrees';
COMMENT ON COLUMN country.small IS 'too small to see or click as a polygon: drawn as a disc';

CREATE TABLE mineral (
    mineral VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    in_sentence VARCHAR NOT NULL,
    us_critical_2025 BOOLEAN,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON COLUMN mineral.us_critical_2025 IS 'on the U.S. list of critical minerals of 2025; NULL where the list does not speak of it';

CREATE TABLE product (
    product VARCHAR PRIMARY KEY,
    mineral VARCHAR NOT NULL REFERENCES mineral (mineral),
    name VARCHAR NOT NULL UNIQUE,
    in_sentence VARCHAR NOT NULL,
    bundle BOOLEAN NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE product IS 'The one key of goods: what is mined, refined, priced, traded and restricted';
COMMENT ON COLUMN product.bundle IS 'a customs heading that mixes goods: shown under its own name, never as one of them';

CREATE TABLE crosswalk (
    file VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    product VARCHAR REFERENCES product (product),
    reason VARCHAR,
    PRIMARY KEY (file, key),
    CHECK ((product IS NULL) = (reason IS NOT NULL))
);
COMMENT ON TABLE crosswalk IS 'How the key of each kind of publication maps to the product, or why it has none here';

CREATE TABLE series (
    series_id VARCHAR PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    stage stage NOT NULL,
    form VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    unit VARCHAR NOT NULL CHECK (unit IN ('t', 'kt', 'kg', 'million m3', 'percent of world')),
    tonnes_per_unit DOUBLE,
    role VARCHAR NOT NULL CHECK (role IN ('default', 'default and history', 'history', 'alternative')),
    quality VARCHAR NOT NULL,
    complete BOOLEAN NOT NULL,
    note VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);
COMMENT ON TABLE series IS 'One publication family on one product, stage and form; never add across forms or families';
COMMENT ON COLUMN series.basis IS 'what a tonne is a tonne of: contained metal, oxide, gross weight';
COMMENT ON COLUMN series.tonnes_per_unit IS 'tonnes in one unit; NULL for gas volumes and shares';
COMMENT ON COLUMN series.role IS 'default: the series the indicators rest on; history: the longest run of one source';
COMMENT ON COLUMN series.complete IS 'false when countries known to produce are missing from the list';

CREATE TABLE production (
    series_id VARCHAR NOT NULL REFERENCES series (series_id),
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    year INTEGER NOT NULL CHECK (year BETWEEN 1971 AND 2025),
    quantity DOUBLE CHECK (quantity >= 0),
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR,
    PRIMARY KEY (series_id, iso3, year),
    CHECK (quantity IS NOT NULL OR qualifier IS NOT NULL)
);
COMMENT ON TABLE production IS 'Output of a country in a year, in the unit and basis of its series';
COMMENT ON COLUMN production.printed IS 'as the publisher printed it, when that differs from quantity';

CREATE TABLE world_production (
    series_id VARCHAR NOT NULL REFERENCES series (series_id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1971 AND 2025),
    quantity DOUBLE NOT NULL CHECK (quantity > 0),
    listed DOUBLE NOT NULL CHECK (listed >= 0),
    other_published DOUBLE,
    derivation VARCHAR NOT NULL CHECK (derivation IN ('published', 'sum of listed')),
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    PRIMARY KEY (series_id, year)
);
COMMENT ON TABLE world_production IS 'World total of a series, the denominator of every share';
COMMENT ON COLUMN world_production.listed IS 'sum of the countries listed with a number';
COMMENT ON COLUMN world_production.other_published IS 'other countries as printed; world less listed is what is used';

CREATE TABLE reserve (
    reserve_id VARCHAR NOT NULL,
    product VARCHAR NOT NULL REFERENCES product (product),
    form VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2026),
    quantity DOUBLE CHECK (quantity >= 0),
    unit VARCHAR NOT NULL,
    quantity_t DOUBLE CHECK (quantity_t >= 0),
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR,
    PRIMARY KEY (reserve_id, iso3, year)
);
COMMENT ON TABLE reserve IS 'Reserves of a country as the edition of the year after states them';
COMMENT ON COLUMN reserve.reserve_id IS 'product, form and basis: one list of reserves';
COMMENT ON COLUMN reserve.quantity_t IS 'tonnes of the basis';

CREATE TABLE world_reserve (
    reserve_id VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    quantity_t DOUBLE CHECK (quantity_t >= 0),
    other_t DOUBLE,
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    PRIMARY KEY (reserve_id, year)
);
COMMENT ON COLUMN world_reserve.qualifier IS 'greater_than: a lower bound, so that shares of it are upper bounds';

CREATE TABLE capacity (
    capacity_id VARCHAR PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    stage VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    iso3 VARCHAR REFERENCES country (iso3),
    year INTEGER NOT NULL,
    quantity DOUBLE CHECK (quantity >= 0),
    unit VARCHAR NOT NULL,
    quantity_t DOUBLE,
    basis VARCHAR,
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON COLUMN capacity.area IS 'country, world, or group of countries as named; iso3 only for a single country';

CREATE TABLE refining_share (
    refining_share_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    stage VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    area VARCHAR NOT NULL CHECK (area IN ('country', 'rest of world', 'unassigned', 'world')),
    iso3 VARCHAR REFERENCES country (iso3),
    year INTEGER NOT NULL,
    share DOUBLE CHECK (share BETWEEN 0 AND 1.01),
    quantity DOUBLE CHECK (quantity >= 0),
    unit VARCHAR,
    scenario VARCHAR NOT NULL,
    qualifier qualifier,
    trust VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR,
    CHECK ((area = 'country') = (iso3 IS NOT NULL)),
    CHECK (share IS NOT NULL OR quantity IS NOT NULL)
);
COMMENT ON TABLE refining_share IS 'Shares of refining, mining and capacity as many sources print them, side by side';
COMMENT ON COLUMN refining_share.share IS 'fraction of the world of that source';

CREATE TABLE outlook (
    product VARCHAR NOT NULL REFERENCES product (product),
    stage stage NOT NULL,
    basis VARCHAR NOT NULL,
    area VARCHAR NOT NULL CHECK (area IN ('country', 'rest of world', 'world')),
    iso3 VARCHAR REFERENCES country (iso3),
    year INTEGER NOT NULL CHECK (year BETWEEN 2024 AND 2040),
    quantity_t DOUBLE NOT NULL CHECK (quantity_t >= 0),
    scenario VARCHAR NOT NULL,
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    UNIQUE (product, stage, area, iso3, year, scenario)
);
COMMENT ON TABLE outlook IS 'Announced and operating supply to 2040 by leading country';

CREATE TABLE hs_code (
    hs6 VARCHAR PRIMARY KEY CHECK (length(hs6) = 6),
    description VARCHAR NOT NULL,
    product VARCHAR NOT NULL REFERENCES product (product),
    trade_stage VARCHAR NOT NULL CHECK (trade_stage IN ('ore', 'intermediate', 'refined', 'semi-manufactured', 'component', 'scrap')),
    stage stage,
    counted BOOLEAN NOT NULL,
    first_year INTEGER NOT NULL,
    tonnes_from INTEGER,
    content_t_per_t DOUBLE CHECK (content_t_per_t BETWEEN 0 AND 1),
    content_basis VARCHAR,
    content_qualifier qualifier,
    note VARCHAR
);
COMMENT ON TABLE hs_code IS 'Customs headings of the trade table and the product each one stands for';
COMMENT ON COLUMN hs_code.stage IS 'stage of production whose goods the heading carries; NULL for parts and scrap';
COMMENT ON COLUMN hs_code.counted IS 'false where the same goods stand under another heading already counted';
COMMENT ON COLUMN hs_code.tonnes_from IS 'first year with weights; NULL when there are none';
COMMENT ON COLUMN hs_code.content_t_per_t IS 'tonnes of content_basis in one tonne of goods: an assumption, see content_qualifier';

CREATE TABLE trade (
    hs6 VARCHAR NOT NULL,
    year SMALLINT NOT NULL CHECK (year BETWEEN 2002 AND 2024),
    exporter VARCHAR NOT NULL,
    importer VARCHAR NOT NULL,
    value_usd BIGINT NOT NULL CHECK (value_usd >= 0),
    gross_t FLOAT CHECK (gross_t >= 0),
    source_id VARCHAR NOT NULL
);
COMMENT ON TABLE trade IS 'Bilateral trade by customs heading; keys and sources are checked when it is built, without constraints that would double its size';
COMMENT ON COLUMN trade.gross_t IS 'tonnes of goods, not of content';

CREATE TABLE price (
    price_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    commodity VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2026),
    low DOUBLE CHECK (low >= 0),
    high DOUBLE CHECK (high >= 0),
    unit VARCHAR NOT NULL,
    low_usd_per_t DOUBLE,
    high_usd_per_t DOUBLE,
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE price IS 'Yearly prices as published; the dollars per tonne are converted only where the unit allows';

CREATE TABLE price_month (
    product VARCHAR NOT NULL REFERENCES product (product),
    item VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
    price DOUBLE NOT NULL CHECK (price >= 0),
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    PRIMARY KEY (product, item, year, month)
);

CREATE TABLE price_gap (
    price_gap_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    form VARCHAR NOT NULL,
    date VARCHAR NOT NULL,
    china_low DOUBLE,
    china_high DOUBLE,
    china_basis VARCHAR,
    outside_low DOUBLE,
    outside_high DOUBLE,
    outside_basis VARCHAR,
    unit VARCHAR NOT NULL,
    outside_over_china DOUBLE,
    trust VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON TABLE price_gap IS 'Dated prices inside and outside China';
COMMENT ON COLUMN price_gap.date IS 'as precise as the source: year, year-month or year-month-day';

CREATE TABLE consumption (
    consumption_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    area VARCHAR NOT NULL,
    iso3 VARCHAR REFERENCES country (iso3),
    measure VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    low DOUBLE,
    high DOUBLE,
    unit VARCHAR NOT NULL,
    share_of_world DOUBLE CHECK (share_of_world BETWEEN 0 AND 1.01),
    scenario VARCHAR NOT NULL,
    qualifier qualifier,
    trust VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE consumption IS 'Use: apparent consumption, demand by sector and scenario, shares of world use';

CREATE TABLE import_reliance (
    import_reliance_id INTEGER PRIMARY KEY,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    product VARCHAR NOT NULL REFERENCES product (product),
    commodity VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    low DOUBLE,
    high DOUBLE,
    unit VARCHAR NOT NULL CHECK (unit = 'percent'),
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE import_reliance IS 'Net imports as a percentage of apparent consumption, bounds as printed';

CREATE TABLE import_source (
    import_source_id INTEGER PRIMARY KEY,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    product VARCHAR NOT NULL REFERENCES product (product),
    commodity VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    partner VARCHAR NOT NULL,
    partner_iso3 VARCHAR REFERENCES country (iso3),
    period VARCHAR NOT NULL,
    share DOUBLE CHECK (share BETWEEN 0 AND 1),
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON COLUMN import_source.partner_iso3 IS 'NULL when the publisher names several countries or the rest';

CREATE TABLE us_trade_and_stock (
    us_trade_and_stock_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    commodity VARCHAR NOT NULL,
    statistic VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    low DOUBLE,
    high DOUBLE,
    unit VARCHAR NOT NULL,
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    printed VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE us_trade_and_stock IS 'U.S. imports, exports and year-end stocks as published';

CREATE TABLE recycling (
    recycling_id INTEGER PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    item VARCHAR NOT NULL,
    eu_end_of_life_recycling_input_rate DOUBLE CHECK (eu_end_of_life_recycling_input_rate BETWEEN 0 AND 1),
    global_recycled_input VARCHAR,
    substitution_difficulty VARCHAR,
    supply_class VARCHAR,
    companionality DOUBLE CHECK (companionality BETWEEN 0 AND 1),
    host_metals VARCHAR,
    dissipation VARCHAR,
    trust VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON TABLE recycling IS 'Recycling, substitution and by-product status';
COMMENT ON COLUMN recycling.companionality IS 'share of output won as a by-product of other metals';

CREATE TABLE governance (
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    year INTEGER NOT NULL,
    indicator VARCHAR NOT NULL CHECK (indicator IN ('CC', 'GE', 'PV', 'RL', 'RQ', 'VA')),
    estimate DOUBLE NOT NULL CHECK (estimate BETWEEN -4 AND 4),
    percentile DOUBLE CHECK (percentile BETWEEN 0 AND 100),
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    PRIMARY KEY (iso3, year, indicator)
);
COMMENT ON TABLE governance IS 'Worldwide Governance Indicators, estimates on about -2.5 to 2.5';

CREATE TABLE stockpile (
    stockpile_id INTEGER PRIMARY KEY,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    material VARCHAR NOT NULL,
    product VARCHAR REFERENCES product (product),
    measure VARCHAR NOT NULL,
    amount DOUBLE,
    unit VARCHAR,
    trust VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);

CREATE TABLE elasticity (
    elasticity_id INTEGER PRIMARY KEY,
    product VARCHAR REFERENCES product (product),
    commodity VARCHAR NOT NULL,
    parameter VARCHAR NOT NULL,
    horizon VARCHAR NOT NULL,
    estimate DOUBLE NOT NULL,
    study VARCHAR NOT NULL,
    method VARCHAR,
    period VARCHAR,
    compilation VARCHAR,
    trust VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON TABLE elasticity IS 'Published elasticities of supply and demand, one row per estimate';

CREATE TABLE elasticity_summary (
    parameter VARCHAR NOT NULL,
    commodity VARCHAR NOT NULL,
    product VARCHAR REFERENCES product (product),
    horizon VARCHAR NOT NULL,
    estimates INTEGER NOT NULL,
    mean DOUBLE,
    standard_deviation DOUBLE,
    minimum DOUBLE,
    quartile_1 DOUBLE,
    median DOUBLE,
    quartile_3 DOUBLE,
    maximum DOUBLE,
    qualifier qualifier NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    PRIMARY KEY (parameter, commodity, horizon)
);

CREATE TABLE grouping (
    grouping_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    short_name VARCHAR NOT NULL UNIQUE,
    founded VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    preset_order INTEGER UNIQUE,
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);
COMMENT ON TABLE grouping IS 'Forums, initiatives and lists of signatories';
COMMENT ON COLUMN grouping.preset_order IS 'place among the presets; NULL when it is not one';

CREATE TABLE preset_role (
    grouping_id VARCHAR NOT NULL REFERENCES grouping (grouping_id),
    role VARCHAR NOT NULL,
    PRIMARY KEY (grouping_id, role)
);
COMMENT ON TABLE preset_role IS 'Which roles count as being in the preset';

CREATE TABLE membership (
    grouping_id VARCHAR NOT NULL REFERENCES grouping (grouping_id),
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    role VARCHAR NOT NULL CHECK (role IN ('member', 'attendee', 'signatory', 'negotiating', 'observer')),
    since VARCHAR,
    until VARCHAR,
    confidence VARCHAR NOT NULL CHECK (confidence IN ('confirmed', 'inferred', 'claimed')),
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR,
    PRIMARY KEY (grouping_id, iso3, role)
);
COMMENT ON COLUMN membership.since IS 'as precise as the source: year, year-month or year-month-day';
COMMENT ON COLUMN membership.confidence IS 'confirmed by a text; inferred from texts by us; claimed by one text only';

CREATE TABLE agreement (
    agreement_id VARCHAR PRIMARY KEY,
    date VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    minerals VARCHAR,
    value_usd DOUBLE,
    status VARCHAR NOT NULL,
    price_mechanism VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
CREATE TABLE agreement_party (
    agreement_id VARCHAR NOT NULL REFERENCES agreement (agreement_id),
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    PRIMARY KEY (agreement_id, iso3)
);

CREATE TABLE restriction (
    restriction_id VARCHAR PRIMARY KEY,
    imposing_iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    target_iso3 VARCHAR REFERENCES country (iso3),
    material VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    starts VARCHAR NOT NULL,
    ends VARCHAR,
    status VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('in force', 'suspended', 'scheduled', 'ended', 'not in force or unknown')),
    suspended_from VARCHAR,
    suspended_to VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON COLUMN restriction.target_iso3 IS 'NULL: everybody';
CREATE TABLE restriction_product (
    restriction_id VARCHAR NOT NULL REFERENCES restriction (restriction_id),
    product VARCHAR NOT NULL REFERENCES product (product),
    stage stage,
    PRIMARY KEY (restriction_id, product)
);
COMMENT ON COLUMN restriction_product.stage IS 'NULL: goods of every stage, parts or technology';
CREATE TABLE restriction_lever (
    restriction_id VARCHAR NOT NULL REFERENCES restriction (restriction_id),
    part INTEGER NOT NULL CHECK (part >= 1),
    kind VARCHAR NOT NULL CHECK (kind IN ('cut', 'ban', 'export_tax', 'tariff', 'none')),
    product VARCHAR,
    stage stage,
    share DOUBLE CHECK (share > 0 AND share <= 1),
    basis VARCHAR CHECK (basis IN ('stated', 'computed', 'assumed')),
    source_id VARCHAR REFERENCES source (source_id),
    note VARCHAR,
    reason VARCHAR,
    PRIMARY KEY (restriction_id, part),
    UNIQUE (restriction_id, product, stage),
    FOREIGN KEY (restriction_id, product) REFERENCES restriction_product (restriction_id, product),
    CHECK ((kind = 'none') = (reason IS NOT NULL)),
    CHECK ((kind = 'none') = (product IS NULL)),
    CHECK ((kind = 'none') = (stage IS NULL)),
    CHECK ((kind = 'none') = (share IS NULL)),
    CHECK ((kind = 'none') = (basis IS NULL)),
    CHECK ((kind = 'ban') = (share IS NOT NULL AND share = 1)),
    CHECK ((basis IS NOT NULL AND basis <> 'assumed') = (source_id IS NOT NULL)),
    CHECK (basis IS NULL OR basis = 'stated' OR note IS NOT NULL)
);
COMMENT ON TABLE restriction_lever IS 'Setting of the what-if that stands for a restriction, a row per product and stage; or the reason why none does';
COMMENT ON COLUMN restriction_lever.kind IS 'cut, ban, export_tax: set on the imposing country, towards target_iso3; tariff: paid by goods of target_iso3';
COMMENT ON COLUMN restriction_lever.share IS 'cut and ban: share of exports to the target that is withheld; export_tax and tariff: rate on the price';
COMMENT ON COLUMN restriction_lever.basis IS 'stated by the source; computed from stated tonnes as the note says; assumed';

CREATE TABLE instrument (
    instrument_id VARCHAR PRIMARY KEY,
    date VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    material VARCHAR,
    parameter VARCHAR,
    amount VARCHAR,
    unit VARCHAR,
    status VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON COLUMN instrument.amount IS 'as announced: a number or a date, see unit';
CREATE TABLE instrument_owner (
    instrument_id VARCHAR NOT NULL REFERENCES instrument (instrument_id),
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    PRIMARY KEY (instrument_id, iso3)
);
CREATE TABLE instrument_lever (
    instrument_id VARCHAR NOT NULL REFERENCES instrument (instrument_id),
    part INTEGER NOT NULL CHECK (part >= 1),
    kind VARCHAR NOT NULL CHECK (kind IN ('floor', 'strike', 'stock', 'none')),
    product VARCHAR REFERENCES product (product),
    stage stage,
    usd_per_t DOUBLE CHECK (usd_per_t > 0),
    budget_usd DOUBLE CHECK (budget_usd > 0),
    stock_t DOUBLE CHECK (stock_t > 0),
    cover_days DOUBLE CHECK (cover_days > 0),
    form VARCHAR,
    content_t_per_t DOUBLE CHECK (content_t_per_t > 0 AND content_t_per_t <= 1),
    content_qualifier qualifier,
    source_id VARCHAR REFERENCES source (source_id),
    note VARCHAR,
    reason VARCHAR,
    PRIMARY KEY (instrument_id, part),
    CHECK ((kind = 'none') = (reason IS NOT NULL)),
    CHECK ((kind = 'none') = (source_id IS NULL)),
    CHECK ((kind = 'none') = (note IS NULL)),
    CHECK ((kind IN ('floor', 'strike')) = (usd_per_t IS NOT NULL)),
    CHECK (usd_per_t IS NULL OR product IS NOT NULL),
    CHECK (kind <> 'none' OR product IS NULL),
    CHECK ((product IS NULL) = (stage IS NULL)),
    CHECK (
        CAST(kind = 'stock' AS INTEGER)
        = CAST(budget_usd IS NOT NULL AS INTEGER)
        + CAST(stock_t IS NOT NULL AS INTEGER)
        + CAST(cover_days IS NOT NULL AS INTEGER)
    ),
    CHECK ((usd_per_t IS NULL AND stock_t IS NULL) = (form IS NULL)),
    CHECK ((form IS NULL) = (content_t_per_t IS NULL))
);
COMMENT ON TABLE instrument_lever IS 'Setting of the what-if that stands for an instrument: a price floor, a contract price, a reserve; or the reason why none does';
COMMENT ON COLUMN instrument_lever.product IS 'NULL: several minerals, without a published split';
COMMENT ON COLUMN instrument_lever.usd_per_t IS 'per tonne of the form, as announced';
COMMENT ON COLUMN instrument_lever.form IS 'what a tonne of usd_per_t or stock_t is a tonne of';
COMMENT ON COLUMN instrument_lever.content_t_per_t IS 'tonnes of the metal the product is counted in, in a tonne of the form';

CREATE TABLE event (
    event_id VARCHAR PRIMARY KEY,
    date VARCHAR NOT NULL,
    date_precision VARCHAR NOT NULL CHECK (date_precision IN ('day', 'month', 'year')),
    category VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    detail VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);
CREATE TABLE event_actor (
    event_id VARCHAR NOT NULL REFERENCES event (event_id),
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    PRIMARY KEY (event_id, iso3)
);

CREATE TABLE claim_text (
    text_id VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    date VARCHAR NOT NULL,
    note VARCHAR
);
CREATE TABLE claim (
    claim_id INTEGER PRIMARY KEY,
    text_id VARCHAR NOT NULL REFERENCES claim_text (text_id),
    claim VARCHAR NOT NULL,
    claimed_value VARCHAR,
    verdict VARCHAR NOT NULL,
    evidence VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);

CREATE TABLE project (
    project_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    product VARCHAR NOT NULL REFERENCES product (product),
    stage VARCHAR NOT NULL,
    output VARCHAR,
    capacity_t_per_year DOUBLE CHECK (capacity_t_per_year >= 0),
    basis VARCHAR,
    counts_as_product BOOLEAN NOT NULL,
    start_year INTEGER,
    status VARCHAR NOT NULL,
    backers VARCHAR,
    support_usd DOUBLE,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);
COMMENT ON COLUMN project.counts_as_product IS 'false for feed or concentrate, which is never added to product tonnes';

CREATE TABLE site (
    site_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    operator VARCHAR,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    lon DOUBLE NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat DOUBLE NOT NULL CHECK (lat BETWEEN -90 AND 90),
    map_x DOUBLE NOT NULL,
    map_y DOUBLE NOT NULL,
    product VARCHAR REFERENCES product (product),
    material VARCHAR NOT NULL,
    other_materials VARCHAR,
    stage VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR
);

CREATE TABLE benchmark (
    benchmark_id INTEGER PRIMARY KEY,
    material VARCHAR NOT NULL,
    product VARCHAR REFERENCES product (product),
    statement VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    published VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);
COMMENT ON TABLE benchmark IS 'Published results to hold the model against, never to tune it to';

CREATE TABLE published_share (
    product VARCHAR NOT NULL REFERENCES product (product),
    stage stage NOT NULL,
    iso3 VARCHAR NOT NULL REFERENCES country (iso3),
    year INTEGER NOT NULL,
    share DOUBLE NOT NULL CHECK (share BETWEEN 0 AND 1),
    qualifier qualifier,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    note VARCHAR,
    PRIMARY KEY (product, stage, iso3, year, share)
);
COMMENT ON TABLE published_share IS 'Shares as published elsewhere, to check ours against';

CREATE TABLE chain (
    chain VARCHAR PRIMARY KEY,
    mine_product VARCHAR NOT NULL REFERENCES product (product),
    mine_stage stage NOT NULL,
    refined_product VARCHAR NOT NULL REFERENCES product (product),
    refined_stage stage NOT NULL,
    basis VARCHAR NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE chain IS 'Pairs of stages on one content basis, where a bottleneck can be named';

CREATE TABLE correction (
    table_name VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL,
    printed VARCHAR,
    used VARCHAR,
    reason VARCHAR NOT NULL,
    rule VARCHAR,
    status VARCHAR NOT NULL CHECK (status IN ('corrected', 'superseded', 'accepted as printed', 'left out')),
    PRIMARY KEY (table_name, row_key, column_name)
);
COMMENT ON TABLE correction IS 'Every published figure not used as printed, and every exception to a rule of the build, with the reason';
COMMENT ON COLUMN correction.rule IS 'rule of the build this row is excepted from';

CREATE TABLE market_chain (
    chain VARCHAR PRIMARY KEY,
    product VARCHAR NOT NULL REFERENCES product (product),
    variant_of VARCHAR,
    grade VARCHAR NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    basis VARCHAR NOT NULL,
    supply_class VARCHAR NOT NULL CHECK (supply_class IN ('primary', 'mixed', 'by-product')),
    ore_series_id VARCHAR,
    ore_year INTEGER,
    ore_content_t_per_t DOUBLE CHECK (ore_content_t_per_t > 0),
    product_series_id VARCHAR,
    product_year INTEGER,
    output_rule VARCHAR NOT NULL CHECK (output_rule IN ('as listed', 'shares of mine output', 'implied by ore trade')),
    recycled_rule VARCHAR NOT NULL CHECK (recycled_rule IN (
        'none', 'excess over mine output', 'beyond mine output and ore trade')),
    use_rule VARCHAR NOT NULL CHECK (use_rule IN ('trade', 'key', 'half key, half trade', 'table')),
    use_measure VARCHAR,
    use_year INTEGER,
    import_product VARCHAR REFERENCES product (product),
    import_form VARCHAR,
    warning VARCHAR,
    note VARCHAR,
    CHECK ((ore_series_id IS NULL) = (ore_year IS NULL) AND (ore_series_id IS NULL) = (ore_content_t_per_t IS NULL)),
    CHECK ((product_series_id IS NULL) = (output_rule = 'implied by ore trade')),
    CHECK ((use_measure IS NOT NULL) = (use_rule = 'table'))
);
COMMENT ON TABLE market_chain IS 'Chains of the market model: which series they rest on and by which rules the base year is filled in';
COMMENT ON COLUMN market_chain.variant_of IS 'the chain another choice of which this one is, kept for a range';
COMMENT ON COLUMN market_chain.grade IS 'A to C are offered, by how much is measured; D is for the accounting only';
COMMENT ON COLUMN market_chain.ore_series_id IS 'NULL for a chain of one stage; a chain whose series are not in this edition is left out';
COMMENT ON COLUMN market_chain.ore_content_t_per_t IS 'tonnes of the basis in a tonne of the ore series, where output is a share of mine output';
COMMENT ON COLUMN market_chain.use_measure IS 'measure of the consumption table that lists use by country';
COMMENT ON COLUMN market_chain.import_form IS 'form of import_source that says where the United States buy';

CREATE TABLE market_heading (
    chain VARCHAR NOT NULL REFERENCES market_chain (chain),
    stage VARCHAR NOT NULL CHECK (stage IN ('ore', 'product')),
    hs6 VARCHAR NOT NULL REFERENCES hs_code (hs6),
    content_t_per_t DOUBLE CHECK (content_t_per_t > 0),
    qualifier qualifier,
    PRIMARY KEY (chain, stage, hs6),
    CHECK ((content_t_per_t IS NULL) = (qualifier IS NULL))
);
COMMENT ON TABLE market_heading IS 'Customs headings whose trade stands behind the flows of a chain';
COMMENT ON COLUMN market_heading.content_t_per_t IS 'tonnes of the basis in a tonne of goods, where it is not that of hs_code';

CREATE TABLE market_input (
    market_input_id INTEGER PRIMARY KEY,
    chain VARCHAR REFERENCES market_chain (chain),
    role VARCHAR NOT NULL CHECK (role IN (
        'price', 'ore_price', 'output', 'output_share', 'world_output', 'rest_weight', 'capacity', 'idle',
        'use', 'use_share', 'exports', 'gdp')),
    stage VARCHAR CHECK (stage IN ('ore', 'product')),
    iso3 VARCHAR CHECK (length(iso3) = 3),
    table_name VARCHAR,
    row_key VARCHAR,
    amount DOUBLE CHECK (amount >= 0),
    times DOUBLE NOT NULL CHECK (times > 0),
    divided_by DOUBLE NOT NULL CHECK (divided_by > 0),
    qualifier qualifier,
    source_id VARCHAR REFERENCES source (source_id),
    note VARCHAR,
    CHECK ((amount IS NULL) = (table_name IS NOT NULL) AND (table_name IS NULL) = (row_key IS NULL)),
    CHECK (amount IS NULL OR source_id IS NOT NULL OR qualifier = 'recalled')
);
COMMENT ON TABLE market_input IS 'Figures that fill in a chain beside its series: a row of another table, or a figure that is nowhere else in the record';
COMMENT ON COLUMN market_input.iso3 IS 'ROW: countries that are not named one by one; NULL: the world';
COMMENT ON COLUMN market_input.amount IS 'tonnes, US dollars or a fraction; NULL where table_name and row_key say where it stands';
COMMENT ON COLUMN market_input.times IS 'what the figure is multiplied by to stand on the basis of the chain';

CREATE TABLE assumption (
    name VARCHAR NOT NULL,
    scope VARCHAR,
    unit VARCHAR NOT NULL,
    one_year DOUBLE NOT NULL,
    one_year_low DOUBLE NOT NULL,
    one_year_high DOUBLE NOT NULL,
    five_years DOUBLE NOT NULL,
    five_years_low DOUBLE NOT NULL,
    five_years_high DOUBLE NOT NULL,
    source_id VARCHAR REFERENCES source (source_id),
    note VARCHAR NOT NULL,
    UNIQUE (name, scope),
    CHECK (one_year BETWEEN one_year_low AND one_year_high),
    CHECK (five_years BETWEEN five_years_low AND five_years_high)
);
COMMENT ON TABLE assumption IS 'Behaviour assumed by the market model, with its range';
COMMENT ON COLUMN assumption.scope IS 'the chain it holds for; NULL: every chain';
COMMENT ON COLUMN assumption.source_id IS 'NULL: an assumption of ours';

CREATE TABLE vintage (
    name VARCHAR PRIMARY KEY,
    setting VARCHAR NOT NULL
);
COMMENT ON TABLE vintage IS 'What this database was built from: date of the evidence, whether files with unconfirmed licences are in it';
