"""A box on the path that forges resets: it listens at the router and speaks in another's name.

It writes whole frames to the router's interfaces, below the router's own filter, with a TTL and an IP-ID of
its own, as such boxes do.
"""
import socket
import struct

from conn import OPPOSITE
from pcapfile import ACK, ETHERNET, FIN, RST, SYN, Record, segment

INTERFACE_TOWARDS = {"client": "eth0", "server": "eth1"}


def _checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Injector:
    """Make it before the traffic that it shall know about."""

    def __init__(self, path, ttl=64, ip_id=0x3039):
        self.path, self.ttl, self.ip_id = path, ttl, ip_id
        self.taps = {}
        for end, interface in INTERFACE_TOWARDS.items():
            with path.router.inside():
                tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
                tap.bind((interface, 0))
            tap.setblocking(False)
            self.taps[end] = tap

    def _last_frames(self, end, port):
        """By sender: the last frame of the connection to this server port, seen on the cable to `end`."""
        last = {}
        while True:
            try:
                frame = self.taps[end].recv(65536)
            except BlockingIOError:
                return last
            seg = segment(Record(0, 0, frame, len(frame), ETHERNET, b""))
            if seg and port in (seg.src[1], seg.dst[1]):
                last["client" if seg.dst[1] == port else "server"] = (frame, seg)

    def watch(self, port):
        """Reads what has passed until now, and remembers where each direction stands."""
        self.known = {end: self._last_frames(end, port) for end in self.taps}

    def reset(self, victim, offset=0, flags=RST | ACK):
        """A reset to `victim` in the other end's name, `offset` away from the number that is due."""
        frames = self.known[victim]
        frame, seg = frames[OPPOSITE[victim]]
        own = frames[victim][1]
        seq = (_end(seg) + offset) & 0xffffffff
        self.taps[victim].send(self._forge(frame, seg, seq, _end(own) if flags & ACK else 0, flags))

    def _forge(self, frame, seg, seq, ack, flags):
        tcp = struct.pack("!HHIIBBHHH", seg.src[1], seg.dst[1], seq, ack, 5 << 4, flags, 0, 0, 0)
        if frame[12:14] == b"\x08\x00":
            addresses = frame[26:34]
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, self.ip_id, 0, self.ttl, 6, 0) + addresses
            ip = ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:]
        else:
            addresses = frame[22:54]
            ip = struct.pack("!IHBB", 6 << 28, 20, 6, self.ttl) + addresses
        pseudo = addresses + struct.pack("!HH", 6, 20)
        tcp = tcp[:16] + struct.pack("!H", _checksum(pseudo + tcp)) + tcp[18:]
        return frame[:14] + ip + tcp


def _end(seg):
    return seg.seq + seg.length + bool(seg.flags & SYN) + bool(seg.flags & FIN)
