#!/usr/bin/python3
"""Endings that silence makes, at the thresholds as they are. All scenarios run side by side."""
import os
import re
import socket
import subprocess
import tempfile
import time

from stage import BOUND, HANGUP, Case, main, talk

FIREWALL = ("table inet box { chain in { type filter hook input priority 0; iifname eth0 ct state invalid drop; }; }")


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


if __name__ == "__main__":
    main()
