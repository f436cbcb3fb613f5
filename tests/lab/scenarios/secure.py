"""TLS: what its last messages, or their absence, do to the connection below."""
import ssl
import time

from programs import Daemon, client
from scenario import TLS, V6, Scenario, merge
from scenarios.web import at
from tls import Tls, make_certificate, trusting

def tls_server(path, *options):
    key, certificate = make_certificate(path.scratch)
    return Daemon(path, path.server, ["openssl", "s_server", "-accept", at(path.server_ip, path.port),
                                      "-key", key, "-cert", certificate, "-quiet", *options], path.port)


def tickets_unread(path):
    """TLS 1.3 sends its session tickets unasked. A client that only writes and closes never reads them."""
    tls_server(path)
    conn = path.call()
    conn.client.sock.settimeout(5)
    secure = trusting().wrap_socket(conn.client.sock, server_hostname="lab.example")
    secure.sendall(b"one message, and I am gone\n")
    path.rest(4)
    secure.close()
    path.rest()
    conn.reset_by("client", "unread-data")


def s_client_leaves(path):
    """s_client ends its input: close_notify, FIN, and all is well."""
    tls_server(path)
    client(path, path.client, "openssl", "s_client", "-connect", at(path.server_ip, path.port), text="hello\n")
    path.rest()
    conn, = path.found("router-client", (path.server_ip, path.port))
    path.closed(conn, "client")


def both_say_goodbye(path):
    """close_notify each way, then FIN each way: as the book has it."""
    conn = path.connect()
    conn.talk()
    conn.tls.goodbye("client")
    conn.client.shutdown_write()
    path.rest(2)
    conn.tls.ends["server"].pull()
    conn.tls.goodbye("server")
    conn.server.close()
    conn.client.read_to_end()
    conn.client.close()
    path.rest()
    conn.orderly("client")


def truncated(path):
    """The server's FIN comes without close_notify: TLS calls it a truncation, TCP calls it orderly."""
    conn = path.connect()
    conn.talk()
    conn.close_both("server")
    conn.orderly("server")


def goodbye_to_closed(path):
    """The client says goodbye and is gone; the server's own goodbye and FIN meet a closed end. On the
    client's host the first reset leaves before the server's FIN comes, and it is as harmless there."""
    conn = path.connect()
    conn.talk()
    conn.tls.goodbye("client")
    conn.client.close()
    conn.tls.ends["server"].pull()
    conn.tls.goodbye("server")
    conn.server.close()
    path.rest()
    conn.orderly("client", "rst-after-close", "harmless",
                 check=lambda flow: flow.fins == 2 and flow.client.rst and not flow.server.rst)


def certificate_is_refused(path):
    """The client does not trust the server: a fatal alert, and both close."""
    conn = path.connect_bare()
    conn.tls = Tls(conn, path.scratch, ssl.create_default_context())
    try:
        conn.tls.handshake()
    except ssl.SSLError as error:
        conn.client.happened("handshake", error.reason)
    conn.close_both("client")
    conn.orderly("client")


SCENARIOS = [
    Scenario("tls-tickets-unread", tickets_unread, {"v4": {}}, 3, ("openssl",)),
    Scenario("tls-goodbye", s_client_leaves, {"v4": {}}, 3, ("openssl",)),
    Scenario("tls-close", both_say_goodbye, {"v4": TLS, "v6": merge(TLS, V6)}),
    Scenario("tls-truncated", truncated, {"v4": TLS}),
    Scenario("tls-goodbye-to-closed", goodbye_to_closed, {"v4": TLS, "v6": merge(TLS, V6)}),
    Scenario("tls-refused", certificate_is_refused, {"v4": {}}, needs=("openssl",)),
]
