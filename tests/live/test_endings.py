#!/usr/bin/python3
"""Endings are told while they happen, within the bound, and corrected where need be."""
import json
import os
import signal
import socket
import tempfile
import time

from stage import BOUND, Case, abort, listen, main, repeated, talk

EVERYTHING = "table inet cut {{ chain cut {{ type filter hook {hook} priority 0; ip protocol tcp drop; }}; }}"


def port_is(port):
    return lambda connection: connection["server"]["port"] == port


class Endings(Case):
    def assert_told(self, live, port, verdict, since, update=0):
        """The verdict (label, cause, actor) is told within the bound after it could be judged."""
        earlier = [(w, c) for w, c in live.told if port_is(port)(c) and c["update"] == update]
        when, connection = earlier[0] if earlier else live.wait_for(
            lambda c: port_is(port)(c) and c["update"] == update, since + BOUND + 3 - time.monotonic())
        self.assertEqual(verdict, (connection["label"], connection["cause"], connection["actor"]))
        self.assertLess(when - since, BOUND + self.metronome.lost(since, when))
        return connection


class Resets(Endings):
    def test_both_ends_and_nobody_listening(self):
        live = self.live("-i", "eth0")
        mine, theirs = self.pair(5001), self.pair(5002)
        for client, server in (mine, theirs):
            talk(client, server)
        abort(mine[0])
        abort(theirs[1])
        with self.cable.here.inside():
            refused = socket.socket()
        self.assertNotEqual(0, refused.connect_ex((self.cable.THERE, 5003)))
        ended = time.monotonic()
        for port, label, cause, actor in ((5001, "local-abort", "app-abort", "client"),
                                          (5002, "rst", "app-abort", "server"), (5003, "rst", "refused", "server")):
            with self.subTest(port=port):
                connection = self.assert_told(live, port, (label, cause, actor), ended)
                self.assertFalse(connection["final"])
                self.assertEqual({"side": "client", "by": "interface-address"}, connection["vantage"])
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        last = {c["server"]["port"]: c for _, c in live.told}
        self.assertTrue(all(c["final"] and c["update"] == 1 for c in last.values()))
        self.assertIn("nothing lost", live.words[-1])


class Silence(Endings):
    """Nothing comes that would end a round by packet time: the clock does it."""

    def test_a_sender_in_vain_and_its_correction(self):
        self.cable.here.ip("route change 10.9.0.0/24 dev eth0 src 10.9.0.1 rto_min 100ms")  # 5 in 3.1 s rather than 6.2
        live = self.live("-i", "eth0")
        client, server = self.pair(5001)
        talk(client, server)
        self.cable.there.nft(EVERYTHING.format(hook="input"))
        client.sendall(b"into the void")
        since = repeated(client, 5)
        connection = self.assert_told(live, 5001, ("retransmit-timeout", "data", "path"), since)
        self.assertFalse(connection["final"])
        self.cable.there.nft("delete table inet cut")
        server.recv(100)
        back = time.monotonic()
        self.assertEqual("still-open", self.assert_told(live, 5001, ("still-open", "idle", "none"), back, 1)["label"])
        client.close()
        server.close()
        live.wait_for(lambda c: c["final"], 15)
        self.assertEqual(("orderly-close", 2), (live.told[-1][1]["label"], live.told[-1][1]["update"]))

    def test_both_ends_forget_and_the_ports_are_used_again(self):
        live = self.live("-i", "eth0")
        client, server = self.pair(5001)
        talk(client, server)
        port = client.getsockname()[1]
        for host in (self.cable.here, self.cable.there):
            host.forget_connections("dport", "=", "5001", "or", "sport", "=", "5001")
        time.sleep(2.5)  # silent before: what is news is the SYN
        listener = listen(self.cable.there, self.cable.THERE, 5001)
        with self.cable.here.inside():
            again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((self.cable.HERE, port))
        again.connect((self.cable.THERE, 5001))
        since = time.monotonic()
        other = listener.accept()[0]
        connection = self.assert_told(live, 5001, ("missing-fin", "reused", "client"), since)
        self.assertEqual(1, connection["id"])
        other.close()


class TheEnd(Case):
    def test_open_connections_are_told(self):
        live = self.live("-i", "eth0")
        client, server = self.pair(5001)
        talk(client, server)
        time.sleep(0.5)
        took, status = live.end(signal.SIGTERM)
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        self.assertEqual([("still-open", True, 0)], [(c["label"], c["final"], c["update"]) for _, c in live.told])

    def test_until_duration_and_count(self):
        live = self.live("-i", "eth0", "--until", "rst")
        client, server = self.pair(5001)
        talk(client, server)
        abort(server)
        self.assertEqual(1, live.process.wait(5))
        live = self.live("-i", "eth0", "--duration", "1")
        self.assertEqual(0, live.process.wait(5))
        live = self.live("-i", "eth0", "--count", "3")
        talk(*self.pair(5002), times=20)
        self.assertEqual(0, live.process.wait(5))
        live.end()
        self.assertEqual("hangup: 3 packets, 0 open; 1 still-open; nothing lost\n", live.words[-1])

    def test_written_at_once_into_a_file_too(self):
        with tempfile.TemporaryFile("w+") as file:
            live = self.live("-i", "eth0", stdout=file)
            client, server = self.pair(5001)
            talk(client, server)
            abort(server)
            deadline = time.monotonic() + BOUND + 3
            while time.monotonic() < deadline and not os.fstat(file.fileno()).st_size:
                time.sleep(0.05)
            self.assertIsNone(live.process.poll())
            file.seek(0)
            self.assertEqual("rst", json.loads(file.readline())["label"])

    def test_ends_when_nobody_reads_any_more(self):
        reader, writer = os.pipe()
        live = self.live("-i", "eth0", stdout=writer)
        os.close(writer)
        os.close(reader)
        client, server = self.pair(5001)
        talk(client, server)
        abort(server)
        self.assertEqual(-signal.SIGPIPE, live.process.wait(10))

    def test_ends_when_the_result_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            live = self.live("-i", "eth0", stdout=full)
            client, server = self.pair(5001)
            talk(client, server)
            abort(server)
            self.assertEqual(3, live.process.wait(10))
        live.end()
        self.assertEqual("hangup: cannot write the result: No space left on device\n", live.words[-1])

    def test_text_ends_with_the_summary(self):
        live = self.live("-i", "eth0", "-o", "text")
        client, server = self.pair(5001)
        talk(client, server)
        abort(server)
        time.sleep(2)
        live.end()
        text = "".join(line for _, line in live.told)
        self.assertEqual(2, text.count("rst/app-abort"), text)  # as it happened, and in the summary
        self.assertIn("eth0: 1 TCP connection, ended badly", text)


if __name__ == "__main__":
    main()
