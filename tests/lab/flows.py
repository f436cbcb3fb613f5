"""What a capture file shows of each connection: counts that a scenario's claim can be checked against.

This is not the analyzer and must not become one. It counts; what the counts mean was known beforehand.
"""
from dataclasses import dataclass, field

import pcapfile
from pcapfile import ACK, FIN, RST, SYN


@dataclass
class Side:
    packets: int = 0
    syn: int = 0
    fin: int = 0
    rst: int = 0
    rst_ack: int = 0                 # those with the ACK flag
    bytes: int = 0                   # payload, each byte once
    repeats: int = 0                 # SYN, FIN or data sent again
    probes: int = 0                  # empty segments one below the next number due
    unanswered: int = 0              # of both, since the other side was last heard
    next: int = None
    ttls: set = field(default_factory=set)
    rst_ttls: set = field(default_factory=set)


@dataclass
class Flow:
    client: Side
    server: Side
    first_packet: int
    start: float
    end: float
    key: tuple
    silence: float = 0               # from its last packet to the last of the file
    longest_gap: float = 0
    last_gap: float = 0              # the longest gap, looking only at the last ten packets
    order: str = ""                  # S F R D per packet, small letters for the server
    isn: int = None
    fin_acks: dict = field(default_factory=dict)     # by "client" and "server": (end, acknowledged) of its FIN

    @property
    def rst(self):
        return self.client.rst + self.server.rst

    @property
    def fins(self):
        return (self.client.fin > 0) + (self.server.fin > 0)

    @property
    def crossed(self):
        """Whether each FIN was sent before the other one had arrived."""
        if len(self.fin_acks) < 2:
            return False
        (client_end, client_ack), (server_end, server_ack) = self.fin_acks["client"], self.fin_acks["server"]
        return _after(server_end - 1, client_ack) and _after(client_end - 1, server_ack)


def _after(a, b):
    return (a - b) & 0xffffffff < 0x80000000


def _advance(side, other, seg):
    size = seg.length + bool(seg.flags & SYN) + bool(seg.flags & FIN)
    end = (seg.seq + size) & 0xffffffff
    side.packets += 1
    side.unanswered, other.unanswered = side.unanswered, 0
    if seg.flags & RST:
        side.rst += 1
        side.rst_ack += bool(seg.flags & ACK)
        side.rst_ttls.add(seg.ttl)
        return
    side.ttls.add(seg.ttl)
    side.syn += bool(seg.flags & SYN)
    side.fin += bool(seg.flags & FIN)
    if side.next is None:
        side.next, side.bytes = end, seg.length
    elif size and _after(side.next, end):
        side.repeats += 1
        side.unanswered += 1
    elif size:
        side.bytes += seg.length
        side.next = end
    elif seg.seq == (side.next - 1) & 0xffffffff:
        side.probes += 1
        side.unanswered += 1


def _letter(seg):
    for bit, letter in ((SYN, "S"), (RST, "R"), (FIN, "F")):
        if seg.flags & bit:
            return letter
    return "D" if seg.length else ""


def flows(file, servers):
    """Connections of a file in order of first packet; `servers` holds the (address, port) of servers."""
    found, current = [], {}
    packets = pcapfile.records(file)
    last = max((packet.time for packet in packets), default=0)
    times = {}
    for seg in filter(None, map(pcapfile.segment, packets)):
        from_client = seg.dst in servers
        key = (seg.src, seg.dst) if from_client else (seg.dst, seg.src)
        flow = current.get(key)
        fresh = seg.flags & (SYN | ACK) == SYN and flow and flow.isn != seg.seq and \
            (flow.isn is not None or flow.client.packets)
        if flow is None or fresh:
            flow = current[key] = Flow(Side(), Side(), seg.number, seg.time, seg.time, key)
            found.append(flow)
            times[id(flow)] = []
        if seg.flags & (SYN | ACK) == SYN:
            flow.isn = seg.seq
        sides = (flow.client, flow.server) if from_client else (flow.server, flow.client)
        _advance(*sides, seg)
        if seg.flags & FIN:
            flow.fin_acks.setdefault("client" if from_client else "server",
                                     (seg.seq + seg.length + 1 & 0xffffffff, seg.ack))
        letter = _letter(seg)
        flow.order += letter if from_client else letter.lower()
        times[id(flow)].append(seg.time)
        flow.end = seg.time
    for flow in found:
        stamps = times[id(flow)]
        gaps = [late - early for early, late in zip(stamps, stamps[1:])] or [0]
        flow.longest_gap, flow.last_gap = max(gaps), max(gaps[-10:])
        flow.silence = last - flow.end
    return found
