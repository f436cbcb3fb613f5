#!/usr/bin/python3
"""hangup report: where its results go, what is refused, and what the page is made of."""
import hashlib
import os
import re
import sys
import unittest
from html.parser import HTMLParser

sys.dont_write_bytecode = True

from tool import DONE, INPUT, SAMPLES, USAGE, Case, conversation, hangup, pcap

ROUTER = os.path.join(SAMPLES, "router.middle.pcap")
EMPTY_ELEMENTS = {"meta", "link", "input", "br", "wbr", "hr"}


class Page(HTMLParser):
    """Elements and text of a page; complains of tags that do not match."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.targets, self.headings, self.elements = [], [], [], [], []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.targets.append(attributes["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in EMPTY_ELEMENTS:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.text += data.replace("\N{NO-BREAK SPACE}", " ")


def page_of(*arguments):
    run = hangup("report", *arguments, "-o", "-", "--format", "html")
    assert run.returncode == DONE, run.stderr
    return run.stdout


class Results(Case):
    def path(self, name):
        return os.path.join(self.folder, name)

    def test_a_page(self):
        run = hangup("report", ROUTER, "-o", self.path("out.html"))
        self.assertEqual((DONE, "", ""), (run.returncode, run.stdout, run.stderr))
        self.assertEqual(["out.html"], os.listdir(self.folder))
        with open(self.path("out.html"), encoding="utf-8") as page:
            self.assertEqual(page_of(ROUTER), page.read())

    def test_a_folder(self):
        for name in ("new/", "new/again/", "."):
            self.assertEqual(DONE, hangup("report", ROUTER, "-o", self.path(name)).returncode)
            self.assertLessEqual({"index.html", "report.md", "evidence.pcapng", "connections.csv"}, set(os.listdir(self.path(name))))
        self.assertEqual({"index.html", "report.md", "evidence.pcapng", "connections.csv"}, set(os.listdir(self.path("new/again/"))))

    def test_what_is_in_a_folder_is_as_each_by_itself(self):
        for number, options in enumerate(((), ("--port", "80"), ("--error", "10053"), ("--anonymize-key", self.file("key", b"0123456789abcdef")))):
            folder = self.path(f"out{number}/")
            self.assertEqual(DONE, hangup("report", ROUTER, *options, "-o", folder).returncode)
            with open(folder + "connections.csv", newline="", encoding="utf-8") as table:
                self.assertEqual(hangup("-o", "csv", *options, ROUTER).stdout, table.read().replace("\r\n", "\n"), options)
            hangup("read", *options, "--evidence", self.path("evidence.pcapng"), ROUTER)
            with open(folder + "evidence.pcapng", "rb") as one, open(self.path("evidence.pcapng"), "rb") as other:
                self.assertEqual(one.read(), other.read(), options)

    def test_evidence_elsewhere(self):
        elsewhere = self.path("elsewhere.pcapng")
        self.assertEqual(DONE, hangup("report", ROUTER, "-o", self.path("out/"), "--evidence", elsewhere).returncode)
        self.assertTrue(os.path.exists(elsewhere))
        self.assertNotIn("evidence.pcapng", os.listdir(self.path("out")))

    def test_a_folder_of_nothing(self):
        self.assertEqual(DONE, hangup("report", self.file("empty.pcap", pcap([])), "-o", self.path("out/")).returncode)
        self.assertIn("connections.csv", os.listdir(self.path("out")))

    def test_what_is_there_stays_when_writing_fails(self):
        old = self.file("out.html", b"old")
        run = hangup("report", self.path("missing.pcap"), "-o", old)
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "missing.pcap")
        with open(old, "rb") as page:
            self.assertEqual(b"old", page.read())

    def test_where_nothing_can_be_written(self):
        run = hangup("report", ROUTER, "-o", self.path("no/such/folder.html"))
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "folder.html")

    def test_refusals(self):
        for arguments in (("report", ROUTER), ("report", ROUTER, "-o", self.path("out.doc")),
                          ("report", ROUTER, "-o", "-"), ("report", ROUTER, "-o", "-", "--format", "doc"),
                          ("report", "-", "-o", self.path("out.html")), ("report", "-o", self.path("out.html")),
                          ("report", ROUTER, "-o", self.path("out.md"), "--evidence", self.path("out.md"))):
            with self.subTest(arguments):
                run = hangup(*arguments)
                self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
                self.assert_one_sentence(run)
        self.assertEqual([], os.listdir(self.folder))

    def test_pipes_are_refused(self):
        os.mkfifo(self.path("pipe"))
        run = hangup("report", self.path("pipe"), "-o", self.path("out.html"))
        self.assertEqual(USAGE, run.returncode)
        self.assert_one_sentence(run, "twice")


class Content(Case):
    def test_same_bytes(self):
        one = page_of(ROUTER)
        for threads in ("1", "2", "5"):
            self.assertEqual(one, page_of(ROUTER, "--threads", threads))

    def test_structure(self):
        page = Page(page_of(ROUTER))
        self.assertEqual(len(page.ids), len(set(page.ids)))
        for target in page.targets:
            self.assertEqual("#", target[0])
            self.assertIn(target[1:], page.ids)
        self.assertEqual(1, page.headings.count(1))
        for before, after in zip(page.headings, page.headings[1:]):
            self.assertLessEqual(after, before + 1)
        for tag, attributes in page.elements:
            self.assertFalse({name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")}, tag)
            self.assertNotIn(tag, ("img", "link", "iframe", "object", "embed", "form", "base"))

    def test_every_abnormal_ending_is_told(self):
        rows = hangup("read", "-o", "fields=id,severity,client.ip,client.port,summary", ROUTER).stdout.splitlines()
        bad = [row.split("\t") for row in rows if "\tabnormal\t" in row]
        page = Page(page_of(ROUTER))
        for number, _, address, port, summary in bad:
            self.assertIn(f"c{number}", page.ids)
            self.assertIn(f"r{number}", page.ids)
            self.assertIn(f"{address}:{port}", page.text)
            self.assertIn(re.sub(r"^(Likely|Probably|Possibly): ", "", summary)[1:], page.text)
        self.assertEqual(len(bad), sum(bool(re.fullmatch(r"c\d+", name)) for name in page.ids))

    def test_details(self):
        page = Page(page_of(ROUTER, "--details", "2"))
        self.assertEqual(2, sum(bool(re.fullmatch(r"c\d+", name)) for name in page.ids))
        self.assertEqual(7, sum(bool(re.fullmatch(r"r\d+", name)) for name in page.ids))

    def test_nothing_bad(self):
        page = Page(page_of(os.path.join(SAMPLES, "fin-client.client.pcap")))
        self.assertIn("did not end badly", page.text)
        self.assertNotIn("endings", page.ids)

    def test_one_connection_is_the_headline(self):
        text = page_of(os.path.join(SAMPLES, "refused.client.pcap"))
        self.assertTrue("<h1>The server refused the connection" in text)

    def test_files_are_named_with_their_hashes(self):
        with open(ROUTER, "rb") as sample:
            content = sample.read()
        text = page_of(ROUTER)
        self.assertTrue(hashlib.sha256(content).hexdigest() in text)

    def test_changed_thresholds_are_told(self):
        name = re.search(r"^([a-z-]+)\n(?:    .*\n)*?    ([a-z0-9_-]+) = ([0-9.]+) ", hangup("rules").stdout, re.MULTILINE)
        page = Page(page_of(ROUTER, "--set", f"{name[1]}.{name[2]}=0.125"))
        self.assertIn(f"{name[1]}.{name[2]} = 0.125 ", page.text)

    def test_options_that_bear_on_it_are_told(self):
        page = Page(page_of(ROUTER, "-f", "tcp port 443", "--severity=abnormal", "--threads", "2"))
        self.assertIn("--filter='tcp port 443'", page.text)
        self.assertIn("--severity='abnormal'", page.text)
        self.assertNotIn("--threads", page.text)
        self.assertNotIn("--output", page.text)

    def test_evidence_leads_to_the_packet_on_the_ladder_and_back(self):
        page = Page(page_of(ROUTER))
        to_ladder = {target for target in page.targets if re.fullmatch(r"#c\d+-ladder-p\d+", target)}
        to_row = {target for target in page.targets if re.fullmatch(r"#c\d+-e\d+", target)}
        self.assertTrue(to_ladder and to_row)

    def test_an_incident_is_the_headline(self):
        path = os.path.join(SAMPLES, "incident-idle-silent.client.pcap")
        page = Page(page_of(path))
        told = hangup("read", path).stdout
        self.assertIn("i1", page.ids)
        self.assertRegex(page.text, "forgets connections that were without traffic")
        members = [target for target in page.targets if re.fullmatch(r"#c\d+", target)]
        self.assertEqual(12, len(set(members)))
        self.assertIn("Idle timer", told)

    def test_a_timeline_shows_every_ending(self):
        page = Page(page_of(ROUTER))
        self.assertTrue(any(name.startswith("timeline-picture") for name in page.ids))

    def test_title(self):
        page = Page(page_of(ROUTER, "--title", "Monday & <Tuesday>"))
        self.assertIn("Monday & <Tuesday>", page.text)

    def test_a_cut_capture_is_told_once(self):
        path = self.file("cut.pcap", pcap(conversation())[:-3])
        run = hangup("report", path, "-o", "-", "--format", "html")
        self.assertEqual(DONE, run.returncode)
        self.assert_one_sentence(run)
        self.assertTrue("could not be read to its end" in run.stdout)


if __name__ == "__main__":
    unittest.main()
