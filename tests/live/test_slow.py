#!/usr/bin/python3
"""Endings that silence makes, and very many connections at once. All scenarios run side by side."""
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time

from stage import BOUND, HANGUP, Case, main, talk

FIREWALL = ("table inet box { chain in { type filter hook input priority 0; iifname eth0 ct state invalid drop; }; }")
SYN, ACK = 0x02, 0x10


class Silence(Case):
    def test_half_closed_and_forgotten_by_a_firewall(self):
        """One FIN and then nothing for 60 s; an idle time of 32 s that a firewall's state does not survive."""
        self.cable.here.ip("route change 10.9.0.0/24 dev eth0 src 10.9.0.1 rto_min 100ms")
        self.cable.there.nft(FIREWALL)
        self.cable.there.sysctl({"net.netfilter.nf_conntrack_tcp_loose": 0,
                                 "net.netfilter.nf_conntrack_tcp_timeout_established": 10})
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        live = self.live("-i", "eth0", "--save-dir", folder.name)
        half, idle = self.pair(5001), self.pair(5002)
        for pair in (half, idle):
            talk(*pair)
        half[0].shutdown(socket.SHUT_WR)
        half[1].recv(10)
        closed = time.monotonic()
        time.sleep(32)
        idle[0].sendall(b"is anybody there")
        # Whatever comes first of what read would say of a capture that ends there.
        when, dropped = live.wait_for(lambda c: c["server"]["port"] == 5002, 20)
        self.assertEqual(("middlebox-idle-drop", "silent"), (dropped["label"], dropped["cause"]))
        self.assertGreater(dropped["idle_s"]["before_end"], 30)
        when, forgotten = live.wait_for(lambda c: c["server"]["port"] == 5001, closed + 70 - time.monotonic())
        self.assertEqual(("missing-fin", "half-closed", "server"),
                         tuple(forgotten[name] for name in ("label", "cause", "actor")))
        self.assertLess(when - closed - 60, BOUND + self.metronome.lost(closed + 60, when))
        live.end()
        for name in os.listdir(folder.name):
            done = subprocess.run([HANGUP, "read", "-o", "fields=label,cause,server.port", os.path.join(folder.name, name)],
                                  capture_output=True, text=True, check=True)
            port = re.search(r"\.(\d+)\.pcapng$", name).group(1)
            expected = {"5001": "missing-fin\thalf-closed", "5002": "middlebox-idle-drop\tsilent"}[port]
            self.assertEqual(f"{expected}\t{port}\n", done.stdout)
        self.assertEqual(2, len(os.listdir(folder.name)))


def packet(source, target, seq, ack, flags):
    """An Ethernet frame with a TCP segment in it; nobody but a capture has to understand it."""
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], seq, ack, 5 << 4, flags, 65535, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0x4000, 64, 6, 0, socket.inet_aton(source[0]),
                     socket.inet_aton(target[0]))
    return b"\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00" + ip + tcp


class Many(Case):
    CONNECTIONS = int(os.environ.get("CONNECTIONS", 100000))

    def test_all_open_at_the_end(self):
        """Handshakes of connections that stay open, from nowhere to nowhere; Control-C ends it in 2 s, and all are told."""
        live = self.live("-i", "eth0", "-o", "text", "--local", "172.16.0.0/16")
        with self.cable.there.inside():
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("eth0", 0))
        for number in range(self.CONNECTIONS):
            client = (f"172.16.{number // 250 % 250}.{number % 250 + 1}", 10000 + number // 62500)
            server = ("172.17.0.1", 443)
            for frame in (packet(client, server, 1000, 0, SYN), packet(server, client, 2000, 1001, SYN | ACK),
                          packet(client, server, 1001, 2001, ACK)):
                wire.send(frame)
        time.sleep(1)
        live.process.send_signal(signal.SIGUSR1)
        time.sleep(1)
        self.assertIn(f"{self.CONNECTIONS} open", live.words[-1])
        took, status = live.end()
        print(f"{self.CONNECTIONS} connections open: ended in {took:.2f} s")
        self.assertEqual(0, status)
        text = "".join(line for _, line in live.told)
        self.assertIn(f"{self.CONNECTIONS:,} TCP connections", text)
        self.assertIn(f"{self.CONNECTIONS:,} still-open", text)
        if "asan" not in subprocess.run(["ldd", HANGUP], capture_output=True, text=True, check=True).stdout:
            self.assertLess(took, 2)


if __name__ == "__main__":
    main()
