#!/usr/bin/python3
"""hangup report -o out.md: what a reader of Markdown makes of it (cmark-gfm, as GitHub has it), whatever names and texts
hold."""
import importlib.util
import os
import re
import subprocess
import sys
import unittest
from html.parser import HTMLParser

sys.dont_write_bytecode = True

from tool import ACK, DONE, PROJECT, RST, SAMPLES, SYN, Case, conversation, hangup, pcap, segment

ROUTER = os.path.join(SAMPLES, "router.middle.pcap")
GITHUB_MAX = 65536  # characters of an issue or a comment
SECTIONS = ["Summary", "Impact", "Root causes and trigger", "Detection", "Timeline", "Every ending", "Resolution",
            "Actions", "What went well", "What went badly", "Where we got lucky", "Method and limits",
            "Appendix: one by one"]
MESSAGE = re.compile(r"    (?:[CS](?:->>|-x)[CS]: [^;#]+|Note over [CS](?:,S)?: [^;#]+|participant [CS] as [^;#]+)")


def orders():
    """Texts that terminals, browsers and spreadsheets would obey, of the hostile tests."""
    spec = importlib.util.spec_from_file_location("injection", os.path.join(PROJECT, "tests/hostile/test_injection.py"))
    injection = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(injection)
    return injection.ORDERS, injection.is_inert


class Document(HTMLParser):
    """What a reader sees: tables as lists of rows of cells, texts that are no code, and headings."""

    def __init__(self, markdown):
        super().__init__()
        run = subprocess.run(["cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tasklist"],
                             input=markdown, capture_output=True, text=True, check=True)
        self.html = run.stdout
        self.tables, self.prose, self.codes, self.headings, self.tags, self.open = [], [], [], [], set(), []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append("")
        elif tag == "code":
            self.codes.append("")
        elif tag in ("p", "li"):
            self.prose.append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "code" in self.open:
            self.codes[-1] += data
        elif data.strip():
            self.prose.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data
        if self.headings and any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            self.headings[-1] += data


def markdown(*arguments):
    run = hangup("report", *arguments, "-o", "-", "--format", "md")
    assert run.returncode == DONE, run.stderr
    return run.stdout


class Actions(Case):
    def actions(self, name):
        run = hangup("report", os.path.join(SAMPLES, name), "-o", "-", "--format", "md")
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        return [row.replace("\\", "") for row in re.findall(r"^\| (.*) \| investigate \|", run.stdout, re.MULTILINE)]

    def test_the_bracket_of_an_idle_timer_is_one_action(self):
        """None is told half of its own idle time, which is up to 110 s: the longest that one lived through is 57.3 s."""
        for name in ("incident-idle-silent.client.pcap", "incident-idle-reset.client.pcap"):
            action, = self.actions(name)
            self.assertIn("TCP_KEEPIDLE 28 s", action)
            self.assertTrue(action.endswith("(connections 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)"), action)

    def test_an_outage_is_one_action(self):
        action, = self.actions("incident-link-outage.client.pcap")
        self.assertRegex(action, r"^The connections of 192\.0\.2\.201 ceased to be answered together at 2026-11-27 04:11:24\.558 UTC: ")
        self.assertTrue(action.endswith("(connections 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)"), action)

    def test_alone_a_connection_has_its_own(self):
        action, = self.actions("refused.client.pcap")
        self.assertTrue(action.endswith("(connection 1)"), action)


class Rendered(Case):
    def check(self, text):
        """Renders as it is meant: as many tables as were written, no row cut or filled up, nothing that links or runs."""
        document = Document(text)
        rules = re.findall(r"^\|(?::?-+:?\|)+$", text, re.MULTILINE)
        self.assertEqual([rule.count("|") - 1 for rule in rules], [len(table[0]) for table in document.tables])
        for table in document.tables:
            self.assertEqual({len(table[0])}, {len(row) for row in table})
        self.assertLessEqual(document.tags, set("h1 h2 h3 p strong em code pre table thead tbody tr th td ul li".split()))
        self.assertNotIn("<!--", document.html)
        prose = "\n".join(document.prose)
        for sign in ("|---", "@", "#", "://", "www.", "```"):
            self.assertTrue(sign not in prose, sign)
        self.assertFalse(re.findall(r"\b(?=\d*[a-f])[0-9a-f]{7,40}\b", prose))
        return document


