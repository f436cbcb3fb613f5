#!/usr/bin/python3
"""Very many connections at once, all of them open: Control-C ends it in 2 s, and every one is told."""
import os
import signal
import socket
import struct
import subprocess
import time

from stage import Case, main

SYN, ACK = 0x02, 0x10


def packet(source, target, seq, ack, flags):
    """An Ethernet frame with a TCP segment in it; nobody but a capture has to understand it."""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], seq, ack, 5 << 4, flags, 65535, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0x4000, 64, 6, 0, socket.inet_aton(source[0]),
                     socket.inet_aton(target[0]))
    return b"\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00" + ip + tcp


class Many(Case):
    CONNECTIONS = int(os.environ.get("CONNECTIONS", 100000))

    def open_all(self):
        """Handshakes of connections that stay open, from nowhere to nowhere."""
        with self.cable.there.inside():
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("eth0", 0))
        for number in range(self.CONNECTIONS):
            client = (f"172.16.{number // 250 % 250}.{number % 250 + 1}", 10000 + number // 62500)
            server = ("172.17.0.1", 443)
            for frame in (packet(client, server, 1000, 0, SYN), packet(server, client, 2000, 1001, SYN | ACK),
                          packet(client, server, 1001, 2001, ACK)):
                wire.send(frame)

    def wait_until_open(self, live):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (live.words and f"{self.CONNECTIONS} open" in live.words[-1]):
            live.process.send_signal(signal.SIGUSR1)
            time.sleep(0.3)
        self.assertIn(f"{self.CONNECTIONS} open", live.words[-1])

    def end_in_time(self, live):
        took, status = live.end()
        self.assertEqual(0, status)
        most = 6 if os.environ["SANITIZED"] == "1" else 2
        self.assertLess(took, most + self.metronome.lost(time.monotonic() - took, time.monotonic()))

    def test_summary(self):
        live = self.live("-i", "eth0", "-o", "text", "--local", "172.16.0.0/16")
        self.open_all()
        self.wait_until_open(live)
        self.end_in_time(live)
        text = "".join(line for _, line in live.told)
        self.assertIn(f"{self.CONNECTIONS:,} TCP connections", text)
        self.assertIn(f"{self.CONNECTIONS:,} still-open", text)

    def test_each_of_them(self):
        count = subprocess.Popen(["grep", "-c", '"final":true.*"label":"still-open"'], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, env=os.environ | {"LC_ALL": "C"})
        live = self.live("-i", "eth0", "-o", "ndjson", "--local", "172.16.0.0/16", stdout=count.stdin)
        count.stdin.close()
        self.open_all()
        self.wait_until_open(live)
        self.end_in_time(live)
        self.assertEqual(self.CONNECTIONS, int(count.stdout.read()))
        self.assertEqual(0, count.wait(10))
        count.stdout.close()


if __name__ == "__main__":
    main()
