#!/usr/bin/python3
"""The packets that matter, as a capture that shows in Wireshark why. That it is judged as before is in tests/evidence."""
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, HANGUP, INPUT, SAMPLES, USAGE, Case, connections, conversation, hangup, pcap

TSHARK = shutil.which("tshark")


def tshark(path, *fields, options=()):
    """Lines of fields, split at tabs."""
    command = [TSHARK, "-r", path, *options, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"]
    for field in fields:
        command += ["-e", field]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True)
    return [line.split("\t") for line in run.stdout.splitlines()]


def key(connection):
    return (connection["start"], connection["client"]["port"], connection["server"]["port"])


class File(Case):
    def evidence(self, *arguments, name="evidence.pcapng"):
        path = os.path.join(self.folder, name)
        run = hangup("read", "--evidence", path, *arguments)
        self.assertEqual(DONE, run.returncode, run.stderr)
        return path

    def content(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_payload_is_left_out(self):
        capture = self.capture(conversation())
        self.assertIn(b"question", self.content(capture))
        headers, whole = self.evidence(capture), self.evidence(capture, "--payload", name="whole.pcapng")
        self.assertNotIn(b"question", self.content(headers))
        self.assertIn(b"question", self.content(whole))
        for path in (headers, whole):
            self.assertEqual({"client": 8, "server": 6}, connections(path)[0]["bytes"])

    def test_same_bytes_whatever_the_threads(self):
        sample = os.path.join(SAMPLES, "router.middle.pcap")
        one, three = (self.evidence("--threads", count, sample, name=count) for count in ("1", "3"))
        self.assertEqual(self.content(one), self.content(three))

    def test_what_went_well_is_left_out(self):
        self.assertEqual([], connections(self.evidence(os.path.join(SAMPLES, "fin-client.client.pcap"))))
        wanted = self.evidence("--severity", "normal", os.path.join(SAMPLES, "fin-client.client.pcap"))
        self.assertEqual(["orderly-close"], [found["label"] for found in connections(wanted)])

    def test_the_most_certain_ones(self):
        sample = os.path.join(SAMPLES, "router.middle.pcap")
        best = max((found for found in connections(sample) if found["severity"] == "abnormal"),
                   key=lambda found: found["confidence"])
        kept = connections(self.evidence("--evidence-connections", "1", sample))
        self.assertIn(key(best), [key(found) for found in kept])
        self.assertLess(len(kept), 4)

    def test_long_connections_lose_their_middle(self):
        packets = conversation()[:6] + [
            packet for turn in range(300) for packet in conversation()[5:6]] + conversation()[6:]
        capture = self.capture(packets)
        path = os.path.join(self.folder, "short.pcapng")
        run = hangup("read", "--evidence", path, "--evidence-packets", "16", capture)
        self.assert_one_sentence(run, "1 connection has more packets than --evidence-packets")
        kept = connections(path)[0]
        self.assertLess(sum(kept["packets"].values()), 40)
        whole = connections(self.evidence("--evidence-packets", "1000", capture))[0]
        self.assertEqual(len(packets), sum(whole["packets"].values()))

    def test_standard_output(self):
        """Where the write-up goes elsewhere; beside a result it is refused."""
        sample = os.path.join(SAMPLES, "router.middle.pcap")
        page = os.path.join(self.folder, "page.html")
        with open(os.path.join(self.folder, "out.pcapng"), "wb") as out:
            run = subprocess.run([HANGUP, "report", sample, "-o", page, "--evidence", "-"], stdout=out, check=False,
                                 stderr=subprocess.PIPE, text=True)
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        with open(out.name, "rb") as piped, open(self.evidence(sample), "rb") as file:
            self.assertEqual(file.read(), piped.read())
        for arguments in (["read", sample], ["report", sample, "-o", "-", "--format", "md"]):
            run = hangup(*arguments, "--evidence", "-", cwd=self.folder)
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
            self.assert_one_sentence(run, "--evidence -", "standard output")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "-")))

    def test_refused(self):
        capture = self.capture()
        for arguments, words in (
                (["--evidence", "x.pcapng", "-"], ["standard input"]),
                (["--evidence", capture, capture], ["overwrite"]),
                (["--evidence", os.path.join(self.folder, ".", "capture.pcap"), capture], ["overwrite"]),
                (["--evidence", "x.pcapng", "--payload", "--anonymize", capture], ["--payload", "--anonymize"]),
                (["--evidence-packets", "3", capture], ["16"]),
        ):
            run = hangup("read", *arguments)
            self.assertEqual(USAGE, run.returncode, arguments)
            for word in words:
                self.assertIn(word, run.stderr)
        run = hangup("read", "--evidence", os.path.join(self.folder, "no", "folder.pcapng"), capture)
        self.assertEqual(INPUT, run.returncode)
        self.assert_one_sentence(run, "cannot be written")


