"""Three hosts and the two cables between them.

    client eth0 ==== cable 0 ==== eth0 router eth1 ==== cable 1 ==== eth0 server

Both cables are the work of one delaybox process (delaybox.c) in a namespace of its own.
"""
import subprocess

from net import Host

# Pipes of the delaybox: cable and direction.
CLIENT_UP, CLIENT_DOWN, SERVER_UP, SERVER_DOWN = range(4)
CLIENT_LEG = (CLIENT_UP, CLIENT_DOWN)
SERVER_LEG = (SERVER_UP, SERVER_DOWN)

QUIET = {"net.ipv6.conf.default.accept_ra": 0, "net.ipv6.conf.default.accept_dad": 0,
         "net.ipv6.conf.default.router_solicitations": 0}


class Topology:
    def __init__(self, plan, delaybox):
        self.plan = plan
        self.client, self.router, self.server = Host("client"), Host("router"), Host("server")
        self.wire = Host("wire")
        self._plug_in()
        self._set_offload()
        self._address()
        self._know_neighbours()
        self._route()
        self._start_delaybox(delaybox)

    # Hosts.

    def _plug_in(self):
        self.wire.sysctl({"net.ipv6.conf.default.disable_ipv6": 1})
        for host in (self.client, self.router, self.server):
            host.sysctl({"net.ipv6.conf.default.disable_ipv6": int(self.plan.ip == 4), **QUIET})
        for host, interface, far_end in ((self.client, "eth0", "c0"), (self.router, "eth0", "c1"),
                                         (self.router, "eth1", "s0"), (self.server, "eth0", "s1")):
            host.ip(f"link add {interface} type veth peer name {far_end} netns {self.wire.handle}",
                    "link set lo up")
            self.wire.ip(f"link set {far_end} up")
            host.ip(f"link set {interface} up")

    def _set_offload(self):
        """Routers never show offload; hosts do in some instances."""
        for host, interface in ((self.router, "eth0"), (self.router, "eth1"), (self.client, "eth0"),
                                (self.server, "eth0")):
            if host is self.router or not self.plan.offload:
                host.run("ethtool", "-K", interface, "tx", "off")

    def _address(self):
        plan = self.plan
        bits = "/24 dev {}" if plan.ip == 4 else "/64 dev {} nodad"
        self.client.ip(f"addr add {plan.client_ip}" + bits.format("eth0"),
                       f"route add default via {plan.client_gate}")
        self.server.ip(f"addr add {plan.server_ip}" + bits.format("eth0"),
                       f"route add default via {plan.server_gate}")
        self.router.ip(f"addr add {plan.client_gate}" + bits.format("eth0"),
                       f"addr add {plan.server_gate}" + bits.format("eth1"))

    def _know_neighbours(self):
        """A cable here stands for a long way, so losing it must not look like an ARP failure next door."""
        plan = self.plan
        legs = (((self.client, "eth0", plan.client_ip), (self.router, "eth0", plan.client_gate)),
                ((self.server, "eth0", plan.server_ip), (self.router, "eth1", plan.server_gate)))
        for one, two in legs:
            for (host, interface, _own), (other, far_interface, address) in ((one, two), (two, one)):
                host.ip(f"neigh replace {address} dev {interface} nud permanent "
                        f"lladdr {other.mac(far_interface)}")

    # The router.

    def _route(self):
        self.router.sysctl({"net.ipv4.ip_forward": 1} if self.plan.ip == 4 else
                           {"net.ipv6.conf.all.forwarding": 1})
        self.router.nft("table inet lab { chain forward { type filter hook forward priority 0; }; }")

    def forward_rule(self, rule):
        self.router.nft(f"add rule inet lab forward {rule}")

    def stateful(self, idle, on_unknown):
        """A firewall that forgets a connection after `idle` seconds and then does `on_unknown`."""
        self.forward_rule(f"ct state invalid {on_unknown}")
        self.router.sysctl({"net.netfilter.nf_conntrack_tcp_loose": 0,
                            "net.netfilter.nf_conntrack_tcp_timeout_established": idle})

    def translate(self, port_policy):
        """Source translation; the port policy is nft's, such as "fully-random", or nothing."""
        four = self.plan.ip == 4
        family, target = ("ip", self.plan.nat_ip) if four else ("ip6", f"[{self.plan.nat_ip}]")
        self.router.nft(f"table {family} lab_nat {{ chain post {{ type nat hook postrouting priority 100; "
                        f"oifname eth1 meta l4proto tcp snat to {target}:1024-65535 {port_policy}; }}; }}")
        self.router.ip(f"addr add {self.plan.nat_ip}/{32 if four else 128} dev lo")

    # The cables.

    def _start_delaybox(self, program):
        self.delaybox = self.wire.start(program, "c0", "c1", "s0", "s1", stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        if self.delaybox.stdout.readline() != "ready\n":
            raise RuntimeError("the delaybox did not start")
        for leg, ms, hops in zip((CLIENT_LEG, SERVER_LEG), self.plan.ms, self.plan.hops):
            self.cable(leg, delay_us=round(ms * 1000), hops=hops)

    def cable(self, pipes, **orders):
        """Changes what the delaybox does to the given pipe or pipes, from now on."""
        for pipe in (pipes,) if isinstance(pipes, int) else pipes:
            for key, value in orders.items():
                self.delaybox.stdin.write(f"{pipe} {key} {value}\n")
                if self.delaybox.stdout.readline() != "ok\n":
                    raise RuntimeError(f"the delaybox refused {key}={value}")

    def cut(self, pipes=SERVER_LEG):
        self.cable(pipes, drop=1)

    def mend(self, pipes=SERVER_LEG):
        self.cable(pipes, drop=0)

    def stop(self):
        self.delaybox.kill()
        self.delaybox.wait()
