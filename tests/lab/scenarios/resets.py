"""Resets by either end: refusals, aborts, and answers to those who do not know that it is over."""
import time

from conn import OPPOSITE
from pcapfile import RST
from programs import held_by_process
from scenario import NAT, NO_SACK, NO_TIMESTAMPS, OTHER_TTLS, TLS, V6, Scenario, merge
from topology import CLIENT_DOWN


def refused(path):
    conn = path.dial()
    conn.client.finish_connect()
    path.rest()
    conn.ended("rst", "refused", "server")


def app_abort(path, by="server", idle=0, rounds=2):
    """SO_LINGER with zero time, then close; with `idle`, as an application's own idle limit."""
    conn = path.connect()
    conn.talk(rounds)
    time.sleep(idle)
    conn.side(by).abort()
    conn.side(OPPOSITE[by]).recv()
    path.rest()
    conn.reset_by(by, "app-abort")


def unread_data(path, by="server", kill=False):
    """Closed, or killed, while something that had arrived was still unread."""
    conn = path.connect()
    conn.talk(1)
    conn.side(OPPOSITE[by]).send(b"x" * 700)
    path.rest()
    if kill:
        held_by_process(conn.side(by)).kill()
    else:
        conn.side(by).close()
    conn.side(OPPOSITE[by]).recv()
    path.rest()
    conn.reset_by(by, "unread-data")


def late_data(path, closed="server", idle=0.4):
    """One end closes completely; the other has heard it and writes all the same."""
    conn = path.connect()
    conn.talk()
    other = conn.side(OPPOSITE[closed])
    conn.side(closed).close()
    other.recv()
    time.sleep(idle)
    other.send(b"one more thing " * 20)
    path.rest()
    other.send(b"and another")
    conn.reset_by(closed, "late-data")


def keepalive_race(path, idle=5):
    """The server's idle close and the client's next request cross on the way."""
    conn = path.connect()
    conn.talk()
    time.sleep(idle)
    conn.server.close()
    conn.client.send(b"GET /again HTTP/1.1\r\nHost: lab.example\r\n\r\n")
    path.rest(4)
    conn.client.read_to_end()
    conn.client.close()
    path.rest()
    conn.reset_by("server", "late-data")


def no_such_connection(path, forgetful="server"):
    """One host loses its state without a word; the other's next segment finds nobody."""
    conn = path.connect()
    conn.talk()
    time.sleep(1)
    getattr(path, forgetful).forget_connections()
    conn.say(OPPOSITE[forgetful], 300)
    path.rest()
    conn.side(OPPOSITE[forgetful]).recv(1)
    conn.reset_by(forgetful, "no-such-connection")


def abort_after_fin(path, by="client"):
    """Says it is done, then loses patience before the other closes."""
    conn = path.connect()
    conn.talk()
    conn.side(by).shutdown_write()
    conn.side(OPPOSITE[by]).recv()
    time.sleep(1)
    conn.side(by).abort()
    path.rest()
    conn.side(OPPOSITE[by]).recv(1)
    conn.reset_by(by, "abort-after-fin")


def connect_cancelled(path):
    """The client closes its socket before the answer to its SYN has come."""
    listener = path.listen()
    conn = path.dial()
    time.sleep(path.rtt / 4)
    conn.client.close()
    path.rest(4)
    listener.close()
    conn.reset_by("client", "connect-cancelled", "harmless")


def probe(path, times=1, interval=3):
    """A health check: connect, and abort without a word."""
    listener = path.listen()
    for number in range(times):
        if number:
            time.sleep(interval)
        conn = path.connect(listener)
        conn.client.abort()
        path.rest()
        conn.server.recv(1)
        conn.server.close()
        conn.reset_by("client", "probe", "harmless")
    listener.close()


def listener_closed(path, count=1):
    """The server's program closes its listening socket while connections wait to be accepted."""
    listener = path.listen()
    conns = [path.dial() for _ in range(count)]
    for conn in conns:
        conn.client.finish_connect()
    path.rest()
    listener.close()
    for conn in conns:
        conn.client.recv()
        conn.reset_by("server", "app-abort")
    path.rest()


def reset_is_lost(path):
    """The server's program aborts, the reset is lost on the way, and the client goes on, to nobody."""
    conn = path.connect()
    conn.talk()
    path.cable(CLIENT_DOWN, lose_flags=RST, lose_count=1)
    conn.server.abort()
    path.rest()
    conn.client.send(b"still here " * 30)
    conn.client.recv(1)
    path.rest()
    conn.reset_by("server", "app-abort")
    conn.reset_by("server", "no-such-connection", at="client")


def killed_by_administrator(path, where="server"):
    """`ss -K`: somebody destroys the socket on a host, and the kernel says so to the other end."""
    conn = path.connect()
    conn.talk()
    getattr(path, where).run("ss", "-K", "state", "established")
    conn.side(where).recv(1)
    conn.side(OPPOSITE[where]).recv()
    path.rest()
    conn.reset_by(where, "app-abort")


SCENARIOS = [
    Scenario("refused", refused, {"v4": {}, "v6": V6, "other-ttls": OTHER_TTLS}),
    Scenario("app-abort", app_abort, {"server": {"by": "server"}, "client": {"by": "client"},
                                      "client-v6": {"by": "client", "ip": 6}, "nat": NAT,
                                      "no-timestamps": NO_TIMESTAMPS, "no-sack": NO_SACK,
                                      "other-ttls": OTHER_TTLS, "quick": {"rounds": 1},
                                      "client-nat": merge(NAT, {"by": "client"}),
                                      "tls": TLS, "tls-client": merge(TLS, {"by": "client"}),
                                      "after-pause": {"idle": 8, "by": "client"}}, seconds=10),
    Scenario("unread-data", unread_data, {"server": {}, "client": {"by": "client"},
                                          "killed": {"kill": True},
                                          "killed-client": {"kill": True, "by": "client"},
                                          "v6": V6, "no-timestamps": NO_TIMESTAMPS,
                                          "nat": merge(NAT, {"by": "client"})}),
    Scenario("late-data", late_data, {"server": {}, "client": {"closed": "client"}, "v6": V6,
                                      "nat": NAT, "no-timestamps": NO_TIMESTAMPS, "later": {"idle": 5}}, seconds=6),
    Scenario("keepalive-race", keepalive_race, {"v4": {}, "v6": {"ip": 6, "idle": 15}, "nat": NAT}, seconds=20),
    Scenario("no-such-connection", no_such_connection, {"server": {}, "client": {"forgetful": "client"},
                                                        "v6": V6, "no-timestamps": NO_TIMESTAMPS}),
    Scenario("abort-rst-lost", reset_is_lost, {"server": {}}),
    Scenario("abort-after-fin", abort_after_fin, {"client": {}, "server": {"by": "server"}, "v6": V6}),
    Scenario("connect-cancelled", connect_cancelled, {"v4": {}, "v6": V6}),
    Scenario("probe", probe, {"once": {}, "every": {"times": 4}, "v6": {"ip": 6, "times": 3}}, seconds=10),
    Scenario("listener-closed", listener_closed, {"one": {}, "several": {"count": 4}}),
    Scenario("socket-destroyed", killed_by_administrator, {
        "server": {}, "client": {"where": "client"}, "tls": TLS}),
]
