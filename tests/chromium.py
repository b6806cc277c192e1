"""Find the browser the tests drive; exit with status 1 and say what to do when there is none."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Software WebGL draws the map where there is no graphics card; the rest keeps the browser from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


def chromium() -> str:
    """Path of a Chromium, from the variable CHROMIUM or the usual names."""
    found = next(filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]), None)
    if not found:
        raise FileNotFoundError("No Chromium found: install it (apt install chromium) or set CHROMIUM to its path.")
    return found


if __name__ == "__main__":
    try:
        print(chromium())
    except FileNotFoundError as error:
        sys.exit(str(error))
