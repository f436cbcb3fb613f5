"""Resets by either end: refusals, aborts, and answers to those who do not know that it is over."""
import time

from conn import OPPOSITE
from programs import held_by_process
from scenario import Scenario


def refused(path):
    conn = path.dial()
    conn.client.finish_connect()
    path.rest()
    conn.ended("rst", "refused", "server")


def app_abort(path, by="server", idle=0):
    """SO_LINGER with zero time, then close; with `idle`, as an application's own idle limit."""
    conn = path.connect()
    conn.talk()
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


def listener_closed(path):
    """The server's program closes its listening socket while a connection waits to be accepted."""
    listener = path.listen()
    conn = path.dial()
    conn.client.finish_connect()
    path.rest()
    listener.close()
    conn.client.recv()
    path.rest()
    conn.reset_by("server", "app-abort")


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
    Scenario("refused", refused, {"v4": {}, "v6": {"ip": 6}}),
    Scenario("app-abort", app_abort, {"server": {"by": "server"}, "client": {"by": "client"},
                                      "client-v6": {"by": "client", "ip": 6}}),
    Scenario("unread-data", unread_data, {"server": {}, "client": {"by": "client"},
                                          "killed": {"kill": True}}),
    Scenario("late-data", late_data, {"server": {}, "client": {"closed": "client"}}),
    Scenario("keepalive-race", keepalive_race, {"v4": {}, "v6": {"ip": 6, "idle": 15}}, seconds=10),
    Scenario("no-such-connection", no_such_connection, {"server": {}, "client": {"forgetful": "client"}}),
    Scenario("abort-after-fin", abort_after_fin, {"client": {}, "server": {"by": "server"}}),
    Scenario("connect-cancelled", connect_cancelled, {"v4": {}}),
    Scenario("probe", probe, {"once": {}, "every": {"times": 4}}),
    Scenario("listener-closed", listener_closed, {"v4": {}}),
    Scenario("socket-destroyed", killed_by_administrator, {"server": {}, "client": {"where": "client"}}),
]
