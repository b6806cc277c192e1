"""The scenario as a Python script that gives the same numbers."""

import json
import pprint
import re
import textwrap

from bloc.exports.brief import PRODUCT, Brief, in_its_language
from bloc.language import say
from bloc.scenario import Scenario

_TEMPLATE = '''"""{title}

{says}

{made}
{link}

{run}
{prints}
"""

import sys

from bloc import {names}, evaluate, load_record
from bloc.scenario import {measures}
from bloc.summary import coverage_rows, summarise
from bloc.text import csv_text

record = load_record()
baseline = {baseline}
scenario = {scenario}

before, after = evaluate(record, baseline), evaluate(record, scenario)
rows = coverage_rows(record, after)
rows.insert(3, "baseline", coverage_rows(record, before).coverage)
sys.stdout.write(csv_text(rows))

headline = summarise(record, scenario, after, frozenset())
print()
print({members}, headline.members)
print({mined}, headline.mined.average)
print({refined}, headline.refined.average)
print({withheld}, headline.trade_year, headline.withheld_usd)
'''
FILE = "scenario.py"


@in_its_language
def python(brief: Brief, baseline: Scenario, scenario: Scenario) -> str:
    """Script that evaluates a scenario and its baseline with the record of the app."""
    written = {"baseline": _call(baseline), "scenario": _call(scenario)}
    used = sorted(set(re.findall(r"\b([A-Z]\w+)\(", " ".join(written.values()))) - {"Scenario"})
    own = [name for name in used if name == "Restriction"]
    text = _TEMPLATE.format(
        **{name: _safe(text) for name, text in _comments(brief).items()},
        **{name: json.dumps(text, ensure_ascii=False) for name, text in _labels().items()},
        names=", ".join([*own, "Scenario"]),
        measures=", ".join(name for name in used if name not in own),
        **written,
    )
    return text.replace("from bloc.scenario import \n", "")


def _comments(brief: Brief) -> dict[str, str]:
    """What stands at the head of the script."""
    return {
        "title": f"{brief.title}.",
        "says": "\n".join(brief.stamp.settings),
        "made": say("Made by {product}", product=brief.stamp.line),
        "link": say("Link: {link}", link=brief.stamp.link),
        "run": say(
            "Run it in the folder of {product}, with the packages of its requirements.txt: {command}",
            product=PRODUCT,
            command=f"python {FILE}",
        ),
        "prints": say(
            "It prints the accounting: the coverage of every material as CSV, then the headline numbers. What the "
            "market model says of prices is on the page."
        ),
    }


def _labels() -> dict[str, str]:
    """What stands before the numbers that the script prints."""
    return {
        "members": say("members"),
        "mined": say("mined, average share of need met"),
        "refined": say("refined, average share of need met"),
        "withheld": say("purchases withheld, USD of"),
    }


def _safe(text: str) -> str:
    """Text that cannot end the string it stands in."""
    return text.replace("\\", "\\\\").replace('"', "'")


def _call(scenario: Scenario) -> str:
    """Scenario as Python writes it: only what differs from its defaults."""
    plain = Scenario()
    parts = [
        f"    {name}={_value(getattr(scenario, name))},"
        for name in scenario.__dataclass_fields__
        if getattr(scenario, name) != getattr(plain, name)
    ]
    return "Scenario(\n" + "\n".join(parts) + "\n)" if parts else "Scenario()"


def _value(value: object) -> str:
    if isinstance(value, tuple) and any(not isinstance(each, str) for each in value):
        return "(\n" + "".join(f"        {each!r},\n" for each in value) + "    )"
    return textwrap.indent(pprint.pformat(value, width=100, compact=True), "    ").lstrip()
