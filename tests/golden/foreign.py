#!/usr/bin/python3
"""Other people's captures, which are not part of this project: none makes hangup fail, and where tshark sees TCP
connections, hangup sees the same ones with as many packets.

Their folder is named by the environment variable HANGUP_FOREIGN_CAPTURES; without it nothing is done, and said so. The
test captures of tcpdump and libpcap are what DIFFERENCES is about: each difference, and who is right, is also a row of
docs/input.md.

usage: foreign.py HANGUP PROJECT
"""
import concurrent.futures
import os
import re
import subprocess
import sys
from collections import Counter

sys.dont_write_bytecode = True

import samples
import tshark_agrees

SECONDS = 60
FAILED = re.compile(r"ERROR: \w+Sanitizer|runtime error:|LeakSanitizer")
UNREADABLE = 3  # exit status
BIG_TCP = "longer than IP can say (BIG TCP): tshark 4.0 takes it for damaged"
ALONE = "one fragment alone, by its flags: for its receiver there was no segment"
COMPRESSED = "compressed IP payload, which hangup does not unpack"
DIFFERENCES = {
    "AH-IPcomp-IPv4.pcap": (
        COMPRESSED, "only tshark: 150.0.1.1:80 > 50.0.1.1:1026 3", "only tshark: 50.0.1.1:1026 > 150.0.1.1:80 1"),
    "AH-IPcomp-IPv6.pcap": (
        COMPRESSED, "only tshark: 2003::8c00:1:80 > 4000::1:12764 6", "only tshark: 4000::1:12764 > 2003::8c00:1:80 1"),
    "bgp-bgp_capabilities_print-oobr-1.pcap": (ALONE, "only tshark: 226.219.0.0:179 > 16.233.34.0:100 1"),
    "bgp-bgp_capabilities_print-oobr-2.pcap": (ALONE, "only tshark: 226.219.0.0:179 > 16.233.34.0:100 1"),
    "bgp_pmsi_tunnel-oobr.pcap": (ALONE, "only tshark: 241.0.32.19:179 > 239.0.0.1:0 1"),
    "rpki-rtr-oobr.pcap": (ALONE, "only tshark: 19.128.128.20:323 > 76.19.6.127:49600 1"),
    "bigtcp-ipv4-geneve-ipv4.pcap": (BIG_TCP, "only hangup: 192.168.1.2:35663 > 192.168.1.1:38005 1"),
    "bigtcp-ipv4-geneve-ipv6.pcap": (BIG_TCP, "only hangup: fd00::2:40433 > fd00::1:41423 1"),
    "bigtcp-ipv4-vxlan-ipv4.pcap": (BIG_TCP, "only hangup: 192.168.1.2:36875 > 192.168.1.1:36449 1"),
    "bigtcp-ipv4-vxlan-ipv6.pcap": (BIG_TCP, "only hangup: fd00::2:33673 > fd00::1:36425 1"),
    "bigtcp-ipv6-geneve-ipv4.pcap": (BIG_TCP, "only hangup: 192.168.1.2:43959 > 192.168.1.1:39887 1"),
    "bigtcp-ipv6-geneve-ipv6.pcap": (BIG_TCP, "only hangup: fd00::1:38339 > fd00::2:43997 1"),
    "bigtcp-ipv6-vxlan-ipv4.pcap": (BIG_TCP, "only hangup: 192.168.1.1:41873 > 192.168.1.2:38131 1"),
    "bigtcp-ipv6-vxlan-ipv6.pcap": (BIG_TCP, "only hangup: fd00::1:40007 > fd00::2:40607 1"),
    "bigtcp-ipv6.pcap": (BIG_TCP, "only hangup: 2604:1380:4091:ce00::b:43267 > 2604:1380:4091:ce00::d:41219 1"),
    "of13_ericsson.pcapng": (
        "packets that are the payload of an OpenFlow connection: tshark names those, hangup the connection",
        "only hangup: 127.0.0.1:58449 > 127.0.0.1:6633 2", "only hangup: 127.0.0.1:6633 > 127.0.0.1:58449 2",
        "only tshark: 192.168.1.1:58449 > 127.0.0.1:6633 1", "only tshark: 192.168.1.1:58449 > 192.168.1.2:6633 1",
        "only tshark: 192.168.1.1:6633 > 192.168.1.2:58449 2"),
    "sflow_expanded.pcap": (
        "a sample of a packet in a report: no capture of a connection", "only tshark: 52.52.52.52:22 > 53.53.53.53:52237 1"),
    "tcp_header_heapoverflow.pcap": (
        "cut before the flags: hangup says that it was cut", "only tshark: 48.48.48.48:12336 > 48.48.48.48:12336 1"),
}


def captures(folder):
    for place, _folders, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith((".pcap", ".pcapng", ".cap", ".dmp", ".pcap.gz")):
                yield os.path.relpath(os.path.join(place, name), folder)


def ours(hangup, path):
    """(connections by their ends with their packets, complaints)"""
    run = subprocess.run([hangup, "read", "-o", "ndjson", path], capture_output=True, text=True, check=False, timeout=SECONDS)
    complaints = [] if run.returncode in (0, UNREADABLE) else [f"exit status {run.returncode}"]
    complaints += FAILED.findall(run.stderr)
    packets = Counter()
    for connection in samples.parse(run.stdout):
        if connection["schema"] != samples.CONNECTION:
            continue
        ends = tshark_agrees.ends(connection)
        for side, (source, target) in (("client", ends), ("server", ends[::-1])):
            packets[source, target] += connection["packets"][side]
    return +packets, complaints


def theirs(path):
    return Counter((p.source, p.target) for p in tshark_agrees.tshark(path) if not p.quoted)


def told(count):
    return [f"{source[0]}:{source[1]} > {target[0]}:{target[1]} {n}" for (source, target), n in sorted(count.items())]


def complaints(hangup, folder, name):
    path = os.path.join(folder, name)
    found, failures = ours(hangup, path)
    expected = theirs(path)
    lines = [f"only hangup: {line}" for line in told(found - expected)]
    lines += [f"only tshark: {line}" for line in told(expected - found)]
    known = DIFFERENCES.get(os.path.basename(name), ())
    if known:
        lines = [] if lines == list(known[1:]) else lines or [f"no longer differs: {known[0]}"]
    return failures + lines


def main():
    hangup, _, _ = samples.arguments()
    folder = os.environ.get("HANGUP_FOREIGN_CAPTURES")
    if not folder:
        print("skipped: HANGUP_FOREIGN_CAPTURES does not name a folder")
        sys.exit(77)
    names = list(captures(folder))
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, lines in zip(names, pool.map(lambda name: complaints(hangup, folder, name), names)):
            wrong += bool(lines)
            for line in lines:
                print(f"{name}: {line}")
    print(f"{len(names) - wrong} of {len(names)} captures as tshark sees them, or as expected")
    sys.exit(wrong > 0 or not names)


if __name__ == "__main__":
    main()
