"""One client, one router, one server, and the two cables between them.

    client eth0 ==== cable 0 ==== eth0 router eth1 ==== cable 1 ==== eth0 server

Both cables are the work of one delaybox process (delaybox.c). tcpdump listens at four places: both hosts and
both sides of the router. Every instance of a scenario has such a path of its own, with addresses, ports,
delays and ways of capturing that differ from instance to instance but never from run to run.
"""
import ipaddress
import os
import random
import socket
import struct
import subprocess
import time

from capture import Dumpcap, Tcpdump
from conn import VANTAGES, Conn, Program
from flows import flows
from net import Host
from sockets import Listener, Sock

# Pipes of the delaybox: cable and direction.
CLIENT_UP, CLIENT_DOWN, SERVER_UP, SERVER_DOWN = range(4)
CLIENT_LEG = (CLIENT_UP, CLIENT_DOWN)
SERVER_LEG = (SERVER_UP, SERVER_DOWN)

PORTS = (22, 25, 80, 443, 1883, 3306, 5432, 5672, 6379, 8080, 8443, 9092)


class Path:
    def __init__(self, name, folder, scratch, delaybox, *, ip=4, ms=None, hops=None, nat=None, port=None,
                 offload=None, capture=None, sysctl=None, loss=0, jitter=0):
        self.name, self.folder, self.scratch, self.ip = name, folder, scratch, ip
        self.chance = random.Random(name)          # the same for every run of this instance
        self.conns, self.later = [], []
        self._children = []
        self._choose(ms, hops, port, offload)
        self.nat = nat
        self._build()
        self._start_delaybox(delaybox)
        for host in (self.client, self.server):
            host.sysctl((sysctl or {}).get(host.name, {}))
        if nat is not None:
            self._translate()
        self.captures, self._files = {}, {}
        self._start_captures(capture or {})
        self.cable(CLIENT_LEG + SERVER_LEG, loss_ppm=round(loss * 1e6), jitter_us=round(jitter * 1e6))

    # What differs between instances.

    def _choose(self, ms, hops, port, offload):
        pick = self.chance
        self.ms = (pick.uniform(2, 10), pick.uniform(5, 30))
        self.hops = hops or (pick.randint(1, 4), pick.randint(3, 12))
        if ms:
            self.ms = ms
        self.port = port or pick.choice(PORTS)
        low, high = pick.randint(10, 120), pick.randint(130, 250)
        if self.ip == 4:
            self.client_ip, self.client_gate = f"192.0.2.{high}", "192.0.2.1"
            self.server_ip, self.server_gate = f"198.51.100.{low}", "198.51.100.1"
            self.nat_ip = f"203.0.113.{pick.randint(2, 250)}"
        else:
            self.client_ip, self.client_gate = f"2001:db8:a::{high:x}", "2001:db8:a::1"
            self.server_ip, self.server_gate = f"2001:db8:b:7::{low:x}", "2001:db8:b:7::1"
            self.nat_ip = f"2001:db8:c::{low:x}"
        self.offload = pick.random() < 0.6 if offload is None else offload

    # Building.

    def _build(self):
        self.client, self.router, self.server = Host("client"), Host("router"), Host("server")
        self.wire = Host("wire")
        self.wire.sysctl({"net.ipv6.conf.default.disable_ipv6": 1})
        for host in (self.client, self.router, self.server):
            host.sysctl({"net.ipv6.conf.default.disable_ipv6": int(self.ip == 4),
                         "net.ipv6.conf.default.accept_ra": 0,
                         "net.ipv6.conf.default.accept_dad": 0,
                         "net.ipv6.conf.default.router_solicitations": 0})
        self._plug(self.client, "eth0", "c0")
        self._plug(self.router, "eth0", "c1")
        self._plug(self.router, "eth1", "s0")
        self._plug(self.server, "eth0", "s1")
        self._set_offload()
        self._address()

    def _plug(self, host, interface, socket_name):
        host.ip(f"link add {interface} type veth peer name {socket_name} netns {self.wire.handle}",
                "link set lo up")
        self.wire.ip(f"link set {socket_name} up")
        host.ip(f"link set {interface} up")

    def _set_offload(self):
        """Routers never show offload; hosts do in some instances."""
        for host, interface in ((self.router, "eth0"), (self.router, "eth1"), (self.client, "eth0"),
                                (self.server, "eth0")):
            if host is self.router or not self.offload:
                host.run("ethtool", "-K", interface, "tx", "off")

    def _address(self):
        bits = 24 if self.ip == 4 else 64
        nodad = "" if self.ip == 4 else "nodad"
        self.client.ip(f"addr add {self.client_ip}/{bits} dev eth0 {nodad}",
                       f"route add default via {self.client_gate}")
        self.server.ip(f"addr add {self.server_ip}/{bits} dev eth0 {nodad}",
                       f"route add default via {self.server_gate}")
        self.router.ip(f"addr add {self.client_gate}/{bits} dev eth0 {nodad}",
                       f"addr add {self.server_gate}/{bits} dev eth1 {nodad}")
        self._know_neighbours()
        self.router.sysctl({"net.ipv4.ip_forward": 1} if self.ip == 4 else
                           {"net.ipv6.conf.all.forwarding": 1})
        self.router.nft("table inet lab { chain forward { type filter hook forward priority 0; }; }")

    def _know_neighbours(self):
        """A cable here stands for a long way, so losing it must not look like an ARP failure next door."""
        legs = (((self.client, "eth0", self.client_ip), (self.router, "eth0", self.client_gate)),
                ((self.server, "eth0", self.server_ip), (self.router, "eth1", self.server_gate)))
        for one, two in legs:
            for (host, interface, _address), (other, far_interface, address) in ((one, two), (two, one)):
                host.ip(f"neigh replace {address} dev {interface} nud permanent "
                        f"lladdr {other.mac(far_interface)}")

    def _translate(self):
        """Source translation; `nat` is the port policy, such as "fully-random" or "persistent"."""
        family = "ip" if self.ip == 4 else "ip6"
        target = self.nat_ip if self.ip == 4 else f"[{self.nat_ip}]"
        self.router.nft(f"table {family} lab_nat {{ chain post {{ type nat hook postrouting priority 100; "
                        f"oifname eth1 meta l4proto tcp snat to {target}:1024-65535 {self.nat}; }}; }}")
        self.router.ip(f"addr add {self.nat_ip}/{32 if self.ip == 4 else 128} dev lo")

    # The cables.

    def _start_delaybox(self, program):
        self._box = self.wire.start(program, "c0", "c1", "s0", "s1", stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True, bufsize=1)
        self.adopt(self._box)
        if self._box.stdout.readline() != "ready\n":
            raise RuntimeError("the delaybox did not start")
        for leg, ms, hops in zip((CLIENT_LEG, SERVER_LEG), self.ms, self.hops):
            self.cable(leg, delay_us=round(ms * 1000), hops=hops)

    def cable(self, pipes, **orders):
        """Changes what the delaybox does to the given pipe or pipes, from now on."""
        for pipe in (pipes,) if isinstance(pipes, int) else pipes:
            for key, value in orders.items():
                self._box.stdin.write(f"{pipe} {key} {value}\n")
                if self._box.stdout.readline() != "ok\n":
                    raise RuntimeError(f"the delaybox refused {key}={value}")

    def cut(self, pipes=SERVER_LEG):
        self.cable(pipes, drop=1)

    def mend(self, pipes=SERVER_LEG):
        self.cable(pipes, drop=0)

    @property
    def rtt(self):
        return 2 * sum(self.ms) / 1000

    # The router's rules.

    def forward_rule(self, rule):
        self.router.nft(f"add rule inet lab forward {rule}")

    def stateful(self, idle, on_unknown):
        """A firewall that forgets a connection after `idle` seconds and then does `on_unknown`."""
        self.forward_rule(f"ct state invalid {on_unknown}")
        self.router.sysctl({"net.netfilter.nf_conntrack_tcp_loose": 0,
                            "net.netfilter.nf_conntrack_tcp_timeout_established": idle})

    # Captures.

    def _start_captures(self, wishes):
        places = {"client": (self.client, "eth0"), "router-client": (self.router, "eth0"),
                  "router-server": (self.router, "eth1"), "server": (self.server, "eth0")}
        for vantage in VANTAGES:
            host, interface = places[vantage]
            style = {"nano": self.chance.random() < 0.3, "snaplen": self.chance.choice((0, 0, 0, 128, 96))}
            if host is not self.router and self.chance.random() < 0.35:
                interface = "any"
            style.update(wishes.get("all", {}))
            style.update(wishes.get(vantage, {}))
            interface = style.pop("interface", interface)
            maker = Dumpcap if style.pop("pcapng", False) else Tcpdump
            self._files[vantage] = f"{self.name}.{vantage}.{maker.SUFFIX}"
            self.captures[vantage] = maker(host, interface, self.file(vantage), **style)
        for capture in self.captures.values():
            capture.wait_until_listening()

    def file(self, vantage):
        return os.path.join(self.folder, self._files[vantage])

    def after_capture(self, action, *arguments):
        """For what is done to the files when they are complete."""
        self.later.append((action, arguments))

    def tick(self):
        """Lets every capture see one more packet, so that a file shows how long the silence lasted."""
        for host, target in ((self.client, self.client_gate), (self.router, self.client_ip),
                             (self.router, self.server_ip), (self.server, self.server_gate)):
            with host.inside():
                _ping(self.ip, target)
        time.sleep(self.rtt + 0.05)

    # Stories.

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

    def connect_many(self, count):
        listener = self.listen()
        conns = [self.connect(listener) for _ in range(count)]
        for conn in conns:
            conn.talk(1)
        listener.close()
        return conns

    def found(self, place, server, views=None, where=None):
        """New connections to this server that programs opened, in the order in which they show at a place."""
        server = (ipaddress.ip_address(server[0]).compressed, server[1])
        time.sleep(0.1)
        known = {conn.addresses(place) for conn in self.conns}
        new = [Conn(self, Program(*flow.key), None, views, where)
               for flow in flows(self.file(place), {server})
               if flow.key[1] == server and flow.key not in known]
        self.conns += new
        return new

    def connect(self, listener=None, client=None, server=None, bind=None):
        """An established connection; `client` and `server` are socket options of each side."""
        own = listener or self.listen(**(server or {}))
        conn = self.dial(own.port, bind, **(client or {}))
        conn.server = own.accept()
        conn.client.finish_connect()
        if not listener:
            own.close()
        return conn

    def rest(self, times=3):
        """Time enough for everything on its way to arrive, several times over."""
        time.sleep(times * self.rtt / 2 + 0.03)

    # The end.

    def close(self):
        time.sleep(self.rtt + 0.1)
        for capture in self.captures.values():
            capture.stop()
        self.lost = [f"{place}: the capture lost {capture.lost} packets"
                     for place, capture in self.captures.items() if capture.lost]
        for action, arguments in self.later:
            action(*arguments)

    def adopt(self, process):
        """This process will be ended with the path."""
        self._children.append(process)

    def abandon(self):
        for child in self._children[::-1] + [capture.process for capture in getattr(self, "captures", {}).values()]:
            if child.poll() is None:
                child.kill()
            child.wait()


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
