#!/usr/bin/python3
"""-o fields: the values of NDJSON, in columns."""
import collections
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DAY, DONE, PROJECT, SAMPLES, USAGE, Case, connections, conversation, hangup, pcap


def listed():
    """All fields, by the program's own list."""
    shown = hangup("read", "-o", "fields=help")
    assert (shown.returncode, shown.stderr) == (DONE, ""), shown
    return re.findall(r"^(\S+)", shown.stdout, re.MULTILINE)


def rows(paths, *fields, options=()):
    paths = [paths] if isinstance(paths, str) else paths
    run = hangup("read", "-o", "fields=" + ",".join(fields), *options, *paths)
    assert (run.returncode, run.stderr) == (DONE, ""), run
    return [line.split("\t") for line in run.stdout.split("\n")[:-1]]


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def with_all(connection):
    """NDJSON names the files of packets when there are several inputs, and matches when an error is asked for; columns
    always do."""
    connection.setdefault("error_match", collections.defaultdict(lambda: None))
    connection.setdefault("last_packet_file", connection["input"])
    for item in connection["evidence"]:
        item.setdefault("file", connection["input"] if item["packet"] else None)
    return connection


def wanted(connection, path):
    """What NDJSON says at a path; several values joined by commas."""
    found = [with_all(connection)]
    several = False
    for key in path.split("."):
        found = [value[key] for value in found]
        if found and isinstance(found[0], list):
            found, several = [each for value in found for each in value], True
    return ",".join(as_text(value) for value in found) if several else as_text(found[0])


def unescaped(text):
    return re.sub(r"\\(.)", lambda match: {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}[match[1]], text)


def is_number(text):
    return re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", text)


class Columns(Case):
    def assert_same(self, told, meant, field):
        if is_number(told) and is_number(meant):
            self.assertEqual(float(told), float(meant), field)
        elif field == "alternatives.confidence":
            self.assertEqual([float(each) for each in told.split(",") if each],
                             [float(each) for each in meant.split(",") if each])
        else:
            self.assertEqual(unescaped(told), meant, field)

    def assert_as_ndjson(self, *paths, options=()):
        fields = listed()
        told, meant = rows(paths, *fields, options=options), connections(*options, *paths)
        self.assertEqual(len(told), len(meant), paths)
        for row, connection in zip(told, meant):
            self.assertEqual(len(row), len(fields), paths)
            for field, value in zip(fields, row):
                self.assert_same(value, wanted(connection, field), field)

    def test_every_field_is_what_ndjson_says(self):
        self.assertGreater(len(listed()), 55)
        samples = sorted(name for name in os.listdir(SAMPLES) if ".pcap" in name)[::9]
        self.assertGreater(len(samples), 10)
        for name in samples:
            self.assert_as_ndjson(os.path.join(SAMPLES, name))

    def test_an_error_is_asked_for(self):
        self.assert_as_ndjson(os.path.join(SAMPLES, "router.middle.pcap"), options=("--error", "104", "--at", "10:07"))

    def test_several_inputs(self):
        packets = conversation()
        first = self.file("a.pcap", pcap(packets[:4]))
        second = self.file("b,\t.pcap", pcap(packets[4:], start=DAY + 1))
        self.assert_as_ndjson(first, second)
        self.assertEqual([[first, second.replace("\t", "\\t")]], rows([first, second], "input", "last_packet_file"))

    def test_order_is_the_users(self):
        path = self.capture()
        self.assertEqual([["443", "1", "40000", "1"]], rows(path, "server.port", "id", "client.port", "id"))

    def test_selection(self):
        path = self.capture(conversation() + conversation(client=("192.0.2.9", 41000)))
        self.assertEqual([["1"], ["2"]], rows(path, "id"))
        self.assertEqual([["2"]], rows(path, "id", options=("--host", "192.0.2.9")))

    def test_header(self):
        path = self.capture()
        self.assertEqual([["id", "label"], ["1", "rst"]], rows(path, "id", "label", options=("--header",)))
        self.assertEqual([["id"]], rows(path, "id", options=("--header", "--label", "missing-fin")))

    def test_what_is_not_known_is_empty(self):
        self.assertEqual([["", "", "1"]], rows(self.capture(), "incident", "alternatives.label", "id"))

    def test_a_value_stays_between_two_tabs(self):
        with open(self.capture(), "rb") as file:
            path = self.file("a\tb\\c\nd\x1b\xff.pcap", file.read())
        run = hangup("read", "-o", "fields=id,input", path)
        self.assertRegex(run.stdout, r"\A1\t\S*/a\\tb\\\\c\\nd\\u\{1b\}.*\.pcap\n\Z")


class Names(Case):
    def test_unknown(self):
        for names, near in (("lable", "label"), ("id,cliennt.ip", "client.ip"), ("port", "client.port, server.port"),
                            ("evidence", "evidence.packet")):
            run = hangup("read", "-o", f"fields={names}", self.capture())
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
            self.assert_one_sentence(run, f'"{names.split(",")[-1]}" is no field', near, "-o fields=help")

    def test_nothing_near(self):
        run = hangup("read", "-o", "fields=zzzzzzzzzz", self.capture())
        self.assertEqual(USAGE, run.returncode)
        self.assertNotIn("near", run.stderr)
        for names in ("", ",", "id,", "x" * 5000):
            run = hangup("read", "-o", f"fields={names}", self.capture())
            self.assertEqual(USAGE, run.returncode, names)

    def test_names_are_needed(self):
        for output in ("fields", "ndjson=id", "=id", "field=id"):
            run = hangup("read", "-o", output, self.capture())
            self.assertEqual(USAGE, run.returncode)
            self.assert_one_sentence(run, "text, ndjson, fields=")

    def test_the_list_needs_no_file(self):
        self.assertEqual(DONE, hangup("-o", "fields=help").returncode)

    def test_every_name_is_in_the_documents(self):
        with open(os.path.join(PROJECT, "docs/output.md"), encoding="utf-8") as file:
            columns = file.read().split("## Fields in columns", 1)[1]
        for field in listed():
            with self.subTest(field):
                self.assertIn(f"`{field}`", columns)


if __name__ == "__main__":
    unittest.main()
