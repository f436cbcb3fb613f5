"""Readings of Wireshark, which itself names no label, cause or actor: tables whose rows are tried from the top.

COMPLETENESS takes that one field at its word. ANALYST is the best we can think of: completeness, who sent FIN and RST
and in which order, repetitions and probes that the analysis notes, and the longest idle time. Both are told where
the capture was taken, which Wireshark does not say either.
"""
from collections import defaultdict
from dataclasses import dataclass, field

from . import packets
from .packets import FIN, RST, SYN
from .verdicts import Verdict

COMPLETE = {"syn": 1, "syn-ack": 2, "ack": 4, "data": 8, "fin": 16, "rst": 32}
GAVE_UP = 5                          # repetitions that make a timeout
IDLE = 60                            # seconds that make him think of a middlebox


@dataclass
class Stream:
    """What Wireshark shows of one tcp.stream."""
    ends: tuple                      # client, server
    bits: int = 0                    # tcp.completeness
    notes: dict = field(default_factory=lambda: defaultdict(int))
    fins: list = field(default_factory=list)         # who sent one: client, server; in order
    resets: list = field(default_factory=list)
    fins_before_reset: int = 0
    trailing: int = 0                # retransmissions since anything else was noted
    trailing_flags: int = 0
    seen: float = None               # when its last packet came
    idle: float = 0                  # the longest time before a packet that repeats nothing

    def has(self, *names):
        return all(self.bits & COMPLETE[name] for name in names)


def _first(sides):
    return sides[0] if sides else "unknown"


# (when, label, cause, actor). "reset" becomes local-abort where it was captured on the host that sent it.
COMPLETENESS = (
    (lambda s: s.has("syn", "rst") and not s.has("syn-ack"), "rst", "refused", lambda s: "server"),
    (lambda s: s.has("rst"), "reset", "app-abort", lambda s: _first(s.resets)),
    (lambda s: s.has("fin"), "orderly-close", "fin", lambda s: _first(s.fins)),
    (lambda s: s.has("syn") and not s.has("syn-ack"), "retransmit-timeout", "syn", lambda s: "path"),
    (lambda s: s.has("syn") and not s.has("ack"), "retransmit-timeout", "syn-ack", lambda s: "path"),
    (lambda s: True, "still-open", "idle", lambda s: "none"),
)

ANALYST = (
    (lambda s: s.has("rst") and not s.has("syn-ack") and s.has("syn") and _first(s.resets) == "server",
     "rst", "refused", lambda s: "server"),
    (lambda s: s.has("rst") and s.fins_before_reset == 2, "orderly-close", "rst-after-close", lambda s: _first(s.fins)),
    (lambda s: s.has("rst") and s.has("syn", "syn-ack", "ack") and not s.has("data") and not s.fins,
     "reset", "probe", lambda s: _first(s.resets)),
    (lambda s: s.has("rst") and _first(s.resets) in s.fins, "reset", "late-data", lambda s: _first(s.resets)),
    (lambda s: s.has("rst") and s.notes["keep_alive"] >= GAVE_UP, "retransmit-timeout", "keepalive", lambda s: "path"),
    (lambda s: s.has("rst") and s.trailing >= GAVE_UP, "retransmit-timeout", "data", lambda s: "path"),
    (lambda s: s.has("rst") and s.idle >= IDLE, "middlebox-idle-drop", "rst-late", lambda s: "middlebox"),
    (lambda s: s.has("rst"), "reset", "app-abort", lambda s: _first(s.resets)),
    (lambda s: len(set(s.fins)) == 2, "orderly-close", "fin", lambda s: _first(s.fins)),
    (lambda s: s.trailing >= GAVE_UP and s.trailing_flags & FIN, "retransmit-timeout", "fin", lambda s: "path"),
    (lambda s: s.trailing >= GAVE_UP and s.trailing_flags & SYN, "retransmit-timeout", "syn", lambda s: "path"),
    (lambda s: s.notes["zero_window_probe"] >= GAVE_UP, "retransmit-timeout", "zero-window", lambda s: "path"),
    (lambda s: s.notes["keep_alive"] >= GAVE_UP and s.trailing >= GAVE_UP, "retransmit-timeout", "keepalive",
     lambda s: "path"),
    (lambda s: s.trailing >= GAVE_UP and s.idle >= IDLE, "middlebox-idle-drop", "silent", lambda s: "middlebox"),
    (lambda s: s.trailing >= GAVE_UP, "retransmit-timeout", "data", lambda s: "path"),
    (lambda s: len(set(s.fins)) == 1, "missing-fin", "half-closed",
     lambda s: "server" if _first(s.fins) == "client" else "client"),
    (lambda s: not s.has("syn") and not s.has("data"), "undetermined", "too-little", lambda s: "unknown"),
    (lambda s: s.trailing > 0, "still-open", "stalled", lambda s: "none"),
    (lambda s: True, "still-open", "idle", lambda s: "none"),
)


def _note(stream, packet):
    side = "client" if packet.src == stream.ends[0] else "server"
    stream.bits = packet.completeness
    for note in packet.notes:
        stream.notes[note] += 1
    repeated = packet.notes & {"retransmission", "keep_alive"}
    if not repeated and stream.seen is not None:
        stream.idle = max(stream.idle, packet.time - stream.seen)
    stream.seen = packet.time
    if packet.flags & FIN and side not in stream.fins:
        stream.fins.append(side)
        stream.fins_before_reset += not stream.resets
    if packet.flags & RST:
        stream.resets.append(side)
    elif repeated:
        stream.trailing += 1
        stream.trailing_flags = packet.flags
    else:
        stream.trailing = 0


def streams(found):
    """Of the packets of one file, in order of appearance. The client is who sent the SYN, or spoke first."""
    known = {}
    for packet in found:
        answer = packet.flags & (SYN | packets.ACK) == SYN | packets.ACK
        ends = (packet.dst, packet.src) if answer else (packet.src, packet.dst)
        _note(known.setdefault(packet.stream, Stream(ends)), packet)
    return list(known.values())


def verdict(file, stream, host, reading):
    """`host` is the end that the capture was taken on, or None."""
    label, cause, actor = next((label, cause, actor(stream)) for when, label, cause, actor in reading if when(stream))
    if label == "reset":
        label = "local-abort" if actor == host else "rst"
    return Verdict(file, frozenset(stream.ends), label, cause, actor)
