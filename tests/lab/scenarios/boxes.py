"""Resets that no endpoint made: firewalls that reject, boxes that forge."""
from conn import CLIENT_SIDE, OPPOSITE, SERVER_SIDE
from inject import Injector
from pcapfile import ACK, RST
from scenario import NO_TIMESTAMPS, V6, Scenario


def rejected_in_flow(path, speaker="client"):
    """A rule appears in the router in the middle of a conversation: the next segment meets a reset."""
    conn = path.connect()
    conn.talk()
    port = "dport" if speaker == "client" else "sport"
    path.forward_rule(f"tcp {port} {path.port} reject with tcp reset")
    conn.side(speaker).send(b"is anybody there? " * 10)
    conn.side(speaker).recv(2)
    path.rest()
    near, far = (CLIENT_SIDE, SERVER_SIDE) if speaker == "client" else (SERVER_SIDE, CLIENT_SIDE)
    conn.ended("rst", "rejected", "middlebox", at=near)
    conn.open("idle", at=far)


def refused_by_firewall(path):
    """The router answers the SYN in the server's name. Nothing in these files tells it from the server."""
    path.forward_rule(f"tcp dport {path.port} reject with tcp reset")
    conn = path.dial()
    conn.client.finish_connect()
    path.rest()
    conn.ended("rst", "refused", "server", at=CLIENT_SIDE, place_hidden=True)
    conn.unseen(SERVER_SIDE)


def prohibited(path, kind="admin-prohibited"):
    """The router answers the SYN with an ICMP error in its own name."""
    family = "icmp" if path.ip == 4 else "icmpv6"
    path.forward_rule(f"tcp dport {path.port} reject with {family} {kind}")
    conn = path.dial()
    conn.client.finish_connect()
    path.rest()
    for place in CLIENT_SIDE:        # on the router, no packet of the server shows how far away it is
        conn.ended("rst", "rejected", "middlebox", at=place, place_hidden=place != "client",
                   check=lambda flow: flow.client.syn and not flow.server.packets)
    conn.unseen(SERVER_SIDE)


def injected(path, victims=("client", "server"), ttl=128, flags=RST | ACK, talks_on=False):
    """A box on the path resets one end or both. With `talks_on`, the end that was not told goes on."""
    box = Injector(path, ttl=ttl)
    conn = path.connect()
    conn.talk()
    box.watch(path.port)
    for victim in victims:
        box.reset(victim, flags=flags)
    path.rest()
    for victim in victims:
        conn.side(victim).recv(1)
    conn.ended("rst", "injected", "middlebox")
    if talks_on:
        _other_end_goes_on(path, conn, victims[0])


def _other_end_goes_on(path, conn, victim):
    """What it sends is answered by the victim's host, truthfully: no such connection here any more."""
    other = OPPOSITE[victim]
    conn.side(other).send(b"the other end knows nothing of it " * 9)
    path.rest()
    conn.side(other).recv(1)
    conn.reset_by(victim, "no-such-connection",
                  at=SERVER_SIDE if other == "server" else CLIENT_SIDE)


def forged_in_vain(path, victim="client", offset=5_000_000):
    """A forged reset with the wrong number: the connection lives on and closes as it should."""
    box = Injector(path, ttl=128)
    conn = path.connect()
    conn.talk()
    box.watch(path.port)
    box.reset(victim, offset, RST)
    path.rest()
    conn.talk()
    conn.close_both("client")
    conn.orderly("client", check=lambda flow: flow.fins == 2)
    seen = CLIENT_SIDE if victim == "client" else SERVER_SIDE
    conn.orderly("client", at=seen, check=lambda flow: flow.fins == 2 and flow.rst == 1)


SCENARIOS = [
    Scenario("rejected", rejected_in_flow, {"v4": {}, "v6": {"ip": 6}, "server-speaks": {"speaker": "server"}}),
    Scenario("refused-by-firewall", refused_by_firewall, {"v4": {}, "v6": V6}),
    Scenario("prohibited", prohibited, {"v4": {}, "v6": {"ip": 6}}),
    Scenario("injected", injected, {
        "both": {}, "both-v6": {"ip": 6, "ttl": 255},
        "no-timestamps": NO_TIMESTAMPS, "bare": {"flags": RST, "ttl": 250},
        "client": {"victims": ("client",), "talks_on": True},
        "client-v6": {"victims": ("client",), "talks_on": True, "ip": 6},
        "server": {"victims": ("server",), "talks_on": True, "flags": RST, "ttl": 64},
    }),
    Scenario("forged-in-vain", forged_in_vain, {
        "out-of-window": {}, "in-window": {"offset": 1000}, "to-server": {"victim": "server", "offset": 2000}}),
]
