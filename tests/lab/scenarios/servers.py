"""Real servers and clients as packaged: how they end connections without being told to by us."""
import os
import re
import signal
import ssl
import struct
import subprocess
import time

from programs import Daemon, client, find
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


# redis

def redis(path, *options):
    return Daemon(path, path.server, ["redis-server", "--bind", path.server_ip, "--port", str(path.port),
                                      "--save", "", "--protected-mode", "no", *options], path.port)


def ask_redis(conn, *words):
    request = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    conn.client.send(request)
    return conn.client.recv()


def redis_idle_limit(path):
    redis(path, "--timeout", "3")
    conn = path.call()
    ask_redis(conn, b"SET", b"lab", b"1")
    conn.client.read_to_end(12)
    conn.client.close()
    path.rest()
    conn.orderly("server")


def redis_kills_a_client(path):
    """An administrator's CLIENT KILL: to the victim it is a close like any other."""
    redis(path)
    victim = path.call()
    name = re.search(rb"\d+", ask_redis(victim, b"CLIENT", b"ID")).group()
    admin = path.call()
    ask_redis(admin, b"CLIENT", b"KILL", b"ID", name)
    victim.client.read_to_end()
    victim.client.close()
    path.rest()
    admin.client.close()
    path.rest()
    victim.orderly("server")
    admin.orderly("client")


def redis_is_full(path):
    """One client too many is told so and shown out; it speaks all the same."""
    redis(path, "--maxclients", "1")
    guest = path.call()
    ask_redis(guest, b"PING")
    extra = path.call()
    extra.client.read_to_end()
    ask_redis(extra, b"PING")
    path.rest()
    extra.reset_by("server", "late-data")
    guest.client.close()
    path.rest()
    guest.orderly("client")


def redis_killed(path, count=4):
    server = redis(path)
    conns = [path.call() for _ in range(count)]
    for conn in conns:
        ask_redis(conn, b"PING")
    path.rest()
    server.process.kill()
    for conn in conns:
        conn.client.read_to_end()
        conn.client.close()
        conn.orderly("server")
    path.rest()


# PostgreSQL: one server tells all its stories, because making its data folder is the dearest part.

def postgres_stories(path):
    _start_postgres(path)
    url = f"host={path.server_ip} port={path.port} user=postgres dbname=postgres sslmode=disable"
    client(path, path.client, "psql", url, "-c", "select 1")
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.orderly("client")
    _psql_is_killed(path, url)
    _terminated(path, url)
    _session_idles(path)


