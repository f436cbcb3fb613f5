#!/usr/bin/python3
"""-o csv: what the columns say, as RFC 4180 has it, and nothing that a spreadsheet would run."""
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, HANGUP, SAMPLES, USAGE, Case, connections, conversation, hangup, pcap

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' -C calc'!A0", "|calc", "%0A=1", "＝1+1", "＠x", "--1", "+", "=")


def table(*arguments):
    """Rows by a reader of the standard library; the first is the header."""
    run = hangup("read", *arguments)
    assert (run.returncode, run.stderr) == (DONE, ""), run
    return list(csv.reader(io.StringIO(run.stdout, newline=""), strict=True))


class Csv(Case):
    def test_it_is_what_the_columns_say(self):
        for name in sorted(name for name in os.listdir(SAMPLES) if ".pcap" in name)[::17]:
            path = os.path.join(SAMPLES, name)
            header, *rows = table("-o", "csv", path)
            told = hangup("read", "-o", "fields=" + ",".join(header), path).stdout.split("\n")[:-1]
            self.assertEqual([line.split("\t") for line in told], rows, name)

    def test_the_header_has_all_columns(self):
        listed = re.findall(r"^(\S+)", hangup("read", "-o", "csv=help").stdout, re.MULTILINE)
        header = table("-o", "csv", self.capture())[0]
        self.assertEqual([name for name in listed if not name.startswith("error_match.")], header)
        self.assertEqual(listed, table("-o", "csv", "--error", "104", self.capture())[0])

    def test_columns_are_the_users(self):
        self.assertEqual([["label", "id", "server.port"], ["rst", "1", "443"]],
                         table("-o", "csv=label,id,server.port", self.capture()))
        run = hangup("read", "-o", "csv=lable", self.capture())
        self.assertEqual(USAGE, run.returncode)
        self.assert_one_sentence(run, "label")

    def test_lines_end_as_the_standard_says(self):
        text = self.bytes_of("-o", "csv", self.capture(conversation() + conversation(client=("192.0.2.9", 41000))))
        self.assertEqual(3, text.count(b"\r\n"))
        self.assertTrue(text.endswith(b"\r\n"))
        self.assertEqual(text.count(b"\n"), text.count(b"\r"))
        self.assertEqual([["id"]], table("-o", "csv=id", "--port", "9", self.capture()))

    def bytes_of(self, *arguments):
        return subprocess.run([HANGUP, "read", *arguments], stdout=subprocess.PIPE, check=True).stdout

    def named(self, name):
        return self.file(name.replace("/", "_"), pcap(conversation()))

    def test_quotes_and_separators_come_back(self):
        for name in ('a"b.pcap', "a,b.pcap", "a;b.pcap", " a.pcap ", "'a.pcap", '""', "a\"\"b,c"):
            path = self.named(name)
            self.assertEqual(path, table("-o", "csv=input,id", path)[1][0])

    def test_no_formula(self):
        for formula in FORMULAS:
            name = formula.replace("/", "_")
            self.named(name)
            self.assertEqual("'" + name, self.cell(name))

    def cell(self, name):
        run = hangup("read", "-o", "csv=input", "--", name, cwd=self.folder)
        self.assertEqual(DONE, run.returncode, run.stderr)
        return list(csv.reader(io.StringIO(run.stdout, newline="")))[1][0]

    def test_numbers_are_left_alone(self):
        """Negative ones too: they are no formulas."""
        rows = table("-o", "csv=error_match.away_s", "--error", "104", "--at", "2024-05-01T10:05:00Z",
                     "--next-call", "0", self.capture())
        self.assertRegex(rows[1][0], r"^-\d+\.\d+$")
        self.named("-5")
        self.assertEqual("-5", self.cell("-5"))

    def test_standard_input(self):
        with open(self.capture(), "rb") as file:
            self.assertEqual("input\n-\n", hangup("read", "-o", "csv=input", "-", stdin=file).stdout)

    def test_one_line_a_connection(self):
        path = self.named("a\nb\rc\td.pcap")
        self.assertEqual(2, self.bytes_of("-o", "csv", path).count(b"\n"))
        self.assertEqual(2, self.bytes_of("-o", "csv", path).count(b"\r"))

    def test_sqlite_takes_it(self):
        """A database of somebody else's counts the same."""
        path = os.path.join(SAMPLES, "router.middle.pcap")
        header, *rows = table("-o", "csv", path)
        database = sqlite3.connect(":memory:")
        database.execute("create table connection (" + ", ".join(f'"{name}"' for name in header) + ")")
        database.executemany(f"insert into connection values ({', '.join('?' * len(header))})", rows)
        told = dict(database.execute("select label, count(*) from connection group by label"))
        labels = [connection["label"] for connection in connections(path)]
        self.assertEqual({label: labels.count(label) for label in labels}, told)


if __name__ == "__main__":
    unittest.main()
