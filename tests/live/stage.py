"""Two hosts on a cable and hangup live on one of them. The hosts are the laboratory's (tests/lab/net.py): namespaces that
vanish with this process."""
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

HANGUP, PROJECT = os.environ["HANGUP"], os.environ["PROJECT"]
sys.path.insert(0, os.path.join(PROJECT, "tests/lab"))
from net import Host, namespaces_are_possible  # noqa: E402  (its folder is known only now)

BOUND = 2.0  # seconds: an ending is told so soon after it can be judged (docs/live.md)


class Metronome:
    """How much time the machine took from those who wanted to run: what a bound cannot be blamed for."""

    BEAT = 0.02

    def __init__(self):
        self._late = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            began = time.monotonic()
            time.sleep(self.BEAT)
            self._late.append((began, time.monotonic() - began - self.BEAT))

    def lost(self, since, until):
        return sum(late for began, late in list(self._late) if since <= began <= until)


ABORT = b"\1\0\0\0\0\0\0\0"  # struct linger: close with a reset


class Live:
    """hangup live on a host; lines come with the time at which they were read."""

    def __init__(self, host, *arguments, through=(), environment=None, program=HANGUP,
                 stdout=subprocess.PIPE):
        self.process = host.start(*through, program, "live", *arguments, stdin=subprocess.DEVNULL, stdout=stdout,
                                  stderr=subprocess.PIPE, text=True, env=os.environ | (environment or {}))
        self.lines, self.words = queue.Queue(), []
        self.told = []
        self._readers = [threading.Thread(target=self._read, daemon=True),
                         threading.Thread(target=self._listen, daemon=True)]
        for reader in self._readers:
            reader.start()

    def _read(self):
        for line in self.process.stdout or ():
            self.lines.put((time.monotonic(), line))
        self.lines.put(None)

    def _listen(self):
        for line in self.process.stderr:
            self.words.append(line)

    def wait_for(self, wanted, seconds):
        """(when, connection) of the first line that is wanted; what else came stays in `told`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                item = self.lines.get(timeout=left)
            except queue.Empty:
                break
            if item is None:
                break
            when, connection = item[0], json.loads(item[1])
            self.told.append((when, connection))
            if wanted(connection):
                return when, connection
        raise AssertionError(f"not told within {seconds} s; told were "
                             f"{[(c['id'], c['label'], c['cause'], c['final']) for _, c in self.told]}; {self.words}")

    def wait_until_capturing(self):
        """A status is answered only by one that captures."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
            if caught & 1 << signal.SIGUSR1 - 1:
                self.process.send_signal(signal.SIGUSR1)
                time.sleep(0.1)
                if any("packet" in line for line in self.words):
                    return self
            time.sleep(0.05)
        raise AssertionError(f"does not capture: {self.words}")

    def end(self, how=signal.SIGINT, timeout=30):
        """Ends it; returns the seconds that took, and the exit status."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout)
        took = time.monotonic() - began
        for reader in self._readers:
            reader.join(10)
        while (item := self.lines.get()) is not None:
            self.told.append((item[0], json.loads(item[1]) if item[1].startswith("{") else item[1]))
        return took, status


class Cable:
    """here eth0 10.9.0.1 ==== 10.9.0.2 eth0 there"""

    HERE, THERE = "10.9.0.1", "10.9.0.2"

    def __init__(self):
        self.here, self.there = Host("here"), Host("there")
        for host in (self.here, self.there):
            host.sysctl({"net.ipv6.conf.default.disable_ipv6": 1})
            host.ip("link set lo up")
        self.plug_in()

    def plug_in(self, up=True):
        self.here.ip(f"link add eth0 type veth peer name eth0 netns {self.there.handle}")
        for host, address in ((self.here, self.HERE), (self.there, self.THERE)):
            host.ip(f"addr add {address}/24 dev eth0")
        if up:
            self.switch_on()

    def switch_on(self):
        for host in (self.here, self.there):
            host.ip("link set eth0 up")

    def close(self):
        self.here.close()
        self.there.close()


def listen(host, address, port):
    with host.inside():
        sock = socket.create_server((address, port))
    sock.settimeout(10)
    return sock


def connect(host, address, port):
    with host.inside():
        sock = socket.socket()
    sock.settimeout(10)
    sock.connect((address, port))
    return sock


def talk(one, other, times=2, pause=0.1):
    for _ in range(times):
        one.sendall(b"question")
        other.recv(100)
        other.sendall(b"answer" * 20)
        one.recv(1000)
    time.sleep(pause)  # an acknowledgement may be delayed by 40 ms: it belongs to this talk


def abort(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    sock.close()


def backoff(sock):
    """How often what it waits for was sent again in vain, as its kernel counts (tcp_info.tcpi_backoff)."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[4]


def repeated(sock, times, seconds=20):
    """When it was sent again so often."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if backoff(sock) >= times:
            return time.monotonic()
        time.sleep(0.005)
    raise AssertionError("it was not repeated")


def read(path, *options):
    """What hangup read says of a capture, one object a connection."""
    done = subprocess.run([HANGUP, "read", "-o", "ndjson", *options, path], capture_output=True, text=True, check=True)
    return [line for line in map(json.loads, done.stdout.splitlines()) if line["schema"] == "hangup.connection/1"]


def comments(path):
    """{number: comment}, as tshark reads them."""
    done = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.comment"],
                          capture_output=True, text=True, check=True)
    return {int(number): comment for number, comment in (line.split("\t", 1) for line in done.stdout.splitlines())}


def evidence(connection):
    """The packets that a verdict names."""
    return {each["packet"] for each in connection["evidence"] if each["packet"]}


def commented_as_evidence(path):
    return {number for number, comment in comments(path).items() if "evidence:" in comment}


class Case(unittest.TestCase):
    def setUp(self):
        self.cable = Cable()
        self.addCleanup(self.cable.close)

    def live(self, *arguments, **options):
        live = Live(self.cable.here, *arguments, **options)
        for stream in filter(None, (live.process.stdout, live.process.stderr)):
            self.addCleanup(stream.close)
        self.addCleanup(live.process.kill)
        return live.wait_until_capturing()

    def pair(self, port):
        """An established connection from here to there: (client, server)."""
        listener = listen(self.cable.there, self.cable.THERE, port)
        client = connect(self.cable.here, self.cable.THERE, port)
        server = listener.accept()[0]
        listener.close()
        return client, server


def main():
    if not namespaces_are_possible():
        print("network namespaces need root")
        sys.exit(77)
    os.nice(-15)  # the machine may be busy with other tests, and these measure time
    Case.metronome = Metronome()
    unittest.main(warnings="ignore")
