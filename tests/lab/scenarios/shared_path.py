"""What a box or a link on the path does to all connections that cross it, or to some for a reason; others go on."""
import time

from conn import CLIENT_SIDE, OPPOSITE, SERVER_SIDE
from scenario import GIVE_UP, PATIENT, PATIENT_V6, SMALL_FILES, SMALL_FILES_V6, Scenario, merge
from talks import go_on, hang_up, talks_of

SIDE_OF = {"client": CLIENT_SIDE, "server": SERVER_SIDE}
TIMER = 60
SURVIVORS = (8, 15, 22, 31, 40, 47, 53, 57)
CASUALTIES = (63, 66, 69, 72, 75, 79, 83, 87, 92, 97, 103, 110)


def idle_timer(path, timer=TIMER, survivors=SURVIVORS, casualties=CASUALTIES, on_unknown="drop", cause="silent",
               wait=45, others=4, speaker="client"):
    """A stateful firewall forgets what was quiet for too long. Each connection of the first client is quiet for a time
    of its own; those of the second are never quiet for long."""
    path.stateful(timer, on_unknown)
    listeners = [path.listen_at(number) for number in range(2)]
    bystanders = talks_of([path.join(1, number % 2, listeners[number % 2]) for number in range(others)], 9.0)
    conns, wakes = {}, {}
    for number, gap in enumerate(sorted(survivors + casualties)):
        server = number % 3 % 2
        conns[gap] = path.join(0, server, listeners[server])
        conns[gap].talk(1)
        wakes[gap] = time.monotonic() + gap
    struck, first = [conns[gap] for gap in casualties], None
    for gap in sorted(conns, key=wakes.get):
        conn = conns[gap]
        go_on(bystanders, wakes[gap] - time.monotonic())
        if gap in survivors:
            conn.talk(1)
            conn.close_both("client")
            conn.orderly("client")
        else:
            first = first or time.time()
            conn.side(speaker).send(b"are you still there? " * 6)
            conn.open("idle").ended("middlebox-idle-drop", cause, "middlebox", at=SIDE_OF[speaker],
                                    check=lambda flow: flow.longest_gap > timer and bool(flow.rst) == ("rst" in cause))
    path.note("idle-timer", struck, first, places=SIDE_OF[speaker], timer_s=timer)
    go_on(bystanders, wait)
    for conn in struck:
        conn.side(speaker).recv(0)
    hang_up(bystanders)
    path.tick()


