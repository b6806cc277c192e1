import numpy as np
import pandas as pd

from bloc.views import charts, export

DRAWN = {"iso3": ["USA", "CHN", "SGP"], "lon": [-98.0, 104.0, 103.8], "lat": [39.0, 36.0, 1.3]}


def test_the_map_for_files_draws_every_country_of_its_rows_by_meaning():

    rows = pd.DataFrame(DRAWN).assign(
        status=["member", "restricting", "member"], share=[0.1, 0.6, 0.0], small=[False, False, True]
    )
    chart = export.standalone(charts.world_spec(False), rows, "China refines most", "2025", "Source: a test.")
    drawn = export.svg(chart)
    assert "#164E87".lower() in drawn.lower()
    assert "#C4431A".lower() in drawn.lower()
    assert "China refines most" in drawn


def test_the_map_for_files_is_a_picture_at_twice_the_size():

    rows = pd.DataFrame(DRAWN).assign(status="outside", share=np.zeros(3), small=False)
    data = export.png(export.standalone(charts.world_spec(False), rows, "Nobody", "2025", "Source: a test."))
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) >= 2 * export.WIDTH
