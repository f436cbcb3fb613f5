#!/usr/bin/python3
"""Every label of a connection that is lost: caused, told in time, and kept so that hangup and tshark can read it.

A label is decidable from the moment at which hangup read would say it of a capture that ends there:

    local-abort, rst            the reset
    missing-fin/half-closed     when the silence after one FIN is as long as its threshold
    retransmit-timeout          the fifth repetition in vain, as the kernel counts
    middlebox-idle-drop         the same, after an idle time that a firewall's memory did not survive

Two thresholds are lowered, for live and for read alike, so that nobody waits a minute: what is bounded is the time after."""
import os
import socket
import tempfile
import time

from stage import BOUND, Case, abort, commented_as_evidence, evidence, main, read, repeated, talk

HALF_CLOSED_S, IDLE_S = 6, 8
FORGETS_S = 4  # the firewall, sooner than the connection speaks again
REPETITIONS = 5
THRESHOLDS = ("--set", f"missing-fin.half-closed-silence={HALF_CLOSED_S}", "--set", f"middlebox-idle-drop.idle={IDLE_S}",
              "--set", f"retransmit-timeout.idle={IDLE_S}")

FIREWALL = "table inet box { chain in { type filter hook input priority 0; iifname eth0 ct state invalid drop; }; }"
CUT = "table inet cut {{ chain in {{ type filter hook input priority -10; tcp dport {port} drop; }}; }}"

LOCAL_ABORT, RST, HALF_CLOSED, TIMEOUT, IDLE_DROP = range(5001, 5006)
VERDICTS = {
    LOCAL_ABORT: ("local-abort", "app-abort", "client"),
    RST: ("rst", "app-abort", "server"),
    HALF_CLOSED: ("missing-fin", "half-closed", "server"),
    TIMEOUT: ("retransmit-timeout", "data", "path"),
    IDLE_DROP: ("middlebox-idle-drop", "silent", "middlebox"),
}


def verdict(connection):
    return connection["label"], connection["cause"], connection["actor"]


class Labels(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        self.folder = folder.name

    def prepare(self):
        self.cable.here.ip("route change 10.9.0.0/24 dev eth0 src 10.9.0.1 rto_min 100ms")  # five in 3.1 s
        self.cable.there.nft(FIREWALL)
        self.cable.there.sysctl({"net.netfilter.nf_conntrack_tcp_loose": 0,
                                 "net.netfilter.nf_conntrack_tcp_timeout_established": FORGETS_S})

    def cause_all(self):
        """{port: when it was decidable}"""
        pairs = {port: self.pair(port) for port in VERDICTS}
        for pair in pairs.values():
            talk(*pair)
        quiet_since, decidable = time.monotonic(), {}
        client, server = pairs[HALF_CLOSED]
        self.not_before = time.monotonic() + HALF_CLOSED_S
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", server.recv(10))
        decidable[HALF_CLOSED] = time.monotonic() + HALF_CLOSED_S
        abort(pairs[LOCAL_ABORT][0])
        abort(pairs[RST][1])
        decidable[LOCAL_ABORT] = decidable[RST] = time.monotonic()
        self.cable.there.nft(CUT.format(port=TIMEOUT))
        pairs[TIMEOUT][0].sendall(b"into the void")
        decidable[TIMEOUT] = repeated(pairs[TIMEOUT][0], REPETITIONS)
        time.sleep(quiet_since + IDLE_S + 0.5 - time.monotonic())
        pairs[IDLE_DROP][0].sendall(b"is anybody there")
        decidable[IDLE_DROP] = repeated(pairs[IDLE_DROP][0], REPETITIONS)
        return decidable, pairs

    def assert_told_in_time(self, live, decidable):
        for port, since in decidable.items():
            told = [(when, c) for when, c in live.told if c["server"]["port"] == port]
            with self.subTest(label=VERDICTS[port][0]):
                when, first = told[0]
                self.assertEqual(VERDICTS[port], verdict(first))
                self.assertLess(when - since, BOUND + self.metronome.lost(since, when))
                self.assertEqual({VERDICTS[port]}, {verdict(c) for _, c in told})
        half_closed = next(when for when, c in live.told if c["server"]["port"] == HALF_CLOSED)
        self.assertGreater(half_closed, self.not_before)

    def assert_saved_is_the_same(self):
        names = os.listdir(self.folder)
        self.assertEqual(sorted(VERDICTS), sorted(int(name.split(".")[-2]) for name in names))
        for name in names:
            path, port = os.path.join(self.folder, name), int(name.split(".")[-2])
            with self.subTest(name=name):
                (judged,) = read(path, *THRESHOLDS)
                self.assertEqual(VERDICTS[port], verdict(judged))
                self.assertTrue(evidence(judged))
                self.assertEqual(evidence(judged), commented_as_evidence(path))

    def test_all_five(self):
        self.prepare()
        live = self.live("-i", "eth0", "--save-dir", self.folder, *THRESHOLDS)
        decidable, pairs = self.cause_all()
        live.wait_for(lambda c: c["server"]["port"] == IDLE_DROP, BOUND + 3)
        for port in (HALF_CLOSED, TIMEOUT, IDLE_DROP):
            self.assertIn(port, {c["server"]["port"] for _, c in live.told})  # while it goes on
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        self.assert_told_in_time(live, decidable)
        self.assert_saved_is_the_same()
        del pairs  # whose sockets had to stay open until here


if __name__ == "__main__":
    main()
