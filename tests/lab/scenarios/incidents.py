"""What befalls many connections at once, or one after the other for the same reason; beside it, others go on."""
import functools
import time

from conn import CLIENT_SIDE, OPPOSITE, SERVER_SIDE
from plan import PLACES
from programs import held_by_process
from scenario import PATIENCE, SMALL_FILES, SMALL_FILES_V6, Scenario, merge
from talks import crowd, go_on, hang_up, talks_of

GIVE_UP = 62                         # seconds; with PATIENCE a sender has given up by then


# One host.

def link_outage(path, count=12, others=6, every=1.0, news=True):
    """The link of the first client is gone, under connections to several servers. The other clients' go on."""
    listeners = [path.listen_at(number) for number in range(len(path.servers))]
    every_server = range(len(listeners))
    struck = crowd(path, listeners, 0, every_server, count)
    spared = crowd(path, listeners, 1, every_server, others)
    talks, bystanders = talks_of(struck, every, news=every if news else None), talks_of(spared, 5.0)
    go_on(talks + bystanders, 4 * every)
    if not news:                     # nothing of a server is under way, so none has to wait for an answer
        for talk in talks:
            talk.quiet()
        go_on(talks + bystanders, 1)
        talks = talks_of(struck, every)
    path.unplug("client", 0)
    path.note("link-outage", struck, time.time(), places=PLACES if news else ("client",))
    go_on(talks + bystanders, 3 * every)
    for talk in talks:
        talk.quiet()
    go_on(talks + bystanders, GIVE_UP)
    hang_up(bystanders)
    path.tick()
    for conn in struck:
        conn.open("idle")
        conn.ended("retransmit-timeout", "data", "path", at=PLACES if news else ("client",))


def link_outage_with_impatient_programs(path, count=8, others=4, patience=3):
    """The same, but every program aborts long before its host would give up."""
    listeners = [path.listen_at(number) for number in range(len(path.servers))]
    struck = crowd(path, listeners, 0, range(len(listeners)), count)
    talks = talks_of(struck, 1.5)
    bystanders = talks_of(crowd(path, listeners, 1, range(len(listeners)), others), 3.0)
    go_on(talks + bystanders, 6)
    path.unplug("client", 0)
    path.note("link-outage", struck, time.time(), places=("client",))
    go_on(talks + bystanders, patience)
    for conn in struck:
        conn.client.abort()
        conn.open("idle").reset_by("client", "app-abort", at="client")
        time.sleep(0.05)
    go_on(bystanders, patience)
    hang_up(bystanders)
    path.tick()


# One server.

def server_reboots(path, count=15, others=5, dark=4, clients=3):
    """The first server's host loses power and comes back with nothing of what it knew: whoever believes in the
    past gets a reset. New connections succeed. The second server is not concerned."""
    listeners = [path.listen_at(number) for number in range(2)]
    struck = [path.join(number % clients, 0, listeners[0]) for number in range(count)]
    spared = [path.join(number % clients, 1, listeners[1]) for number in range(others)]
    talks, bystanders = talks_of(struck, 1.5), talks_of(spared, 2.0)
    go_on(talks + bystanders, 4)
    path.unplug("server", 0)
    path.note("server-restart", struck, time.time(), places=PLACES[:3])
    path.captures["server"].stop()
    for sock in [conn.server for conn in struck] + [listeners[0]]:
        sock.close()
    go_on(talks + bystanders, dark)
    path.replace_server(0)
    listeners[0] = path.listen_at(0)
    go_on(talks + bystanders, 4 * dark)
    back = [path.join(number % clients, 0, listeners[0]) for number in range(count)]
    new = talks_of(back, 1.5)
    go_on(new + bystanders, 4)
    hang_up(new + bystanders)
    for conn in struck:
        conn.reset_by("server", "no-such-connection")
        conn.open("idle", at="server")
    for conn in back:
        conn.unseen("server")


def server_process_dies(path, count=15, others=5, dark=3, waiting=None):
    """The first server's process is killed while it owes an answer on every connection, or on so many of them; another
    one starts soon. Where it owes nothing, its host closes in good order: that is no abnormal ending, though it is due to
    the same."""
    listeners = [path.listen_at(number) for number in range(2)]
    conns = [path.join(number % 3, 0, listeners[0]) for number in range(count)]
    spared = [path.join(number % 3, 1, listeners[1]) for number in range(others)]
    talks, bystanders = talks_of(conns, 1.5), talks_of(spared, 2.0)
    go_on(talks + bystanders, 4)
    for talk in talks:
        talk.quiet()
    go_on(talks, 1)
    struck, content = conns[:waiting or count], conns[waiting or count:]
    for conn in struck:
        conn.client.send(b"a request that is never answered " * 4)
    path.rest()
    process = held_by_process(*[conn.server for conn in conns])
    listeners[0].close()
    path.note("server-restart", struck, time.time(), also=content)
    process.kill()
    for conn in conns:
        conn.client.read_to_end(1)
        conn.client.close()
        conn.reset_by("server", "unread-data") if conn in struck else conn.orderly("server")
    go_on(bystanders, dark)
    listeners[0] = path.listen_at(0)
    back = talks_of([path.join(number % 3, 0, listeners[0]) for number in range(count)], 1.5)
    go_on(back + bystanders, 4)
    hang_up(back + bystanders)