class Markdown(Rendered):
    def test_every_sample_renders(self):
        for name in sorted(name for name in os.listdir(SAMPLES) if ".pcap" in name)[::23]:
            with self.subTest(name):
                self.check(markdown(os.path.join(SAMPLES, name)))

    def test_the_skeleton(self):
        text = markdown(ROUTER)
        document = self.check(text)
        self.assertEqual(SECTIONS, [heading for heading in document.headings[1:] if heading in SECTIONS])
        self.assertGreater(text.count("*To fill in: "), 6)
        self.assertEqual(7, text.count("```mermaid\n"))
        without = markdown(ROUTER, "--no-mermaid")
        self.check(without)
        self.assertEqual(re.sub(r"^```mermaid\n.*?^```\n\n", "", text, flags=re.DOTALL | re.MULTILINE),
                         without.replace("Options:\n\n- `--no-mermaid`\n\n", ""))
        endings = next(table for table in document.tables if table[0][0] == "Id")
        self.assertEqual(["7", "4", "6", "11", "2", "1", "12"], [row[0] for row in endings[1:]])

    def test_incidents(self):
        text = markdown(os.path.join(SAMPLES, "incident-idle-silent.client.pcap"))
        document = self.check(text)
        told = [heading for heading in document.headings if heading.startswith("Incident ")]
        self.assertEqual(["Incident 1: Idle timer on the path"], told)
        timeline = next(table for table in document.tables if table[0][-1] == "Source")
        self.assertIn("incident 1", [row[-1] for row in timeline])

    def test_nothing_bad(self):
        text = markdown(os.path.join(SAMPLES, "fin-client.client.pcap"))
        self.check(text)
        self.assertIn("Nothing in this capture ended badly.", text)
        self.assertNotIn("## Every ending", text)

    def test_diagrams_are_sequence_diagrams(self):
        for name in ("router.middle.pcap", "forged-icmp-host-unreachable.pcap", "zero-window-timeout.client.pcap"):
            for diagram in re.findall(r"^```mermaid\n(.*?)^```", markdown(os.path.join(SAMPLES, name)), re.DOTALL | re.MULTILINE):
                first, *lines = diagram.splitlines()
                self.assertEqual("sequenceDiagram", first)
                self.assertLess(len(lines), 60)
                for line in lines:
                    self.assertRegex(line, MESSAGE)

    def test_titles_come_back(self):
        for title in (r"a | b \| c \\| d `e` ``f`` *g* __h__ [i](j) ![k](l) <b>m</b> &amp; n ~~o~~ $p$", "1. one", "- a", "+", "=",
                      "1) x", "@team please see #12 and group/project#3 at http://example.org or www.example.org or a@b.org",
                      "deadbeef1 and 0123abcdef", "@@##::@", "a@`#", "\\", "`", "``", "|", ":smile: :+1:", "\\@", "\\`#"):
            with self.subTest(title):
                document = self.check(markdown(ROUTER, "--title", title))
                self.assertEqual(title, document.headings[0])

    def test_only_what_would_be_a_list_is_escaped(self):
        text = markdown(os.path.join(SAMPLES, "incident-service-down.middle.pcap"))
        self.check(text)
        self.assertIn("\n**198.51.100.44 port", text)
        self.assertNotIn("\\.", text)

    def test_hostile_names(self):
        found, is_inert = orders()
        for what, order in found.items():
            name = order.replace(b"/", b"|")
            with self.subTest(what):
                path = self.file(os.fsdecode(name), pcap(conversation()))
                text = markdown(path, "--title", order.decode("ascii", "ignore"))
                self.check(text)
                self.assertEqual(set(), {character for character in text if not is_inert(character)})
                self.assertEqual(text.count("sequenceDiagram"), 1)

    def test_names_in_cells_come_back(self):
        for name in ("a|b", "a\\|b", "a\\\\|b", "`", "a``b", " `x` ", "|", "a\\", "@x#1"):
            path = self.file(name + ".pcap", pcap(conversation()))
            files = next(table for table in self.check(markdown(path)).tables if table[0][0] == "File")
            self.assertEqual(path, files[1][0], name)

    def test_several_files(self):
        packets = conversation()
        first, second = self.file("a|`.pcap", pcap(packets[:4])), self.file("b#1.pcap", pcap(packets[4:], start=1714557724))
        text = markdown(first, second)
        document = self.check(text)
        evidence = next(table for table in document.tables if table[0][0] == "Packet")
        self.assertIn("b#1.pcap:3", [row[0] for row in evidence])
        self.assertIn("3 of file 2", text)


class Size(Rendered):
    def many(self, count):
        packets = []
        for i in range(count):
            client, server = (f"192.0.2.{i % 250 + 1}", 20000 + i), ("198.51.100.2", 443)
            packets += [segment(client, server, 1000, 0, SYN), segment(server, client, 0, 1001, RST | ACK)] if i % 2 else \
                conversation(client=client)
        return self.file("many.pcap", pcap(packets))

    def test_fits_into_an_issue(self):
        text = markdown(self.many(3000), "--details", "300")
        self.assertLessEqual(len(text.encode()), GITHUB_MAX)
        self.assertGreater(len(text.encode()), GITHUB_MAX * 3 // 4)
        self.check(text)
        self.assertIn("2,900 more have no room here", text)
        self.assertRegex(text, r"\d+ connections that could be told whole have no room here")
        self.assertIn("## Method and limits", text)

    def test_long_names_and_titles(self):
        path = self.file("`|" * 120, pcap(conversation()))
        text = markdown(path, "--title", "|`<@#" * 2000)
        self.assertLessEqual(len(text.encode()), GITHUB_MAX)
        self.check(text)

    def test_threads_change_nothing(self):
        path = self.many(200)
        self.assertEqual(markdown(path, "--threads", "1"), markdown(path, "--threads", "3"))

    def test_a_file_or_a_folder(self):
        folder = os.path.join(self.folder, "out") + "/"
        self.assertEqual(DONE, hangup("report", ROUTER, "-o", folder).returncode)
        with open(folder + "report.md", encoding="utf-8") as file:
            text = file.read()
        path = os.path.join(self.folder, "incident.md")
        self.assertEqual(DONE, hangup("report", ROUTER, "-o", path).returncode)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(text, file.read())


if __name__ == "__main__":
    unittest.main()
