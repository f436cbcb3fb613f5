"""Connections that are over although one or both FINs never came."""
import time

from conn import OPPOSITE
from plan import PLACES
from scenario import NAT, NO_TIMESTAMPS, TLS, V6, Scenario, merge
from topology import CLIENT_LEG, SERVER_LEG

LONG = 66                            # a silence that is long enough to mean something


def half_closed(path, first="client"):
    """One end closes; the other's program never does."""
    conn = path.connect()
    conn.talk()
    conn.side(first).shutdown_write()
    conn.side(OPPOSITE[first]).recv()
    time.sleep(LONG)
    path.tick()
    conn.ended("missing-fin", "half-closed", OPPOSITE[first])


def stream(conn, who, seconds, pause=0.02, size=240):
    """A steady flow without a pause worth the name, so that a long one stands out."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        conn.say(who, size)
        time.sleep(pause)


def vanished(path, who="server"):
    """A host loses power in full flow. Its own capture ends with it; the others see the flow stop."""
    conn = path.connect()
    stream(conn, who, 3.5)
    path.rest()
    path.captures[who].stop()
    path.cut(SERVER_LEG if who == "server" else CLIENT_LEG)
    getattr(path, who).forget_connections()
    time.sleep(LONG)
    path.tick()
    conn.ended("missing-fin", "vanished", "unknown")
    conn.open("active", at=who)


def reused(path, both_forget=True):
    """A new connection on the same ports, and the old one was never closed."""
    listener = path.listen()
    conn = path.connect(listener, bind=40000 + path.draw(0, 9999))
    conn.talk()
    path.client.forget_connections()
    if both_forget:
        path.server.forget_connections()
    conn.client.close()
    time.sleep(1)
    again = path.connect(listener, bind=conn.client.local[1])
    again.talk()
    again.close_both("client")
    listener.close()
    conn.ended("missing-fin", "reused", "client", at=PLACES, check=lambda flow: not flow.fins)
    again.orderly("client", check=lambda flow: flow.fins == 2)


SCENARIOS = [
    Scenario("half-closed", half_closed, {"client": {}, "server": {"first": "server"},
                                          "client-v6": V6, "nat": merge(NAT, {"first": "server"}), "tls": TLS}, seconds=70),
    Scenario("vanished", vanished, {"server": {}, "client": {"who": "client"}, "server-v6": V6,
                                    "no-timestamps": NO_TIMESTAMPS, "tls": TLS}, seconds=75),
    Scenario("reused", reused, {"both-forget": {}, "client-forgets": {"both_forget": False}}, seconds=4),
]
