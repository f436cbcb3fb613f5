#!/usr/bin/python3
"""Endings are told while they happen, within the bound, and corrected where need be."""
import signal
import socket
import time

from stage import BOUND, Case, abort, main, talk


def port_is(port):
    return lambda connection: connection["server"]["port"] == port


class Resets(Case):
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
                when, connection = next(((w, c) for w, c in live.told if c["server"]["port"] == port), (None, None))
                if not connection:
                    when, connection = live.wait_for(port_is(port), 5)
                self.assertEqual((label, cause, actor), (connection["label"], connection["cause"], connection["actor"]))
                self.assertEqual((0, False), (connection["update"], connection["final"]))
                self.assertEqual({"side": "client", "by": "interface-address"}, connection["vantage"])
                self.assertLess(when - ended, BOUND)
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        last = {c["server"]["port"]: c for _, c in live.told}
        self.assertTrue(all(c["final"] and c["update"] == 1 for c in last.values()))
        self.assertIn("nothing lost", live.words[-1])


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
        self.pair(5002)
        self.assertEqual(0, live.process.wait(5))

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
