"""What looks like an incident and hurts nobody; and controls, in which there is none."""
import time

from conn import CLIENT_SIDE, SERVER_SIDE
from pcapfile import PSH
from scenario import PATIENT, SMALL_FILES, Scenario, merge
from talks import crowd, go_on, hang_up, talks_of
from topology import SERVER_DOWN


def checks_and_scan(path, checks=30, scanned=60, ordinary=8):
    """A load balancer checks the first server every second, a scanner tries its ports, and a client works."""
    listeners = [path.listen_at(number) for number in range(2)]
    talks = talks_of(crowd(path, listeners, 0, (0, 1), ordinary), 3.0)
    checked, probed, began = [], [], time.time()
    closed = [port for port in range(1, 1025, 17) if port != path.port][:scanned]
    scan_at = None
    for number in range(checks):
        checked.append(_check(path, 1, listeners[0]))
        if number == checks // 2:
            scan_at = time.time()
            probed = [path.dial_from(2, 0, port=port) for port in closed]
            for conn in probed:
                conn.client.finish_connect(1)
                conn.ended("rst", "refused", "server")
        go_on(talks, 1)
    hang_up(talks)
    path.note("health-checks", checked, began)
    path.note("scan", probed, scan_at)


def _check(path, client, listener):
    conn = path.join(client, 0, listener)
    conn.client.abort()
    path.rest()
    conn.server.recv(1)
    conn.server.close()
    return conn.reset_by("client", "probe", "harmless")


# Controls: there is no incident here.

def unrelated(path):
    """One abort, one refusal, one timeout, one forgotten close: different hosts, different causes, different times."""
    listeners = [path.listen_at(number) for number in range(3)]
    aborts, times_out, half = path.join(0, 0, listeners[0]), path.join(1, 1, listeners[1]), path.join(2, 2, listeners[2])
    ordinary = [path.join(number % 3, (number + number // 3) % 3, listeners[(number + number // 3) % 3])
                for number in range(12)]
    talks, lonely = talks_of(ordinary, 7.0), talks_of([aborts, times_out, half], 2.0)
    go_on(talks + lonely, 5)
    for talk in lonely:
        talk.quiet()
    go_on(talks + lonely, 1)
    path.forward_rule(f"tcp sport {times_out.client.local[1]} drop")
    times_out.client.send(b"into the void " * 10)
    times_out.ended("retransmit-timeout", "data", "path", at=CLIENT_SIDE).open("idle", at=SERVER_SIDE)
    go_on(talks, 9)
    aborts.server.abort()
    aborts.reset_by("server", "app-abort")
    go_on(talks, 11)
    refused = path.dial_from(1, 2, port=path.port_of(2) + 7)
    refused.client.finish_connect()
    refused.ended("rst", "refused", "server")
    half.client.close()
    half.ended("missing-fin", "half-closed", "server")
    go_on(talks, 65)
    hang_up(talks)
    path.tick()


def coincidence(path):
    """Three connections of one host to three servers time out, but each at a time of its own; the host's others go on."""
    listeners = [path.listen_at(number) for number in range(3)]
    lost = [path.join(0, number, listeners[number]) for number in range(3)]
    talks = talks_of(crowd(path, listeners, 0, (0, 1, 2), 6) + crowd(path, listeners, 1, (0, 1, 2), 3), 3.0)
    lonely = talks_of(lost, 2.0)
    go_on(talks + lonely, 4)
    for number, talk in enumerate(lonely):
        talk.quiet()
        go_on(talks + lonely, 1)
        path.forward_rule(f"tcp sport {talk.conn.client.local[1]} drop")
        talk.conn.client.send(b"into the void " * 10)
        talk.conn.ended("retransmit-timeout", "data", "path", at=CLIENT_SIDE).open("idle", at=SERVER_SIDE)
        go_on(talks + lonely, 11 + 3 * number)
    go_on(talks, 50)
    hang_up(talks)
    path.tick()


def program_idle_limit(path, count=10, limit=15):
    """A server's program aborts who says nothing for 15 s. That is its own limit and no box's: it is there, and says so.
    All that can be said of them together is that they ended alike."""
    listener = path.listen_at(0)
    busy = talks_of([path.join(1, 0, listener) for _ in range(4)], 3.0)
    idle = []
    for number in range(count):
        conn = path.join(0, 0, listener)
        conn.talk(1 + number % 3)
        idle.append((time.monotonic() + limit, conn))
        go_on(busy, 0.8)
    at = None
    for when, conn in idle:
        go_on(busy, when - time.monotonic())
        at = at or time.time()
        conn.server.abort()
        conn.reset_by("server", "app-abort")
    path.note("same-cause", [conn for _when, conn in idle], at)
    hang_up(busy)


def busy_and_well(path, count=60, at_once=12):
    """Three clients, three servers, an ordinary half minute: connections come and go, some data is lost, all close."""
    listeners = [path.listen_at(number) for number in range(3)]
    talks, quiet, gone = [], [], []
    for number in range(count + 2 * at_once):
        if number % 12 == 11:
            path.cable(SERVER_DOWN, lose_flags=PSH, lose_count=3)
        if number < count:
            server = (number * 5 + number // 4) % 3
            talks += talks_of([path.join(number % 3, server, listeners[server])], 0.9)
        if len(talks) > at_once or number >= count and talks:
            quiet.append(talks.pop(number * 7 % len(talks)))
            quiet[-1].quiet()
        if len(quiet) > at_once or number >= count + at_once and quiet:
            gone.append(quiet.pop(0))
            gone[-1].leave(("client", "server")[number % 4 == 0])
        go_on(talks + quiet + gone, 0.3)
    go_on(gone, 6)


SCENARIOS = [
    Scenario("checks-and-scan", checks_and_scan, {"v4": merge(SMALL_FILES, {"hosts": (3, 2)})}, seconds=50),
    Scenario("unrelated", unrelated, {"v4": merge(PATIENT, {"hosts": (3, 3)})}, seconds=100),
    Scenario("coincidence", coincidence, {"v4": merge(PATIENT, {"hosts": (2, 3)})}, seconds=110),
    Scenario("program-idle-limit", program_idle_limit, {"v4": merge(SMALL_FILES, {"hosts": (2, 1)})}, seconds=40),
    Scenario("busy", busy_and_well, {"v4": merge(SMALL_FILES, {"hosts": (3, 3)})}, seconds=60),
]
