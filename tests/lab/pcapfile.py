"""Reads and rewrites the pcap files that tcpdump writes here: native byte order, Ethernet or SLL2."""
import ipaddress
import struct
from collections import namedtuple

MAGIC_MICRO, MAGIC_NANO = 0xA1B2C3D4, 0xA1B23C4D
ETHERNET, SLL2 = 1, 276

Record = namedtuple("Record", "number time data wire_bytes header")
Segment = namedtuple("Segment", "number time src dst seq ack flags length ttl window")

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def records(file):
    """(file header, link type, list of records); a record's header is kept raw for writing it back."""
    with open(file, "rb") as stream:
        head = stream.read(24)
        magic, link = struct.unpack("=I16xI", head)
        scale = {MAGIC_MICRO: 1e6, MAGIC_NANO: 1e9}[magic]
        found = []
        while len(header := stream.read(16)) == 16:
            seconds, fraction, kept, wire_bytes = struct.unpack("=IIII", header)
            found.append(Record(len(found) + 1, seconds + fraction / scale, stream.read(kept), wire_bytes,
                                header))
    return head, link & 0xffff, found


def write(file, head, kept):
    with open(file, "wb") as stream:
        stream.write(head)
        for record in kept:
            stream.write(record.header + record.data)


def rewrite(file, choose):
    """Replaces the file's records by choose(list of (record, segment or None))."""
    head, link, found = records(file)
    write(file, head, choose([(record, segment(record, link)) for record in found]))


def segment(record, link):
    """The TCP segment in a record, or None."""
    data = record.data
    ethertype, data = (data[12:14], data[14:]) if link == ETHERNET else (data[0:2], data[20:])
    if ethertype == b"\x08\x00" and len(data) >= 20 and data[9] == 6:
        header = (data[0] & 15) * 4
        total = struct.unpack("!H", data[2:4])[0] or record.wire_bytes - 14
        ttl, addresses = data[8], (_v4(data[12:16]), _v4(data[16:20]))
    elif ethertype == b"\x86\xdd" and len(data) >= 40 and data[6] == 6:
        header, total, ttl = 40, 40 + struct.unpack("!H", data[4:6])[0], data[7]
        addresses = (_v6(data[8:24]), _v6(data[24:40]))
    else:
        return None
    return _tcp(record, data[header:], total - header, ttl, addresses)


def _tcp(record, tcp, tcp_bytes, ttl, addresses):
    if len(tcp) < 20:
        return None
    source, target, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", tcp[:16])
    return Segment(record.number, record.time, (addresses[0], source), (addresses[1], target), seq, ack,
                   flags, tcp_bytes - (offset >> 4) * 4, ttl, window)


def _v4(raw):
    return ".".join(map(str, raw))


def _v6(raw):
    return str(ipaddress.IPv6Address(raw))


def segments(file):
    _head, link, found = records(file)
    return [found_one for found_one in (segment(record, link) for record in found) if found_one]
