"""What a stateful box on the path does to connections that are quiet for long, and what it does not do."""
import time

import pcapfile
from conn import CLIENT_SIDE, OPPOSITE, SERVER_SIDE, Conn
from inject import Injector
from scenario import NAT, NO_TIMESTAMPS, PATIENCE, TLS, Scenario, merge

TIMER = 60                           # the box forgets after so long
IDLE = 72                            # the applications are quiet for so long
SIDE_OF = {"client": CLIENT_SIDE, "server": SERVER_SIDE}


def forgotten(path, speaker="client", on_unknown="drop", cause="silent", idle=IDLE):
    """The firewall has forgotten the connection when one end speaks again."""
    path.stateful(TIMER, on_unknown)
    conn = path.connect()
    conn.talk()
    time.sleep(idle)
    conn.side(speaker).send(b"are you still there? " * 12)
    conn.side(speaker).recv(60)
    path.tick()
    conn.ended("middlebox-idle-drop", cause, "middlebox", at=SIDE_OF[speaker])
    conn.open("idle", at=SIDE_OF[OPPOSITE[speaker]])


def reset_at_expiry(path, ttl=255, exactly=TIMER + 2):
    """A load balancer that tells both ends when its idle timer runs out."""
    box = Injector(path, ttl=ttl)
    conn = path.connect()
    conn.talk()
    path.rest()
    box.watch(path.port)
    time.sleep(exactly)
    box.reset("client")
    box.reset("server")
    path.rest()
    conn.client.recv(1)
    conn.server.recv(1)
    conn.ended("middlebox-idle-drop", "rst-both", "middlebox")


def rebound(path):
    """The NAT has forgotten the connection and gives it another port: the server knows no such caller."""
    path.router.sysctl({"net.netfilter.nf_conntrack_tcp_timeout_established": TIMER})
    conn = path.connect()
    conn.talk()
    time.sleep(IDLE)
    conn.client.send(b"same client, other port " * 8)
    conn.client.recv(3)
    path.rest()
    conn.ended("middlebox-idle-drop", "rebound", "middlebox", at=CLIENT_SIDE)
    conn.open("idle", at=SERVER_SIDE)
    path.conns.append(_under_its_new_name(path, conn))


def _under_its_new_name(path, conn):
    """The same connection as the server's side of the NAT sees it: a stranger's data, and a reset."""
    name = pcapfile.segments(path.file("router-server"))[-1]
    stranger = name.dst if name.src == conn.client.remote else name.src
    other = Conn(path, conn.client, views={place: (stranger, conn.client.remote) for place in SERVER_SIDE})
    return other.reset_by("server", "no-such-connection", at=SERVER_SIDE).unseen(CLIENT_SIDE)


def many_idle_times(path, gaps=(20, 35, 48, 55, 64, 75, 90)):
    """Several connections under one timer: the longest survivor and the shortest casualty bracket it."""
    path.stateful(TIMER, "drop")
    conns = dict(zip(gaps, path.connect_many(len(gaps))))
    opened = time.monotonic()
    for gap, conn in conns.items():
        time.sleep(max(0, opened + gap - time.monotonic()))
        if gap < TIMER:
            conn.talk(1)
            conn.close_both("client")
            conn.orderly("client")
        else:
            conn.client.send(b"are you still there? " * 12)
            conn.ended("middlebox-idle-drop", "silent", "middlebox", at=CLIENT_SIDE)
            conn.open("idle", at=SERVER_SIDE)
    time.sleep(45)
    path.tick()


# Controls: long idle times that are no box's doing.

def survives(path, idle=IDLE, first="client"):
    """Quiet for as long, and nobody minds."""
    conn = path.connect()
    conn.talk()
    time.sleep(idle)
    conn.talk(1)
    conn.close_both(first)
    conn.orderly(first)


def kept_alive(path):
    """The same firewall, but keepalive probes keep its entry fresh."""
    path.stateful(TIMER, "drop")
    conn = path.connect(client={"keepalive": (20, 20, 9)})
    conn.talk()
    time.sleep(IDLE)
    conn.talk(1)
    conn.close_both("client")
    conn.orderly("client", check=lambda flow: flow.fins == 2 and not flow.rst and flow.client.probes >= 3)


def server_idle_limit(path, hard=False, limit=65):
    """The server's program has an idle limit of its own and says goodbye, softly or hard."""
    conn = path.connect()
    conn.talk()
    time.sleep(limit)
    if hard:
        conn.server.abort()
        conn.client.recv(1)
        path.rest()
        conn.reset_by("server", "app-abort")
    else:
        conn.close_both("server")
        conn.orderly("server")


SCENARIOS = [
    Scenario("idle-silent", forgotten, {
        "client-speaks": PATIENCE, "server-speaks": {"speaker": "server", **PATIENCE},
        "client-speaks-v6": {"ip": 6, **PATIENCE},
        "nat": merge(PATIENCE, NAT), "no-timestamps": merge(PATIENCE, NO_TIMESTAMPS),
        "long": {"idle": 120, **PATIENCE}}, seconds=150),
    Scenario("idle-many", many_idle_times, {"v4": PATIENCE}, seconds=150),
    Scenario("idle-rst-late", forgotten, {
        "client-speaks": {"on_unknown": "reject with tcp reset", "cause": "rst-late"},
        "server-speaks": {"on_unknown": "reject with tcp reset", "cause": "rst-late", "speaker": "server"},
        "nat": {"on_unknown": "reject with tcp reset", "cause": "rst-late", **NAT},
        "client-speaks-v6": {"on_unknown": "reject with tcp reset", "cause": "rst-late", "ip": 6},
    }, seconds=80),
    Scenario("idle-rst-both", reset_at_expiry, {"v4": {}, "v6": {"ip": 6, "ttl": 64}}, seconds=70),
    Scenario("idle-rebound", rebound, {
        "v4": {"nat": "fully-random"}, "v6": {"nat": "fully-random", "ip": 6}}, seconds=80),
    Scenario("idle-survives", survives, {"v4": {}, "v6": {"ip": 6, "first": "server"}, "tls": TLS}, seconds=80),
    Scenario("idle-kept-alive", kept_alive, {"v4": {}}, seconds=80),
    Scenario("idle-limit", server_idle_limit, {
        "fin": {}, "rst": {"hard": True}, "fin-tls": TLS, "rst-v6": {"hard": True, "ip": 6}}, seconds=70),
]
