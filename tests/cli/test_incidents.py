#!/usr/bin/python3
"""Incidents as a user meets them: in text, in NDJSON, as a column; whatever is selected, and with thresholds as set."""
import os
import re
import unittest

from tool import (ACK, DONE, RST, SAMPLES, SERVER, SYN, USAGE, Case, connections, hangup, incidents, segment, told)

IDLE = os.path.join(SAMPLES, "idle-many.client.pcap")     # 4 survive, 3 die of a timer of 60 s
REBOOT = os.path.join(SAMPLES, "server-reboots.client.pcap")  # 5 are reset, 5 are served afterwards


def refusals(count, server=SERVER):
    return [packet for number in range(count) for packet in (
        segment(("192.0.2.1", 40000 + number), server, 1000, 0, SYN),
        segment(server, ("192.0.2.1", 40000 + number), 0, 1001, RST | ACK))]


class Told(Case):
    def test_between_survivors_and_casualties(self):
        incident, = incidents(IDLE)
        self.assertEqual(("idle-timer", "abnormal", [5, 6, 7], 3, "s"),
                         tuple(incident[key] for key in ("kind", "severity", "connections", "count", "unit")))
        by_id = {connection["id"]: connection for connection in connections(IDLE)}
        longest = max(by_id[number]["idle_s"]["longest"] for number in (1, 2, 3, 4))
        shortest = min(by_id[number]["idle_s"]["before_end"] for number in (5, 6, 7))
        self.assertEqual((longest, shortest), (incident["above"], incident["at_most"]))
        self.assertTrue(longest < 60 <= shortest)

    def test_every_line_says_which(self):
        lines = told(REBOOT)
        self.assertEqual(["hangup.connection/1"] * 10 + ["hangup.incident/1"], [line["schema"] for line in lines])
        self.assertEqual([1] * 5 + [None] * 5, [line["incident"] for line in lines[:10]])
        self.assertEqual(("server-restart", [1, 2, 3, 4, 5]), (lines[10]["kind"], lines[10]["connections"]))

    def test_a_column(self):
        run = hangup("-o", "fields=incident,id,incident", REBOOT)
        self.assertEqual("".join(f"1\t{number}\t1\n" for number in range(1, 6)) +
                         "".join(f"\t{number}\t\n" for number in range(6, 11)), run.stdout)

    def test_text_begins_with_them(self):
        text = hangup(REBOOT).stdout
        self.assertLess(text.index("\nIncidents\n"), text.index("\nConnections\n"))
        self.assertRegex(text, r"(?m)^!1 +Server restarted +5 connections$")
        self.assertIn("connections: #1-5\n", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_not_where_every_connection_is_listed(self):
        self.assertNotIn("Incidents", hangup("--all", REBOOT).stdout)

    def test_an_evidence_packet_is_of_its_connection(self):
        for path in (IDLE, REBOOT):
            by_id = {connection["id"]: connection for connection in connections(path)}
            for evidence in incidents(path)[0]["evidence"]:
                if evidence["packet"]:
                    connection = by_id[evidence["connection"]]
                    self.assertTrue(connection["first_packet"] <= evidence["packet"] <= connection["last_packet"])


class None_(Case):
    """What is no incident."""

    def test_a_lone_ending(self):
        self.assertEqual([], incidents(os.path.join(SAMPLES, "idle-silent.client.pcap")))

    def test_two_that_have_nothing_in_common_but_the_service(self):
        self.assertEqual([], incidents(self.capture(refusals(2))))
        self.assertNotIn("Incidents", hangup(self.capture(refusals(2))).stdout)

    def test_fewer_than_asked_for(self):
        path = self.capture(refusals(3))
        incident, = incidents(path)
        self.assertEqual(("refused-service", [1, 2, 3]), (incident["kind"], incident["connections"]))
        self.assertEqual([], incidents("--set", "incidents.least=4", path))


class Selected(Case):
    def test_a_selection_changes_neither_number_nor_members(self):
        whole, = incidents(REBOOT)
        some = incidents("--label", "rst", REBOOT)
        self.assertEqual([whole], some)
        self.assertEqual([], incidents("--label", "orderly-close", REBOOT))
        self.assertEqual([None] * 5, [each["incident"] for each in connections("--label", "orderly-close", REBOOT)])


class Thresholds(Case):
    def test_listed_with_unit_and_source(self):
        listed = hangup("rules").stdout
        section = listed[listed.index("\nincidents\n"):].split("\n\n")[0]
        self.assertRegex(section, r"(?m)^    together = 1 s$")

    def test_key_file(self):
        path = self.file("keys", b"[incidents]\nleast-alike = 4\nleast = 4\n")
        self.assertEqual([], incidents("--rules-file", path, IDLE))

    def test_unknown(self):
        run = hangup("--set", "incidents.leest=4", IDLE)
        self.assertEqual(USAGE, run.returncode)
        self.assert_one_sentence(run, "leest")

    def test_a_timer_of_the_users(self):
        path = self.file("timers", b"[Our \xe2\x80\xae <box>]\nseconds=60\nat-expiry=silent\n")
        run = hangup("--idle-timers", path, IDLE)
        self.assertEqual(DONE, run.returncode)
        self.assertIn("<box> (60 s)", re.sub(r"\s+", " ", run.stdout))
        self.assertNotIn("\u202e", run.stdout + hangup("--idle-timers", path, "-o", "ndjson", IDLE).stdout)


class Threads(Case):
    def test_the_same(self):
        for path in (IDLE, REBOOT):
            for output in ("ndjson", "text"):
                self.assertEqual(*(hangup("--threads", str(n), "-o", output, path).stdout for n in (1, 3)))


if __name__ == "__main__":
    unittest.main()
