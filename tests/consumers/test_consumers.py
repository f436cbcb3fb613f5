#!/usr/bin/python3
"""docs/consumers.md: its examples run, and what it says of Splunk and DuckDB is so.

In every ```shell block a line "$ ..." is run in the project's folder, and the lines below it must be its output. With
--update the document is made to show what is printed.
"""
import datetime
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["PROJECT"], "tests", "cli"))

from tool import HANGUP, PROJECT, SAMPLES, Case, connections, hangup

DOCUMENT = os.path.join(PROJECT, "docs/consumers.md")
BLOCK = re.compile(r"^```shell\n(.*?)^```", re.DOTALL | re.MULTILINE)
RUN = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
DEFAULT_TRUNCATE = 10000  # bytes, Splunk's
EXTRACTION_CUTOFF = 5000


def text():
    with open(DOCUMENT, encoding="utf-8") as file:
        return file.read()


def printed(command):
    path = os.path.dirname(HANGUP) + os.pathsep + os.environ["PATH"]
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=PROJECT, stdout=subprocess.PIPE, check=False,
                         stderr=subprocess.STDOUT, text=True, timeout=120,
                         env=os.environ | {"PATH": path, "LC_ALL": "C.UTF-8"})
    return run.returncode, run.stdout


def shown_runs():
    return [run for block in BLOCK.findall(text()) for run in RUN.findall(block)]


@functools.cache
def lines():
    """NDJSON about all samples, read at once: with the names of their files."""
    return hangup("read", "-q", "-o", "ndjson", "pcaps", cwd=PROJECT).stdout.splitlines()


def statements():
    return re.findall(r"^```sql\n(.*?)^```", text(), re.DOTALL | re.MULTILINE)


def settings():
    block = re.search(r"^```ini\n\[hangup\]\n(.*?)^```", text(), re.DOTALL | re.MULTILINE)[1]
    return dict(line.split(" = ", 1) for line in block.splitlines())


def update():
    new = BLOCK.sub(lambda block: RUN.sub(lambda run: f"$ {run[1]}\n{printed(run[1])[1]}", block[0]), text())
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(new)


class Shell(unittest.TestCase):
    maxDiff = None

    def test_shown_output_is_the_real_one(self):
        runs = shown_runs()
        self.assertGreater(len(runs), 4)
        for command, shown in runs:
            tools = {word for word in re.findall(r"\| (\w+)", command) if word in ("jq", "sqlite3")}
            with self.subTest(command):
                self.assertTrue(all(shutil.which(tool) for tool in tools), tools)
                self.assertEqual((0, shown), printed(command), "refresh it with --update")
                self.assertGreater(shown.count("\n"), 0)


class Json(Case):
    def test_jq_keeps_every_number(self):
        """Numbers stay below 2^53, so that a reader with doubles gives back the same line."""
        path = os.path.join(SAMPLES, "router.middle.pcap")
        line = hangup("read", "-o", "ndjson", path).stdout.splitlines()[0]
        through = subprocess.run(["jq", "-c", "."], input=line, capture_output=True, text=True, check=True).stdout
        self.assertEqual(json.loads(line), json.loads(through))


class DuckDb(unittest.TestCase):
    def test_names_are_those_of_ndjson(self):
        example = connections(os.path.join(SAMPLES, "router.middle.pcap"))[0]
        error = example["app_errors"]["client"] or [dict.fromkeys(("os", "code", "number", "name", "likely"))]
        self.assertGreater(len(statements()), 2)
        for statement in statements():
            words = re.sub(r"'[^']*'|\bAS \w+", "", statement)
            for path in re.findall(r"\b[a-z_]+(?:\.[a-z_]+)+\b", words):
                value = {**example, "error": error[0]}
                for key in path.split("."):
                    self.assertIn(key, value, f"{path} in {statement}")
                    value = value[key]


class Splunk(unittest.TestCase):
    def test_the_time_is_found(self):
        """The first match of TIME_PREFIX is the field's, and what follows has the format."""
        prefix, lookahead = settings()["TIME_PREFIX"], int(settings()["MAX_TIMESTAMP_LOOKAHEAD"])
        self.assertEqual("%Y-%m-%dT%H:%M:%S.%9NZ", settings()["TIME_FORMAT"])
        for line in lines():
            at = re.search(prefix, line).end()
            stamp = line[at:at + lookahead].split('"')[0]
            told = json.loads(line)
            self.assertEqual(told["to" if told["schema"] == "hangup.incident/1" else "end"], stamp)
            datetime.datetime.strptime(re.sub(r"\d{3}Z$", "Z", stamp), "%Y-%m-%dT%H:%M:%S.%fZ")

    def test_lengths_are_as_said(self):
        self.assertGreater(len(lines()), 500)
        longest = max(len(line.encode()) for line in lines())
        self.assertLessEqual(longest, 6000)
        self.assertLess(longest, DEFAULT_TRUNCATE)
        self.assertLess(DEFAULT_TRUNCATE, int(settings()["TRUNCATE"]))

    def test_what_is_found_at_search_time(self):
        for line in lines():
            self.assertLessEqual(line.index('"evidence":'), 2000)

    def test_a_long_name_fits(self):
        """Several inputs, each with the longest name that a file can have, in twelve places."""
        names = [os.path.join("/tmp", "n" * 255)] * 12
        self.assertLess(sum(map(len, names)) + EXTRACTION_CUTOFF, int(settings()["TRUNCATE"]))


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    else:
        unittest.main()
