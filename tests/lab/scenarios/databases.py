"""redis and PostgreSQL as packaged."""
import os
import re
import struct
import subprocess
import time

from programs import Daemon, client, find
from scenario import V6, Scenario


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
    path.closed(conn, "client")
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
    """The client's process dies while its query runs. The server's answer and its FIN leave together, long
    before it can hear that nobody is there; on the client's host the first reset comes between the two."""
    process = client(path, path.client, "psql", url, "-c", "select pg_sleep(2)", wait=False)
    time.sleep(1)
    process.kill()
    process.wait()
    time.sleep(2)
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    conn.orderly("client", "rst-after-close", "harmless",
                 check=lambda flow: flow.fins == 2 and flow.client.rst and not flow.server.rst)


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
    path.closed(admin, "client")


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


SCENARIOS = [
    Scenario("redis-idle-limit", redis_idle_limit, {"v4": {}}, 8, ("redis-server",)),
    Scenario("redis-client-kill", redis_kills_a_client, {"v4": {}}, 3, ("redis-server",)),
    Scenario("redis-full", redis_is_full, {"v4": {}}, 3, ("redis-server",)),
    Scenario("redis-killed", redis_killed, {"v4": {}, "v6": V6}, 3, ("redis-server",)),
    Scenario("postgres", postgres_stories, {"v4": {}, "v6": V6}, 20, ("postgres", "initdb", "psql")),
]