def _start_postgres(path):
    data = os.path.join(path.scratch, "pg")
    os.mkdir(data, 0o700)
    subprocess.run(["chown", "postgres", data], check=True)
    done = subprocess.run([find("initdb"), "-D", data, "-A", "trust", "-N", "--locale=C"], user="postgres",
                          cwd="/", capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    with open(os.path.join(data, "pg_hba.conf"), "w", encoding="ascii") as file:
        file.write("host all all all trust\n")
    Daemon(path, path.server, ["postgres", "-D", data, "-h", path.server_ip, "-p", str(path.port), "-k", "",
                               "-c", "idle_session_timeout=4s", "-c", "fsync=off"], path.port, "postgres")


def _hello_postgres(path):
    """A session of our own, by protocol 3.0, so that its errors are on record."""
    conn = path.call()
    body = struct.pack("!I", 196608) + b"user\0postgres\0database\0postgres\0\0"
    conn.client.send(struct.pack("!I", len(body) + 4) + body)
    time.sleep(0.5)
    conn.client.recv()
    return conn


def _query(conn, text):
    body = text + b"\0"
    conn.client.send(b"Q" + struct.pack("!I", len(body) + 4) + body)


def _psql_is_killed(path, url):
    """The client's process dies while its query runs; it had nothing unread."""
    process = client(path, path.client, "psql", url, "-c", "select pg_sleep(2)", wait=False)
    time.sleep(1)
    process.kill()
    process.wait()
    time.sleep(2)
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.reset_by("client", "late-data")


def _terminated(path, _url):
    """pg_terminate_backend: a last message, and a FIN."""
    victim = _hello_postgres(path)
    _query(victim, b"select pg_backend_pid()")
    pid = re.search(rb"D.{10}(\d+)", victim.client.recv(), re.DOTALL).group(1)
    admin = _hello_postgres(path)
    _query(admin, b"select pg_terminate_backend(%s)" % pid)
    victim.client.read_to_end()
    victim.client.close()
    admin.client.recv()
    admin.client.send(b"X\0\0\0\4")
    admin.client.close()
    path.rest()
    victim.orderly("server")
    admin.orderly("client")


def _session_idles(path):
    """idle_session_timeout ends the session; the client finds out when it asks again."""
    conn = _hello_postgres(path)
    _query(conn, b"select 1")
    conn.client.recv()
    time.sleep(5)
    _query(conn, b"select 2")
    path.rest()
    conn.client.read_to_end(1)
    _query(conn, b"select 3")
    conn.reset_by("server", "late-data")


# TLS

def tls_server(path, *options):
    key, certificate = os.path.join(path.scratch, "key"), os.path.join(path.scratch, "cert")
    subprocess.run([find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=lab.example", "-days", "30"],
                   check=True, capture_output=True)
    return Daemon(path, path.server, ["openssl", "s_server", "-accept", at(path.server_ip, path.port),
                                      "-key", key, "-cert", certificate, "-quiet", *options], path.port)


def tls_tickets_unread(path):
    """TLS 1.3 sends its session tickets unasked. A client that only writes and closes never reads them."""
    tls_server(path)
    conn = path.call()
    conn.client.sock.settimeout(5)
    secure = _no_checks().wrap_socket(conn.client.sock, server_hostname="lab.example")
    secure.sendall(b"one message, and I am gone\n")
    path.rest(4)
    secure.close()
    path.rest()
    conn.reset_by("client", "unread-data")


def _no_checks():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def tls_goodbye(path):
    """s_client ends its input: close_notify, FIN, and all is well."""
    tls_server(path)
    client(path, path.client, "openssl", "s_client", "-connect", at(path.server_ip, path.port), text="hello\n")
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.orderly("client")


SCENARIOS = [
    Scenario("nginx-idle-limit", nginx_idle_limit, {"v4": {}, "v6": V6}, 8, ("nginx",)),
    Scenario("nginx-close", nginx_closes_after_answer, {"v4": {}}, 3, ("nginx",)),
    Scenario("nginx-reset-timedout", nginx_resets_the_slow, {"v4": {}, "v6": V6}, 6, ("nginx",)),
    Scenario("nginx-refuses-body", nginx_refuses_the_body, {"v4": {}}, 3, ("nginx",)),
    Scenario("nginx-worker-killed", nginx_worker_killed, {"v4": {}}, 12, ("nginx", "curl")),
    Scenario("curl-ok", curl_is_content, {"v4": {}, "v6": V6}, 3, ("nginx", "curl")),
    Scenario("curl-gives-up", curl_gives_up, {"v4": {}}, 5, ("nginx", "curl")),
    Scenario("redis-idle-limit", redis_idle_limit, {"v4": {}}, 8, ("redis-server",)),
    Scenario("redis-client-kill", redis_kills_a_client, {"v4": {}}, 3, ("redis-server",)),
    Scenario("redis-full", redis_is_full, {"v4": {}}, 3, ("redis-server",)),
    Scenario("redis-killed", redis_killed, {"v4": {}, "v6": V6}, 3, ("redis-server",)),
    Scenario("postgres", postgres_stories, {"v4": {}, "v6": V6}, 20, ("postgres", "initdb", "psql")),
    Scenario("tls-tickets-unread", tls_tickets_unread, {"v4": {}}, 3, ("openssl",)),
    Scenario("tls-goodbye", tls_goodbye, {"v4": {}}, 3, ("openssl",)),
]