def path_between_two(path, count=6, others=6):
    """A filter that was changed drops all between the first client and the first server; both talk to others."""
    listeners = [path.listen_at(number) for number in range(2)]
    struck = [path.join(0, 0, listeners[0]) for _ in range(count)]
    spared = [path.join(client, server, listeners[server])
              for client, server in ((0, 1), (1, 0), (1, 1)) for _ in range(others // 3)]
    talks, bystanders = talks_of(struck, 1.0, news=1.0), talks_of(spared, 5.0)
    go_on(talks + bystanders, 4)
    family = "ip" if path.ip == 4 else "ip6"
    one, two = path.address_of("client", 0), path.address_of("server", 0)
    path.forward_rule(f"{family} saddr {{ {one}, {two} }} {family} daddr {{ {one}, {two} }} drop")
    path.note("path-outage", struck, time.time(),
              less={"client": ("server-death",), "server": ("link-outage",)})
    go_on(talks + bystanders, 3)
    for talk in talks:
        talk.quiet()
    go_on(talks + bystanders, GIVE_UP)
    hang_up(bystanders)
    path.tick()
    for conn in struck:
        conn.ended("retransmit-timeout", "data", "path")


def big_segments_lost(path, struck=7, spared=9, mtu=1300, size=6000, sender="server"):
    """A tunnel with a smaller MTU beside the router, and a filter that keeps the router from saying so: small
    exchanges succeed, large messages never arrive."""
    path.router.ip(f"link set {'eth0' if sender == 'server' else 'eth1'} mtu {mtu}")
    path.router.nft("add chain inet lab out { type filter hook output priority 0; }")
    path.router.nft("add rule inet lab out " + ("icmp type destination-unreachable drop" if path.ip == 4 else
                                                 "icmpv6 type packet-too-big drop"))
    listeners = [path.listen_at(number) for number in range(2)]
    conns = [path.join(number % 2, number % 3 % 2, listeners[number % 3 % 2]) for number in range(struck + spared)]
    talks = talks_of(conns, 1.5, answer=600)
    go_on(talks, 4)
    chosen = [conn for number, conn in enumerate(conns) if number % 4 in (0, 3)][:struck]
    path.note("pmtu-blackhole", chosen, time.time(), places=SIDE_OF[sender])
    for talk in talks:
        talk.quiet()
    go_on(talks, 1)
    for conn in chosen:
        conn.say(OPPOSITE[sender], 60)
        conn.side(sender).send(b"b" * size)
        time.sleep(0.4)
    hang_up([talk for talk in talks if talk.conn not in chosen])
    go_on([], GIVE_UP)
    path.tick()
    for conn in chosen:
        conn.open("stalled").ended("retransmit-timeout", "pmtu-blackhole", "path", at=SIDE_OF[sender])


def ports_refused(path, low=45000, high=46999, inside=10, outside=14, verdict="reject with tcp reset"):
    """A firewall refuses one range of source ports, as after a mistyped rule: it looks like bad luck, now and then."""
    path.forward_rule(f"tcp sport {low}-{high} {verdict}")
    listener = path.listen_at(0)
    bad = {low, high, *_ports(path, low, high, inside)}
    good = {low - 3, high + 4, *_ports(path, 32768, low - 4, outside // 2), *_ports(path, high + 5, 60999, outside // 2)}
    at, struck, talks = None, [], []
    for port in sorted(bad | good, key=lambda port: port * 7919 % 10007):
        if port in bad:
            at = at or time.time()
            struck.append(_refused(path, port, verdict))
        else:
            talks += talks_of([path.join(0, 0, listener, bind=port)], 1.5)
        go_on(talks, 0.6)
    go_on(talks, 2 if "reject" in verdict else 12)
    hang_up(talks)
    path.note("ports-refused", struck, at, places=CLIENT_SIDE, ports=[low, high])


def _refused(path, port, verdict):
    conn = path.dial_from(0, 0, bind=port).unseen(SERVER_SIDE)
    if verdict == "drop":
        conn.ended("retransmit-timeout", "syn", "path", at="router-client", place_hidden=True)
        return conn.ended("retransmit-timeout", "syn", "path", at="client")
    conn.client.finish_connect()
    return conn.ended("rst", "rejected", "middlebox", at=CLIENT_SIDE)


def _ports(path, low, high, count):
    return {path.plan.draw(low, high) for _ in range(count)}


BRIEF_SYNS = {"sysctl": {"client": {"net.ipv4.tcp_syn_retries": 5}}}
REJECTED = {"on_unknown": "reject with tcp reset", "cause": "rst-late", "wait": 3}

SCENARIOS = [
    Scenario("path-between-two", path_between_two, {"v4": merge(PATIENT, {"hosts": (2, 2)})}, seconds=80),
    Scenario("idle-timer", idle_timer, {
        "silent": merge(PATIENT, {"hosts": (2, 2)}),
        "reset": merge(PATIENT, REJECTED, {"hosts": (2, 2)}),
        "half-a-minute": merge(PATIENT, {"hosts": (2, 2), "timer": 30, "speaker": "server", "others": 3,
                                         "survivors": (4, 9, 16, 22, 26), "casualties": (34, 37, 41, 50, 58, 66)}),
        "two-minutes-v6": merge(PATIENT_V6, REJECTED, {
            "hosts": (2, 2), "timer": 120, "survivors": (30, 62, 85, 105, 114), "casualties": (124, 129, 137, 150)})},
             seconds=170),
    Scenario("path-mtu", big_segments_lost, {
        "v4": merge(PATIENT, {"hosts": (2, 2), "offload": False}),
        "upload-v6": merge(PATIENT_V6, {"hosts": (2, 2), "offload": False, "sender": "client", "struck": 4, "spared": 5,
                                        "mtu": 1380, "size": 9000})}, seconds=90),
    Scenario("ports-refused", ports_refused, {
        "v4": merge(SMALL_FILES, {"hosts": (1, 1)}),
        "dropped-v6": merge(SMALL_FILES_V6, BRIEF_SYNS, {"hosts": (1, 1), "verdict": "drop", "low": 33000, "high": 33999,
                                                          "inside": 5, "outside": 16})}, seconds=50),
]
