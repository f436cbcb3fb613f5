#!/usr/bin/python3
"""Several files: merged by time they are judged as the one capture that they were split from; folders, patterns, standard
input; and what is said when one of them is missing, damaged or no capture."""
import gzip
import json
import os
import re
import struct
import subprocess
import sys
import unittest

import jsonschema

sys.dont_write_bytecode = True

from tool import (ACK, DAY, DONE, FIN, FOUND, INPUT, PROJECT, RST, SAMPLES, SERVER, USAGE, Case, connections, conversation,
                  hangup, pcap)


def records(data):
    """(header, records) of a little-endian pcap file."""
    found, at = [], 24
    while at < len(data):
        size = 16 + struct.unpack_from("<I", data, at + 8)[0]
        found.append(data[at:at + size])
        at += size
    return data[:24], found


def many_conversations():
    """200 conversations, ten at a time, with every kind of last word."""
    talks = [conversation(client=("192.0.2.%d" % (1 + number % 9), 30000 + number), last=(RST | ACK, FIN | ACK)[number % 2])
             for number in range(200)]
    packets = []
    for begin in range(0, len(talks), 10):
        group = talks[begin:begin + 10]
        packets += [talk[step] for step in range(7) for talk in group]
    return pcap(packets, gap=0.03)


class Split(Case):
    """50 rotated files, every other one compressed."""

    def split(self, data, files=50):
        header, packets = records(data)
        os.mkdir(os.path.join(self.folder, "parts"))
        self.first, names, at = {}, [], 0
        for number in range(files):
            share = packets[at:len(packets) * (number + 1) // files]
            name = os.path.join("parts", f"part{number:02}.pcap") + (".gz" if number % 2 else "")
            content = header + b"".join(share)
            self.file(name, gzip.compress(content) if number % 2 else content)
            self.first[os.path.join(self.folder, name)] = at
            self.first[os.path.basename(name)] = at
            names.append(os.path.join(self.folder, name))
            at += len(share)
        return names

    def whole_number(self, file, number):
        return None if number is None else self.first[file] + number

    def as_whole(self, connection, name):
        """A line about the parts, with the numbers that the packets have in the whole."""
        connection["first_packet"] = self.whole_number(connection["input"], connection["first_packet"])
        connection["last_packet"] = self.whole_number(connection.pop("last_packet_file"), connection["last_packet"])
        connection["input"] = name
        for evidence in connection["evidence"]:
            evidence["packet"] = self.whole_number(evidence.pop("file"), evidence["packet"])
        return json.dumps(connection)

    def text_as_whole(self, text):
        """Text of the parts likewise; it wraps elsewhere, so all of it is one line."""
        def renumber(match):
            file, out = None, []
            for word in re.split(r"(, | to )", match[2]):
                name, _, number = word.rpartition(":")
                file = name or file
                out.append(str(self.whole_number(file, int(number))) if number.isdigit() else word)
            return f"({match[1]} {''.join(out)} at"
        return re.sub(r"\((packets?) ([^()]*?) at", renumber, " ".join(text.split()))

    def check(self, data):
        whole = self.file("whole.pcap", data)
        parts = self.split(data)
        for given in (parts, parts[::-1], [os.path.join(self.folder, "parts")], [os.path.join(self.folder, "parts", "*")]):
            told = connections(*given)
            wanted = hangup("-o", "ndjson", whole).stdout.splitlines()
            self.assertGreater(len(wanted), 10)
            self.assertEqual([json.dumps(json.loads(line)) for line in wanted],
                             [self.as_whole(connection, whole) for connection in told])
        one, several = (hangup("--all", *given) for given in ([whole], [os.path.join(self.folder, "parts")]))
        self.assertEqual((DONE, ""), (several.returncode, several.stderr))
        self.assertEqual(" ".join(one.stdout.split()).replace(whole, "", 1),
                         self.text_as_whole(several.stdout).replace("50 files", "", 1))

    def test_a_busy_router(self):
        with open(os.path.join(SAMPLES, "router.middle.pcap"), "rb") as file:
            data = file.read()
        self.check(data)

    def test_many_conversations(self):
        self.check(many_conversations())

    def test_explain(self):
        with open(os.path.join(SAMPLES, "router.middle.pcap"), "rb") as file:
            parts = self.split(file.read())
        run = hangup("explain", *parts, "6")
        self.assertEqual(DONE, run.returncode)
        self.assertIn("Connection 6 of 50 files", run.stdout)
        self.assertRegex(run.stdout, r"#part\d\d\.pcap(\.gz)?:\d+ ")
        self.assertRegex(run.stdout, r"in part\d\d\.pcap")
        self.assertIn("Connection 6 of 50 files", hangup("explain", os.path.join(self.folder, "parts"), "6").stdout)

    def test_schema(self):
        with open(os.path.join(PROJECT, "docs/output.schema.json"), encoding="utf-8") as file:
            validator = jsonschema.Draft202012Validator(json.load(file))
        for connection in connections(*self.split(many_conversations(), 5)):
            validator.validate(connection)
            self.assertEqual(list(connection).index("last_packet") + 1, list(connection).index("last_packet_file"))


class Several(Case):
    def both(self):
        """One conversation in two files, the reset in the second."""
        packets = conversation()
        return (self.file("one.pcap", pcap(packets[:4])), self.file("two.pcap", pcap(packets[4:], start=DAY + 1)))

    def test_a_connection_spans_files(self):
        one, two = self.both()
        connection, = connections(two, one)
        self.assertEqual(("rst", one, 1, two, 3), tuple(connection[name] for name in (
            "label", "input", "first_packet", "last_packet_file", "last_packet")))
        self.assertEqual({one, two} | {None}, {e["file"] for e in connection["evidence"]} | {one, None})
        self.assertIn("1 file begins before one that was given ahead", hangup(two, one).stdout.replace("\n", " "))

    def test_files_that_overlap_give_copies(self):
        path = self.capture()
        (once,), (twice,) = connections(path), connections(path, path)
        for name in ("label", "cause", "actor", "severity", "confidence", "bytes", "retransmitted", "summary", "states"):
            self.assertEqual(once[name], twice[name], name)
        self.assertIn("7 packets are copies of others", hangup(path, path).stdout.replace("\n", " "))

    def test_standard_input_among_files(self):
        one, two = self.both()
        with open(two, "rb") as file:
            connection, = connections(one, "-", stdin=file)
        self.assertEqual("-", connection["last_packet_file"])

    def test_compressed_standard_input(self):
        path = self.file("any.name", gzip.compress(pcap(conversation())))
        with open(path, "rb") as file:
            self.assertEqual(1, len(connections("-", stdin=file)))

    def test_standard_input_twice(self):
        run = hangup("-", "-")
        self.assertEqual(USAGE, run.returncode)
        self.assert_one_sentence(run, "only once")

    def test_one_is_missing(self):
        one, two = self.both()
        run = hangup("-o", "ndjson", one, os.path.join(self.folder, "missing"), two)
        self.assertEqual((INPUT, 1), (run.returncode, run.stdout.count("\n")))
        self.assert_one_sentence(run, "missing", "No such file")

    def test_one_is_no_capture(self):
        one, two = self.both()
        run = hangup(one, self.file("notes", b"a note, not a capture\n"), two)
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "notes", "text")
        self.assertIn("1 rst", run.stdout)

    def test_one_is_cut(self):
        one, two = self.both()
        with open(one, "r+b") as file:
            file.truncate(os.path.getsize(one) - 1)
        for strict, status in (((), DONE), (("--strict",), INPUT)):
            run = hangup(*strict, one, two)
            self.assertEqual(status, run.returncode)
            self.assert_one_sentence(run, one, "middle of a packet")
            self.assertIn("not every file could be read to its end", run.stdout)

    def test_all_are_missing(self):
        run = hangup(os.path.join(self.folder, "a"), os.path.join(self.folder, "b"))
        self.assertEqual((INPUT, "", 2), (run.returncode, run.stdout, run.stderr.count("\n")))

    def test_found_in_several(self):
        self.assertEqual(FOUND, hangup("--fail-on", "rst", *self.both()).returncode)


