"""nginx and curl as packaged: how they end connections without being told to by us."""
import os
import signal
import time

from programs import Daemon, client
from scenario import V6, Scenario

GET = b"GET /%s HTTP/1.1\r\nHost: lab.example\r\n%s\r\n"


def at(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def nginx(path, host, address, directives, server):
    """nginx with what matters to a story; a file /big of 2 MB lies in its folder."""
    with open(os.path.join(path.scratch, "big"), "wb") as file:
        file.write(os.urandom(2_000_000))
    conf = os.path.join(path.scratch, "nginx.conf")
    temp = "".join(f"{kind}_temp_path {path.scratch}/t_{kind};" for kind in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(conf, "w", encoding="ascii") as file:
        file.write(f"daemon off; user root; worker_processes 1; pid {path.scratch}/nginx.pid; "
                   f"error_log stderr warn; events {{ }} http {{ access_log off; {temp} {directives} "
                   f"server {{ listen {at(address, path.port)}; root {path.scratch}; {server} }} }}\n")
    return Daemon(path, host, ["nginx", "-p", path.scratch, "-c", conf, "-e", "stderr"], path.port)


def hello_nginx(path, directives="", server=""):
    return nginx(path, path.server, path.server_ip, directives,
                 'location = /hello { return 200 "hello from the laboratory\\n"; } ' + server)


def get(conn, what=b"hello", headers=b""):
    conn.client.send(GET % (what, headers))
    return conn.client.recv()


def nginx_idle_limit(path, limit=4):
    hello_nginx(path, f"keepalive_timeout {limit};")
    conn = path.call()
    get(conn)
    conn.client.read_to_end(limit + 3)
    conn.client.close()
    path.rest()
    conn.orderly("server")


def nginx_closes_after_answer(path):
    hello_nginx(path)
    conn = path.call()
    get(conn, headers=b"Connection: close\r\n")
    conn.client.read_to_end()
    conn.client.close()
    path.rest()
    conn.orderly("server")


def nginx_resets_the_slow(path):
    """reset_timedout_connection: half a request, and no more for too long."""
    hello_nginx(path, "reset_timedout_connection on; client_header_timeout 3;")
    conn = path.call()
    conn.client.send(b"GET /hello HTTP/1.1\r\nHost: lab.exa")
    conn.client.recv(8)
    path.rest()
    conn.reset_by("server", "app-abort")


def nginx_refuses_the_body(path):
    """An upload that is too large: nginx says so, listens for a while and closes; the client sends on."""
    hello_nginx(path, "client_max_body_size 1k; lingering_timeout 1s; keepalive_timeout 0;")
    conn = path.call()
    conn.client.send(b"POST /hello HTTP/1.1\r\nHost: lab.example\r\nContent-Length: 300000\r\n\r\n" + b"u" * 20000)
    conn.client.read_to_end()
    conn.client.send(b"u" * 20000)
    path.rest()
    conn.reset_by("server", "late-data")


def nginx_worker_killed(path):
    """The worker dies in the middle of a download: what its kernel holds is sent, and then a FIN."""
    server = hello_nginx(path)
    process = client(path, path.client, "curl", "-s", "-S", "-o", "/dev/null", "--limit-rate", "200k",
                     f"http://{at(path.server_ip, path.port)}/big", wait=False)
    time.sleep(2)
    for worker in server.children():
        os.kill(worker, signal.SIGKILL)
    words = process.communicate()[0]
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.client.reported("curl", words)
    conn.orderly("server")


def curl_is_content(path):
    hello_nginx(path)
    client(path, path.client, "curl", "-s", f"http://{at(path.server_ip, path.port)}/hello")
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.orderly("client")


def curl_gives_up(path):
    """curl's own time limit in the middle of a download: much has arrived that it never read."""
    hello_nginx(path)
    client(path, path.client, "curl", "-s", "-S", "-o", "/dev/null", "--limit-rate", "50k", "--max-time", "2",
           f"http://{at(path.server_ip, path.port)}/big")
    path.rest(6)
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.reset_by("client", "unread-data")


SCENARIOS = [
    Scenario("nginx-idle-limit", nginx_idle_limit, {"v4": {}, "v6": V6}, 8, ("nginx",)),
    Scenario("nginx-close", nginx_closes_after_answer, {"v4": {}}, 3, ("nginx",)),
    Scenario("nginx-reset-timedout", nginx_resets_the_slow, {"v4": {}, "v6": V6}, 6, ("nginx",)),
    Scenario("nginx-refuses-body", nginx_refuses_the_body, {"v4": {}}, 3, ("nginx",)),
    Scenario("nginx-worker-killed", nginx_worker_killed, {"v4": {}}, 12, ("nginx", "curl")),
    Scenario("curl-ok", curl_is_content, {"v4": {}, "v6": V6}, 3, ("nginx", "curl")),
    Scenario("curl-gives-up", curl_gives_up, {"v4": {}}, 5, ("nginx", "curl")),
]
