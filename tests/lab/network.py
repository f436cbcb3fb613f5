"""A path with several hosts at each end: what befalls one of them can be told from what befalls all.

    client 1 ─┐                                               ┌─ server 1
    client 2 ─┤ switch ═══ cable 0 ═══ router ═══ cable 1 ═══ switch ├─ server 2
        ...  ─┘                                               └─ ...

The captures called `client` and `server` are taken on the first of each, those on the router see everybody.
"""
from conn import Conn
from net import Host
from path import Path
from plan import PLACES, PORTS
from sockets import Listener, Sock
from topology import QUIET


class Network(Path):
    def __init__(self, name, workshop, *, hosts, **options):
        self.clients = [Host(f"client {number}") for number in range(1, hosts[0] + 1)]
        self.servers = [Host(f"server {number}") for number in range(1, hosts[1] + 1)]
        self.switches = {"client": Host("client switch"), "server": Host("server switch")}
        self.noted = []
        settings = options.pop("sysctl", None) or {}
        super().__init__(name, workshop, **options)
        for side, members in (("client", self.clients), ("server", self.servers)):
            for host in members:
                host.sysctl(settings.get(side, {}))

    # The place. Topology makes the first two hosts and the router; here they are given company.

    def _plug_in(self):
        self.client, self.server = self.clients[0], self.servers[0]
        everybody = [*self.clients, *self.servers, self.router]
        for host in (self.wire, *self.switches.values()):
            host.sysctl({"net.ipv6.conf.default.disable_ipv6": 1})
        for host in everybody:
            host.sysctl({"net.ipv6.conf.default.disable_ipv6": int(self.plan.ip == 4), **QUIET})
            host.ip("link set lo up")
        for interface, far_end in (("eth0", "c1"), ("eth1", "s0")):
            _cable(self.router, interface, self.wire, far_end)
        for side, far_end in (("client", "c0"), ("server", "s1")):
            switch = self.switches[side]
            switch.ip("link add br0 type bridge", "link set br0 up")
            _cable(switch, "trunk", self.wire, far_end)
            switch.ip("link set trunk master br0")
            for number, host in enumerate(self._hosts(side)):
                self._plug_into_switch(host, switch, number)

    def _plug_into_switch(self, host, switch, number, mac=None):
        """The switch knows where its hosts are, so that no frame comes to the wrong one by being flooded."""
        _cable(host, "eth0", switch, f"port{number}")
        if mac:
            host.ip(f"link set eth0 address {mac}")
        switch.ip(f"link set port{number} master br0")
        switch.run("bridge", "link", "set", "dev", f"port{number}", "flood", "off")
        switch.run("bridge", "fdb", "replace", mac or host.mac("eth0"), "dev", f"port{number}", "master", "static")

    def _hosts(self, side):
        return self.clients if side == "client" else self.servers

    def _set_offload(self):
        hosts = [] if self.plan.offload else [(host, "eth0") for host in self.clients + self.servers]
        for host, interface in [(self.router, "eth0"), (self.router, "eth1"), *hosts]:
            host.run("ethtool", "-K", interface, "tx", "off")

    def _address(self):
        bits = "/24" if self.plan.ip == 4 else "/64"
        nodad = "" if self.plan.ip == 4 else "nodad"
        for side in ("client", "server"):
            for number, host in enumerate(self._hosts(side)):
                self._address_host(side, number, host)
        self.router.ip(f"addr add {self.plan.client_gate}{bits} dev eth0 {nodad}",
                       f"addr add {self.plan.server_gate}{bits} dev eth1 {nodad}")

    def _address_host(self, side, number, host):
        bits, nodad = ("/24", "") if self.plan.ip == 4 else ("/64", "nodad")
        gate = self.plan.client_gate if side == "client" else self.plan.server_gate
        host.ip(f"addr add {self.address_of(side, number)}{bits} dev eth0 {nodad}", f"route add default via {gate}")

    def _know_neighbours(self):
        for side in ("client", "server"):
            for number, host in enumerate(self._hosts(side)):
                self._introduce(side, number, host)

    def _introduce(self, side, number, host):
        """Host and router know each other for good: a dead cable must not look like an ARP failure."""
        interface, gate = ("eth0", self.plan.client_gate) if side == "client" else ("eth1", self.plan.server_gate)
        host.ip(f"neigh replace {gate} dev eth0 nud permanent lladdr {self.router.mac(interface)}")
        self.router.ip(f"neigh replace {self.address_of(side, number)} dev {interface} nud permanent "
                       f"lladdr {host.mac('eth0')}")

    def address_of(self, side, number):
        """Hosts of one side have addresses one after the other."""
        head, dot, last = (self.plan.client_ip if side == "client" else self.plan.server_ip).rpartition(
            "." if self.plan.ip == 4 else ":")
        return f"{head}{dot}{int(last) + number}" if self.plan.ip == 4 else f"{head}{dot}{int(last, 16) + number:x}"

    def port_of(self, number):
        """Each server has a service of its own; the first has the plan's."""
        return PORTS[(PORTS.index(self.plan.port) + number) % len(PORTS)]

    # Connections.

    def listen_at(self, server, **options):
        return Listener(self.servers[server], self.address_of("server", server), self.port_of(server), 64, **options)

    def dial_from(self, client, server, port=None, bind=None):
        """A client socket that is connecting; nobody is asked to accept."""
        sock = Sock(self.clients[client], self.ip)
        sock.connect(self.address_of("server", server), port or self.port_of(server), bind)
        conn = Conn(self, sock)
        self.conns.append(conn)
        return conn

    def join(self, client, server, listener, bind=None):
        """An established connection from one of the clients to one of the servers."""
        conn = self.dial_from(client, server, bind=bind)
        conn.server = listener.accept()
        conn.client.finish_connect()
        return conn

    def note(self, kind, conns, at, places=PLACES, also=(), less=None, **known):
        """What happened, to whom, and when: the truth about an incident, for the places where it shows. `also` are
        those that it ended without harm: whether they are counted among the others is a matter of taste. `less` has, by
        place, the kind that is all that can be known there."""
        self.noted.append({"kind": kind, "conns": list(conns), "also": list(also), "at": round(at, 6),
                           "places": places, "less": less or {}, **known})

    # What can befall a host.

    def unplug(self, side, number):
        """The switch takes the host's port out of service: the host's own carrier stays, all it sends is lost."""
        self.switches[side].run("bridge", "link", "set", "dev", f"port{number}", "state", "0")

    def plug(self, side, number):
        self.switches[side].run("bridge", "link", "set", "dev", f"port{number}", "state", "3")

    def forget_server(self, number):
        """The router asks for its MAC address when next it has a packet for it, and believes in it for a while."""
        self.router.ip(f"neigh del {self.address_of('server', number)} dev eth1")

    def doubt_server(self, number):
        """The router asks, when next it has a packet for it, whether it is still there (RFC 4861 states: stale, then probe)."""
        self.router.ip(f"neigh change {self.address_of('server', number)} dev eth1 nud stale "
                       f"lladdr {self.servers[number].mac('eth0')}")

    def replace_server(self, number):
        """The host is gone with all it knew; another one starts with its name, address and card."""
        old, switch = self.servers[number], self.switches["server"]
        mac = old.mac("eth0")
        if number == 0:
            self.captures["server"].stop()
        switch.ip(f"link del port{number}")
        old.close()
        new = self.servers[number] = Host(f"server {number + 1}")
        new.sysctl({"net.ipv6.conf.default.disable_ipv6": int(self.plan.ip == 4), **QUIET})
        new.ip("link set lo up")
        self._plug_into_switch(new, switch, number, mac)
        if not self.plan.offload:
            new.run("ethtool", "-K", "eth0", "tx", "off")
        self._address_host("server", number, new)
        self._introduce("server", number, new)

    # The end.

    def close(self):
        """What is true of a connection is true only where it passes."""
        for conn in self.conns:
            for place, host_ip in (("client", self.plan.client_ip), ("server", self.plan.server_ip)):
                own = conn.client.local[0] if place == "client" else conn.client.remote[0]
                if own != host_ip:
                    conn.unseen(place)
        super().close()


def _cable(host, interface, other, far_end):
    host.ip(f"link add {interface} type veth peer name {far_end} netns {other.handle}")
    other.ip(f"link set {far_end} up")
    host.ip(f"link set {interface} up")