@unittest.skipUnless(TSHARK, "tshark is not installed")
class InWireshark(Case):
    def evidence(self, *arguments):
        path = os.path.join(self.folder, "evidence.pcapng")
        run = hangup("read", "--evidence", path, *arguments)
        self.assertEqual(DONE, run.returncode, run.stderr)
        return path

    def test_each_packet_says_why(self):
        sample = os.path.join(SAMPLES, "router.middle.pcap")
        packets = tshark(self.evidence(sample), "frame.comment")
        self.assertGreater(len(packets), 50)
        for comment, in packets:
            self.assertRegex(comment, r"packet \d+ of [^\n]*router\.middle\.pcap: .+")
        text = "\n".join(comment for comment, in packets)
        for found in connections(sample):
            if found["severity"] != "abnormal":
                continue
            self.assertIn(f"Connection {found['id']}, ", text)
            self.assertIn(f"{found['label']}/{found['cause']}, actor {found['actor']}", text)
            self.assertIn(found["summary"], text)
            for item in found["evidence"]:
                if item["packet"]:
                    self.assertIn(f"evidence: {item['text']} ({item['level']})", text)

    def test_packets_are_those_of_the_input(self):
        """By their numbers in the comments: time to the nanosecond, both lengths, addresses, ports, numbers, flags."""
        sample = os.path.join(SAMPLES, "router.middle.pcap")
        fields = ("frame.time_epoch", "frame.len", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw",
                  "tcp.ack_raw", "tcp.flags", "tcp.options")
        original = {int(line[0]): line[1:] for line in tshark(sample, "frame.number", *fields)}
        kept = tshark(self.evidence(sample), "frame.comment", *fields, "frame.cap_len")
        for comment, *values, captured in kept:
            number = int(re.search(r"packet (\d+) of", comment).group(1))
            if captured != "0":
                self.assertEqual(original[number], values)

    def test_several_inputs_are_several_interfaces(self):
        first = self.file("first.pcap", pcap(conversation()))
        second = self.file("second.pcap", pcap(conversation(client=("192.0.2.7", 4000)), start=1714557724))
        packets = tshark(self.evidence(first, second), "frame.interface_description", "ip.addr", "frame.comment")
        self.assertEqual(14, len(packets))
        for description, addresses, comment in packets:
            name = "second.pcap" if "192.0.2.7" in addresses else "first.pcap"
            self.assertEqual(f"from {name}", description)
            self.assertIn(f" of {name}: ", comment)

    def test_the_file_says_what_it_is(self):
        if not shutil.which("capinfos"):
            self.skipTest("capinfos is not installed")
        path = self.evidence(os.path.join(SAMPLES, "router.middle.pcap"))
        run = subprocess.run(["capinfos", path], stdout=subprocess.PIPE, text=True, check=True)
        self.assertIn("Evidence: packets of 7 of 7 connections", run.stdout)
        self.assertRegex(run.stdout, r"Capture application: +hangup ")

    def test_nothing_is_malformed(self):
        """Nor in frames that are made anew; and a checksum that can be summed is right there."""
        checked = ("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
        for sample in ("router.middle.pcap", "forged-icmp6-admin-prohibited.pcap", "forged-dhcp-released.pcap",
                       "forged-wifi-deauthenticated.pcap", "forged-arp-unanswered.pcap", "forged-f5-rst-text.pcap"):
            for options in ((), ("--anonymize",)):
                path = self.evidence(*options, os.path.join(SAMPLES, sample))
                for number, malformed, *bad in tshark(path, "frame.number", "_ws.malformed", "ip.checksum.status",
                                                      "icmp.checksum.status", "icmpv6.checksum.status",
                                                      options=checked):
                    self.assertEqual("", malformed, (sample, options, number))
                    if options: # the forged ones leave some out
                        self.assertFalse({status for field in bad for status in field.split("|")} & {"0"},
                                         (sample, options, number, bad))


if __name__ == "__main__":
    unittest.main()
