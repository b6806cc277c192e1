from bloc.places import spread, with_territories

UNION = {"FRA", "ITA"}
PARENTS = {"NCL": "FRA", "GRL": "DNK"}


def test_the_union_stands_for_its_members():
    assert spread(["USA", "EUU"], UNION) == {"USA", "FRA", "ITA"}


def test_a_list_without_the_union_stays_as_it_is():
    assert spread(["USA", "FRA"], UNION) == {"USA", "FRA"}


def test_a_member_named_beside_the_union_counts_once():
    assert spread(["EUU", "FRA"], UNION) == {"FRA", "ITA"}


def test_an_empty_list_spreads_to_nothing():
    assert spread([], UNION) == frozenset()


def test_a_territory_comes_with_its_state():
    assert with_territories(["FRA", "USA"], PARENTS) == {"FRA", "USA", "NCL"}


def test_a_state_does_not_come_with_its_territory():
    assert with_territories(["NCL"], PARENTS) == {"NCL"}


def test_the_union_has_27_members(record):
    assert len(record.union) == 27


def test_new_caledonia_belongs_to_france_and_greenland_to_denmark(record):
    assert record.parents["NCL"] == "FRA"
    assert record.parents["GRL"] == "DNK"


def test_taiwan_hong_kong_macao_and_kosovo_belong_to_nobody(record):
    places = record.countries.set_index("iso3").loc[["TWN", "HKG", "MAC", "XKX"]]
    assert set(places.kind) == {"economy"}
    assert places.parent_iso3.isna().all()


def test_a_scenario_may_not_name_a_former_state(record):
    assert "SUN" not in record.known
    assert "RUS" in record.known
