"""A connection of a story, and what is true about it at each place where it was captured."""
import time

VANTAGES = ("client", "router-client", "router-server", "server")
CLIENT_SIDE, SERVER_SIDE = VANTAGES[:2], VANTAGES[2:]
MIDDLE = VANTAGES[1:3]
OPPOSITE = {"client": "server", "server": "client"}

REQUEST = b"put lab/item-%06d?payload=" + b"abcdefghijklmnopqrstuvwxyz0123456789" * 4000


def message(size, number=1):
    return (REQUEST % number)[:size] if size <= 140000 else (REQUEST % number) * (size // 140000 + 1)


class Conn:
    def __init__(self, path, client, server):
        self.path, self.client, self.server = path, client, server
        self.truth = {}              # vantage -> {label, cause, actor, severity, check}
        self.server_view = None      # the client's address as the server's side of a NAT sees it

    # Talking.

    def side(self, who):
        return self.client if who == "client" else self.server

    def say(self, who, size=200):
        """One side sends, the other reads all of it."""
        data = message(size)
        self.side(who).send(data)
        return self.side(OPPOSITE[who]).recv_exactly(size)

    def talk(self, rounds=2, request=180, answer=900):
        for _ in range(rounds):
            self.say("client", request)
            self.say("server", answer)
        self.path.rest(2)            # the last acknowledgement may still be on its way

    def close_both(self, first, pause=0.0):
        """An orderly end that `first` begins."""
        other = OPPOSITE[first]
        self.side(first).close()
        self.side(other).read_to_end()
        time.sleep(pause)
        self.side(other).close()
        self.path.rest()

    # What is true.

    def ended(self, label, cause, actor, severity="abnormal", at=VANTAGES, check=None,
              place_hidden=False):
        """`place_hidden`: the file does not show where it was captured, so nobody can be asked to know."""
        for place in (at,) if isinstance(at, str) else at:
            self.truth[place] = {"label": label, "cause": cause, "actor": actor, "severity": severity,
                                 "check": check,
                                 "place_hidden": place_hidden or label == "undetermined"}
        return self

    def orderly(self, actor, cause="fin", severity="normal", **options):
        return self.ended("orderly-close", cause, actor, severity, **options)

    def reset_by(self, actor, cause, severity="abnormal", at=VANTAGES, **options):
        """A reset of an endpoint's own making: a local abort where it was made, `rst` everywhere else."""
        for place in (at,) if isinstance(at, str) else at:
            label = "local-abort" if place == actor else "rst"
            self.ended(label, cause, actor, severity, at=place, **options)
        return self

    def open(self, cause="idle", at=VANTAGES, **options):
        return self.ended("still-open", cause, "none", "normal", at=at, **options)

    def unseen(self, at):
        """Not one packet of this connection reaches these places."""
        for place in (at,) if isinstance(at, str) else at:
            self.truth[place] = None

    def client_address(self, vantage):
        if vantage in SERVER_SIDE:
            if self.server_view:
                return self.server_view
            if self.server:
                return self.server.remote
        return self.client.local

    def server_address(self, _vantage):
        return self.client.remote
