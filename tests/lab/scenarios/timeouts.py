"""A sender that gives up waiting; and those that only had to wait a little."""
import time

from conn import CLIENT_SIDE, MIDDLE, OPPOSITE
from pcapfile import FIN, SYN
from plan import PLACES
from scenario import NAT, NO_SACK, NO_TIMESTAMPS, PATIENCE, V6, Scenario, merge
from topology import CLIENT_DOWN, CLIENT_LEG, CLIENT_UP, SERVER_DOWN, SERVER_LEG, SERVER_UP

BEFORE_CUT = PLACES[:3]            # places from which a client's vain repeats are seen: cut behind the router


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
    conn.unseen([place for place in PLACES if place not in seen])


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
    behind = {CLIENT_UP: PLACES[1:], SERVER_UP: PLACES[3:], CLIENT_DOWN: PLACES[:1],
              SERVER_DOWN: PLACES[:3]}
    cut = set(pipes) if isinstance(pipes, tuple) else {pipes}
    own = {"client": (CLIENT_UP, SERVER_UP), "server": (CLIENT_DOWN, SERVER_DOWN)}[who]
    for pipe in own:
        if pipe in cut:
            conn.open("idle", at=behind[pipe])


def both_speak_into_the_void(path):
    """Both ends have something to say when the path goes."""
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.server.send(b"s" * 700)
    conn.client.send(b"c" * 300)
    conn.client.recv(70)
    conn.server.recv(5)
    path.tick()
    conn.ended("retransmit-timeout", "data", "path")


def fin_unanswered(path, who="client"):
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.side(who).close()
    time.sleep(60)
    path.tick()
    conn.ended("retransmit-timeout", "fin", "path")
    conn.open("idle", at=("server",) if who == "client" else BEFORE_CUT)


def one_fin_never_arrives(path):
    """A filter eats the server's FIN for good; everything else passes."""
    conn = path.connect()
    conn.talk()
    path.cable(SERVER_DOWN, lose_flags=FIN, lose_count=-1)
    conn.client.shutdown_write()
    conn.server.recv()
    path.rest()
    conn.server.close()
    time.sleep(70)
    path.tick()
    conn.ended("missing-fin", "half-closed", "server", at=BEFORE_CUT)
    conn.ended("retransmit-timeout", "fin", "path", at="server")


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


def closed_window_for_ever(path):
    """The reader never reads again, but its host answers every probe: nobody gives up."""
    conn = path.connect(server={"receive_buffer": 4096})
    conn.talk(1)
    conn.client.send(b"z" * 40000)
    time.sleep(60)
    path.tick()
    conn.open("stalled")


def impatient_program(path):
    """The path is gone, but it is the program that gives up: it aborts long before its host would."""
    conn = path.connect()
    conn.talk()
    path.cut()
    conn.client.send(b"i" * 400)
    time.sleep(1.1)
    conn.client.abort()
    path.rest()
    conn.reset_by("client", "app-abort", at=BEFORE_CUT)
    conn.open("idle", at="server")


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


def mtu_is_told(path):
    """The same small hop, but the router says so: the sender cuts smaller and all arrives."""
    path.router.ip("link set eth1 mtu 1300")
    conn = path.connect()
    conn.talk()
    conn.say("client", 9000)
    conn.talk(1)
    conn.close_both("client")
    conn.orderly("client")


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
        "client": PATIENCE, "server": {"who": "server", **PATIENCE},
        "near-client": {"pipes": CLIENT_LEG, **PATIENCE},
        "acks-lost": {"pipes": SERVER_DOWN, **PATIENCE},
        "no-timestamps": merge(PATIENCE, NO_TIMESTAMPS), "no-sack": merge(PATIENCE, NO_SACK, {"who": "server"}),
        "large": {"size": 40000, **PATIENCE}, "nat": merge(PATIENCE, NAT), "v6": merge(PATIENCE, V6),
        "user-timeout": {"user_timeout_ms": 20000, "ip": 6}}, seconds=60),
    Scenario("fin-timeout", fin_unanswered, {"client": PATIENCE,
                                             "server": {"who": "server", **PATIENCE}}, seconds=62),
    Scenario("both-timeout", both_speak_into_the_void, {"v4": PATIENCE, "v6": merge(PATIENCE, V6)}, seconds=60),
    Scenario("fin-lost-for-good", one_fin_never_arrives, {"server": PATIENCE}, seconds=75),
    Scenario("window-closed", closed_window_for_ever, {"v4": {}}, seconds=62),
    Scenario("impatient", impatient_program, {"v4": {}, "v6": V6}, seconds=4),
    Scenario("mtu-told", mtu_is_told, {"v4": {"offload": False}, "v6": {"ip": 6, "offload": False}}, seconds=4),
    Scenario("keepalive-timeout", keepalive_unanswered, {"client": {}, "server": {"who": "server"},
                                                         "client-v6": V6}, seconds=40),
    Scenario("zero-window-timeout", zero_window, {
        "client": {"sysctl": {"client": {"net.ipv4.tcp_retries2": 6}}}}, seconds=60),
    Scenario("pmtu-blackhole", big_segments_lost, {
        "upload": PATIENCE, "download": {"who": "server", **PATIENCE},
        "upload-v6": {"ip": 6, "limit": 1280, **PATIENCE}}, seconds=60),
    Scenario("outage-recovers", recovers, {"client": {}, "server": {"who": "server", "outage": 6}}, seconds=10),
    Scenario("syn-recovers", syn_recovers, {"v4": {}}, seconds=5),
    Scenario("window-reopens", window_reopens, {"v4": {}}, seconds=6),
]
