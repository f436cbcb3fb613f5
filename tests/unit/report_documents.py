#!/usr/bin/python3
"""The documents about the output name what the lists and the schema name, and nothing is forgotten.

usage: report_documents.py PROJECT
"""
import json
import os
import re
import sys
import unittest

PROJECT = sys.argv[1]
UNKNOWN_IS_NULL = "unknown"


def read(path):
    with open(os.path.join(PROJECT, path), encoding="utf-8") as file:
        return file.read()


def rows(name):
    """(everything before the first string, [strings]) of each row of a .def file."""
    text = re.sub(r"/\*.*?\*/", "", read(f"include/hangup/{name}.def"), flags=re.DOTALL)
    for row in re.findall(r"^HANGUP_\w+\((.*?)\)$", text, re.DOTALL | re.MULTILINE):
        yield row.split('"', 1)[0], re.findall(r'"([^"]*)"', row)


def names(name):
    return [strings[0] for _, strings in rows(name)]


def causes():
    """{label name: {cause name: meaning}}"""
    labels = {before.strip(" ,"): strings[0] for before, strings in rows("label")}
    found = {}
    for before, (name, meaning) in rows("cause"):
        for label in re.findall(r"L\((\w+)\)", before):
            found.setdefault(labels[label], {})[name] = meaning
    return found


def always(properties):
    """Those that every line has."""
    return [name for name, schema in properties.items() if not schema.get("description", "").endswith(" only.")]


class IdleTimers(unittest.TestCase):
    """docs/idle-timers.md: a row a timer, with its seconds and source."""

    def test_every_timer_is_listed_as_it_is_defined(self):
        rows = re.findall(r'^IDLE_TIMER\("([^"]*)", (\d+), \w+, \w+, "([^"]*)"\)$', read("report/idle_timers.def"), re.MULTILINE)
        listed = re.findall(r"^\| ([^|]+?) \| (\d+) \|.*\| ([^|]+?) \|$", read("docs/idle-timers.md"), re.MULTILINE)
        self.assertGreater(len(rows), 10)
        self.assertEqual(rows, listed)


class Labels(unittest.TestCase):
    """docs/labels.md: a section a label (or several that share causes), in it a part a cause."""

    def setUp(self):
        sections = re.split(r"^## ", read("docs/labels.md"), flags=re.MULTILINE)[1:]
        self.sections = {label: section for section in sections
                         for label in re.findall(r"`([^`]+)`", section.split("\n", 1)[0])}

    def test_every_label_has_a_section(self):
        self.assertEqual(sorted(names("label")), sorted(self.sections))

    def test_every_cause_is_explained_as_it_is_defined(self):
        for label, known in causes().items():
            parts = dict(re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", self.sections[label],
                                    re.DOTALL | re.MULTILINE))
            for name, meaning in known.items():
                with self.subTest(f"{label}/{name}"):
                    self.assertIn(name, parts)
                    self.assertTrue(parts[name].startswith(f"*{meaning}.*"), f"{parts[name][:80]} is not {meaning}")

    def test_no_cause_is_invented(self):
        known = {name for found in causes().values() for name in found}
        for told in re.findall(r"^### `([^`]+)`", read("docs/labels.md"), re.MULTILINE):
            self.assertIn(told, known)


class Schema(unittest.TestCase):
    """docs/output.schema.json: its enumerations are the lists."""

    def setUp(self):
        self.schema = json.loads(read("docs/output.schema.json"))
        self.defs, self.properties = self.schema["$defs"], self.schema["properties"]

    def test_enumerations(self):
        vantage = self.properties["vantage"]["properties"]
        evidence = self.properties["evidence"]["items"]["properties"]
        for wanted, listed in (
                (names("label"), self.defs["label"]["enum"]), (names("actor"), self.defs["actor"]["enum"]),
                (names("severity"), self.properties["severity"]["enum"]), (names("level"), evidence["level"]["enum"]),
                (names("fact"), evidence["fact"]["enum"]), (names("vantage"), vantage["side"]["enum"]),
                (names("vantage_by"), vantage["by"]["enum"])):
            self.assertEqual(wanted, listed)
        self.assertEqual(set(names("cause")), set(self.defs["cause"]["enum"]))

    def test_what_may_be_null(self):
        for name, listed in (("os", self.defs["end"]["properties"]["host_os"]["enum"]),
                             ("tcp_state", self.defs["state"]["enum"])):
            self.assertEqual([word for word in names(name) if word != UNKNOWN_IS_NULL] + [None], listed)

    def test_pairs_of_label_and_cause(self):
        listed = {pair["properties"]["label"]["const"]: pair["properties"]["cause"]["enum"]
                  for pair in self.schema["oneOf"]}
        self.assertEqual({label: sorted(found) for label, found in causes().items()},
                         {label: sorted(found) for label, found in listed.items()})

    def test_strict(self):
        def walk(node):
            if isinstance(node, dict):
                if node.get("type") == "object":
                    self.assertIs(node.get("additionalProperties"), False)
                    self.assertEqual(always(node["properties"]), node["required"])
                for child in node.values():
                    walk(child)
            elif isinstance(node, list):
                for child in node:
                    walk(child)
        walk(self.schema)


class Incidents(unittest.TestCase):
    """docs/incidents.md and docs/incident.schema.json: the kinds are those of the list, every field has a row."""

    def setUp(self):
        text = re.sub(r"/\*.*?\*/", "", read("report/incidents/incident.def"), flags=re.DOTALL)
        self.kinds = re.findall(r'^INCIDENT\(\w+, \w+, "([^"]*)", "[^"]*",\s*"([^"]*)"\)$', text, re.MULTILINE)
        self.schema = json.loads(read("docs/incident.schema.json"))

    def test_kinds(self):
        self.assertGreater(len(self.kinds), 8)
        self.assertEqual(self.kinds, re.findall(r"^\| `([^`]+)` \| ([^|]*) \|$", read("docs/incidents.md"), re.MULTILINE))
        self.assertEqual([name for name, _ in self.kinds], self.schema["properties"]["kind"]["enum"])

    def test_every_field_is_documented(self):
        section = read("docs/output.md").split("### Incidents", 1)[1].split("### ", 1)[0]
        for field in self.schema["properties"]:
            self.assertRegex(section, rf"(?m)^\|[^|]*`{field}[`.\[]", field)

    def test_strict(self):
        self.assertIs(self.schema["additionalProperties"], False)
        self.assertEqual(always(self.schema["properties"]), self.schema["required"])

    def test_every_threshold_is_explained(self):
        named = re.findall(r'^INCIDENT_THRESHOLD\(\w+, "([^"]+)"', read("report/incidents/threshold.def"), re.MULTILINE)
        self.assertGreater(len(named), 5)
        for name in named:
            self.assertIn(f"`{name}`", read("docs/incidents.md"), name)


class Output(unittest.TestCase):
    """docs/output.md: every field has a row and stands in the example."""

    def setUp(self):
        self.text = read("docs/output.md")
        self.schema = json.loads(read("docs/output.schema.json"))

    def test_every_field_is_documented(self):
        for field in self.schema["properties"]:
            self.assertRegex(self.text, rf"(?m)^\|[^|]*`{field}[`.\[]", field)

    def test_example(self):
        example = json.loads(re.search(r"```json\n(.*?)\n```", self.text, re.DOTALL).group(1))
        self.assertEqual(always(self.schema["properties"]), list(example))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
