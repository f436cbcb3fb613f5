"""Processes: real servers as packaged, real clients, and children that hold a socket so that they can die."""
import functools
import os
import pwd
import shutil
import signal
import subprocess
import time

from net import die_with_parent

OUTSIDE_PATH = ("/usr/sbin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin",
                "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/18/bin")


def find(name):
    return shutil.which(name) or shutil.which(name, path=":".join(OUTSIDE_PATH))


def absent(names):
    return [name for name in names if not find(name)]


def _become(user, last_word):
    """Gives up root in the child. A change of user forgets the death signal, so that one is set last."""
    if user:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    die_with_parent(last_word)


class Daemon:
    """A packaged server in the foreground on one of the hosts, ready when it listens on `port`."""

    def __init__(self, path, host, command, port, user=None):
        self.host = host
        self.log = open(os.path.join(path.scratch, f"{command[0]}-{port}.log"), "w+", encoding="utf-8")
        with host.inside():
            self.process = subprocess.Popen(
                [find(command[0]), *command[1:]], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                cwd=path.scratch, preexec_fn=functools.partial(_become, user, signal.SIGINT))
        path.adopt(self.process)
        self._wait_until_listening(port)

    def _wait_until_listening(self, port):
        until = time.monotonic() + 20
        while not self.host.run("ss", "-Hltn", f"sport = :{port}"):
            if self.process.poll() is not None or time.monotonic() > until:
                self.log.seek(0)
                raise RuntimeError(f"{self.process.args[0]} does not listen: {self.log.read()}")
            time.sleep(0.05)

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]


def client(path, host, *command, wait=True, user=None, text=None):
    """A packaged client; its words tell which error it got. Returns the process."""
    with host.inside():
        process = subprocess.Popen(
            [find(command[0]), *command[1:]], text=True, cwd=path.scratch,
            stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C"},
            preexec_fn=functools.partial(_become, user, signal.SIGKILL))
    path.adopt(process)
    if wait:
        process.words = process.communicate(text)[0]
    return process


class HeldByProcess:
    """A child that is the only one to hold the sockets of one side of some connections."""

    def __init__(self, socks):
        self.socks = socks
        self.pid = os.fork()
        if self.pid == 0:
            die_with_parent(signal.SIGKILL)
            signal.pause()
            os._exit(0)
        for sock in socks:
            sock.close()             # only our copy: the child's keeps the connection open

    def kill(self):
        """SIGKILL, and nothing else: all that follows is the kernel's doing."""
        for sock in self.socks:
            sock.happened("process", "SIGKILL")
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def held_by_process(*socks):
    return HeldByProcess(socks)
