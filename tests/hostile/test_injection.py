#!/usr/bin/python3
"""Text from files, packets and arguments is inert wherever it comes out: no control characters that a terminal would
obey, nothing that turns the reading direction round, no line of its own, valid JSON."""
import csv
import io
import json
import os
import re
import struct
import sys
import unicodedata
import unittest
from html.parser import HTMLParser

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["PROJECT"], "tests", "cli"))

from tool import DAY, SAMPLES, Case, conversation, hangup, pcap

# What a terminal, a browser, a reader of Markdown or a spreadsheet would take for orders, each as bytes.
ORDERS = {
    "colour": b"\x1b[31mred",
    "clear": b"\x1b[2J\x1b[1;1H",
    "title": b"\x1b]0;owned\x07",
    "hyperlink": b"\x1b]8;;http://192.0.2.1/\x1b\\here\x1b]8;;\x1b\\",
    "answerback": b"\x1bP$q\"p\x1b\\",
    "c1": "\u009b31m\u009d0;x\u009c".encode(),
    "c1_raw": b"\x9b31m",
    "lines": b"one\r\ntwo\nthree\x0b\x0c",
    "line_separators": "a\u2028b\u2029c\u0085d".encode(),
    "bidi": "abc\u202ecba\u2066x\u2069\u200f".encode(),
    "invisible": "a\u200bb\ufeffc\u00add\U000e0041".encode(),
    "private": "\ue000\U000f0000".encode(),
    "delete": b"abc\x7f\x08\x08\x08xyz",
    "not_utf8": b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
    "json": b"\"},{\"label\":\"rst\",\"x\":\"\\",
    "html": b"<script>alert(1)</script>&lt;<img src=x onerror=alert(1)>",
    "markdown": b"[x](javascript:alert(1)) ![x](http://192.0.2.1/x) `` ` ``| a |",
    "csv": b"=cmd|' /C calc'!A0",
    "csv_at": b"@SUM(1+1)*2",
    "csv_plus": b"+1+1",
    "csv_minus": b"-1+1",
    "csv_tab": b"\t=1+1",
    "format": b"%n%s%p%99999d{}$(id)`id`\\x1b",
}
TERMINAL = ("title", "c1", "c1_raw", "lines", "line_separators", "bidi", "not_utf8", "format")
FORMATS = hangup("read", "-o", "?", "x").stderr.rstrip().rsplit("none of ", 1)[1].split(" (")[0].split(", ")
FORMATS = [name.split("[")[0] for name in FORMATS]


def file_names():
    """Those that a file can have."""
    return {name: order.replace(b"/", b"|") for name, order in ORDERS.items()}


def is_inert(character):
    return character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs", "Cn")


# ------------------------------------------------------------------------------------------------- pcapng

def padded(data):
    return data + bytes(-len(data) % 4)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + padded(value)


def block(kind, body):
    size = 12 + len(body)
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def pcapng(packets, text):
    """The packets, with the text wherever a pcapng file holds text."""
    section = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) +
                    b"".join(option(code, text) for code in (1, 2, 3, 4)))
    interface = block(1, struct.pack("<HHI", 101, 0, 0) +
                      b"".join(option(code, text) for code in (1, 2, 3, 12, 15)) + option(11, b"\0" + text))
    names = block(4, struct.pack("<HH", 1, 4 + len(text) + 1) + padded(bytes((192, 0, 2, 1)) + text + b"\0") +
                  struct.pack("<HH", 0, 0) + option(1, text))
    frames = b""
    for number, packet in enumerate(packets):
        at = (1714557723 * 1000000 + number * 10000)
        frames += block(6, struct.pack("<IIIII", 0, at >> 32, at & 0xffffffff, len(packet), len(packet)) +
                        padded(packet) + option(1, text) + option(0x8001, text))
    statistics = block(5, struct.pack("<III", 0, 0, 0) + option(1, text))
    return section + interface + names + frames + statistics


def cbor(text):
    """{1: text} in RFC 8949's encoding; short texts only."""
    return b"\xa1\x01\x78" + bytes([len(text)]) + text


