"""A box on the path that forges segments: it listens at the router and speaks in another's name.

It writes whole frames to an interface, below the filter of its host, with a TTL and an IP-ID of its own, as
such boxes do.
"""
import socket
import struct

from conn import OPPOSITE
from pcapfile import ACK, ETHERNET, FIN, RST, SYN, Record, segment

EVERYTHING = 3                       # ETH_P_ALL
INTERFACE_TOWARDS = {"client": "eth0", "server": "eth1"}


class Tap:
    """Sees and sends frames of one interface. Make it before the traffic that it shall know about."""

    def __init__(self, host, interface):
        with host.inside():
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
            self.sock.bind((interface, 0))
        self.sock.setblocking(False)

    def last(self, port):
        """By sender: the last frame, and its segment, of what has passed to and from this server port."""
        last = {}
        while True:
            try:
                frame = self.sock.recv(65536)
            except BlockingIOError:
                return last
            seg = segment(Record(0, 0, frame, len(frame), ETHERNET, b""))
            if seg and port in (seg.src[1], seg.dst[1]):
                last["client" if seg.dst[1] == port else "server"] = (frame, seg)

    def send(self, frame):
        self.sock.send(frame)


class Injector:
    """The box: a tap on each side of the router."""

    def __init__(self, path, ttl=64, ip_id=0x3039):
        self.ttl, self.ip_id = ttl, ip_id
        self.taps = {end: Tap(path.router, interface) for end, interface in INTERFACE_TOWARDS.items()}

    def watch(self, port):
        """Reads what has passed until now, and remembers where each direction stands."""
        self.known = {end: tap.last(port) for end, tap in self.taps.items()}

    def reset(self, victim, offset=0, flags=RST | ACK):
        """A reset to `victim` in the other end's name, `offset` away from the number that is due."""
        frame, seg = self.known[victim][OPPOSITE[victim]]
        own = self.known[victim][victim][1]
        self.taps[victim].send(forge(frame, seg, _end(seg) + offset, _end(own) if flags & ACK else 0, flags,
                                     self.ttl, self.ip_id))


def forge(frame, seg, seq, ack, flags, ttl, ip_id, payload=b""):
    """A frame between the same two ends as `frame`, whose segment is `seg`, with other contents."""
    tcp = struct.pack("!HHIIBBHHH", seg.src[1], seg.dst[1], seq & 0xffffffff, ack & 0xffffffff, 5 << 4,
                      flags, seg.window if payload else 0, 0, 0) + payload
    if frame[12:14] == b"\x08\x00":
        addresses = frame[26:34]
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), ip_id, 0, ttl, 6, 0) + addresses
        ip = ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:]
    else:
        addresses = frame[22:54]
        ip = struct.pack("!IHBB", 6 << 28, len(tcp), 6, ttl) + addresses
    pseudo = addresses + struct.pack("!HH", 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", _checksum(pseudo + tcp)) + tcp[18:]
    return frame[:14] + ip + tcp


def _checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def _end(seg):
    return seg.seq + seg.length + bool(seg.flags & SYN) + bool(seg.flags & FIN)
