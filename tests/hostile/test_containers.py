#!/usr/bin/python3
"""pcapng files that go on and on: memory does not follow, and time does not run away."""
import os
import struct
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["PROJECT"], "tests", "cli"))

from measured import MB, Run, growth
from tool import conversation, hangup

GROWTH = 4
INTERFACE_BYTES = 3072  # what one described interface may take, room for the sanitizers included: docs/input.md
BLOCK_MAX = 16 * MB     # capture/pcapng_file.c


def padded(data):
    return data + bytes(-len(data) % 4)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + padded(value)


def block(kind, body):
    size = 12 + len(body)
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


SECTION = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
INTERFACE = block(1, struct.pack("<HHI", 101, 0, 0))


def packet(data, options=b"", interface=0):
    return block(6, struct.pack("<IIIII", interface, 0x60000, 0, len(data), len(data)) + padded(data) + options)


PACKETS = b"".join(packet(data) for data in conversation())


class Endless(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "endless.pcapng")

    def read(self, *parts, arguments=()):
        with open(self.path, "wb") as file:
            for part in parts:
                file.write(part)
        return Run(*arguments, self.path)

    def grow(self, make, small, memory=8 * MB, arguments=()):
        """make(n) is a list of parts: the larger capture in no more than `memory` beyond the smaller one's."""
        first, second, linear = growth(lambda n: self.read(*make(n), arguments=arguments), small, small * GROWTH, GROWTH)
        self.assertEqual((0, ""), (second.status, second.err))
        self.assertIn("1 TCP connection", second.out)
        self.assertTrue(linear, f"{second.cpu} s of CPU, after {first.cpu} s for a {GROWTH}th")
        self.assertLessEqual(second.peak, first.peak + memory)

    def test_comments(self):
        comment = option(1, b"x" * 4096)
        self.grow(lambda n: [SECTION, INTERFACE, packet(conversation()[0], comment * n), PACKETS], 500, memory=2 * BLOCK_MAX)

    def test_comments_that_explain_keeps(self):
        """REMARKS_COMMENTS_MAX of them, REMARKS_TEXT_MAX bytes of each: the rest is counted, or cut."""
        first, *rest = conversation()
        with open(self.path, "wb") as file:
            file.write(SECTION + INTERFACE + packet(first, option(1, b"!" + b"k" * 5000) * 300))
            file.write(b"".join(packet(data) for data in rest))
        told = hangup("explain", self.path, "1").stdout
        self.assertEqual(256, told.count("!"))
        self.assertLessEqual(told.count("k"), 256 * 1000 + 1000)

    def test_options(self):
        self.grow(lambda n: [SECTION, INTERFACE, packet(conversation()[0], option(0x8001, b"") * n), PACKETS], 100000,
                  memory=2 * BLOCK_MAX)

    def test_interfaces(self):
        text = b"".join(option(code, b"y" * 300) for code in (2, 3, 12)) + option(11, b"\0" + b"z" * 300)
        address = option(4, bytes(8)) * 50
        described = block(1, struct.pack("<HHI", 101, 0, 0) + text + address)
        self.grow(lambda n: [SECTION, described * n, PACKETS], 1000, memory=3000 * INTERFACE_BYTES + 2 * MB)

    def test_sections(self):
        self.grow(lambda n: [(SECTION + INTERFACE) * n, PACKETS], 4000, memory=12000 * 512 + 2 * MB)

    def test_blocks_of_other_kinds(self):
        kinds = b"".join(block(kind, bytes(40)) for kind in (4, 7, 8, 10, 11, 0x0BAD, 0x40000BAD, 0x80000001))
        self.grow(lambda n: [SECTION, INTERFACE, kinds * n, PACKETS], 10000)

    def test_statistics(self):
        statistics = block(5, struct.pack("<III", 0, 0, 0) + option(4, bytes(8)) + option(5, b"\xff" * 8))
        self.grow(lambda n: [SECTION, INTERFACE, statistics * n, PACKETS], 40000)

    def test_lengths_that_promise(self):
        """A block that claims to be large costs what is there of it."""
        plain = self.read(SECTION, INTERFACE, PACKETS)
        for claim in (BLOCK_MAX, BLOCK_MAX + 4, 0x7FFFFFFC, 0xFFFFFFFC):
            run = self.read(SECTION, INTERFACE, PACKETS, struct.pack("<II", 6, claim), bytes(100))
            self.assertRegex(run.err, r"\Ahangup: [^\n]+(ends in the middle|damaged after packet 7)[^\n]+\n\Z")
            self.assertIn("1 TCP connection", run.out)
            self.assertLessEqual(run.peak, plain.peak + 2 * MB)

    def test_the_largest_block(self):
        run = self.read(SECTION, INTERFACE, PACKETS, block(0x80000001, bytes(BLOCK_MAX - 12)))
        self.assertEqual((0, ""), (run.status, run.err))
        self.assertLessEqual(run.peak, self.read(SECTION, INTERFACE, PACKETS).peak + 3 * BLOCK_MAX)


if __name__ == "__main__":
    unittest.main()
