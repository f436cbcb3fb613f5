"""Reads the capture files that are made here, and rewrites the pcap ones.

Only what tcpdump and dumpcap write on this machine is understood: native byte order, Ethernet or Linux
cooked, microseconds or nanoseconds.
"""
import ipaddress
import platform
import struct
from collections import namedtuple

MAGIC_MICRO, MAGIC_NANO, MAGIC_PCAPNG = 0xA1B2C3D4, 0xA1B23C4D, 0x0A0D0D0A
ETHERNET, SLL, SLL2 = 1, 113, 276
ETHERTYPE_AT = {ETHERNET: 12, SLL: 14, SLL2: 0}
PACKET_AT = {ETHERNET: 14, SLL: 16, SLL2: 20}
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

Record = namedtuple("Record", "number time data wire_bytes link header")
Segment = namedtuple("Segment", "number time src dst seq ack flags length ttl window")


def records(file):
    with open(file, "rb") as stream:
        raw = stream.read()
    if len(raw) < 24:
        return []
    magic = struct.unpack_from("=I", raw)[0]
    return _pcapng_records(raw) if magic == MAGIC_PCAPNG else _pcap_records(raw)


def _pcap_records(raw):
    magic, link = struct.unpack_from("=I16xI", raw)
    scale = {MAGIC_MICRO: 1e6, MAGIC_NANO: 1e9}[magic]
    found, at = [], 24
    while at + 16 <= len(raw):                     # the last record may still be on its way to the file
        seconds, fraction, kept, wire_bytes = struct.unpack_from("=IIII", raw, at)
        if at + 16 + kept > len(raw):
            break
        found.append(Record(len(found) + 1, seconds + fraction / scale, raw[at + 16:at + 16 + kept],
                            wire_bytes, link & 0xffff, raw[at:at + 16]))
        at += 16 + kept
    return found


def _pcapng_records(raw):
    links, scales, found, at = [], [], [], 0
    while at + 12 <= len(raw):
        kind, size = struct.unpack_from("=II", raw, at)
        body = raw[at + 8:at + size - 4]
        if kind == 1:
            links.append(struct.unpack_from("=H", body)[0])
            scales.append(_resolution(body[8:]))
        elif kind == 6:
            interface, high, low, kept, wire_bytes = struct.unpack_from("=IIIII", body)
            found.append(Record(len(found) + 1, ((high << 32) + low) * scales[interface], body[20:20 + kept],
                                wire_bytes, links[interface], b""))
        at += size
    return found


def _resolution(options):
    while len(options) >= 4:
        code, size = struct.unpack_from("=HH", options)
        if code == 9:
            return 10.0 ** -options[4]
        options = options[4 + (size + 3) // 4 * 4:]
    return 1e-6


def rewrite(file, choose):
    """Replaces a pcap file's records by choose(list of (record, segment or None))."""
    kept = choose([(record, segment(record)) for record in records(file)])
    with open(file, "r+b") as stream:
        stream.seek(24)
        stream.truncate()
        for record in kept:
            stream.write(record.header + record.data)


def forget_machine(file):
    """Takes out of a pcapng file what names processor and kernel of who wrote it: the options of the section
    header, and the kernel's build, of which the version is left, in the interfaces' descriptions."""
    build = platform.release()
    with open(file, "rb") as stream:
        raw = stream.read()
    size = struct.unpack_from("=I", raw, 4)[0]
    header = struct.pack("=II", MAGIC_PCAPNG, 28) + raw[8:24] + struct.pack("=I", 28)
    with open(file, "wb") as stream:
        stream.write(header + raw[size:].replace(build.encode(), build.split("-")[0].ljust(len(build)).encode()))


def segment(record):
    """The TCP segment in a record, or None. Of one in IP fragments, as much as the first one holds."""
    at = ETHERTYPE_AT[record.link]
    ethertype, data = record.data[at:at + 2], record.data[PACKET_AT[record.link]:]
    if ethertype == b"\x08\x00" and len(data) >= 20 and data[9] == 6 and \
            not struct.unpack("!H", data[6:8])[0] & 0x1fff:
        header = (data[0] & 15) * 4
        total = struct.unpack("!H", data[2:4])[0]
        ttl, addresses = data[8], (_text(data[12:16]), _text(data[16:20]))
    elif ethertype == b"\x86\xdd" and len(data) >= 40 and data[6] == 6:
        header, total, ttl = 40, 40 + struct.unpack("!H", data[4:6])[0], data[7]
        addresses = (_text(data[8:24]), _text(data[24:40]))
    else:
        return None
    return _tcp(record, data[header:], total - header, ttl, addresses)


def _tcp(record, tcp, tcp_bytes, ttl, addresses):
    if len(tcp) < 20:
        return None
    source, target, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", tcp[:16])
    return Segment(record.number, record.time, (addresses[0], source), (addresses[1], target), seq, ack,
                   flags, tcp_bytes - (offset >> 4) * 4, ttl, window)


def _text(raw):
    return ipaddress.ip_address(raw).compressed


def segments(file):
    return [found for found in map(segment, records(file)) if found]
