#!/usr/bin/python3
"""A second opinion on every sample: what hangup counts and cites is what tshark sees under the same numbers.

Of each connection: how many there are, first and last packet, packets each way, who sent FIN and RST; and that each
packet named as evidence is a packet of that connection, with the flag that an observed fact speaks of.

usage: tshark_agrees.py HANGUP PROJECT
"""
import concurrent.futures
import os
import subprocess
import sys
from dataclasses import dataclass

sys.dont_write_bytecode = True

import samples

FIN, SYN, RST = 0x01, 0x02, 0x04
SIDES = ("client", "server")
COLUMNS = ("frame.number", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.flags",
           "tcp.stream", "icmp.type", "icmpv6.type")
HISTORY_FULL = 24  # letters; what comes later is not in it
# A fact that was observed, not derived, rests on a packet that shows it itself.
FLAG_OF_FACT = {"syns": SYN, "fins": FIN, "rsts": RST, "rsts_rejected": RST, "rst_ended": RST, "rst_active": RST,
                "rst_reactive": RST, "rst_exact": RST, "rst_text": RST}


@dataclass
class Packet:
    number: int
    source: tuple
    target: tuple
    flags: int
    stream: str
    quoted: bool  # the packet is an ICMP error, and the rest is about the segment it quotes

    def is_between(self, one, other):
        return {self.source, self.target} == {one, other}


def packet(line):
    """The last address and port of a packet are the innermost: those that an ICMP error quotes."""
    column = dict(zip(COLUMNS, line.split("\t")))
    last = {name: values.split(",")[-1] for name, values in column.items()}
    return Packet(int(last["frame.number"]), (last["ip.src"] or last["ipv6.src"], last["tcp.srcport"]),
                  (last["ip.dst"] or last["ipv6.dst"], last["tcp.dstport"]), int(last["tcp.flags"] or "0", 16),
                  last["tcp.stream"], bool(last["icmp.type"] or last["icmpv6.type"]))


def tshark(path):
    command = ["tshark", "-n", "-r", path, "-Y", "tcp", "-o", "ip.defragment:FALSE", "-T", "fields",
               "-E", "occurrence=a", "-E", "aggregator=,"]
    for column in COLUMNS:
        command += ["-e", column]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [packet(line) for line in run.stdout.splitlines()]


def differ(what, ours, theirs):
    return [] if ours == theirs else [f"{what}: hangup says {ours}, tshark {theirs}"]


def compare_flags(connection, side, sent):
    """Zeek's history has a letter for the first FIN and RST of each side, upper case for the client."""
    found = []
    history = connection["history"]
    for flag, letter in ((FIN, "f"), (RST, "r")):
        theirs = any(p.flags & flag for p in sent)
        ours = (letter.upper() if side == "client" else letter) in history
        if ours != theirs and (ours or len(history) < HISTORY_FULL):
            found += differ(f"{'FIN' if flag == FIN else 'RST'} of the {side}", ours, theirs)
    return found


def compare_evidence(connection, between):
    by_number = {p.number: p for p in between}
    found = []
    for evidence in connection["evidence"]:
        number, wanted = evidence["packet"], FLAG_OF_FACT.get(evidence["fact"], 0)
        if number is None:
            continue
        if number not in by_number:
            found.append(f"evidence packet {number} is not of this connection: {evidence['text']}")
        elif evidence["level"] == "observed" and by_number[number].flags & wanted != wanted:
            found.append(f"evidence packet {number} lacks the flag of {evidence['fact']}: {evidence['text']}")
    return found


def compare(connection, packets):
    end = {side: (connection[side]["ip"], str(connection[side]["port"])) for side in SIDES}
    between = [p for p in packets if p.is_between(end["client"], end["server"])]
    own = [p for p in between if not p.quoted and connection["first_packet"] <= p.number <= connection["last_packet"]]
    found = differ("first and last packet", (connection["first_packet"], connection["last_packet"]),
                   (own[0].number, own[-1].number) if own else None)
    found += differ("streams", 1, len({p.stream for p in own}))
    for side in SIDES:
        sent = [p for p in own if p.source == end[side]]
        found += differ(f"packets of the {side}", connection["packets"][side], len(sent))
        found += compare_flags(connection, side, sent)
    return found + compare_evidence(connection, between)


def complaints(hangup, path):
    packets = tshark(path)
    connections = samples.read(hangup, path)[0]
    streams = {p.stream for p in packets if not p.quoted}
    found = differ("connections", len(connections), len(streams))
    for connection in connections:
        found += [f"connection {connection['id']}: {line}" for line in compare(connection, packets)]
    return found


def main():
    hangup, folder, _ = samples.arguments()
    names = samples.captures(folder)
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: complaints(hangup, os.path.join(folder, name)), names)
        for name, found in zip(names, results):
            wrong += bool(found)
            for line in found:
                print(f"{name}: {line}")
    print(f"tshark agrees on {len(names) - wrong} of {len(names)} captures")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
