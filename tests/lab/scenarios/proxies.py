"""Proxies on the router: two connections, of which one dies because the other did."""
import os
import time

from conn import CLIENT_SIDE, SERVER_SIDE
from programs import Daemon
from scenario import V6, Scenario
from scenarios.web import at, nginx

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def nginx_proxy(path, directives=""):
    upstream = at(path.server_ip, path.port)
    return nginx(path, path.router, path.client_gate, directives,
                 f"location / {{ proxy_pass http://{upstream}; }}")


def haproxy(path, extra="", server_options=""):
    conf = os.path.join(path.scratch, "haproxy.cfg")
    with open(conf, "w", encoding="ascii") as file:
        file.write(f"global\n maxconn 50\ndefaults\n mode tcp\n timeout connect 3s\n timeout client 4s\n"
                   f" timeout server 4s\n{extra}\nlisten lab\n bind {at(path.client_gate, path.port)}\n"
                   f" server one {at(path.server_ip, path.port)} {server_options}\n")
    return Daemon(path, path.router, ["haproxy", "-db", "-f", conf], path.port)


def near_leg(path):
    """From the client to the proxy: on the router's client side, the capture is the server's own."""
    conn = path.call(to=path.client_gate)
    conn.where["router-client"] = "server"
    return conn.unseen(SERVER_SIDE)


def far_leg(path, server=None):
    """From the proxy to the server: on the router's server side, the capture is the client's own."""
    conn, = path.found("router-server", (path.server_ip, path.port), where={"router-server": "client"})
    conn.server = server
    return conn.unseen(CLIENT_SIDE)


def upstream_aborts(path):
    """The server behind the proxy aborts before it answers; the client is told 502, in good order."""
    listener = path.listen()
    nginx_proxy(path)
    near = near_leg(path)
    near.client.send(b"GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n")
    server = listener.accept()
    server.recv()
    server.abort()
    near.client.recv()
    path.rest()
    near.client.close()
    path.rest()
    far_leg(path, server).reset_by("server", "app-abort", at=SERVER_SIDE)
    near.orderly("client", at=CLIENT_SIDE)


def upstream_is_slow(path):
    """The proxy loses patience and closes; the late answer meets a closed end."""
    listener = path.listen()
    nginx_proxy(path, "proxy_read_timeout 2;")
    near = near_leg(path)
    near.client.send(b"GET / HTTP/1.1\r\nHost: lab.example\r\nConnection: close\r\n\r\n")
    server = listener.accept()
    server.recv()
    near.client.read_to_end()
    near.client.close()
    server.recv()
    server.send(RESPONSE)
    path.rest()
    far_leg(path, server).reset_by("client", "late-data", at=SERVER_SIDE)
    near.orderly("server", at=CLIENT_SIDE)


def client_leaves(path):
    """The client aborts while it waits; the proxy closes the other leg, in good order."""
    listener = path.listen()
    nginx_proxy(path)
    near = near_leg(path)
    near.client.send(b"GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n")
    server = listener.accept()
    server.recv()
    time.sleep(0.5)
    near.client.abort()
    server.read_to_end()
    server.close()
    path.rest()
    far_leg(path, server).orderly("client", at=SERVER_SIDE)
    near.reset_by("client", "app-abort", at=CLIENT_SIDE)


def all_is_well(path):
    listener = path.listen()
    nginx_proxy(path)
    near = near_leg(path)
    near.client.send(b"GET / HTTP/1.1\r\nHost: lab.example\r\nConnection: close\r\n\r\n")
    server = listener.accept()
    server.recv()
    server.send(RESPONSE)
    near.client.read_to_end()
    near.client.close()
    server.read_to_end()
    server.close()
    path.rest()
    far_leg(path, server).orderly("client", at=SERVER_SIDE)
    near.orderly("server", at=CLIENT_SIDE)


def proxy_idle_limit(path):
    """A TCP proxy's idle limit: a FIN to the client, but a FIN and at once a reset to the server, because
    HAProxy does not linger where it was the client."""
    listener = path.listen()
    haproxy(path)
    near = near_leg(path)
    near.client.send(b"hello, proxy")
    server = listener.accept()
    server.recv()
    server.send(b"hello, client")
    near.client.recv()
    server.read_to_end(8)
    time.sleep(0.5)                  # whatever else comes must find the server still there
    server.close()
    near.client.read_to_end(3)
    near.client.close()
    path.rest()
    far_leg(path, server).reset_by("client", "abort-after-fin", at=SERVER_SIDE)
    near.orderly("server", at=CLIENT_SIDE)


def health_checks(path, seconds=7):
    """HAProxy looks whether the server is alive: it connects, and resets at once, every two seconds."""
    listener = path.listen()
    haproxy(path, server_options="check inter 2s")
    time.sleep(seconds)
    path.rest()
    for conn in path.found("router-server", (path.server_ip, path.port), where={"router-server": "client"}):
        conn.reset_by("client", "probe", "harmless", at=SERVER_SIDE).unseen(CLIENT_SIDE)
    listener.close()


SCENARIOS = [
    Scenario("proxy-502", upstream_aborts, {"v4": {}, "v6": V6}, 4, ("nginx",)),
    Scenario("proxy-504", upstream_is_slow, {"v4": {}}, 6, ("nginx",)),
    Scenario("proxy-499", client_leaves, {"v4": {}}, 4, ("nginx",)),
    Scenario("proxy-ok", all_is_well, {"v4": {}, "v6": V6}, 4, ("nginx",)),
    Scenario("haproxy-idle-limit", proxy_idle_limit, {"v4": {}}, 8, ("haproxy",)),
    Scenario("haproxy-checks", health_checks, {"v4": {}}, 10, ("haproxy",)),
]
