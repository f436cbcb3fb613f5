#!/usr/bin/python3
"""Floods and absurdities: memory stays within its bound, time grows no faster than the input, and the real connections
that are hidden in it are judged as if nothing was.

HANGUP and ABSURD name the programs. HANGUP_FLOOD=5000000 runs the floods at that size, with the limits that hangup has
by itself; without it they are small, and so are the limits.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

from measured import MB, Run, growth

ABSURD = os.environ["ABSURD"]
FULL = int(os.environ.get("HANGUP_FLOOD", "0"))

HIDDEN_NET, HIDDEN_CONNECTIONS = "192.0.2.0/24", 40  # hidden.h
BYTES_A_CONNECTION = 4096  # all that a live connection may take, with what is said of it until its line is written
LIMIT = 2000  # live connections, in the small floods
SMALL = 10000
GROWTH = 4  # the larger flood is so many times the smaller one

def stated_bound(max_memory):
    """docs/input.md"""
    return max_memory * 5 // 4 + 128 * MB


def without_places(connection):
    """The same, without what depends on how many other packets there were."""
    for key in ("id", "input", "first_packet", "last_packet", "incident"):
        del connection[key]
    for evidence in connection["evidence"]:
        del evidence["packet"]
    return connection


def hidden(path, *options):
    """What is said of the hidden connections, by their community ID."""
    run = Run("-o", "ndjson", "--host", HIDDEN_NET, *options, path)
    if run.status or not re.fullmatch(r"(hangup: \S+: \d+ connections were judged early[^\n]*\n)?", run.err):
        raise AssertionError(f"exit status {run.status}: {run.err}")
    found = {}
    for connection in map(json.loads, run.out.splitlines()):
        if connection["schema"] != "hangup.connection/1":
            continue
        without_places(connection)
        found.setdefault(connection["community_id"], []).append(connection)
    return found


class Floods(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.calm = hidden(cls.write("calm", 0))
        assert len(cls.calm) == HIDDEN_CONNECTIONS

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def write(cls, story, n):
        path = os.path.join(cls.folder.name, f"{story}-{n}.pcap")
        subprocess.run([ABSURD, story, str(n), path], check=True)
        return path

    def limits(self):
        return [] if FULL else [f"--max-connections={LIMIT}"]

    def sizes(self, share=1):
        large = FULL or SMALL * GROWTH
        return max(1, int(large * share / GROWTH)), max(GROWTH, int(large * share))

    def judge_hidden(self, path):
        found = hidden(path, *self.limits())
        self.assertEqual(sorted(self.calm), sorted(found), "all hidden connections are there, and no others")
        for name, connections in found.items():
            self.assertEqual(self.calm[name], connections)

    def grow(self, story, small, large):
        """Runs both sizes: time grows no faster than the input."""
        paths = {n: self.write(story, n) for n in (small, large)}
        first, second, linear = growth(lambda n: Run(*self.limits(), paths[n]), small, large, GROWTH)
        for run in (first, second):
            self.assertEqual(0, run.status, run.err)
        self.assertTrue(linear, f"{second.cpu} s of CPU, after {first.cpu} s for a {GROWTH}th")
        return first, second

    def check_memory(self, first, second):
        if FULL:
            self.assertLessEqual(second.peak, stated_bound(1 << 30), "bytes at the peak")
        else:
            self.assertLessEqual(second.peak, first.peak + LIMIT * BYTES_A_CONNECTION, "bytes at the peak")

    def flood(self, story, share=1, note=None):
        small, large = self.sizes(share)
        first, second = self.grow(story, small, large)
        self.check_memory(first, second)
        if note:
            self.assertRegex(second.out.replace("\n", " "), note)
        print(f"{story} of {large}: {second.cpu:.2f} s of CPU, {second.cpu / max(first.cpu, 0.01):.1f} times those of a "
              f"{large / small:.0f}th, {second.peak / MB:.0f} MB at the peak", file=sys.stderr)
        path = self.write(story, large)
        self.judge_hidden(path)
        os.remove(path)

    # Where the limit bites, the summary says so.
    EARLY = r"Note: [\d,]+ connections were judged early to bound memory"

    def test_syn_flood(self):
        self.flood("syn_flood", note=self.EARLY)

    def test_syn_flood_within_memory(self):
        """The other limit: bytes instead of connections, with little beside them."""
        limit = 4 * MB
        path = self.write("syn_flood", SMALL * GROWTH)
        calm, run = Run("--threads=1", self.write("calm", 0)), Run("--threads=1", f"--max-memory={limit}", path)
        self.assertRegex(run.out.replace("\n", " "), self.EARLY)
        self.assertLessEqual(run.peak, calm.peak + limit * 5 // 4 + 8 * MB)

    def test_half_open(self):
        self.flood("half_open", note=self.EARLY)

    def test_rst_flood(self):
        self.flood("rst_flood", note=None if FULL else r"Note: [\d,]+ ended connections were judged at once to bound memory")

    def test_mix_flood(self):
        self.flood("mix_flood")

    def test_one_pair(self):
        self.flood("one_pair")

    def test_icmp_flood(self):
        self.flood("icmp_flood")

    def test_fragments(self):
        self.flood("fragments")

    def test_lies(self):
        self.flood("lies", note=r"Note: [\d,]+ packets were left out, with headers that contradict themselves")

    def test_options(self):
        self.flood("options")

    def test_a_thousand_headers(self):
        self.flood("tags", share=0.02)

    def test_decades(self):
        self.grow("decades", *self.sizes())

    def test_numbers_go_round(self):
        """More than 2^32 bytes in one connection, every one of them counted."""
        gib = 5
        path = self.write("overflow", gib)
        run = Run("-o", "ndjson", "--host", "10.0.0.0/8", path)
        connection = json.loads(run.out)
        self.assertEqual(gib << 30, connection["bytes"]["client"])
        self.assertEqual(("orderly-close", "fin"), (connection["label"], connection["cause"]))
        self.assertEqual(0, connection["retransmitted"]["client"])
        self.judge_hidden(path)


if __name__ == "__main__":
    unittest.main()
