#!/usr/bin/python3
"""hangup explain: the right connection, all of its packets, from a file or a pipe."""
import re
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, INPUT, SERVER, Case, conversation, hangup

PACKET = re.compile(r"#(\d+) │")


class Explain(Case):
    def setUp(self):
        super().setUp()
        # 20 s between packets: the first is judged while the second is still being read
        later = conversation(("192.0.2.77", 50000)) + conversation(("192.0.2.78", 50000))
        self.path = self.capture(conversation() + later, gap=20)

    def explain(self, *arguments, **options):
        run = hangup("explain", *arguments, **options)
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        return run.stdout

    def test_all_packets_and_no_other(self):
        for number, packets in enumerate((range(1, 8), range(8, 15), range(15, 22)), 1):
            told = self.explain(self.path, str(number))
            self.assertEqual([str(packet) for packet in packets], PACKET.findall(told))

    def test_from_a_pipe(self):
        with open(self.path, "rb") as file:
            told = self.explain("-", "2", stdin=file)
        self.assertEqual(self.explain(self.path, "2").replace(self.path, "standard input"), told)

    def test_with_a_filter(self):
        told = self.explain("-f", "host 192.0.2.77", self.path, "1")
        self.assertIn("192.0.2.77", told)
        self.assertEqual([str(packet) for packet in range(8, 15)], PACKET.findall(told))

    def test_local(self):
        self.assertIn("local-abort", self.explain("--local", SERVER[0], self.path, "1"))

    def test_whole_story_of_a_cut_file(self):
        with open(self.path, "rb") as file:
            cut = self.file("cut.pcap", file.read()[:-10])
        run = hangup("explain", cut, "3")
        self.assertEqual(DONE, run.returncode)
        self.assertEqual(6, len(PACKET.findall(run.stdout)))
        self.assert_one_sentence(run, cut)

    def test_not_a_capture(self):
        run = hangup("explain", self.file("empty.pcap", b""), "1")
        self.assertEqual((INPUT, ""), (run.returncode, run.stdout))
        self.assert_one_sentence(run, "empty")


if __name__ == "__main__":
    unittest.main()
