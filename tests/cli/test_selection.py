#!/usr/bin/python3
"""Options that select: each leaves in what it should and nothing else."""
import sys
import unittest

sys.dont_write_bytecode = True

from tool import ACK, CLIENT, DAY, FIN, SERVER, USAGE, Case, connections, conversation, hangup, segment

EARLY, LATE = CLIENT, ("192.0.2.77", 50000)


class Selection(Case):
    def setUp(self):
        super().setUp()
        closed = conversation(LATE, ("203.0.113.5", 80), last=FIN | ACK)
        closed += [segment(LATE, ("203.0.113.5", 80), 1009, 5008, FIN | ACK),
                   segment(("203.0.113.5", 80), LATE, 5008, 1010, ACK)]
        # ten seconds between packets: the first ends at 10:03:03, the second begins at 10:03:13
        self.path = self.capture(conversation(EARLY, SERVER) + closed, gap=10)

    def told(self, *arguments):
        return [connection["id"] for connection in connections(self.path, *arguments)]

    def test_everything(self):
        self.assertEqual([1, 2], self.told())

    def test_label(self):
        self.assertEqual([1], self.told("--label", "rst"))
        self.assertEqual([1, 2], self.told("--label", "rst,orderly-close"))
        self.assertEqual([1, 2], self.told("--label", "rst", "--label", "orderly-close"))
        self.assertEqual([], self.told("--label", "missing-fin"))

    def test_severity(self):
        self.assertEqual([1], self.told("--severity", "abnormal"))
        self.assertEqual([2], self.told("--severity", "normal,harmless"))

    def test_host_and_port(self):
        self.assertEqual([1], self.told("--host", "192.0.2.1"))
        self.assertEqual([1], self.told("--host", SERVER[0]))
        self.assertEqual([1, 2], self.told("--host", "192.0.2.0/24"))
        self.assertEqual([2], self.told("--host", "192.0.2.64/26"))
        self.assertEqual([], self.told("--host", "2001:db8::/32"))
        self.assertEqual([2], self.told("--port", "80"))
        self.assertEqual([1], self.told("--port", "40000"))

    def test_from(self):
        for time in ("10:03:04", "2024-05-01T10:03:03.5Z", "2024-05-01 12:03:04+02:00", str(DAY + 61)):
            with self.subTest(time):
                self.assertEqual([2], self.told("--from", time))
        self.assertEqual([1, 2], self.told("--from", "10:03:03"))

    def test_to(self):
        for time in ("10:03", "10:03:12.999999999", "2024-05-01T10:03:12", f"{DAY + 69}.9"):
            with self.subTest(time):
                self.assertEqual([1], self.told("--to", time))
        self.assertEqual([1, 2], self.told("--to", "10:03:13"))
        self.assertEqual([1, 2], self.told("--to", connections(self.path)[1]["start"]))

    def test_from_later_than_to(self):
        for times in (("10:05", "10:01"), (str(DAY + 1), "2024-05-01T10:02:03Z")):
            run = hangup("--from", times[0], "--to", times[1], self.path)
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
            self.assert_one_sentence(run, "--from is later than --to")
        self.assertEqual([1, 2], self.told("--from", "10:03:03", "--to", "10:03:13"))

    def test_filter_keeps_packet_numbers(self):
        self.assertEqual(8, connections("-f", "port 80", self.path)[0]["first_packet"])

    def test_local(self):
        vantage = connections("--local", "192.0.2.0/24", self.path)[0]["vantage"]
        self.assertEqual({"side": "client", "by": "told"}, vantage)
        self.assertEqual("server", connections("--local", SERVER[0], self.path)[0]["vantage"]["side"])


if __name__ == "__main__":
    unittest.main()
