"""Connections that end as they should, and the resets that only tidy up afterwards."""
import time

from conn import OPPOSITE
from programs import held_by_process
from scenario import NAT, NO_SACK, NO_TIMESTAMPS, OTHER_TTLS, TLS, V6, Scenario, merge
from topology import CLIENT_UP, SERVER_DOWN


def close_by_fin(path, first="client", rounds=2, answer=900, pause=0.0):
    conn = path.connect()
    conn.talk(rounds, answer=answer)
    conn.close_both(first, pause)
    conn.orderly(first)


def close_at_once(path):
    """Both FINs are on the way before either arrives."""
    conn = path.connect()
    conn.talk()
    conn.client.shutdown_write()
    conn.server.shutdown_write()
    path.rest()
    conn.client.read_to_end()
    conn.server.read_to_end()
    conn.client.close()
    conn.server.close()
    path.rest()
    conn.orderly("none", "simultaneous")


def half_close(path, first="client", pieces=6):
    """One end has no more to say; the other goes on for a while and then closes too."""
    conn = path.connect()
    conn.talk(1)
    other = OPPOSITE[first]
    conn.side(first).shutdown_write()
    conn.side(other).read_to_end()
    for _ in range(pieces):
        conn.say(other, 500)
        time.sleep(0.15)
    conn.side(other).close()
    conn.side(first).read_to_end()
    conn.side(first).close()
    path.rest()
    conn.orderly(first, "half-close")


def farewell_to_closed(path):
    """The client closes; the server answers the end of the stream with a last message, as TLS does, and
    closes. Both FINs are out before the client's host can reset what nobody reads any more."""
    conn = path.connect()
    conn.talk()
    conn.client.close()
    conn.server.read_to_end()
    conn.server.send(b"\x15\x03\x03\x00\x1a" + bytes(range(0x40, 0x5a)), more=True)
    conn.server.close()
    path.rest()
    conn.orderly("client", "rst-after-close", "harmless")


def repeated_fin_to_forgotten(path):
    """The last acknowledgement is lost and the client keeps no TIME-WAIT: the FIN comes again, to nobody."""
    conn = path.connect()
    conn.talk()
    conn.client.shutdown_write()
    conn.server.read_to_end()
    path.rest()
    path.cable(CLIENT_UP, lose_bare=1, lose_count=1)
    conn.server.close()
    conn.client.read_to_end()
    conn.client.close()
    time.sleep(0.6)
    path.rest()
    conn.orderly("client", "rst-after-close", "harmless")


def killed_with_nothing_unread(path, who="server"):
    """SIGKILL is no abort: the kernel closes for the dead, and with nothing unread that is a FIN."""
    conn = path.connect()
    conn.talk()
    held_by_process(conn.side(who)).kill()
    conn.side(OPPOSITE[who]).read_to_end()
    conn.side(OPPOSITE[who]).close()
    path.rest()
    conn.orderly(who)


def killed_mid_transfer(path):
    """The sender's process dies in the middle; its kernel still sends what it was given, and a FIN."""
    conn = path.connect()
    conn.talk(1)
    conn.server.send(b"k" * 120000)
    held_by_process(conn.server).kill()
    conn.client.read_to_end()
    conn.client.close()
    path.rest()
    conn.orderly("server")


def time_wait_reuse(path):
    """The server's host still keeps TIME-WAIT when the same client port knocks again."""
    listener = path.listen()
    first = path.connect(listener, bind=50000)
    first.talk()
    first.close_both("server")
    first.orderly("server")
    time.sleep(1)
    second = path.connect(listener, bind=50000)
    second.talk()
    second.close_both("client")
    second.orderly("client")
    listener.close()


def lost_fin(path, first="client"):
    """The first FIN is lost and repeated: nothing but a delay."""
    conn = path.connect()
    conn.talk()
    path.cable(CLIENT_UP if first == "client" else SERVER_DOWN, lose_flags=1, lose_count=2)
    conn.close_both(first)
    conn.orderly(first, check=lambda flow: flow.fins == 2 and not flow.rst)


SCENARIOS = [
    Scenario("fin", close_by_fin, {
        "client": {"first": "client", "offload": True, "capture": {"client": {"interface": "eth0"}}},
        "server": {"first": "server", "offload": False},
        "server-v6": {"first": "server", "ip": 6},
        "nat": NAT, "no-timestamps": NO_TIMESTAMPS, "no-sack": merge(NO_SACK, {"first": "server"}),
        "other-ttls": OTHER_TTLS, "slow-other": {"pause": 3, "first": "server"},
        "large": {"answer": 200000, "rounds": 1}, "large-v6": {"answer": 150000, "rounds": 1, "ip": 6},
        "lossy": {"answer": 60000, "loss": 0.03}, "lossy-no-sack": merge(NO_SACK, {"answer": 60000, "loss": 0.03}),
        "lossy-v6": {"answer": 60000, "loss": 0.03, "ip": 6},
        "jitter": {"answer": 40000, "jitter": 0.006, "first": "server"},
        "far": {"ms": (30, 110)}, "near": {"ms": (0.2, 0.4)}, "empty": {"rounds": 0},
        "tls": TLS, "tls-server": merge(TLS, {"first": "server", "answer": 20000}),
    }),
    Scenario("fin-simultaneous", close_at_once, {"v4": {}, "v6": {"ip": 6}}),
    Scenario("half-close", half_close, {"client": {"first": "client"}, "server": {"first": "server"},
                                        "nat": NAT, "v6": V6}),
    Scenario("rst-after-close", farewell_to_closed, {"farewell": {}, "farewell-v6": {"ip": 6}}),
    Scenario("rst-to-repeated-fin", repeated_fin_to_forgotten, {
        "no-time-wait": {"sysctl": {"client": {"net.ipv4.tcp_max_tw_buckets": 0}}}}),
    Scenario("killed-fin", killed_with_nothing_unread, {"server": {"who": "server"},
                                                        "client": {"who": "client"}}),
    Scenario("killed-mid-transfer", killed_mid_transfer, {"v4": {}, "v6": V6}),
    Scenario("time-wait-reuse", time_wait_reuse, {"v4": {}, "v6": V6}),
    Scenario("lost-fin", lost_fin, {"client": {"first": "client"}, "server": {"first": "server"}}),
]
