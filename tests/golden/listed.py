#!/usr/bin/python3
"""Every sample capture has a line in pcaps/CASES and a story in pcaps/README.md, and nothing there has no capture.

usage: listed.py HANGUP PROJECT
"""
import os
import re
import sys

sys.dont_write_bytecode = True

import samples


def told(folder):
    """Captures that have a row in a table of README.md."""
    with open(os.path.join(folder, "README.md"), encoding="utf-8") as readme:
        rows = re.findall(r"^\|\s*`?\[?([\w.-]+)\b", readme.read(), re.MULTILINE)
    return {name for name in rows if name.endswith(samples.CAPTURE_SUFFIXES)}


def main():
    _, folder, _ = samples.arguments()
    here, expected, stories = set(samples.captures(folder)), set(samples.cases(folder)), told(folder)
    complaints = ([f"{name}: no line in CASES" for name in sorted(here - expected)] +
                  [f"{name}: no story in README.md" for name in sorted(here - stories)] +
                  [f"{name}: in CASES, but there is no such capture" for name in sorted(expected - here)] +
                  [f"{name}: in README.md, but there is no such capture" for name in sorted(stories - here)])
    print(*complaints, f"{len(here)} captures", sep="\n")
    sys.exit(bool(complaints) or len(here) < 20)


if __name__ == "__main__":
    main()
