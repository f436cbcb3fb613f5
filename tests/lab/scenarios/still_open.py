"""Captures that end before the connection does."""
import time

from plan import PLACES
from scenario import NAT, TLS, V6, Scenario
from scenarios.missing import stream


def in_full_flow(path, who="server"):
    conn = path.connect()
    stream(conn, who, 3)
    conn.open("active")


def quiet(path, seconds=20):
    conn = path.connect()
    conn.talk()
    time.sleep(seconds)
    path.tick()
    conn.open("idle")


def waiting(path, who="client", seconds=1.0):
    """Data is out and unanswered, but not for long."""
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.side(who).send(b"s" * 500)
    time.sleep(seconds)
    near = PLACES[:3] if who == "client" else ("server",)
    conn.open("idle")
    conn.open("stalled", at=near, check=lambda flow: 1 <= flow.client.repeats + flow.server.repeats < 5)


SCENARIOS = [
    Scenario("open-active", in_full_flow, {"download": {}, "upload": {"who": "client"}, "v6": V6, "nat": NAT,
                                          "tls": TLS}, seconds=6),
    Scenario("open-idle", quiet, {
        "short": {}, "long": {"seconds": 90}, "v6": {"ip": 6, "seconds": 70}}, seconds=92),
    Scenario("open-stalled", waiting, {"client": {}, "server": {"who": "server"}}, seconds=4),
]
