"""A connection of a story, and what is true about it at each place where it was captured."""
import errno
import os
import re
import time

from plan import PLACES

CLIENT_SIDE, SERVER_SIDE = PLACES[:2], PLACES[2:]
MIDDLE = PLACES[1:3]
USUAL_VANTAGE = dict(zip(PLACES, ("client", "middle", "middle", "server")))
OPPOSITE = {"client": "server", "server": "client"}

DELAYED_ACK = 0.25                   # seconds after which the last of a talk has been acknowledged
ALPHABET = b"abcdefghijklmnopqrstuvwxyz0123456789"


def message(size):
    return (b"lab: " + ALPHABET * (size // len(ALPHABET) + 1))[:size]


class Program:
    """An end that is not ours: its addresses, and the errors that it reported in words."""

    def __init__(self, local, remote):
        self.local, self.remote, self.calls = local, remote, []

    def reported(self, call, text):
        """Finds the names of errors in what a program printed."""
        for number, name in errno.errorcode.items():
            if re.search(rf"\b{re.escape(os.strerror(number))}\b", text, re.IGNORECASE):
                self.calls.append({"t": round(time.time(), 6), "call": call, "errno": name})


class Conn:
    """`views` are the addresses (client, server) at places where they differ from what the client knows;
    `where` is the vantage of places that are not what they usually are, as when the router is an end."""

    def __init__(self, path, client, server=None, views=None, where=None):
        self.path, self.client, self.server = path, client, server
        self.tls = None
        self.views, self.where = views or {}, {**USUAL_VANTAGE, **(where or {})}
        self.truth = {}              # place -> what is claimed there; None: not one packet is there

    # Talking.

    def side(self, who):
        return self.client if who == "client" else self.server

    def say(self, who, size=200):
        """One side sends, the other reads all of it."""
        data = message(size)
        if self.tls:
            return self.tls.say(who, data)
        self.side(who).send(data)
        return self.side(OPPOSITE[who]).recv_exactly(size)

    def talk(self, rounds=2, request=180, answer=900):
        for _ in range(rounds):
            self.say("client", request)
            self.say("server", answer)
        time.sleep(self.path.rtt + DELAYED_ACK)

    def close_both(self, first, pause=0.0):
        """An orderly end that `first` begins."""
        other = OPPOSITE[first]
        self.side(first).close()
        self.side(other).read_to_end()
        time.sleep(pause)
        self.side(other).close()
        self.path.rest()

    # What is true.

    def ended(self, label, cause, actor, severity="abnormal", at=PLACES, check=None,
              place_hidden=False):
        """`place_hidden`: the file does not show where it was captured, so nobody can be asked to know."""
        for place in (at,) if isinstance(at, str) else at:
            self.truth[place] = {"label": label, "cause": cause, "actor": actor, "severity": severity,
                                 "check": check, "place_hidden": place_hidden or label == "undetermined"}
        return self

    def orderly(self, actor, cause="fin", severity="normal", **options):
        return self.ended("orderly-close", cause, actor, severity, **options)

    def reset_by(self, actor, cause, severity="abnormal", at=PLACES, **options):
        """A reset of an endpoint's own making: a local abort where it was made, `rst` everywhere else."""
        for place in (at,) if isinstance(at, str) else at:
            label = "local-abort" if self.where[place] == actor else "rst"
            self.ended(label, cause, actor, severity, at=place, **options)
        return self

    def open(self, cause="idle", at=PLACES, **options):
        return self.ended("still-open", cause, "none", "normal", at=at, **options)

    def unseen(self, at):
        """Not one packet of this connection reaches these places."""
        for place in (at,) if isinstance(at, str) else at:
            self.truth[place] = None
        return self

    def addresses(self, place):
        """(client, server) as seen at a place."""
        if place in self.views:
            return self.views[place]
        if place in SERVER_SIDE and self.server:
            return self.server.remote, self.client.remote
        return self.client.local, self.client.remote
