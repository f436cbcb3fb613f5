"""What befalls many connections at once, or one after the other for the same reason; beside it, others go on."""
import functools
import time

from plan import PLACES
from programs import held_by_process
from scenario import GIVE_UP, PATIENT, PATIENT_V6, SMALL_FILES, SMALL_FILES_V6, Scenario, merge
from talks import crowd, go_on, hang_up, talks_of


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
    path.note("link-outage", struck, time.time(), places=PLACES if news else ("client",),
              less={"server": "path-outage"})  # one server, one client: whose link it was is not to be seen
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
    """The same, but every program aborts long before its host would give up. One alone would be its program's doing;
    all of a host in the same moment are the path's."""
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
        conn.open("idle").ended("retransmit-timeout", "data", "path", at="client",
                                check=lambda flow: flow.client.rst and flow.client.repeats >= 2)
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


def server_gone(path, count=8, others=5, later=3, sought=False):
    """The first server's host loses power for good. Who was connected waits, who comes later is not answered. `sought`:
    the router soon doubts that it is there, asks for it in vain (ARP), and lets nothing more out to it."""
    listeners = [path.listen_at(number) for number in range(2)]
    if sought:
        path.forget_server(0)
    struck = [path.join(number % 2, 0, listeners[0]) for number in range(count)]
    spared = [path.join(number % 2, 1, listeners[1]) for number in range(others)]
    talks, bystanders = talks_of(struck, 1.0), talks_of(spared, 5.0)
    go_on(talks + bystanders, 4)
    for talk in talks:
        talk.quiet()
    go_on(talks + bystanders, 1)
    path.captures["server"].stop()
    path.unplug("server", 0)
    lost = time.time()
    if sought:
        path.doubt_server(0)
    go_on(talks_of(struck, 1.0) + bystanders, 3)
    late = [path.dial_from(number % 2, 0) for number in range(later)]
    path.note("server-death", struck, lost, places=PLACES[:3], also=late,
              less={"client": "path-outage"})  # one of its clients: the way there may be cut
    go_on(bystanders, GIVE_UP)
    hang_up(bystanders)
    path.tick()
    for conn in struck:
        conn.ended("retransmit-timeout", "data", "path", at=PLACES[:2])
        conn.ended("retransmit-timeout", "data", "server" if sought else "path", at="router-server").open("idle", at="server")
    for conn in late:
        conn.ended("retransmit-timeout", "syn", "path").unseen("server")
        for place in PLACES[1:3]:
            conn.truth[place]["place_hidden"] = True


def service_down(path, tries=6, others=6):
    """A service is not there, and two clients try it again and again; another service of the same host is well."""
    listener = path.listen_at(0)
    bystanders = talks_of([path.join(number % 2, 0, listener) for number in range(others)], 2.0)
    struck, at = [], time.time()
    for number in range(tries):
        for client in range(2):
            struck.append(path.dial_from(client, 0, port=path.port_of(0) + 7))
            struck[-1].client.finish_connect()
            struck[-1].ended("rst", "refused", "server")
            go_on(bystanders, 0.4)
        go_on(bystanders, 1 + 0.5 * number)
    hang_up(bystanders)
    path.note("refused-service", struck, at)


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
    Scenario("server-gone", server_gone, {
        "v4": merge(PATIENT, {"hosts": (2, 2)}),
        "sought": merge(PATIENT, {"hosts": (2, 2), "later": 0, "sought": True})}, seconds=80),
    Scenario("service-down", service_down, {"v4": merge(SMALL_FILES, {"hosts": (2, 1)})}, seconds=30),
    Scenario("lifetime", lifetime, {
        "v4": merge(SMALL_FILES, {"hosts": (2, 2)}),
        "longer-v6": merge(SMALL_FILES_V6, {"hosts": (2, 2), "age": 33, "count": 8, "brief": 3, "apart": 2.9})}, seconds=75),
]
