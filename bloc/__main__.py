"""Account for a scenario on the command line: python -m bloc --preset us_eu_jp --cut CHN=0.6 --csv.

python -m bloc validation prints what the market model gives beside what was published.
"""

import argparse
import sys
from collections.abc import Sequence

import pandas as pd

from bloc import trials, validation
from bloc.assumptions import Assumptions
from bloc.data import RecordError, connect, load_base_cases, load_market, load_record
from bloc.outcome import Outcome, evaluate
from bloc.scenario import CONFIDENCES, Restriction, Scenario, ScenarioError
from bloc.text import csv_text

FRAMES = tuple(Outcome.__dataclass_fields__)


def codes(text: str) -> tuple[str, ...]:
    """Country codes separated by commas."""
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


def cut(text: str) -> tuple[str, float]:
    """A supplier and the share it withholds: CHN=0.6."""
    supplier, _, share = text.partition("=")
    try:
        return supplier.strip().upper(), float(share)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a supplier and a fraction, such as CHN=0.6") from None


def parser() -> argparse.ArgumentParser:
    """Options of the command line."""
    options = argparse.ArgumentParser(prog="python -m bloc", description=__doc__)
    options.add_argument("--preset", default="cmm_2026", help="grouping the bloc starts from (default: %(default)s)")
    options.add_argument(
        "--confidence", default=["confirmed", "inferred"], nargs="+", choices=CONFIDENCES, help="memberships to count"
    )
    options.add_argument("--invite", type=codes, default=(), help="countries to add: IDN,VNM")
    options.add_argument("--leave-out", type=codes, default=(), help="countries to drop")
    options.add_argument("--territories", action="store_true", help="count territories with their states")
    options.add_argument("--cut", type=cut, action="append", default=[], help="supplier and share withheld: CHN=0.6")
    options.add_argument("--product", action="append", default=[], help="product the cuts concern (default: all)")
    options.add_argument("--stage", action="append", default=[], help="stage the cuts concern (default: all)")
    options.add_argument("--target", type=codes, default=(), help="whom the exports are withheld from (default: all)")
    options.add_argument("--frame", choices=FRAMES, default="indicators", help="table to print (default: %(default)s)")
    options.add_argument("--csv", action="store_true", help="print CSV instead of a table")
    return options


def print_validation() -> None:
    """Print every trial of the market model."""
    with connect() as connection:
        table = Assumptions(load_market().assumptions)
        print(validation.report(trials.read_facts(load_record(), load_base_cases(), table, connection)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one frame of the outcome; a scenario that cannot be ends with a sentence and exit status 2."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given == ["validation"]:
        print_validation()
        return
    asked = parser().parse_args(given)
    try:
        record = load_record()
        scenario = Scenario(
            members=Scenario.from_preset(asked.preset, asked.confidence, record)
            .with_members(asked.invite, asked.leave_out, record)
            .members,
            restrictions=tuple(
                Restriction(supplier, share, tuple(asked.product), tuple(asked.stage), asked.target)
                for supplier, share in asked.cut
            ),
            territories=asked.territories,
        )
        frame = getattr(evaluate(record, scenario), asked.frame)
    except (ScenarioError, RecordError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if asked.csv:
        sys.stdout.write(csv_text(frame))
    else:
        with pd.option_context("display.max_columns", None, "display.width", 240, "display.max_rows", None):
            print(frame)


if __name__ == "__main__":
    main()
