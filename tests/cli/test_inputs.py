#!/usr/bin/python3
"""Several files: merged by time they are judged as the one capture that they were split from; folders, patterns,
standard input; and what is said when one of them is missing, damaged or no capture."""
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

from tool import (ACK, DAY, DONE, FIN, FOUND, INPUT, LOSS, PROJECT, RST, SAMPLES, USAGE, Case, connections,
                  conversation, hangup, incidents, pcap)


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
    talks = [conversation(client=(f"192.0.2.{1 + number % 9}", 30000 + number), last=(RST, FIN)[number % 2] | ACK)
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
            return f"({match[1]} {''.join(out)}{match[3]}"
        return re.sub(r"\((packets?) ([^()]*?)( at|\))", renumber, " ".join(text.split()))

    def check(self, data):
        whole = self.file("whole.pcap", data)
        parts = self.split(data)
        folder = os.path.join(self.folder, "parts")
        for given in (parts, parts[::-1], [folder], [os.path.join(folder, "*")]):
            told = connections(*given)
            wanted = connections(whole)
            self.assertGreater(len(wanted), 10)
            self.assertEqual([json.dumps(connection) for connection in wanted],
                             [self.as_whole(connection, whole) for connection in told])
            self.assertEqual([(each["sentence"], each["connections"]) for each in incidents(whole)],
                             [(each["sentence"], each["connections"]) for each in incidents(*given)])
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
        for name in ("label", "cause", "actor", "severity", "confidence", "bytes", "retransmitted", "states"):
            self.assertEqual(once[name], twice[name], name)
        self.assertIn("7 packets are copies of others", hangup(path, path).stdout.replace("\n", " "))

    def test_two_captures_of_one_interface(self):
        """Somebody began the second one before ending the first: half of the packets are in both."""
        with open(os.path.join(SAMPLES, "router.middle.pcap"), "rb") as file:
            header, packets = records(file.read())
        one = self.file("one.pcap", header + b"".join(packets[:len(packets) * 3 // 4]))
        two = self.file("two.pcap", header + b"".join(packets[len(packets) // 4:]))
        names = ("label", "cause", "actor", "severity", "client", "server", "start", "end", "bytes", "states")
        whole, both = (connections(*given) for given in ([os.path.join(SAMPLES, "router.middle.pcap")], [one, two]))
        self.assertEqual([[c[name] for name in names] for c in whole], [[c[name] for name in names] for c in both])
        self.assertEqual([c["retransmitted"] for c in whole], [c["retransmitted"] for c in both])

    def test_large_windows(self):
        """One file may ask for more memory than each of many."""
        one, _ = self.both()
        with open(one, "rb") as file:
            run = subprocess.run(["zstd", "-qc", "--long=25"], input=file.read(), stdout=subprocess.PIPE, check=True)
        path = self.file("large.zst", run.stdout)
        self.assertEqual(1, len(connections(path)))
        run = hangup(path, self.both()[1])
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "large.zst", "window", "zstd --long")

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


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def pcapng(packets, comment=b"", file_comment=b"", name=b"", dropped=0, drop_at=None):
    """A pcapng file of raw IP: a comment on its last packet and on the file, a name for the server, losses."""
    remark = option(1, file_comment) if file_comment else b""
    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + remark),
           block(1, struct.pack("<HHI", 101, 0, 0))]
    if name:
        out.append(block(4, struct.pack("<HH", 1, 4 + len(name) + 1) + bytes([198, 51, 100, 2]) + name + b"\0" +
                         bytes(-(5 + len(name)) % 4) + bytes(4)))
    for number, packet in enumerate(packets):
        ticks = (DAY * 1000000 + number * 10000)
        options = option(1, comment) if comment and number == len(packets) - 1 else b""
        options += option(4, struct.pack("<Q", 3)) if number == drop_at else b""
        head = struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), len(packet))
        out.append(block(6, head + packet + bytes(-len(packet) % 4) + options))
    out.append(block(5, struct.pack("<III", 0, 0, 0) + option(4, struct.pack("<Q", len(packets) + dropped)) +
                     option(5, struct.pack("<Q", dropped))))
    return b"".join(out)


class Remarks(Case):
    """Comments and names are for people, and come out inert."""

    def test_explain_shows_them(self):
        path = self.file("a.pcapng", pcapng(conversation(), b"here it dies", b"ticket 4711", b"db.example"))
        run = hangup("explain", path, "1")
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        for line in ("  198.51.100.2 is db.example", "  the file: ticket 4711", "  #7: here it dies"):
            self.assertIn(line + "\n", run.stdout)
        self.assertIn("Note: 2 comments in the capture", hangup(path).stdout)

    def test_of_others_it_does_not(self):
        both = conversation(client=("192.0.2.7", 1)) + conversation()
        run = hangup("explain", self.file("a.pcapng", pcapng(both, b"here it dies")), "1")
        self.assertNotIn("here it dies", run.stdout)

    def test_of_several_files_the_file_is_named(self):
        one = self.file("one.pcap", pcap(conversation(client=("192.0.2.7", 1))))
        two = self.file("two.pcapng", pcapng(conversation(), b"here it dies", b"ticket 4711"))
        run = hangup("explain", one, two, "2")
        self.assertIn("  two.pcapng: ticket 4711\n", run.stdout)
        self.assertIn("  #two.pcapng:7: here it dies\n", run.stdout)

    def test_inert(self):
        evil = b"\x1b]0;gone\x07\r\n\xe2\x80\xae=cmd|'/c'!A1"
        path = self.file("a.pcapng", pcapng(conversation(), evil, evil, evil))
        for colour in ("never", "always"):
            run = hangup("explain", f"--color={colour}", path, "1")
            self.assertNotRegex(run.stdout, "\x1b\\]|\x07|\r|\u202e")
            self.assertEqual(3, run.stdout.count("\\u{1b}]0;gone\\u{7}"))

    def test_bounded(self):
        path = self.file("a.pcapng", b"".join(pcapng(conversation(), b"x" * 5000) for _ in range(300)))
        run = hangup("explain", path, "1")
        self.assertIn("44 more comments were not looked at", run.stdout)
        self.assertNotIn("x" * 1001, run.stdout.replace("\n", ""))


class Loss(Case):
    """What the capture lost is told, weighs on confidence, and is not the network's."""

    def hole(self):
        """The server's answer was acknowledged, but never captured."""
        packets = conversation()
        return packets[:4] + packets[5:]

    def test_counted_by_the_file(self):
        for options in ({"dropped": 3}, {"drop_at": 4}):
            path = self.file("a.pcapng", pcapng(conversation(), **options))
            self.assertIn("3 packets were lost by the capture itself", hangup(path).stdout.replace("\n", " "))
            self.assertEqual(LOSS, hangup("--max-loss", "10", path).returncode)
            self.assertEqual(DONE, hangup("--max-loss", "50", path).returncode)

    def test_counted_in_several_files(self):
        one = self.file("one.pcapng", pcapng(conversation(), dropped=3))
        two = self.file("two.pcapng", pcapng(conversation(client=("192.0.2.7", 1)), dropped=4))
        self.assertIn("7 packets were lost by the capture itself", hangup(one, two).stdout.replace("\n", " "))

    def test_acknowledged_but_unseen(self):
        path = self.capture(self.hole())
        self.assertIn("6 bytes were acknowledged but never captured", hangup(path).stdout.replace("\n", " "))
        (lossy,), (whole,) = connections(path), connections(self.capture())
        self.assertEqual((True, False), (lossy["capture_loss"], whole["capture_loss"]))
        self.assertEqual((0, 0), (lossy["retransmitted"]["server"], lossy["retransmitted"]["client"]))
        self.assertLess(lossy["confidence"], whole["confidence"])


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
