"""A sender that gives up waiting; and those that only had to wait a little."""
import time

from conn import CLIENT_SIDE, MIDDLE, OPPOSITE, SERVER_SIDE, VANTAGES
from path import CLIENT_DOWN, CLIENT_LEG, CLIENT_UP, SERVER_DOWN, SERVER_LEG, SERVER_UP, SYN
from scenario import Scenario

BEFORE_CUT = VANTAGES[:3]            # places from which a client's vain repeats are seen: cut behind the router
PATIENCE = {"net.ipv4.tcp_retries2": 7, "net.ipv4.tcp_orphan_retries": 7}
IMPATIENT = {"sysctl": {"client": PATIENCE, "server": PATIENCE}}


def syn_unanswered(path, where="cable", timeout=150):
    """Nobody answers: the SYN is lost behind the router, or the router's filter drops it."""
    if where == "cable":
        path.cut(SERVER_LEG)
    else:
        path.forward_rule(f"tcp dport {path.port} drop")
    conn = path.dial()
    conn.client.finish_connect(timeout)
    seen = BEFORE_CUT if where == "cable" else CLIENT_SIDE
    conn.ended("retransmit-timeout", "syn", "path", at=seen)
    conn.ended("retransmit-timeout", "syn", "path", at=[place for place in MIDDLE if place in seen],
               place_hidden=True)    # one direction only, and its TTL says no more than "not the client"
    conn.unseen([place for place in VANTAGES if place not in seen])


def syn_ack_lost(path):
    """SYNs arrive, no answer gets back: the client's side sees a mute server, the server a mute client."""
    listener = path.listen()
    path.cut(SERVER_DOWN)
    conn = path.dial()
    conn.client.finish_connect(150)
    listener.close()
    conn.ended("retransmit-timeout", "syn", "path", at="client")
    conn.ended("retransmit-timeout", "syn", "path", at=MIDDLE, place_hidden=True)
    conn.ended("retransmit-timeout", "syn-ack", "path", at="server")


def last_ack_lost(path):
    """The client believes it is connected; its acknowledgements never arrive, and it has nothing to say."""
    listener = path.listen()
    path.cable(SERVER_UP, lose_bare=1, lose_count=-1)
    conn = path.dial()
    conn.client.finish_connect()
    time.sleep(66)
    path.tick()
    listener.close()
    conn.ended("retransmit-timeout", "syn-ack", "path")


def data_unanswered(path, who="client", pipes=SERVER_LEG, size=500, user_timeout_ms=None, timeout=70):
    """Data goes into a black hole until the sender's patience ends. Linux gives up without a word."""
    conn = path.connect(client={"user_timeout_ms": user_timeout_ms} if who == "client" else None)
    conn.talk()
    path.cut(pipes)
    conn.side(who).send(b"d" * size)
    conn.side(who).recv(timeout)
    path.tick()
    conn.ended("retransmit-timeout", "data", "path")
    _place_blind(conn, who, pipes)


def _place_blind(conn, who, pipes):
    """Behind the cut the silence shows nothing but an idle connection."""
    behind = {CLIENT_UP: VANTAGES[1:], SERVER_UP: VANTAGES[3:], CLIENT_DOWN: VANTAGES[:1],
              SERVER_DOWN: VANTAGES[:3]}
    cut = set(pipes) if isinstance(pipes, tuple) else {pipes}
    own = {"client": (CLIENT_UP, SERVER_UP), "server": (CLIENT_DOWN, SERVER_DOWN)}[who]
    for pipe in own:
        if pipe in cut:
            conn.open("idle", at=behind[pipe])


def fin_unanswered(path, who="client"):
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.side(who).close()
    time.sleep(60)
    path.tick()
    conn.ended("retransmit-timeout", "fin", "path")
    conn.open("idle", at=("server",) if who == "client" else BEFORE_CUT)


def keepalive_unanswered(path, who="client"):
    """Short idle times, so that no timer of a box can be meant. The give-up is a reset into the void."""
    conn = path.connect(**{who: {"keepalive": (8, 3, 5)}})
    conn.talk()
    time.sleep(12)                   # one probe is answered
    path.cut()
    conn.side(who).recv(60)
    path.tick()
    seen = BEFORE_CUT if who == "client" else ("server",)
    conn.open("idle")
    conn.ended("retransmit-timeout", "keepalive", "path", at=seen,
               check=lambda flow: max(flow.client.probes, flow.server.probes) >= 5 and flow.rst == 1)