# A timer on the path.

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


def lifetime(path, age=20, count=14, brief=4, apart=1.7):
    """A server that ends every connection at the same age, busy or not. Some clients leave earlier by themselves."""
    listener = path.listen_at(0)
    talks, plan, struck = [], [], []
    for number in range(count + brief):
        talks += talks_of([path.join(number % 2, 0, listener)], 1.6)
        talk, born = talks[-1], time.monotonic()
        if number % ((count + brief) // brief) == 1 and number - len(struck) < brief:
            leaves = born + 5 + 3 * (number - len(struck))
            plan += [(leaves - 1, talk.quiet), (leaves, functools.partial(talk.leave, "client"))]
        else:
            at = time.time() + age if not struck else at
            struck.append(talk.conn)
            plan += [(born + age - ASIDE, talk.quiet), (born + age, talk.conn.server.abort)]
        plan = _carry_out(plan, talks, born + apart + 0.3 * (number % 3))
    _carry_out(plan, talks, born + age + 1)
    for conn in struck:
        conn.reset_by("server", "app-abort")
    path.note("lifetime", struck, at, age_s=age)


ASIDE = 0.3                          # seconds: longer than a round trip, so that no request is under way


def _carry_out(plan, talks, until):
    """Talks go on, and what is planned happens in its time; what is planned for later is left."""
    for when, action in sorted((one for one in plan if one[0] <= until), key=lambda one: one[0]):
        go_on(talks, when - time.monotonic())
        action()
    go_on(talks, until - time.monotonic())
    return [one for one in plan if one[0] > until]


# The path.

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


PATIENT, PATIENT_V6 = merge(PATIENCE, SMALL_FILES), merge(PATIENCE, SMALL_FILES_V6)

BRIEF_SYNS = {"sysctl": {"client": {"net.ipv4.tcp_syn_retries": 5}}}
REJECTED = {"on_unknown": "reject with tcp reset", "cause": "rst-late", "wait": 3}

SCENARIOS = [
    Scenario("link-outage", link_outage, {
        "v4": merge(PATIENT, {"hosts": (2, 3)}),
        "slow-talk-v6": merge(PATIENT_V6, {"hosts": (2, 4), "count": 9, "others": 5, "every": 2.5}),
        "client-speaks": merge(PATIENT, {"hosts": (2, 3), "count": 7, "news": False})}, seconds=85),
    Scenario("impatient-programs", link_outage_with_impatient_programs, {"v4": merge(SMALL_FILES, {"hosts": (2, 3)})},
             seconds=30),
    Scenario("server-reboot", server_reboots, {
        "v4": merge(SMALL_FILES, {"hosts": (3, 2)}),
        "long-v6": merge(SMALL_FILES_V6, {"hosts": (2, 2), "clients": 2, "count": 9, "others": 3, "dark": 9})}, seconds=70),
    Scenario("server-process", server_process_dies, {
        "v4": merge(SMALL_FILES, {"hosts": (3, 2)}),
        "some-wait-v6": merge(SMALL_FILES_V6, {"hosts": (3, 2), "count": 11, "waiting": 6, "dark": 6})}, seconds=25),
    Scenario("idle-timer", idle_timer, {
        "silent": merge(PATIENT, {"hosts": (2, 2)}),
        "reset": merge(PATIENT, REJECTED, {"hosts": (2, 2)}),
        "half-a-minute": merge(PATIENT, {"hosts": (2, 2), "timer": 30, "speaker": "server", "others": 3,
                                         "survivors": (4, 9, 16, 22, 26), "casualties": (34, 37, 41, 50, 58, 66)}),
        "two-minutes-v6": merge(PATIENT_V6, REJECTED, {
            "hosts": (2, 2), "timer": 120, "survivors": (30, 62, 85, 105, 114), "casualties": (124, 129, 137, 150)})},
             seconds=170),
    Scenario("lifetime", lifetime, {
        "v4": merge(SMALL_FILES, {"hosts": (2, 2)}),
        "longer-v6": merge(SMALL_FILES_V6, {"hosts": (2, 2), "age": 33, "count": 8, "brief": 3, "apart": 2.9})}, seconds=75),
    Scenario("path-mtu", big_segments_lost, {
        "v4": merge(PATIENT, {"hosts": (2, 2), "offload": False}),
        "upload-v6": merge(PATIENT_V6, {"hosts": (2, 2), "offload": False, "sender": "client", "struck": 4, "spared": 5,
                                        "mtu": 1380, "size": 9000})}, seconds=90),
    Scenario("ports-refused", ports_refused, {
        "v4": merge(SMALL_FILES, {"hosts": (1, 1)}),
        "dropped-v6": merge(SMALL_FILES_V6, BRIEF_SYNS, {"hosts": (1, 1), "verdict": "drop", "low": 33000, "high": 33999,
                                                          "inside": 5, "outside": 16})}, seconds=50),
]
