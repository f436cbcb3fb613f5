"""Endings that are often blamed on the wrong one."""
import time

from conn import CLIENT_SIDE, SERVER_SIDE, Conn, Program
from inject import Tap, forge
from pcapfile import ACK
from scenario import V6, Scenario


def checked_by_closing(path, times=3, interval=2):
    """A polite health check: connects and closes without a word."""
    listener = path.listen()
    for _ in range(times):
        conn = path.connect(listener)
        conn.close_both("client")
        conn.orderly("client")
        time.sleep(interval)
    listener.close()


def queue_is_full(path):
    """A program that no longer accepts: two connections wait in its queue, the third SYN is ignored.

    On the server's own capture it is the server that does not answer; elsewhere the path may be to blame.
    """
    listener = path.listen(backlog=1)
    waiting = [path.dial() for _ in range(2)]
    for conn in waiting:
        conn.client.finish_connect()
    path.rest()
    late = path.dial()
    late.client.finish_connect(150)
    for conn in waiting:
        conn.open("idle")
    late.ended("retransmit-timeout", "syn", "path")
    late.ended("retransmit-timeout", "syn", "server", at="server")
    late.truth["router-client"]["place_hidden"] = late.truth["router-server"]["place_hidden"] = True
    path.after_capture(listener.close)


def answered_from_elsewhere(path):
    """The SYN reaches the server through a rewriting that the answer does not undo: the SYN-ACK comes from
    an address that the client never called."""
    listener = path.listen()
    called = path.nat_ip
    family = "ip" if path.ip == 4 else "ip6"
    path.router.nft(f"table {family} oneway {{ chain pre {{ type filter hook prerouting priority -300; "
                    f"{family} daddr {called} notrack {family} daddr set {path.server_ip}; }}; }}")
    conn = path.dial(to=called)
    conn.client.finish_connect(70)
    listener.close()
    conn.ended("retransmit-timeout", "syn", "path", at=CLIENT_SIDE)
    conn.truth["router-client"]["place_hidden"] = True
    conn.unseen(SERVER_SIDE)
    _stranger(path, conn).ended("rst", "connect-cancelled", "client", "harmless", at=SERVER_SIDE)


def _stranger(path, conn):
    """The other half of the mistake: the client's host refuses a SYN-ACK that it never asked for."""
    server = (path.server_ip, path.port)
    other = Conn(path, Program(conn.client.local, server))
    other.reset_by("client", "no-such-connection", at=CLIENT_SIDE)
    path.conns.append(other)
    return other


def invalid_leaks(path):
    """A service address is translated by conntrack. One segment of the server lies beyond its window, so it
    passes untranslated; the client resets the stranger, and the server believes it."""
    service = path.nat_ip
    path.router.nft(f"table ip svc {{ chain pre {{ type nat hook prerouting priority -100; "
                    f"ip daddr {service} tcp dport {path.port} dnat to {path.server_ip}; }}; }}")
    tap = Tap(path.server, "eth0")
    listener = path.listen()
    conn = path.dial(to=service)
    conn.server = listener.accept()
    conn.client.finish_connect()
    conn.talk(3)
    frame, seg = tap.last(path.port)["server"]
    tap.send(forge(frame, seg, seg.seq + 3_000_000, seg.ack, ACK, ttl=64, ip_id=7, payload=b"astray" * 20))
    path.rest()
    conn.server.recv(1)
    conn.client.send(b"what happened? " * 10)
    conn.client.recv(2)
    path.rest()
    listener.close()
    server = (path.server_ip, path.port)
    conn.views.update({place: (conn.client.local, server) for place in SERVER_SIDE})
    conn.reset_by("server", "no-such-connection", at=CLIENT_SIDE)
    conn.reset_by("client", "no-such-connection", at=SERVER_SIDE)
    leak = Conn(path, Program(conn.client.local, server)).unseen(SERVER_SIDE)
    leak.reset_by("client", "no-such-connection", at=CLIENT_SIDE)
    path.conns.append(leak)


SCENARIOS = [
    Scenario("checked-by-closing", checked_by_closing, {"v4": {}, "v6": V6}, 8),
    Scenario("queue-full", queue_is_full, {
        "v4": {"sysctl": {"client": {"net.ipv4.tcp_syn_linear_timeouts": 0,
                                     "net.ipv4.tcp_syn_retries": 5}}}}, 66),
    Scenario("answered-from-elsewhere", answered_from_elsewhere, {
        "v4": {"sysctl": {"client": {"net.ipv4.tcp_syn_linear_timeouts": 0,
                                     "net.ipv4.tcp_syn_retries": 5}}}}, 66),
    Scenario("invalid-leaks", invalid_leaks, {"v4": {}}, 5),
]