class Inert(Case):
    def check(self, run, what, separator=""):
        for stream in (run.stdout, run.stderr):
            strange = {hex(ord(character)) for character in stream if not is_inert(character)} - {separator}
            self.assertFalse(strange, f"{what}: {strange} in {stream!r}")

    def check_format(self, name, run, what):
        if name in ("ndjson", "ecs"):
            for line in run.stdout.splitlines():
                json.loads(line)
        if name == "csv":
            for row in csv.reader(io.StringIO(run.stdout)):
                for cell in row:
                    self.assertFalse(cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number(cell),
                                     f"{what}: a spreadsheet would run {cell!r}")

    def check_everywhere(self, path, what, plain):
        """Every output for this file; as many lines as the same capture gives without any orders in it."""
        for name in FORMATS:
            if name == "text" or name.startswith("fields"):
                continue  # see below
            run = hangup("read", "-o", name, path)
            self.assertEqual(0, run.returncode, run.stderr)
            self.check(run, f"{what}, {name}")
            self.check_format(name, run, what)
            header = 1 if name == "csv" else 0
            self.assertEqual(len(plain) + header, len(run.stdout.split("\n")), what)
        for arguments in (("read", "--all", "--color=never", path), ("explain", path, "1")):
            self.check(hangup(*arguments), what)
        if any(name.startswith("fields") for name in FORMATS):
            run = hangup("read", "-o", "fields=input,summary,display_filter", path)
            self.check(run, what, separator=hex(ord("\t")))
            self.assertEqual(len(plain), len(run.stdout.split("\n")), what)
            self.assertTrue(all(line.count("\t") == 2 for line in run.stdout.splitlines()), what)


