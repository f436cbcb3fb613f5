"""What differs from instance to instance: addresses, ports, delays, hops, offload, ways of capturing.

All of it is drawn from the instance's name, so it is the same in every run.
"""
import random

PLACES = ("client", "router-client", "router-server", "server")
PORTS = (22, 25, 80, 443, 1883, 3306, 5432, 5672, 6379, 8080, 8443, 9092)
SNAPLENS = (0, 0, 0, 128, 96)        # 0 is tcpdump's own, which cuts nothing


class Plan:
    def __init__(self, name, ip, ms, hops, port, offload, capture):
        pick = random.Random(name)
        self.ip = ip
        self.ms = ms or (pick.uniform(2, 10), pick.uniform(5, 30))
        self.hops = hops or (pick.randint(1, 4), pick.randint(3, 12))
        self.port = port or pick.choice(PORTS)
        self.offload = pick.random() < 0.6 if offload is None else offload
        self._address(pick)
        self.captures = {place: self._capture(place, pick, capture or {}) for place in PLACES}
        self.draw = pick.randint

    def _address(self, pick):
        low, high, outside = pick.randint(10, 120), pick.randint(130, 250), pick.randint(2, 250)
        if self.ip == 4:
            self.client_ip, self.client_gate = f"192.0.2.{high}", "192.0.2.1"
            self.server_ip, self.server_gate = f"198.51.100.{low}", "198.51.100.1"
            self.nat_ip = f"203.0.113.{outside}"
        else:
            self.client_ip, self.client_gate = f"2001:db8:a::{high:x}", "2001:db8:a::1"
            self.server_ip, self.server_gate = f"2001:db8:b:7::{low:x}", "2001:db8:b:7::1"
            self.nat_ip = f"2001:db8:c::{outside:x}"

    def _capture(self, place, pick, wishes):
        interface = "eth1" if place == "router-server" else "eth0"
        if place in ("client", "server") and pick.random() < 0.35:
            interface = "any"
        style = {"interface": interface, "nano": pick.random() < 0.3, "snaplen": pick.choice(SNAPLENS)}
        return {**style, **wishes.get("all", {}), **wishes.get(place, {})}
