"""Hosts of the laboratory: network namespaces without a name.

A namespace here is held by a file descriptor of this process and by nothing else, so the kernel takes it and
all that is in it back when the process ends, however it ends. Nothing has to be found and removed afterwards,
and nothing that others made can be met by accident.
"""
import contextlib
import ctypes
import json
import os
import signal
import subprocess

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _current_namespace():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def die_with_parent(how=signal.SIGINT):
    """For a child process: so that nothing outlives the laboratory."""
    _libc.prctl(PR_SET_PDEATHSIG, how)


@contextlib.contextmanager
def _entered(namespace):
    back = _current_namespace()
    _call("setns", namespace, CLONE_NEWNET)
    try:
        yield
    finally:
        _call("setns", back, CLONE_NEWNET)
        os.close(back)


def namespaces_are_possible():
    try:
        Host("probe").close()
    except OSError:
        return False
    return True


class Host:
    """One machine: sockets opened and programs started `inside()` live in its network namespace."""

    def __init__(self, name):
        self.name = name
        back = _current_namespace()
        _call("unshare", CLONE_NEWNET)
        self._namespace = _current_namespace()
        _call("setns", back, CLONE_NEWNET)
        os.close(back)

    def close(self):
        os.close(self._namespace)

    def inside(self):
        return _entered(self._namespace)

    @property
    def handle(self):
        """How `ip link ... netns` can name this host."""
        return f"/proc/{os.getpid()}/fd/{self._namespace}"

    def run(self, *command, text=None):
        with self.inside():
            done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def start(self, *command, **options):
        with self.inside():
            return subprocess.Popen(command, preexec_fn=die_with_parent, **options)

    def mac(self, interface):
        return json.loads(self.run("ip", "-json", "link", "show", interface))[0]["address"]

    def ip(self, *lines):
        self.run("ip", "-batch", "-", text="\n".join(lines) + "\n")

    def nft(self, ruleset):
        self.run("nft", "-f", "-", text=ruleset + "\n")

    def sysctl(self, settings):
        with self.inside():
            for key, value in settings.items():
                with open("/proc/sys/" + key.replace(".", "/"), "w", encoding="ascii") as file:
                    file.write(f"{value}\n")

    def forget_connections(self, *condition):
        """Makes the host lose its TCP state without a word, as a crash or a failover would.

        The kernel only destroys a socket with a reset, so a rule keeps that reset from ever leaving.
        """
        self.nft("table inet amnesia { chain out { type filter hook output priority -300; "
                 "tcp flags rst drop; }; }")
        self.run("ss", "-K", *condition)
        self.nft("delete table inet amnesia")
