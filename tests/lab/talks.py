"""Conversations that go on by themselves while a story waits: many at a time, each at a pace of its own."""
import random
import select
import time

from conn import message


class Talk:
    """The client asks every `every` seconds and is answered; every `news` seconds the server speaks unasked.

    `quiet` ends it: both ends still read, but nobody begins. An error at one end ends what that end says.
    """

    def __init__(self, conn, every=None, news=None, request=140, answer=420, seed=0):
        self.conn, self.request, self.answer = conn, request, answer
        pick = random.Random(f"{conn.path.name}/{seed}")
        now = time.monotonic()
        self.every, self.news = every, news
        self.next = {"client": now + pick.uniform(0, every) if every else None,
                     "server": now + pick.uniform(0, news) if news else None}
        self.asked, self.leaving = 0, False
        self.ended = set()

    def quiet(self):
        self.next = {"client": None, "server": None}

    def leave(self, first):
        """An orderly end that `first` begins; the other end follows when it hears of it. Only when all is quiet."""
        self.quiet()
        self.leaving = True
        self.conn.side(first).close()
        self.conn.orderly(first)

    def due(self):
        return min((when for when in self.next.values() if when), default=None)

    def begin(self, now):
        """Says what is due."""
        for who, pace, size in (("client", self.every, self.request), ("server", self.news, self.answer // 2)):
            if self.next[who] and now >= self.next[who]:
                self.next[who] = None if who in self.ended else now + pace
                self._say(who, size)

    def _say(self, who, size):
        sock = self.conn.side(who)
        if who not in self.ended and not sock.closed:
            sock.send(message(size), timeout=0)
            if sock.failed():
                self.ended.add(who)

    def open_sides(self):
        return [who for who in ("client", "server")
                if self.conn.side(who) and not self.conn.side(who).closed and who not in self.ended]

    def hear(self, who):
        data = self.conn.side(who).recv(timeout=0)
        if data == b"" or self.conn.side(who).failed():
            self.ended.add(who)
            if self.leaving:
                self.conn.side(who).close()
        elif data and who == "server":
            self.asked += len(data)
            while self.asked >= self.request:
                self.asked -= self.request
                self._say("server", self.answer)


def crowd(path, listeners, client, servers, count):
    """Connections of one client, evenly spread over these servers."""
    return [path.join(client, servers[number % len(servers)], listeners[servers[number % len(servers)]])
            for number in range(count)]


def talks_of(conns, every=2.0, news=None, **sizes):
    return [Talk(conn, every, news, seed=number, **sizes) for number, conn in enumerate(conns)]


def go_on(talks, seconds):
    """Lets the talks go on for so long."""
    until = time.monotonic() + seconds
    while (now := time.monotonic()) < until:
        for talk in talks:
            talk.begin(now)
        where = {talk.conn.side(who).sock.fileno(): (talk, who) for talk in talks for who in talk.open_sides()}
        dues = [due for due in (talk.due() for talk in talks) if due]
        wait = max(0, min([until, *dues]) - time.monotonic())
        poll = select.poll()
        for number in where:
            poll.register(number, select.POLLIN)
        for number, _events in poll.poll(wait * 1000 + 1):
            talk, who = where[number]
            talk.hear(who)


def hang_up(talks, first="client", apart=0.15):
    """Orderly ends, one after the other, of talks that have fallen silent."""
    for talk in talks:
        talk.quiet()
    go_on(talks, 1)
    for talk in talks:
        talk.conn.close_both(first)
        talk.conn.orderly(first)
        time.sleep(apart)