class Markup(HTMLParser):
    """The elements of a page, and what it says."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, sorted(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


class Pages(Inert):
    """A page has the same elements whatever a file, its name, or the title holds."""

    def page(self, path, *arguments):
        run = hangup("report", path, *arguments, "-o", "-", "--format=html")
        self.assertEqual(0, run.returncode, run.stderr)
        self.check(run, path, separator=hex(ord("\t")))
        return Markup(run.stdout)

    def test_file_names(self):
        content = pcap(conversation())
        plain = self.page(self.file("plain", content))
        for what, name in file_names().items():
            with self.subTest(what):
                self.assertEqual(plain.elements, self.page(self.file(os.fsdecode(name), content)).elements)

    def test_several_files(self):
        """Then packets are cited with the names of their files."""
        packets = conversation()
        last = pcap(packets[4:], start=DAY + 1)
        for what in ("html", "markdown", "bidi", "lines", "not_utf8"):
            with self.subTest(what):
                folder = os.path.join(self.folder, what)
                os.mkdir(folder)
                first = self.file(os.path.join(what, "a"), pcap(packets[:4]))
                second = self.file(os.path.join(what, os.fsdecode(b"b" + file_names()[what])), last)
                other = self.file(os.path.join(what, "c"), last)
                self.assertEqual(self.page(first, other).elements, self.page(first, second).elements)

    def test_texts_in_pcapng(self):
        plain = self.page(self.file("plain.pcapng", pcapng(conversation(), b"x")))
        for what, order in ORDERS.items():
            with self.subTest(what):
                page = self.page(self.file("text.pcapng", pcapng(conversation(), order)))
                self.assertEqual(plain.elements, page.elements)

    def test_texts_are_told(self):
        """Or the test above would show nothing."""
        page = self.page(self.file("text.pcapng", pcapng(conversation(), ORDERS["html"])))
        self.assertIn(ORDERS["html"].decode(), page.text)

    def test_reset_texts(self):
        pages = self.page(reset_text(self, b"any reason")), self.page(reset_text(self, cbor(b"any reason")))
        known = {str(element) for page in pages for element in page.elements}
        for what, order in ORDERS.items():
            with self.subTest(what):
                for text in (order, cbor(order)):  # one that is cut is told otherwise, but with no other elements
                    page = self.page(reset_text(self, text))
                    self.assertLessEqual({str(element) for element in page.elements}, known)

    def test_titles(self):
        path = self.file("capture", pcap(conversation()))
        plain = self.page(path, "--title", "plain")
        for what, order in ORDERS.items():
            with self.subTest(what):
                page = self.page(path, "--title", os.fsdecode(order))
                self.assertEqual(plain.elements, page.elements)

    def test_names_of_timers(self):
        """A timer file names devices, and they are told of where an idle time fits."""
        timers = "[<img src=x onerror=alert(1)>]\nseconds=60\nat-expiry=silent\nsource=a test\n"
        path = os.path.join(SAMPLES, "incident-idle-silent.client.pcap")
        plain = self.page(path, "--idle-timers", self.file("plain.conf", timers.replace("<img src=x onerror=alert(1)>", "x").encode()))
        page = self.page(path, "--idle-timers", self.file("timers.conf", timers.encode()))
        self.assertEqual(plain.elements, page.elements)
        self.assertIn("<img src=x", page.text)


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


class Names(Inert):
    def test_file_names(self):
        content = pcap(conversation())
        plain = hangup("read", "-o", "ndjson", self.file("plain", content)).stdout.split("\n")
        for what, name in file_names().items():
            with self.subTest(what):
                path = self.file(os.fsdecode(name), content)
                self.check_everywhere(path, what, plain)

    def test_file_names_in_complaints(self):
        for what in TERMINAL:
            text = os.fsdecode(file_names()[what])
            with self.subTest(what):
                missing = os.path.join(self.folder, "missing-" + text)
                empty = self.file("empty-" + text, b"")
                foreign = self.file("foreign-" + text, b"#!/bin/sh\n" * 40)
                cut = self.file("cut-" + text, pcap(conversation())[:-3])
                os.mkdir(os.path.join(self.folder, "folder-" + text))
                for path in (missing, empty, foreign, cut, os.path.join(self.folder, "folder-" + text)):
                    run = hangup("read", path)
                    self.check(run, what)
                    self.assert_one_sentence(run)

    def test_arguments_in_complaints(self):
        path = self.capture()
        for what in TERMINAL:
            text = os.fsdecode(ORDERS[what])
            with self.subTest(what):
                for arguments in (("read", "-f", text, path), ("read", "-o", text, path), ("read", "--label", text, path),
                                  ("read", "--set", text, path), ("read", "--rules", text, path), ("explain", path, text),
                                  ("read", "--local", text, path), ("read", "--rules-file", text, path),
                                  ("read", "--" + text, path), (text,), ("read", "--fail-on", text, path),
                                  ("errors", text), ("read", "--error", text, path),
                                  ("read", "--error", "ECONNRESET " + text, path), ("read", "--at", text, path)):
                    self.check(hangup(*arguments), f"{what} in {arguments}")


def reset_text(case, text):
    """The sample of a box that gives its reason in a RST, with another reason in its place, as far as it fits."""
    with open(os.path.join(SAMPLES, "forged-f5-rst-text.pcap"), "rb") as sample:
        content = sample.read()
    reason = re.search(rb"BIG-IP: [ -~]+", content)
    room = len(reason.group())
    return case.file("reset.pcap", content[:reason.start()] + text[:room].ljust(room) + content[reason.end():])


class Contents(Inert):
    def test_reset_texts(self):
        plain = hangup("read", "-o", "ndjson", reset_text(self, b"any reason")).stdout.split("\n")
        for what, order in ORDERS.items():
            with self.subTest(what):
                self.check_everywhere(reset_text(self, order), what, plain)

    def test_reset_texts_in_cbor(self):
        """A map with one text (draft-boucadair-tcpm-rst-diagnostic-payload), in which any character may be."""
        plain = hangup("read", "-o", "ndjson", reset_text(self, cbor(b"any reason"))).stdout.split("\n")
        for what, order in ORDERS.items():
            with self.subTest(what):
                self.check_everywhere(reset_text(self, cbor(order)), what, plain)

    def test_reset_texts_are_told(self):
        """Or the tests above would show nothing."""
        for text in (b"no\x1b[31mup", cbor(b"no\x1b[31mup")):
            told = hangup("explain", reset_text(self, text), "1").stdout
            self.assertIn("no\\u{1b}[31mup", told)

    def test_every_text_in_pcapng(self):
        plain = hangup("read", "-o", "ndjson", self.file("plain.pcapng", pcapng(conversation(), b"x"))).stdout.split("\n")
        for what, order in ORDERS.items():
            with self.subTest(what):
                self.check_everywhere(self.file("text.pcapng", pcapng(conversation(), order)), what, plain)


if __name__ == "__main__":
    unittest.main()
