"""TLS between the two ends of a connection, over their own sockets and by one thread."""
import os
import ssl
import subprocess

from programs import find

OTHER = {"client": "server", "server": "client"}


def make_certificate(folder):
    """(key file, certificate file)"""
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    if not os.path.exists(certificate):
        subprocess.run([find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=lab.example",
                        "-days", "30"], check=True, capture_output=True)
    return key, certificate


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class _End:
    def __init__(self, sock, context, **options):
        self.sock, self.inward, self.outward = sock, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.inward, self.outward, **options)

    def flush(self):
        data = self.outward.read()
        if data:
            self.sock.send(data)

    def pull(self, timeout=5):
        """Takes what has arrived; whether anything has."""
        data = self.sock.recv(timeout)
        if data:
            self.inward.write(data)
        return bool(data)

    def attempt(self, function, *arguments):
        """What the function returns, or None when it needs more from the other end."""
        try:
            return function(*arguments)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            return None
        finally:
            self.flush()


class Tls:
    def __init__(self, conn, folder, client_context=None):
        key, certificate = make_certificate(folder)
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain(certificate, key)
        self.ends = {
            "client": _End(conn.client, client_context or trusting(), server_hostname="lab.example"),
            "server": _End(conn.server, server_context, server_side=True)}

    def handshake(self):
        """Raises ssl.SSLError at the end that refuses, its alert being on the way."""
        client, server = self.ends["client"], self.ends["server"]
        client.attempt(client.tls.do_handshake)
        server.pull()
        server.attempt(server.tls.do_handshake)
        client.pull()
        client.attempt(client.tls.do_handshake)
        server.pull()
        server.attempt(server.tls.do_handshake)

    def say(self, who, data):
        here, there = self.ends[who], self.ends[OTHER[who]]
        here.attempt(here.tls.write, data)
        heard = b""
        while len(heard) < len(data):
            piece = there.attempt(there.tls.read, len(data) - len(heard))
            if piece:
                heard += piece
            elif not there.pull():
                break
        return heard

    def goodbye(self, who):
        """The close_notify alert; the answer to it is not waited for."""
        end = self.ends[who]
        end.attempt(end.tls.unwrap)
