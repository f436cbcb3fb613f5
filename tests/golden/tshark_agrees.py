#!/usr/bin/python3
"""A second opinion on every sample: what hangup counts and cites is what tshark sees under the same numbers.

How many connections there are, and of each: first and last packet, packets each way, who sent FIN and RST; and that
each packet named as evidence is a packet of that connection, is what its fact says it is (a RST, a SYN, data, an ICMP
error, ...), and came from the side that its sentence names.

Where tshark must be told what a packet is, TOLD does; what it cannot read at all is read with tcpdump. Where the two of us
differ, DIFFERENCES has every line of it, and docs/input.md says who is right.

usage: tshark_agrees.py HANGUP PROJECT
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace

sys.dont_write_bytecode = True

import samples

FIN, SYN, RST = 0x01, 0x02, 0x04
SIDES = ("client", "server")
COLUMNS = ("frame.number", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.flags",
           "tcp.len", "tcp.stream", "icmp.type", "icmpv6.type", "frame.protocols")
UNKNOWN_TO_TSHARK = (".navtel.pcap",)  # Navtel's magic number; the same packets stand in another container beside it
TOLD = {
    "forged-tunnel-vxlan-asymmetric.pcap": ["-d", "udp.port==8472,vxlan"],
    "forged-tunnel-l2tpv3.pcap": ["-o", "l2tp.l2_specific:Default L2-Specific", "-d", "l2tp.pw_type==0,eth"],
    "forged-link-user2.pcap": ["-o", 'uat:user_dlts:"User 2 (DLT=149)","pktap","0","","0",""'],
    # only first fragments are in the file, and tshark waits for the others
    "forged-fragments-firsts.pcap": ["-o", "ip.defragment:FALSE"],
}
# Link types that tshark 4.0 refuses, or shows as bytes.
TCPDUMP = {"forged-link-dsa.pcap", "forged-link-edsa.pcap", "forged-link-ppp-pppd.pcap", "forged-link-slip.pcap",
           "forged-link-netanalyzer-preamble.pcap"}
DIFFERENCES = {
    "forged-link-mpls.pcap": {  # read by neither tshark 4.0 nor tcpdump 4.99
        "connections: hangup says 1, tshark 0", "connection 1: tshark has no packet of it"},
    "forged-fragments-firsts.pcap": {  # the first datagram is held back for fragments that never come
        "connection 1: packets of the server: hangup says 5, tshark 6"},
}
HISTORY_FULL = 24  # letters; what comes later is not in it


def has(flag):
    return lambda packet: bool(packet.flags & flag)


# What the packet must be that a fact is shown by.
SHOWN_BY = {
    "syns": has(SYN), "reused": has(SYN), "fins": has(FIN),
    "rsts": has(RST), "rsts_rejected": has(RST), "rst_kind": has(RST), "rst_active": has(RST), "rst_first": has(RST),
    "rst_pair_gap": has(RST), "rst_after_close": has(RST), "rst_ttl_delta": has(RST), "rst_text": has(RST),
    "rst_ahead": has(RST), "spoke_after_rst": lambda packet: not packet.flags & RST,
    "data_after_fin": lambda packet: packet.payload > 0,
    "icmp_error": lambda packet: packet.quoted, "icmp_mtu": lambda packet: packet.quoted,
}
ELSEWHERE = {"sought", "thrown_out", "address_gone"}  # shown by what the local network says
SENDER = re.compile(r"\b(?:FIN of|RST of|RST in|data of) the (client|server)")


@dataclass
class Packet:
    number: int
    source: tuple
    target: tuple
    flags: int
    payload: int
    stream: str
    quoted: bool  # the packet is an ICMP error, and the rest is about the segment it quotes

    def is_between(self, one, other):
        return {self.source, self.target} == {one, other}


def packet(line):
    """The last address and port of a packet are the innermost: those that an ICMP error quotes."""
    column = dict(zip(COLUMNS, line))
    last = {name: values.split(",")[-1] for name, values in column.items()}
    ip = [name for name in last["frame.protocols"].split(":") if name in ("ip", "ipv6")][-1]
    return Packet(int(last["frame.number"]), (last[ip + ".src"], last["tcp.srcport"]),
                  (last[ip + ".dst"], last["tcp.dstport"]), int(last["tcp.flags"] or "0", 16),
                  int(last["tcp.len"] or 0), last["tcp.stream"], bool(last["icmp.type"] or last["icmpv6.type"]))


def fields(path, columns, options):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", *options]
    for column in columns:
        command += ["-e", column]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # a cut file is status 2
    return [line.split("\t") for line in run.stdout.splitlines()]


def tshark(path):
    return [packet(line) for line in fields(path, COLUMNS, ["-Y", "tcp", *TOLD.get(os.path.basename(path), [])])]


def tshark_together(paths):
    """{path: packets} of files in which every record is a packet. tshark takes a third of a second to begin, so it is
    asked once: the files are put one behind the other, each as an interface of its own."""
    packets = {path: [] for path in paths}
    numbers = Counter()
    with tempfile.NamedTemporaryFile(suffix=".pcapng") as merged:
        subprocess.run(["mergecap", "-a", "-I", "none", "-w", merged.name, *paths], check=True)
        for interface, *line in fields(merged.name, ("frame.interface_id", *COLUMNS), []):
            path = paths[int(interface)]
            numbers[path] += 1
            if ":tcp" in line[COLUMNS.index("frame.protocols")]:
                packets[path].append(replace(packet(line), number=numbers[path]))
    return packets


# 10:00:00.000000 ... IP6 2001:db8::1.1234 > 2001:db8::2.80: Flags [P.], seq ..., length 5
PRINTED = re.compile(r"IP6? (\S+)\.(\d+) > (\S+)\.(\d+): Flags \[(\S+)\].* length (\d+)")
LETTERS = {"F": FIN, "S": SYN, "R": RST}


def tcpdump(path):
    run = subprocess.run(["tcpdump", "-n", "-r", path], capture_output=True, text=True, check=True)
    packets = []
    for number, line in enumerate(run.stdout.splitlines(), 1):
        found = PRINTED.search(line)
        if found:
            source, source_port, target, target_port, letters, length = found.groups()
            stream = str(sorted((source + source_port, target + target_port)))
            flags = sum(LETTERS.get(letter, 0) for letter in letters)
            packets.append(Packet(number, (source, source_port), (target, target_port), flags, int(length), stream, False))
    return packets


def reads_alone(path):
    """tcpdump's; those with options; and pcapng, where other blocks than packets may count."""
    name = os.path.basename(path)
    return name in TCPDUMP or name in TOLD or name in DIFFERENCES or name.endswith(".pcapng")


