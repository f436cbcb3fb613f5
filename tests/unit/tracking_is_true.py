#!/usr/bin/python3
"""docs/tracking.md says what the code does: the state table, the order of the vantage signs, the weights of the origin
signals, and every number.

usage: tracking_is_true.py PROJECT
"""
import glob
import os
import re
import sys
import unittest

PROJECT = sys.argv[1]
UNITS_NS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}


def read(path):
    with open(os.path.join(PROJECT, path), encoding="utf-8") as file:
        return file.read()


DOCUMENT = read("docs/tracking.md")


def section(title):
    return DOCUMENT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text):
    """Cells of each row of the tables in it, without head and rule."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    rules = [number for number, row in enumerate(cells) if set("".join(row)) <= set(":-")]
    return [row for number, row in enumerate(cells) if number not in rules and number + 1 not in rules]


def constants():
    """{name: value} of the enumerators and defines of analyzers/ that are plain numbers."""
    found = {}
    for path in glob.glob(os.path.join(PROJECT, "analyzers/*.[ch]")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        expressions = re.findall(r"^#define (\w+) (.+)$", text, re.MULTILINE)
        for body in re.findall(r"enum(?: \w+)? \{([^}]*)\}", text):
            expressions += re.findall(r"(\w+) = ([^,}]+)", body)
        for name, expression in expressions:
            plain = re.sub(r"\bU?INT(?:32|64)_C\((\d+)\)", r"\1", expression.split("/*")[0]).strip()
            plain = re.sub(r"\bNS_PER_MS\b", "1000000", plain)
            if re.fullmatch(r"[\d\s()*<+-]+", plain):
                found[name] = eval(plain)  # digits and operators only
    return found


class Tracking(unittest.TestCase):
    def test_the_state_table(self):
        def cell(name):
            return {"sIG": "·", "sIV": "–"}.get(name, name[1:])

        expected = [[f"`{event}`"] + [cell(name.strip()) for name in names.split(",")] for event, names in
                    re.findall(r"^TCP_ROW\((\w+),\s*(.*?)\)$", read("analyzers/tcp_states.def"), re.MULTILINE)]
        self.assertGreater(len(expected), 10)
        self.assertEqual(rows(section("Endpoint states")), expected)

    def test_the_order_of_the_vantage_signs(self):
        names = dict(re.findall(r'^HANGUP_VANTAGE_BY\((\w+), "([^"]+)"', read("include/hangup/vantage_by.def"),
                                re.MULTILINE))
        order = re.findall(r"\{by_\w+, HANGUP_VANTAGE_BY_(\w+), \w+\}", read("analyzers/vantage.c"))
        self.assertEqual([row[0] for row in rows(section("Vantage"))], [f"`{names[name]}`" for name in order])

    def test_the_weights_of_the_origin_signals(self):
        signals = read("analyzers/origin.c").split("signals[] = {", 1)[1].split("};", 1)[0]
        self.assertEqual([row[1] for row in rows(section("Whose RST it was"))],
                         re.findall(r"\{\w+, (-?\d+)\}", signals))

    def test_every_number(self):
        known = constants()
        for name, value, unit, _ in rows(section("Every number")):
            name = name.strip("`")
            self.assertIn(name, known)
            self.assertEqual(int(value) * (UNITS_NS[unit] if name.find("_NS") > 0 else 1), known[name], name)

    def test_every_name_in_it_has_its_number(self):
        listed = {row[0].strip("`") for row in rows(section("Every number"))}
        named = set(re.findall(r"`([A-Z][A-Z_]+(?:_NS|_MAX|_RATIO|_CLEARLY|_SLACK|_NEAR|_DEFAULT|PLACES))`", DOCUMENT))
        self.assertEqual(named - listed, set())

    def test_every_waiting_time_is_in_it(self):
        listed = {row[0].strip("`") for row in rows(section("Every number"))}
        self.assertEqual({name for name in constants() if name.endswith("_NS")} - listed, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
