"""What a stateful box on the path does to connections that are quiet for long, and what it does not do."""
import time

from conn import CLIENT_SIDE, OPPOSITE, SERVER_SIDE
from inject import Injector
from scenario import Scenario

TIMER = 60                           # the box forgets after so long
IDLE = 72                            # the applications are quiet for so long
PATIENCE = {"net.ipv4.tcp_retries2": 6}
IMPATIENT = {"sysctl": {"client": PATIENCE, "server": PATIENCE}}
SIDE_OF = {"client": CLIENT_SIDE, "server": SERVER_SIDE}


def forgotten(path, speaker="client", on_unknown="drop", cause="silent", idle=IDLE):
    """The firewall has forgotten the connection when one end speaks again."""
    path.stateful(TIMER, on_unknown)
    conn = path.connect()
    conn.talk()
    time.sleep(idle)
    conn.side(speaker).send(b"are you still there? " * 12)
    conn.side(speaker).recv(40)
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
    moved = _Moved(path, conn)
    conn.client.send(b"same client, other port " * 8)
    conn.client.recv(3)
    path.rest()
    conn.ended("middlebox-idle-drop", "rebound", "middlebox", at=CLIENT_SIDE)
    conn.open("idle", at=SERVER_SIDE)
    moved.appears()


class _Moved:
    """The same connection under its second name, as the server's side of the NAT sees it."""

    def __init__(self, path, conn):
        self.path, self.conn = path, conn

    def appears(self):
        from conn import Conn
        other = Conn(self.path, self.conn.client, None)
        other.server_view = self._new_name()
        other.reset_by("server", "no-such-connection", at=SERVER_SIDE)
        other.unseen(CLIENT_SIDE)
        self.path.conns.append(other)

    def _new_name(self):
        import pcapfile
        self.path.captures["router-server"].stop()
        names = [seg.src for seg in pcapfile.segments(self.path.file("router-server"))
                 if seg.dst == self.conn.client.remote]
        return names[-1]


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
        "client-speaks": dict(IMPATIENT), "server-speaks": {"speaker": "server", **IMPATIENT},
        "client-speaks-v6": {"ip": 6, **IMPATIENT}}, seconds=105),
    Scenario("idle-rst-late", forgotten, {
        "client-speaks": {"on_unknown": "reject with tcp reset", "cause": "rst-late"},
        "server-speaks": {"on_unknown": "reject with tcp reset", "cause": "rst-late", "speaker": "server"},
        "client-speaks-v6": {"on_unknown": "reject with tcp reset", "cause": "rst-late", "ip": 6},
    }, seconds=80),
    Scenario("idle-rst-both", reset_at_expiry, {"v4": {}, "v6": {"ip": 6, "ttl": 64}}, seconds=70),
    Scenario("idle-rebound", rebound, {"v4": {"nat": "fully-random"}}, seconds=80),
    Scenario("idle-survives", survives, {"v4": {}, "v6": {"ip": 6, "first": "server"}}, seconds=80),
    Scenario("idle-kept-alive", kept_alive, {"v4": {}}, seconds=80),
    Scenario("idle-limit", server_idle_limit, {"fin": {}, "rst": {"hard": True}}, seconds=70),
]
