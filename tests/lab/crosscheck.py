"""Counts the same things with tshark, so that our own small reader of captures is not its own witness."""
import subprocess
from collections import Counter

from flows import flows

FIELDS = ("ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport", "tcp.flags.syn",
          "tcp.flags.fin", "tcp.flags.reset")


def _by_tshark(file):
    """{(sender, receiver): packets, SYNs, FINs, RSTs}"""
    command = ["tshark", "-n", "-r", file, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "separator=,"]
    for field in FIELDS:
        command += ["-e", field]
    counts = Counter()
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        four, six, port, to_four, to_six, to_port, *flags = line.split(",")
        ends = (four or six, int(port)), (to_four or to_six, int(to_port))
        counts[ends, "packets"] += 1
        for name, value in zip(("syn", "fin", "rst"), flags):
            counts[ends, name] += value in ("1", "True")
    return counts


def _by_flows(file, servers):
    counts = Counter()
    for flow in flows(file, servers):
        client, server = flow.key
        for ends, side in (((client, server), flow.client), ((server, client), flow.server)):
            for name in ("packets", "syn", "fin", "rst"):
                counts[ends, name] += getattr(side, name)
    return counts


def differences(file, servers):
    """What the two disagree on in one capture; nothing, if all is well."""
    ours, theirs = _by_flows(file, servers), _by_tshark(file)
    return {key: (ours[key], theirs[key]) for key in ours.keys() | theirs.keys() if ours[key] != theirs[key]}
