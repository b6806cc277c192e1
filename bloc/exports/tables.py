"""The tables of a briefing as CSV files in one archive, with a file of its settings and sources."""

import io
import zipfile

import pandas as pd

from bloc.exports.brief import Brief, in_its_language, stamp_rows
from bloc.language import say
from bloc.text import csv_text


@in_its_language
def archive(brief: Brief) -> bytes:
    """Every whole table and the rows of every picture, each a CSV file."""
    stamp = pd.DataFrame(stamp_rows(brief.stamp), columns=[say("What"), say("Value")])
    files = {key: frame.titled for key, frame in brief.frames().items()}
    files |= {f"chart_{picture.key}": picture.frame.titled for picture in brief.pictures}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, frame in {**files, "settings_and_sources": stamp}.items():
            archived.writestr(f"{name}.csv", csv_text(frame))
    return packed.getvalue()
