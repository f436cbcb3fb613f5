"""What a story has in its hands: a topology with captures running at four places, and ways to connect.

Every instance of a scenario has a path of its own.
"""
import ipaddress
import os
import socket
import struct
import time

from capture import Dumpcap, Tcpdump
from conn import Conn, Program
from flows import flows
from plan import PLACES, Plan
from sockets import Listener, Sock
from tls import Tls
from topology import CLIENT_LEG, SERVER_LEG, Topology

REPEATED = 3.0  # seconds: a lost FIN is repeated after 0.2, 0.6, 1.4 s and on (Linux TCP_RTO_MIN, RFC 6298)


class Path(Topology):
    def __init__(self, name, workshop, *, ip=4, ms=None, hops=None, nat=None, port=None, offload=None,
                 capture=None, sysctl=None, loss=0, jitter=0, tls=False):
        self.name, self.folder, self.scratch = name, workshop.folder, workshop.scratch_for(name)
        self.tls = tls
        self.conns, self._later, self._children, self.captures = [], [], [], {}
        super().__init__(Plan(name, ip, ms, hops, port, offload, capture), workshop.delaybox)
        for host in (self.client, self.server):
            host.sysctl((sysctl or {}).get(host.name, {}))
        if nat is not None:
            self.translate(nat)
        self._start_captures()
        self.loss = loss
        self.cable(CLIENT_LEG + SERVER_LEG, loss_ppm=round(loss * 1e6), jitter_us=round(jitter * 1e6))

    def __getattr__(self, name):
        """Addresses and the port are the plan's: path.server_ip, path.port."""
        if name == "plan":
            raise AttributeError(name)
        return getattr(self.plan, name)

    @property
    def rtt(self):
        return 2 * sum(self.plan.ms) / 1000

    # Captures.

    def _start_captures(self):
        for place, style in self.plan.captures.items():
            style = dict(style)
            host = getattr(self, place.partition("-")[0])
            maker = Dumpcap if style.pop("pcapng", False) else Tcpdump
            file = os.path.join(self.folder, f"{self.name}.{place}.{maker.SUFFIX}")
            self.captures[place] = maker(host, file=file, **style)
        for capture in self.captures.values():
            capture.wait_until_listening()

    def file(self, place):
        return self.captures[place].file

    def after_capture(self, action, *arguments):
        """For what is done to the files when they are complete."""
        self._later.append((action, arguments))

    def tick(self):
        """Lets every capture see one more packet, so that a file shows how long the silence lasted."""
        for host, target in ((self.client, self.client_gate), (self.router, self.client_ip),
                             (self.router, self.server_ip), (self.server, self.server_gate)):
            with host.inside():
                _ping(self.ip, target)
        time.sleep(self.rtt + 0.05)

    # Connections.

    def listen(self, port=None, backlog=16, **options):
        return Listener(self.server, self.server_ip, port or self.port, backlog, **options)

    def dial(self, port=None, bind=None, to=None, **options):
        """A client socket that is connecting; nobody is asked to accept."""
        sock = Sock(self.client, self.ip, **options)
        sock.connect(to or self.server_ip, port or self.port, bind)
        conn = Conn(self, sock)
        self.conns.append(conn)
        return conn

    def call(self, to=None):
        """A connection to a packaged server."""
        conn = self.dial(to=to)
        if not conn.client.finish_connect():
            raise RuntimeError("the server cannot be reached")
        return conn

    def connect(self, *arguments, **options):
        """An established connection, with TLS where the variant has it; see connect_bare."""
        conn = self.connect_bare(*arguments, **options)
        if self.tls:
            conn.tls = Tls(conn, self.scratch)
            conn.tls.handshake()
        return conn

    def connect_bare(self, listener=None, client=None, server=None, bind=None):
        """An established connection; `client` and `server` are socket options of each side."""
        own = listener or self.listen(**(server or {}))
        conn = self.dial(own.port, bind, **(client or {}))
        conn.server = own.accept()
        conn.client.finish_connect()
        if not listener:
            own.close()
        return conn

    def connect_many(self, count):
        listener = self.listen()
        conns = [self.connect(listener) for _ in range(count)]
        for conn in conns:
            conn.talk(1)
        listener.close()
        return conns

    def found(self, place, server, where=None):
        """New connections to this server that programs opened, in the order in which they show at a place."""
        server = (ipaddress.ip_address(server[0]).compressed, server[1])
        time.sleep(0.1)
        known = {conn.addresses(place) for conn in self.conns}
        new = [Conn(self, Program(*flow.key), where=where) for flow in flows(self.file(place), {server})
               if flow.key[1] == server and flow.key not in known]
        self.conns += new
        return new

    def closed(self, conn, first):
        """An orderly close between programs whose timing is not ours: whether their FINs crossed is seen."""
        time.sleep(0.1)
        client, server = conn.addresses("server")
        for flow in flows(self.file("server"), {server}):
            if flow.key == (client, server) and flow.crossed:
                return conn.orderly("none", "simultaneous")
        return conn.orderly(first)

    def rest(self, times=3):
        """Time enough for everything on its way to arrive, several times over; and for what is lost to be repeated."""
        time.sleep(times * self.rtt / 2 + (REPEATED if self.loss else 0.03))

    # The end.

    def close(self):
        time.sleep(self.rtt + 0.1)
        for capture in self.captures.values():
            capture.stop()
        for action, arguments in self._later:
            action(*arguments)

    def lost(self):
        """Complaints about captures that were too slow for what passed."""
        return [f"{place}: the capture lost {self.captures[place].lost} packets"
                for place in PLACES if self.captures[place].lost]

    def adopt(self, process):
        """This process will be ended with the path."""
        self._children.append(process)

    def abandon(self):
        for child in self._children[::-1] + [capture.process for capture in self.captures.values()]:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.stop()


def _ping(ip, target):
    """One echo request; whether it is answered does not matter."""
    family = socket.AF_INET if ip == 4 else socket.AF_INET6
    protocol = socket.IPPROTO_ICMP if ip == 4 else socket.IPPROTO_ICMPV6
    message = struct.pack("!BBHHH", 8 if ip == 4 else 128, 0, 0, os.getpid() & 0xffff, 1)
    if ip == 4:                                   # the kernel adds the checksum for ICMPv6 only
        total = sum(struct.unpack("!4H", message))
        total = (total & 0xffff) + (total >> 16)
        message = message[:2] + struct.pack("!H", ~total & 0xffff) + message[4:]
    with socket.socket(family, socket.SOCK_RAW, protocol) as sock:
        try:
            sock.sendto(message, (target, 0))
        except OSError:
            pass