def zero_window(path):
    """A server that does not read closes its window, and then its host is gone."""
    conn = path.connect(server={"receive_buffer": 4096})
    conn.talk(1)
    conn.client.send(b"z" * 40000)
    time.sleep(0.9)
    path.cut()
    conn.client.recv(150)
    path.tick()
    conn.ended("retransmit-timeout", "zero-window", "path", at=BEFORE_CUT,
               check=lambda flow: flow.client.probes + flow.client.repeats >= 5)
    conn.open("stalled", at="server")


def big_segments_lost(path, who="client", limit=1200, size=6000):
    """A hop with a smaller MTU drops large packets and the ICMP error that would say so is filtered."""
    conn = path.connect()
    conn.talk(3)
    path.cable(SERVER_UP if who == "client" else SERVER_DOWN, max_len=limit)
    conn.side(who).send(b"b" * size)
    conn.side(who).recv(80)
    path.tick()
    conn.ended("retransmit-timeout", "pmtu-blackhole", "path")
    conn.open("stalled", at=("server",) if who == "client" else BEFORE_CUT)


def recovers(path, who="client", outage=2.5):
    """An outage that is shorter than anybody's patience ends nothing."""
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.side(who).send(b"r" * 800)
    time.sleep(outage)
    path.mend()
    conn.side(OPPOSITE[who]).recv_exactly(800)
    conn.talk(1)
    conn.close_both("client")
    conn.orderly("client")


def syn_recovers(path):
    """The first two SYNs are lost."""
    path.cable(CLIENT_UP, lose_flags=SYN, lose_count=2)
    conn = path.connect()
    conn.talk()
    conn.close_both("server")
    conn.orderly("server")


def window_reopens(path):
    """A reader that pauses: a closed window, probes, and then all goes on."""
    conn = path.connect(server={"receive_buffer": 4096})
    conn.talk(1)
    conn.client.send(b"w" * 30000)
    time.sleep(4)
    conn.server.recv_exactly(30000)
    conn.close_both("client")
    conn.orderly("client")


SCENARIOS = [
    Scenario("syn-timeout", syn_unanswered, {
        "cable": {},
        "filter": {"where": "filter", "sysctl": {"client": {"net.ipv4.tcp_syn_linear_timeouts": 0,
                                                            "net.ipv4.tcp_syn_retries": 5}}},
        "v6": {"ip": 6, "sysctl": {"client": {"net.ipv4.tcp_syn_linear_timeouts": 0,
                                              "net.ipv4.tcp_syn_retries": 5}}}}, seconds=135),
    Scenario("syn-ack-lost", syn_ack_lost, {
        "v4": {"sysctl": {"client": {"net.ipv4.tcp_syn_linear_timeouts": 0,
                                     "net.ipv4.tcp_syn_retries": 5}}}}, seconds=65),
    Scenario("syn-ack-timeout", last_ack_lost, {"v4": {}, "v6": {"ip": 6}}, seconds=70),
    Scenario("data-timeout", data_unanswered, {
        "client": dict(IMPATIENT), "server": {"who": "server", **IMPATIENT},
        "near-client": {"pipes": CLIENT_LEG, **IMPATIENT},
        "acks-lost": {"pipes": SERVER_DOWN, **IMPATIENT},
        "user-timeout": {"user_timeout_ms": 20000, "ip": 6}}, seconds=60),
    Scenario("fin-timeout", fin_unanswered, {"client": dict(IMPATIENT),
                                             "server": {"who": "server", **IMPATIENT}}, seconds=62),
    Scenario("keepalive-timeout", keepalive_unanswered, {"client": {}, "server": {"who": "server"}}, seconds=40),
    Scenario("zero-window-timeout", zero_window, {
        "client": {"sysctl": {"client": {"net.ipv4.tcp_retries2": 6}}}}, seconds=60),
    Scenario("pmtu-blackhole", big_segments_lost, {
        "upload": dict(IMPATIENT), "download": {"who": "server", **IMPATIENT},
        "upload-v6": {"ip": 6, "limit": 1280, **IMPATIENT}}, seconds=60),
    Scenario("outage-recovers", recovers, {"client": {}, "server": {"who": "server", "outage": 6}}, seconds=10),
    Scenario("syn-recovers", syn_recovers, {"v4": {}}, seconds=5),
    Scenario("window-reopens", window_reopens, {"v4": {}}, seconds=6),
]
