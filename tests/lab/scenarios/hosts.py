"""What happens to all connections of a host at once."""
import time

from conn import CLIENT_SIDE
from plan import PLACES
from programs import held_by_process
from scenario import PATIENCE, V6, Scenario, merge
from topology import CLIENT_LEG, SERVER_LEG


def outage(path, count=6, seconds=4):
    """Wi-Fi loses the client for a while: everything stalls in the same instant, and comes back."""
    conns = path.connect_many(count)
    path.cut(CLIENT_LEG)
    for conn in conns:
        conn.client.send(b"o" * 600)
    time.sleep(seconds)
    path.mend(CLIENT_LEG)
    for conn in conns:
        conn.server.recv_exactly(600)
        conn.talk(1)
        conn.close_both("client")
        conn.orderly("client")


def outage_for_good(path, count=5):
    """The client's radio is gone and does not return; every connection of the host dies of it."""
    conns = path.connect_many(count)
    path.cut(CLIENT_LEG)
    for conn in conns:
        conn.client.send(b"o" * 600)
    for conn in conns:
        conn.client.recv(60)
    path.tick()
    for conn in conns:
        conn.ended("retransmit-timeout", "data", "path", at="client")
        conn.open("idle", at=PLACES[1:])


def new_address(path, count=4):
    """The client comes back with another address. What the server still sends to the old one is lost."""
    conns = path.connect_many(count)
    _move_client(path)
    for conn in conns:
        conn.server.send(b"news for the old address " * 20)
        conn.ended("retransmit-timeout", "data", "path")
    for conn in path.connect_many(count):
        conn.close_both("client")
        conn.orderly("client")
    for conn in conns:
        conn.server.recv(60)
    path.tick()


def _move_client(path):
    old, bits, nodad = path.client_ip, *((24, "") if path.ip == 4 else (64, "nodad"))
    new = "192.0.2.7" if path.ip == 4 else "2001:db8:a::7"
    path.client.ip(f"addr del {old}/{bits} dev eth0", f"addr add {new}/{bits} dev eth0 {nodad}",
                   f"route replace default via {path.client_gate}",
                   f"neigh replace {path.client_gate} dev eth0 nud permanent lladdr {path.router.mac('eth0')}")
    path.router.ip(f"neigh replace {new} dev eth0 nud permanent lladdr {path.client.mac('eth0')}")


def link_bounces(path, seconds=3):
    """The client's interface goes down and up again; on Linux no connection minds."""
    conns = path.connect_many(3)
    path.client.ip("link set eth0 down")
    time.sleep(seconds)
    path.client.ip("link set eth0 up", f"route replace default via {path.client_gate}",
                   f"neigh replace {path.client_gate} dev eth0 nud permanent "
                   f"lladdr {path.router.mac('eth0')}")
    for conn in conns:
        conn.talk(1)
        conn.close_both("client")
        conn.orderly("client")


def server_restarts(path, count=6):
    """The server's process is killed under its connections; half of them had a request unread."""
    conns = path.connect_many(count)
    for conn in conns[::2]:
        conn.client.send(b"an unlucky request")
    path.rest()
    held_by_process(*[conn.server for conn in conns]).kill()
    for number, conn in enumerate(conns):
        conn.client.read_to_end()
        conn.client.close()
        if number % 2:
            conn.orderly("server")
        else:
            conn.reset_by("server", "unread-data")
    path.rest()
    _all_come_back(path, count)


def _all_come_back(path, count):
    for conn in path.connect_many(count):
        conn.close_both("client")
        conn.orderly("client")


def server_reboots(path, count=5, dark=3):
    """The server's host reboots: silence, and then a reset to everyone who still believes in the past."""
    conns = path.connect_many(count)
    path.cut(SERVER_LEG)
    path.server.forget_connections()
    time.sleep(dark)
    path.mend(SERVER_LEG)
    for conn in conns:
        conn.client.send(b"where were we? " * 15)
        conn.client.recv()
        conn.reset_by("server", "no-such-connection")
    path.rest()
    _all_come_back(path, count)


def server_gone_while_idle(path, count=3):
    """The server's host dies in silence. Nobody asks, so nobody knows."""
    conns = path.connect_many(count)
    path.rest()
    path.captures["server"].stop()
    path.cut(SERVER_LEG)
    time.sleep(66)
    path.tick()
    for conn in conns:
        conn.open("idle")


def neighbour_gone(path, seconds=20):
    """The server's host is gone from its Ethernet. The router, which does not believe its old MAC address any more, asks
    for it, drops what it cannot deliver, and says so to the client (ICMP 3/1), who goes on trying."""
    path.router.ip(f"neigh del {path.server_ip} dev eth1")
    conn = path.connect()
    conn.talk()
    path.captures["server"].stop()
    path.cut(SERVER_LEG)
    path.router.ip(f"neigh del {path.server_ip} dev eth1")
    conn.client.send(b"is anybody there? " * 10)
    conn.client.recv(seconds)
    conn.ended("retransmit-timeout", "data", "path", at=CLIENT_SIDE)
    conn.ended("missing-fin", "vanished", "server", at="router-server", check=lambda flow: not flow.fins and not flow.rst)
    conn.open("idle", at="server")


SCENARIOS = [
    Scenario("outage", outage, {"v4": {}, "long": {"seconds": 12}, "v6": V6}, seconds=15),
    Scenario("outage-for-good", outage_for_good, {"v4": PATIENCE}, seconds=60),
    Scenario("new-address", new_address, {"v4": PATIENCE, "v6": merge(PATIENCE, V6)}, seconds=60),
    Scenario("link-bounces", link_bounces, {"v4": {"capture": {"client": {"interface": "any"}}}}, seconds=6),
    Scenario("server-restarts", server_restarts, {"v4": {}, "v6": V6}, seconds=5),
    Scenario("server-reboots", server_reboots, {"v4": {}, "v6": V6}, seconds=8),
    Scenario("neighbour-gone", neighbour_gone, {"v4": {}, "v6": V6}, seconds=24),
    Scenario("gone-while-idle", server_gone_while_idle, {"v4": {}}, seconds=70),
]
