#!/usr/bin/python3
"""With --anonymize no output of a run tells an address, a MAC address or a file name of the input, whatever the sample, and
nothing else changes."""
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, SAMPLES, USAGE, Case, connections, hangup

TSHARK = shutil.which("tshark")
# Where tshark finds addresses: in all layers of tunnels, and in what ICMP quotes.
ADDRESSES = ("ip.addr", "ipv6.addr", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "icmpv6.nd.ns.target_address",
             "icmpv6.nd.na.target_address", "dhcp.ip.client", "dhcp.ip.your", "dhcp.option.requested_ip_address")
STATIONS = ("eth.addr", "wlan.addr", "arp.src.hw_mac", "arp.dst.hw_mac", "dhcp.hw.mac_addr", "icmpv6.opt.linkaddr", "sll.src.eth")
TUNNELS = ("-d", "udp.port==8472,vxlan")

def values_in(path, fields):
    command = [TSHARK, "-r", path, *TUNNELS, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return set(re.split(r"[\t,\n]", run.stdout)) - {""}


def is_station(value):
    return re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", value)


def is_anybodys(address):
    """Kept as it is: it names nobody."""
    return address.is_unspecified or address.is_loopback or str(address) == "255.255.255.255" or (
        address.version == 4 and address.packed[0] == 0) or address == ipaddress.ip_address("ff02::1")


def texts_of(address):
    """How an address may be written: short, long, and parts of names made of it."""
    if address.version == 4:
        return {str(address), str(address).replace(".", "-"), address.packed.hex()}
    return {str(address), address.exploded, address.packed.hex()}


def leaks_text(text, words):
    """Those that stand in the text by themselves, not as a part of a longer one."""
    text = text.lower()
    return {word for word in words if word in text and
            re.search(rf"(?<![0-9a-f.:]){re.escape(word)}(?![0-9a-f]|\.[0-9]|:[0-9a-f]*:)", text)}


class Sample:
    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        self.stem = self.name.split(".")[0]
        addresses = set()
        values = values_in(path, ADDRESSES + STATIONS)
        addresses |= {ipaddress.ip_address(value) for value in values if not is_station(value)}
        self.judged = connections("--threads", "1", path)
        for found in self.judged:
            addresses |= {ipaddress.ip_address(found[end]["ip"]) for end in ("client", "server")}
        self.addresses = {address for address in addresses if not is_anybodys(address)}
        stations = {bytes.fromhex(value.replace(":", "")) for value in values if is_station(value)}
        self.stations = {station for station in stations if len(set(station)) > 2}


@unittest.skipUnless(TSHARK, "tshark is not installed")
class Samples(Case):
    """Where tshark knows of addresses that nobody else looks for. All samples are in tests/evidence."""
    names = ("router.middle.pcap", "forged-arp-unanswered.pcap", "forged-dhcp-released.pcap", "forged-tunnel-nested.pcap",
             "forged-tunnel-vxlan.pcap", "forged-tunnel-teredo.pcap", "forged-link-radiotap.pcap", "forged-pcapng-mixed.pcapng",
             "forged-icmp6-admin-prohibited.pcap", "idle-many.client.pcap", "incident-link-outage.client.pcap",
             "incident-checks-and-scan.middle.pcap")
    incidents = names[-3:]

    def outputs(self, sample, options):
        """Every output that there is, as name and bytes; standard error too."""
        evidence = os.path.join(self.folder, f"{sample.name}.evidence")
        runs = [("text", ["read", "--all"]), ("incidents", ["read"]), ("error", ["read", "--error", "ETIMEDOUT", "--at", "10:00"]),
                ("ndjson", ["read", "-o", "ndjson", "--severity", "normal,harmless,abnormal", "--evidence", evidence]),
                ("csv", ["read", "-o", "csv"]), ("ecs", ["read", "-o", "ecs"]),
                ("report", ["report", "-o", "-", "--format", "html"]), ("explain", ["explain"]),
                ("markdown", ["report", "-o", "-", "--format", "md"]),
                ("markdown of an error", ["report", "-o", "-", "--format", "md", "--error", "ECONNREFUSED"])]
        for name, (command, *arguments) in runs:
            last = ["1"] if command == "explain" else []
            run = hangup(command, *arguments, "--threads", "1", *options, sample.path, *last)
            self.assertEqual(DONE, run.returncode, run.stderr)
            yield name, (run.stdout + run.stderr).encode()
        with open(evidence, "rb") as file:
            yield "evidence", file.read()

    def leaks(self, sample, output):
        """What is in it and should not be."""
        text = output.decode("utf-8", "replace")
        words = {word for address in sample.addresses for word in texts_of(address)}
        words |= {station.hex(":") for station in sample.stations} | {station.hex() for station in sample.stations}
        found = leaks_text(text, words)
        found |= {sample.stem} & set(re.findall(r"[\w-]+", text))
        found |= {str(address) for address in sample.addresses if address.packed in output}
        return found | {station.hex(":") for station in sample.stations if station in output}

    def test_nothing_is_told(self):
        options = ["--anonymize-key", self.file("key", b"a key that tests may know")]
        for name in self.names:
            sample = Sample(os.path.join(SAMPLES, name))
            self.assertTrue(sample.addresses)
            for output, content in self.outputs(sample, options):
                self.assertEqual(set(), self.leaks(sample, content), (name, output))
                if output == "ndjson":
                    self.assertEqual(name in self.incidents, b'"schema":"hangup.incident/1"' in content, name)

    def test_the_search_finds_what_is_there(self):
        """Without the option every kind of thing it looks for is found."""
        sample = Sample(os.path.join(SAMPLES, "forged-arp-unanswered.pcap"))
        for name, output in self.outputs(sample, []):
            found = self.leaks(sample, output)
            self.assertIn(sample.stem, found, name)
            if "error" not in name: # of which there is no connection
                self.assertTrue(found & {str(address) for address in sample.addresses}, name)
        self.assertTrue(found & {station.hex(":") for station in sample.stations})

    def test_incidents_name_hosts(self):
        """Without the option their sentences do, in every output that has them."""
        sample = Sample(os.path.join(SAMPLES, self.incidents[1]))
        host = connections(sample.path)[0]["client"]["ip"]
        told = dict(self.outputs(sample, []))
        for name in ("incidents", "ndjson", "report", "markdown"):
            self.assertIn(f"the link of {host}".encode(), told[name].replace(b"\\.", b".").replace(b"\n      ", b" "), name)


class Key(Case):
    sample = os.path.join(SAMPLES, "router.middle.pcap")

    def ends(self, *options):
        return [(found["client"]["ip"], found["server"]["ip"]) for found in connections(*options, self.sample)]

    def test_decides(self):
        one, other = self.file("one", b"0123456789abcdef"), self.file("other", b"0123456789abcdeF")
        self.assertEqual(self.ends("--anonymize-key", one), self.ends("--anonymize-key", one, "--anonymize"))
        self.assertNotEqual(self.ends("--anonymize-key", one), self.ends("--anonymize-key", other))
        self.assertNotEqual(self.ends("--anonymize"), self.ends("--anonymize"))

    def test_must_be_long_enough_and_there(self):
        for path, word in ((self.file("short", b"0123456789abcde"), "16"), (os.path.join(self.folder, "none"), "none")):
            run = hangup("read", "--anonymize-key", path, self.sample)
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
            self.assert_one_sentence(run, "--anonymize-key", word)

    def test_selection_takes_real_addresses(self):
        host = connections(self.sample)[0]["client"]["ip"]
        for option in (host, host + "/24"):
            self.assertEqual([found["id"] for found in connections("--host", option, self.sample)],
                             [found["id"] for found in connections("--anonymize", "--host", option, self.sample)])

    def test_vantage_takes_real_addresses(self):
        host = connections(self.sample)[0]["client"]["ip"]
        told = [found["vantage"] for found in connections("--local", host, self.sample)]
        self.assertIn({"side": "client", "by": "told"}, told)
        self.assertEqual(told, [found["vantage"] for found in connections("--anonymize", "--local", host, self.sample)])

    def test_same_in_every_output_and_any_number_of_threads(self):
        key = self.file("key", b"0123456789abcdef")
        path = os.path.join(self.folder, "evidence.pcapng")
        for threads in ("1", "3"):
            run = hangup("read", "-o", "ndjson", "--threads", threads, "--anonymize-key", key, "--evidence", path, self.sample)
            self.assertEqual(DONE, run.returncode, run.stderr)
            self.assertLessEqual({(found["client"]["ip"], found["server"]["ip"]) for found in connections(path)},
                                 set(self.ends("--anonymize-key", key)))

    def test_options_that_a_report_tells(self):
        host = connections(self.sample)[0]["client"]["ip"]
        report = ("report", "-o", "-", "--format", "html", "--host", host, "-f", f"host {host}", self.sample)
        self.assertIn(host, hangup(*report).stdout)
        run = hangup(*report, "--anonymize")
        self.assertEqual(DONE, run.returncode, run.stderr)
        self.assertNotIn(host, run.stdout)

    def test_names_of_files(self):
        run = hangup("read", "-o", "ndjson", "--anonymize", self.sample, os.path.join(SAMPLES, "refused.client.pcap"))
        self.assertNotIn("router", run.stdout)
        self.assertNotIn("refused.client", run.stdout)
        self.assertEqual({"input-1", "input-2"}, {json.loads(line)["input"] for line in run.stdout.splitlines()})


if __name__ == "__main__":
    unittest.main()
