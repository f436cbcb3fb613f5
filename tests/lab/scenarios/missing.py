"""Connections that are over although one or both FINs never came."""
import time

from conn import OPPOSITE, message
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


def stream(conn, who, seconds, beat=0.05, size=240):
    """A steady flow, beat by beat, so that its sudden end stands out."""
    data, other, started = message(size), OPPOSITE[who], time.monotonic()
    for number in range(int(seconds / beat)):
        time.sleep(max(0, started + number * beat - time.monotonic()))
        if conn.tls:
            conn.tls.say(who, data)
        else:
            conn.side(who).send(data)
            conn.side(other).recv(0)


def push(conn, who, seconds):
    """As much as the other's small window lets through."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        conn.side(who).send(b"p" * 3000, timeout=0)
        conn.side(OPPOSITE[who]).recv(0.01)


def vanished(path, who="server", flow=stream):
    """A host loses power in full flow. Its own capture ends with it; the others see the flow stop."""
    conn = path.connect(client={"receive_buffer": 8192})
    flow(conn, who, 4)
    path.captures[who].stop()
    path.cut(SERVER_LEG if who == "server" else CLIENT_LEG)
    getattr(path, who).forget_connections()
    time.sleep(LONG)
    path.tick()
    conn.ended("missing-fin", "vanished", "unknown")
    conn.open("active", at=who)


def reused(path, both_forget=True):
    """A new connection on the same ports, and the old one was never closed. A server that still knew the old
    one asks back, and the client's reset ends it: the client's host no longer knew that connection."""
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
    again.orderly("client", check=lambda flow: flow.fins == 2)
    if both_forget:
        conn.ended("missing-fin", "reused", "client", check=lambda flow: not flow.fins and not flow.rst)
    else:                            # the reset stands behind the new SYN, so it is counted with the new one
        conn.reset_by("client", "no-such-connection", check=lambda flow: not flow.fins)
        again.orderly("client", check=lambda flow: flow.fins == 2 and flow.client.rst == 1)


SCENARIOS = [
    Scenario("half-closed", half_closed, {"client": {}, "server": {"first": "server"},
                                          "client-v6": V6, "nat": merge(NAT, {"first": "server"}), "tls": TLS}, seconds=70),
    Scenario("vanished", vanished, {"server": {}, "client": {"who": "client"}, "server-v6": V6,
                                    "no-timestamps": NO_TIMESTAMPS, "tls": TLS,
                                    "bulk": {"flow": push, "capture": {"all": {"snaplen": 96}}}}, seconds=75),
    Scenario("reused", reused, {"both-forget": {}, "client-forgets": {"both_forget": False}}, seconds=4),
]