def second_opinions(paths):
    """{path: packets}"""
    alone = [path for path in paths if reads_alone(path)]
    opinions = tshark_together([path for path in paths if path not in alone])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        read = lambda path: tcpdump(path) if os.path.basename(path) in TCPDUMP else tshark(path)
        opinions.update(zip(alone, pool.map(read, alone)))
    return opinions


def differ(what, ours, theirs):
    return [] if ours == theirs else [f"{what}: hangup says {ours}, tshark {theirs}"]


def ends(connection):
    return tuple((connection[side]["ip"], str(connection[side]["port"])) for side in SIDES)


def compare_flags(group, side, sent):
    """Zeek's history has a letter for the first FIN and RST of each side, upper case for the client."""
    found = []
    history = "".join(connection["history"] for connection in group)
    full = any(len(connection["history"]) >= HISTORY_FULL for connection in group)
    for name, flag in (("FIN", FIN), ("RST", RST)):
        letter = name[0] if side == "client" else name[0].lower()
        theirs, ours = any(p.flags & flag for p in sent), letter in history
        if ours or not full:
            found += differ(f"{name} of the {side}", ours, theirs)
    return found


def compare_group(group, between):
    """Connections that had the same addresses and ports, together: hangup gives a late packet to the connection that
    it was meant for, tshark to the one that is open."""
    own = [p for p in between if not p.quoted]
    found = differ("first packets", {connection["first_packet"] for connection in group} - {p.number for p in own}, set())
    found += differ("last packet", max(connection["last_packet"] for connection in group), own[-1].number)
    found += differ("streams", len(group), len({p.stream for p in own}))
    for side, end in zip(SIDES, ends(group[0])):
        sent = [p for p in own if p.source == end]
        found += differ(f"packets of the {side}", sum(connection["packets"][side] for connection in group), len(sent))
        found += compare_flags(group, side, sent)
    return found


def complain_of_evidence(evidence, packet, end):
    if evidence["fact"] in ELSEWHERE:
        return packet and "is a packet of the connection"
    sender = SENDER.search(evidence["text"])
    if not packet:
        return "is not of this connection"
    if not SHOWN_BY.get(evidence["fact"], lambda _: True)(packet):
        return f"does not show {evidence['fact']}"
    if sender and packet.source != end[SIDES.index(sender.group(1))]:
        return f"is not from the {sender.group(1)}"
    return None


def compare_evidence(connection, between):
    by_number = {p.number: p for p in between}
    for evidence in connection["evidence"]:
        number = evidence["packet"]
        complaint = number and complain_of_evidence(evidence, by_number.get(number), ends(connection))
        if complaint:
            yield f"packet {number} {complaint}: {evidence['text']}"


def compare(group, packets):
    between = [p for p in packets if p.is_between(*ends(group[0]))]
    if not between:
        return [f"connection {group[0]['id']}: tshark has no packet of it"]
    found = compare_group(group, between)
    for connection in group:
        found += compare_evidence(connection, between)
    return [f"connection {group[0]['id']}: {line}" for line in found]


def complaints(hangup, path, packets):
    groups = {}
    for connection in samples.read(hangup, path)[0]:
        groups.setdefault(frozenset(ends(connection)), []).append(connection)
    found = differ("connections", sum(map(len, groups.values())), len({p.stream for p in packets if not p.quoted}))
    for group in groups.values():
        found += compare(group, packets)
    expected = DIFFERENCES.get(os.path.basename(path), set())
    return [line for line in found if line not in expected] + \
        [f"no longer differs: {line}" for line in sorted(expected - set(found))]


def main():
    hangup, folder, _ = samples.arguments()
    names = [name for name in samples.captures(folder) if not name.endswith(UNKNOWN_TO_TSHARK)]
    wrong = 0
    opinions = second_opinions([os.path.join(folder, name) for name in names])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda path: complaints(hangup, path, opinions[path]), opinions)
        for name, found in zip(map(os.path.basename, opinions), results):
            wrong += bool(found)
            for line in found:
                print(f"{name}: {line}")
    print(f"tshark agrees on {len(names) - wrong} of {len(names)} captures")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