class Folders(Case):
    def test_captures_directly_in_it(self):
        self.capture()
        self.file("capture.gz", gzip.compress(pcap(conversation(client=("192.0.2.7", 1234)))))
        self.file("README", b"what these are\n")
        self.file(".hidden.pcap", pcap(conversation()))
        os.mkdir(os.path.join(self.folder, "below"))
        self.file("below/deeper.pcap", pcap(conversation()))
        run = hangup("-o", "ndjson", self.folder)
        self.assertEqual((DONE, 2), (run.returncode, run.stdout.count("\n")))
        self.assert_one_sentence(run, self.folder, "1 file in it left out", "README")

    def test_none_in_it(self):
        self.file("README", b"what these are\n")
        run = hangup(self.folder)
        self.assertEqual((INPUT, ""), (run.returncode, run.stdout))
        self.assert_one_sentence(run, "directory without a capture")

    def test_pattern(self):
        for number in range(3):
            self.file(f"ring.{number}", pcap(conversation(client=("192.0.2.7", 1000 + number))))
        self.assertEqual(2, len(connections(os.path.join(self.folder, "ring.[01]"))))
        run = hangup(os.path.join(self.folder, "none*"))
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "none*", "no file")

    def test_name_with_a_star_in_it(self):
        self.assertEqual(1, len(connections(self.file("a*b", pcap(conversation())))))

    def test_names_are_inert(self):
        one = self.file("\x1b]0;gone\x07.pcap", pcap(conversation()))
        two = self.file("<b>|`x`.pcap", pcap(conversation(client=("192.0.2.7", 1))))
        for arguments in ((one, two), ("explain", one, two, "1"), ("explain", "--color=always", one, two, "1")):
            self.assertNotRegex(hangup(*arguments).stdout, "\x1b\\]|\x07")


class Times(Case):
    def test_clock_set_back(self):
        packets = conversation()
        both = pcap(packets[:5], start=DAY + 100) + pcap(packets[5:], start=DAY)[24:]
        run = hangup(self.file("back.pcap", both))
        self.assertIn("1 packet is stamped a second or more before the one ahead", run.stdout.replace("\n", " "))
        self.assertNotIn("stamped", hangup(self.capture()).stdout)

    def test_nanoseconds_that_say_microseconds(self):
        data = bytearray(pcap(conversation()))
        struct.pack_into("<I", data, 24 + 4, 999999999)
        run = hangup(self.file("odd.pcap", bytes(data)))
        self.assertIn("holds nanoseconds and says microseconds", run.stdout.replace("\n", " "))


class Secrets(Case):
    def test_never_told(self):
        path = os.path.join(SAMPLES, "forged-app-idle-rst.blocks.pcapng")
        with open(path, "rb") as file:
            self.assertIn(b"5ec7e75ec7e7", file.read())
        for arguments in (("--all", path), ("-o", "ndjson", path), ("explain", path, "1"), ("--all", path, path)):
            run = hangup(*arguments)
            self.assertNotIn("5ec7e7", run.stdout + run.stderr)
            self.assertNotIn("CLIENT_RANDOM", run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
