#!/usr/bin/python3
"""Incidents as a user meets them: in text, in NDJSON, as a column; whatever is selected, and with thresholds as set."""
import os
import re
import unittest

from tool import (ACK, DONE, FOUND, RST, SAMPLES, SERVER, SYN, USAGE, Case, connections, conversation, hangup, incidents, segment, told)

IDLE = os.path.join(SAMPLES, "idle-many.client.pcap")     # 4 survive, 3 die of a timer of 60 s
CHECKS = os.path.join(SAMPLES, "incident-checks-and-scan.middle.pcap")  # 30 health checks, 60 ports tried
REBOOT = os.path.join(SAMPLES, "server-reboots.client.pcap")  # 5 are reset, 5 are served afterwards


def refusals(count, server=SERVER, client="192.0.2.1"):
    return [packet for number in range(count) for packet in (
        segment((client, 40000 + number), server, 1000, 0, SYN),
        segment(server, (client, 40000 + number), 0, 1001, RST | ACK))]


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
        text = hangup(os.path.basename(REBOOT), cwd=SAMPLES).stdout  # a command is not cut, however long the path in it
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


    def test_the_local_network_is_evidence(self):
        """Somebody asked for the server's host by ARP, and nobody answered."""
        incident, = incidents(os.path.join(SAMPLES, "incident-server-sought.middle.pcap"))
        sought, = [each for each in incident["evidence"] if "was asked for on its own network (ARP" in each["text"]]
        self.assertEqual("observed", sought["level"])
        self.assertTrue(sought["text"].startswith(incident["server"]["ip"]))
        self.assertGreater(sought["time"], incident["from"])


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


class Harmless(Case):
    """What a scan or a health check left behind is no trouble, wherever trouble is told."""

    def text(self, *arguments):
        run = hangup("read", *arguments)
        self.assertEqual("", run.stderr)
        return run.stdout

    def both(self):
        """A scan of 60 ports, and one refused connection of another client."""
        scan = [packet for port in range(60) for packet in refusals(1, ("198.51.100.2", 1000 + port))]
        return self.capture(scan + refusals(1, client="192.0.2.7"))

    def test_the_sample(self):
        self.assertEqual({"scan", "health-checks"}, {each["kind"] for each in incidents(CHECKS)})
        text = self.text(CHECKS)
        self.assertIn("98 TCP connections, nothing abnormal", " ".join(text.split()))
        self.assertNotRegex(text, r"(?m)^#\d")
        self.assertIn("Harmless, so not listed: 60 rst/refused, 30 rst/probe.", text)
        self.assertNotIn("\nConnections\n", text)
        self.assertIn("98 TCP connections, nothing abnormal", " ".join(self.text("--all", CHECKS).split()))

    def test_the_others_are_told(self):
        text = self.text(self.both())
        self.assertIn("61 TCP connections, 1 ended badly\n", text)
        self.assertEqual(["#61"], re.findall(r"(?m)^#\d+", text))
        self.assertNotIn("not shown", text)

    def test_more_than_a_list_holds(self):
        """A scan does not take the place of what is no scan."""
        scan = [packet for port in range(1000) for packet in refusals(1, ("198.51.100.2", 1000 + port))]
        trouble = refusals(2, ("198.51.100.9", 22), "192.0.2.7")
        text = self.text(self.capture(scan + trouble + conversation()))
        self.assertIn("1,003 TCP connections, 3 ended badly\n", text)
        self.assertEqual({"#1001", "#1002", "#1003"}, set(re.findall(r"(?m)^#\d+", text)))

    def test_exit_status(self):
        self.assertEqual(DONE, hangup("--fail-on", "rst", CHECKS).returncode)
        self.assertEqual(FOUND, hangup("--fail-on", "rst", "--set", "incidents.targets=100", CHECKS).returncode)
        for output in ("text", "ndjson", "fields=id,severity", "csv=id", "ecs"):
            self.assertEqual(FOUND, hangup("--fail-on", "rst", "-o", output, self.both()).returncode, output)
            self.assertEqual(DONE, hangup("--fail-on", "rst", "-o", output, "--host", "192.0.2.1", self.both()).returncode, output)

    def test_a_line_is_about_one_connection(self):
        """As docs/incidents.md says: the incident is harmless, and names them."""
        path = self.both()
        scan, = incidents(path)
        self.assertEqual("harmless", scan["severity"])
        self.assertEqual(["abnormal"] * 61, [each["severity"] for each in connections(path)])
        self.assertEqual(list(range(1, 61)), scan["connections"])

    def test_what_is_asked_for_is_listed(self):
        text = self.text("--label", "rst", self.both())
        self.assertIn("61 TCP connections, 1 ended badly\n", text)
        self.assertEqual(61, len(re.findall(r"(?m)^#\d+", text)))

    def test_evidence(self):
        path = os.path.join(self.folder, "evidence.pcapng")
        hangup("--evidence", path, self.both())
        self.assertEqual([("192.0.2.7", 40000)], [(each["client"]["ip"], each["client"]["port"]) for each in connections(path)
                                                  if each["severity"] == "abnormal"])
        with open(path, "rb") as file:
            self.assertIn(b"packets of 1 of 1 connections", file.read())

    def test_reports(self):
        for form in ("html", "md"):
            calm, both = (hangup("report", "-o", "-", "--format", form, path).stdout for path in (CHECKS, self.both()))
            self.assertIn("No connection ended badly.", calm)
            self.assertIn("which hurts nobody", calm)
            self.assertNotIn("rst/refused", calm.replace("<wbr>", ""))
            self.assertIn("60 ports", both)
            self.assertNotIn("1 of 61 TCP connections ended badly, in", both)
            self.assertEqual(1, len(set(re.findall(r"192\.0\.2\.\d:\d+", both))), form)
        self.assertNotIn("<figure class=\"timeline\">", hangup("report", "-o", "-", "--format", "html", CHECKS).stdout)


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
