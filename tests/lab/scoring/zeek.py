"""conn_state by Zeek's own rules, from packets, and what one reads from it.

The rules are those of Zeek's conn log (scripts/base/protocols/conn/main.zeek) over the endpoint states of its TCP
analyzer, with its timers: a connection that was quiet for 5 minutes, a SYN without an answer for 5 seconds, and
5 seconds after a close or a reset, end a record; what comes later is another. Flags are believed as they come:
Zeek checks no sequence number of a RST before it changes state.
"""
import re
from dataclasses import dataclass

from .packets import ACK, FIN, RST, SYN
from .verdicts import Verdict

INACTIVITY = 300.0                   # tcp_inactivity_timeout, s
ATTEMPT = 5.0                        # tcp_attempt_delay
CLOSED_FOR = 5.0                     # tcp_close_delay

# What a reader makes of each state: label, cause, actor. "reset" as in wireshark.py.
READING = {
    "SF": ("orderly-close", "fin", "client"),
    "REJ": ("rst", "refused", "server"),
    "RSTO": ("reset", "app-abort", "client"),
    "RSTR": ("reset", "app-abort", "server"),
    "RSTOS0": ("reset", "connect-cancelled", "client"),
    "RSTRH": ("reset", "app-abort", "server"),
    "S0": ("retransmit-timeout", "syn", "path"),
    "S1": ("still-open", "idle", "none"),
    "S2": ("missing-fin", "half-closed", "server"),
    "S3": ("missing-fin", "half-closed", "client"),
    "SH": ("undetermined", "one-way", "unknown"),
    "SHR": ("undetermined", "one-way", "unknown"),
    "OTH": ("undetermined", "too-little", "unknown"),
}


@dataclass
class End:
    state: str = "INACTIVE"
    previous: str = "INACTIVE"
    isn: int = None
    bytes: int = 0
    closed: bool = False

    def to(self, state):
        self.previous, self.state = self.state, state


class Record:
    """One line of conn.log in the making."""

    def __init__(self, packet):
        self.orig, self.resp = End(), End()
        self.ends = packet.src, packet.dst
        self.start = self.last = packet.time
        self.history, self.first_fin = "", None

    def _sides(self, packet):
        return (self.orig, self.resp) if packet.src == self.ends[0] else (self.resp, self.orig)

    def over(self, packet):
        """Whether this packet belongs to a record after this one."""
        quiet = packet.time - self.last
        unanswered = self.orig.state == "SYN_SENT" and self.resp.state == "INACTIVE"
        done = (self.orig.closed and self.resp.closed) or "RESET" in (self.orig.state, self.resp.state)
        opens = packet.flags & (SYN | ACK) == SYN
        return (quiet > INACTIVITY or (unanswered and packet.time - self.start > ATTEMPT) or
                (done and quiet > CLOSED_FOR) or
                (opens and (done or self.orig.isn != packet.seq) and packet.src == self.ends[0]))

    def take(self, packet):
        end, peer = self._sides(packet)
        letter = next((letter for bit, letter in ((RST, "R"), (FIN, "F"), (SYN, "S")) if packet.flags & bit),
                      "D" if packet.length else "A")
        if letter == "S" and packet.flags & ACK:
            letter = "H"
        self.history += letter if end is self.orig else letter.lower()
        self.last = packet.time
        end.bytes += packet.length
        _STEPS[end.state](self, packet, end, peer)

    def _reset(self, end):
        end.to("RESET")
        end.closed = True

    def _close(self, end):
        end.to("CLOSED")
        end.closed = True
        self.first_fin = self.first_fin or ("client" if end is self.orig else "server")

    def _inactive(self, packet, end, peer):
        if packet.flags & SYN:
            end.isn = packet.seq
            if end is self.orig:
                end.to("SYN_ACK_SENT" if packet.flags & ACK else "SYN_SENT")
            else:
                if peer.state == "SYN_SENT":
                    peer.to("ESTABLISHED")
                end.to("ESTABLISHED")
        if packet.flags & FIN:
            self._close(end)
        if packet.flags & RST:
            self._reset(end)
        if end.state != "INACTIVE" or (end is self.resp and not packet.length and peer.state == "SYN_SENT"):
            return
        end.to("ESTABLISHED" if packet.flags & ACK and peer.state == "ESTABLISHED" else "PARTIAL")

    def _syn_sent(self, packet, end, _peer):
        if packet.flags & FIN:
            self._close(end)
        if packet.flags & RST:
            self._reset(end)

    def _established(self, packet, end, peer):
        if packet.flags & FIN and not packet.flags & RST:
            self._close(end)
            if peer.state == "RESET" and peer.previous == "CLOSED":
                peer.to("CLOSED")    # it had sent FIN, then a RST: an orderly end to Zeek
        if packet.flags & RST:
            self._reset(end)

    def _closed(self, packet, end, peer):
        if packet.flags & RST and peer.state != "CLOSED":
            self._reset(end)

    def _is_reset(self, _packet, _end, _peer):
        pass

    @property
    def state(self):
        orig, resp = self.orig.state, self.resp.state
        silent = ("INACTIVE", "PARTIAL")
        if resp == "RESET":
            nothing = orig == "RESET" and not self.orig.bytes and not self.resp.bytes
            if orig in ("SYN_SENT", "SYN_ACK_SENT") or nothing:
                return "REJ"
            return "RSTRH" if orig in silent else "RSTR"
        if orig == "RESET":
            if resp not in silent:
                return "RSTO"
            return "RSTOS0" if re.match("S[^HAFGIQ]*R", self.history) else "OTH"
        if orig == "CLOSED" and resp == "CLOSED":
            return "SF"
        if orig == "CLOSED":
            return "SH" if resp in silent else "S2"
        if resp == "CLOSED":
            return "SHR" if orig in silent else "S3"
        if orig == "SYN_SENT" and resp == "INACTIVE":
            return "S0"
        return "S1" if orig == resp == "ESTABLISHED" else "OTH"


_STEPS = {"INACTIVE": Record._inactive, "SYN_SENT": Record._syn_sent, "SYN_ACK_SENT": Record._syn_sent,
          "ESTABLISHED": Record._established, "PARTIAL": Record._established, "CLOSED": Record._closed,
          "RESET": Record._is_reset}


def records(found):
    """Lines of conn.log that the packets of one file give, in order of first packet."""
    lines, current = [], {}
    for packet in found:
        key = frozenset((packet.src, packet.dst))
        record = current.get(key)
        if record is None or record.over(packet):
            record = current[key] = Record(packet)
            lines.append(record)
        record.take(packet)
    return lines


def verdict(file, record, host):
    label, cause, actor = READING[record.state]
    if label == "orderly-close":
        actor = record.first_fin     # from the history, where F and f stand in order
    if label == "reset":
        label = "local-abort" if actor == host else "rst"
    return Verdict(file, frozenset(record.ends), label, cause, actor)
