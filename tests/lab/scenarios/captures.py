"""The connection is in order, but the capture is not."""
import pcapfile
from plan import PLACES
from scenario import Scenario


def _orderly_talk(path, rounds=3):
    conn = path.connect()
    conn.talk(rounds)
    conn.close_both("client")
    return conn.orderly("client")


def one_way(path, direction="src"):
    """A filter, or a mirror port, that shows one direction only; here the connection was aborted later."""
    conn = path.connect()
    conn.talk()
    path.rest()
    conn.ended("undetermined", "one-way", "unknown", "normal",
               check=lambda flow: 0 in (flow.client.packets, flow.server.packets))


def losing(path):
    """The end of the conversation was lost by the capture: what was acknowledged is not in the file."""
    conn = path.connect()
    conn.talk(4)
    conn.close_both("client")
    for vantage in PLACES:
        path.after_capture(pcapfile.rewrite, path.file(vantage), _without_the_closing)
    conn.ended("undetermined", "capture-loss", "unknown", "normal", check=lambda flow: not flow.fins)


def _without_the_closing(found):
    """Loses the last request, its answer and the FINs, but not the very last acknowledgement."""
    segs = [seg for _record, seg in found if seg]
    data = [seg.number for seg in segs if seg.length]
    lost = {seg.number for seg in segs if data[-2] <= seg.number < segs[-1].number}
    return [record for record, _seg in found if record.number not in lost]


def two_packets(path):
    """All that is left are two acknowledgements from the middle."""
    _orderly_talk(path).ended("undetermined", "too-little", "unknown", "normal",
                              check=lambda flow: flow.client.packets + flow.server.packets == 2)
    for vantage in PLACES:
        path.after_capture(pcapfile.rewrite, path.file(vantage), _only_two_acks)


def _only_two_acks(found):
    acks = [record for record, seg in found if seg and seg.flags == 16 and not seg.length]
    return acks[1:3]


def starts_midway(path, by=None):
    """The capture was started when the conversation had long begun."""
    conn = path.connect()
    conn.talk(4)
    if by:
        conn.side(by).abort()
        path.rest()
        conn.reset_by(by, "app-abort")
    else:
        conn.close_both("client")
        conn.orderly("client")
    for vantage in PLACES:
        path.after_capture(pcapfile.rewrite, path.file(vantage), _without_the_beginning)


def _without_the_beginning(found):
    data = [record.number for record, seg in found if seg and seg.length]
    return [record for record, _seg in found if record.number >= data[3]]


def twice(path):
    """Every packet is there twice, as from a mirror of two ports."""
    _orderly_talk(path).orderly("client", check=lambda flow: flow.fins == 2 and flow.client.repeats >= 3)
    for vantage in PLACES:
        path.after_capture(pcapfile.rewrite, path.file(vantage),
                           lambda found: [record for record, _seg in found for _copy in (1, 2)])


def swapped(path):
    """The capture's queues deliver neighbours in the wrong order, with the clock going back."""
    _orderly_talk(path).orderly("client", check=lambda flow: flow.fins == 2)
    for vantage in PLACES:
        path.after_capture(pcapfile.rewrite, path.file(vantage), _neighbours_swapped)


def _neighbours_swapped(found):
    kept = [record for record, _seg in found]
    for at in range(4, len(kept) - 4, 3):
        if kept[at + 1].time - kept[at].time < 0.0005:
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
    return kept


def plain(path):
    _orderly_talk(path)


def aborted(path):
    conn = path.connect()
    conn.say("client", 30000)
    conn.talk(1)
    conn.server.abort()
    conn.client.recv(1)
    path.rest()
    conn.reset_by("server", "app-abort")


def cut_on_the_way(path):
    """A narrow link behind the router, and a sender that lets routers cut its packets: IP fragments."""
    path.router.ip(f"route replace {path.server_ip} dev eth1 mtu lock 700")
    conn = path.connect()
    conn.talk(1)
    conn.say("client", 30000)
    conn.close_both("client")
    conn.orderly("client", check=lambda flow: flow.fins == 2)


ONE_WAY = {place: {"filter": "tcp and dst port 8080"} for place in PLACES}
OTHER_WAY = {place: {"filter": "tcp and src port 8080"} for place in PLACES}
SHORT = {"all": {"snaplen": 96}}
PCAPNG = {"client": {"pcapng": True, "interface": "eth0"}, "server": {"pcapng": True, "interface": "any"},
          "router-client": {"pcapng": True, "interface": "eth0,eth1"}}
SUPER = {"all": {"snaplen": 128}}

SCENARIOS = [
    Scenario("fragments", cut_on_the_way, {
        "v4": {"offload": False, "capture": {"all": {"snaplen": 96}},
               "sysctl": {"client": {"net.ipv4.ip_no_pmtu_disc": 1}}}}),
    Scenario("one-way", one_way, {"to-server": {"port": 8080, "capture": ONE_WAY},
                                  "to-client": {"port": 8080, "capture": OTHER_WAY}}),
    Scenario("capture-loss", losing, {"end": {}}),
    Scenario("too-little", two_packets, {"acks": {}}),
    Scenario("midstream", starts_midway, {"fin": {}, "rst": {"by": "server"}}),
    Scenario("duplicates", twice, {"v4": {}, "v6": {"ip": 6}}),
    Scenario("reordered", swapped, {"v4": {}}),
    Scenario("snaplen", plain, {"96": {"capture": SHORT}}),
    Scenario("pcapng", plain, {"v4": {"capture": PCAPNG}}, needs=("dumpcap",)),
    Scenario("pcapng-abort", aborted, {"v6": {"ip": 6, "capture": PCAPNG}}, needs=("dumpcap",)),
    Scenario("super-packets", aborted, {"v4": {"offload": True, "capture": SUPER},
                                        "v6": {"ip": 6, "offload": True, "capture": SUPER}}),
]
