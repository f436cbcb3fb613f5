"""Runs hangup for tests, and makes the small captures that they need."""
import json
import os
import struct
import subprocess
import tempfile
import unittest

HANGUP = os.environ["HANGUP"]
PROJECT = os.environ["PROJECT"]
SAMPLES = os.path.join(PROJECT, "pcaps")

DONE, FOUND, USAGE, INPUT, LOSS = range(5)  # cli/exit_status.h

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
DAY = 1714557723  # 2024-05-01T10:02:03Z
CLIENT, SERVER = ("192.0.2.1", 40000), ("198.51.100.2", 443)


# Runs a command without root's privilege to read everything; an ordinary user has none to lose.
ORDINARY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def hangup(*arguments, through=(), **options):
    """Runs it away from any terminal; .stdout and .stderr are text."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("env", os.environ | {"XDG_CONFIG_HOME": "/nowhere"})  # not what whoever runs this has set up
    return subprocess.run([*through, HANGUP, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, timeout=120, **options)


def told(*arguments, **options):
    """Connections, and behind them incidents."""
    return [json.loads(line) for line in hangup("read", "-o", "ndjson", *arguments, **options).stdout.splitlines()]


def connections(*arguments, **options):
    return [each for each in told(*arguments, **options) if each["schema"] == "hangup.connection/1"]


def incidents(*arguments, **options):
    return [each for each in told(*arguments, **options) if each["schema"] == "hangup.incident/1"]


# ------------------------------------------------------------------------------------------------ captures

def _address(ip):
    return bytes(int(part) for part in ip.split("."))


def segment(source, target, seq, ack, flags, payload=b""):
    """An IPv4 packet; checksums are left 0, as nothing looks at them here."""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], seq, ack, 5 << 4, flags, 65535, 0, 0) + payload
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, 6, 0,
                       _address(source[0]), _address(target[0])) + tcp


def conversation(client=CLIENT, server=SERVER, last=RST | ACK):
    """Handshake, a request, an answer, and then the server's last word: a RST unless told otherwise."""
    return [
        segment(client, server, 1000, 0, SYN),
        segment(server, client, 5000, 1001, SYN | ACK),
        segment(client, server, 1001, 5001, ACK),
        segment(client, server, 1001, 5001, ACK, b"question"),
        segment(server, client, 5001, 1009, ACK, b"answer"),
        segment(client, server, 1009, 5007, ACK),
        segment(server, client, 5007, 1009, last),
    ]


def pcap(packets, start=DAY, gap=0.01, linktype=101):
    """A classic pcap file, microseconds, raw IP unless told otherwise."""
    records = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, linktype)]
    for number, packet in enumerate(packets):
        time_us = round((start + number * gap) * 1000000)
        records.append(struct.pack("<IIII", *divmod(time_us, 1000000), len(packet), len(packet)) + packet)
    return b"".join(records)


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def capture(self, packets=None, **options):
        return self.file("capture.pcap", pcap(conversation() if packets is None else packets, **options))

    def assert_one_sentence(self, run, *words):
        """Standard error is one line, "hangup: ...", and says what it should."""
        self.assertRegex(run.stderr, r"\Ahangup: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, run.stderr)
