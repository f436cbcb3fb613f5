"""A network of its own for a test, and servers in it that end connections in every way.

The test begins anew in a network namespace without a name, which ends with it; all is on its loopback interface.
"""
import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

HANGUP = os.environ["HANGUP"]
CLIENTS = os.environ["CLIENTS"]
CLONE_NEWNET = 0x40000000


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def enter():
    """Goes on in a namespace of its own, or skips the whole file with a sentence."""
    if os.geteuid() != 0:
        skip("only root may make network namespaces and capture")
    for tool in ("ip", "nft", "setpriv"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        skip("this system gives no network namespaces")
    if subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode != 0:
        skip("the loopback interface cannot be switched on here")


def nft(*rules):
    subprocess.run(["nft", "-f", "-"], input="\n".join(rules), text=True, check=True)


def listen():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1000)
    return listener


def port_of(listener):
    return listener.getsockname()[1]


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Server:
    """Listens on a port, and does the same with everybody who comes."""

    def __init__(self, treat):
        self.listener = listen()
        self.port = port_of(self.listener)
        self.treat = treat
        self.served = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            self.served += 1
            threading.Thread(target=self.treat, args=(connection, self.port), daemon=True).start()


def resets(connection, _port):
    time.sleep(0.05)
    reset(connection)


def resets_after_request(connection, _port):
    connection.recv(1000)
    reset(connection)


def idles_out(connection, _port):
    time.sleep(0.3)
    connection.close()


def idles_out_after_request(connection, _port):
    connection.recv(1000)
    time.sleep(0.3)
    connection.close()


def cut_off(connection, port):
    """Without a word: from now on nothing of this connection arrives."""
    nft(f"add rule inet away input tcp dport {port} tcp sport {connection.getpeername()[1]} drop")


def vanishes(connection, port):
    cut_off(connection, port)
    connection.send(b"!")
    time.sleep(60)


def vanishes_after_request(connection, port):
    """All of which it has, and has acknowledged."""
    connection.recv(1000)
    time.sleep(0.1)
    cut_off(connection, port)
    time.sleep(60)


def vanishes_in_request(connection, port):
    """Of which there is more to come than its buffers take."""
    connection.recv(1000)
    cut_off(connection, port)
    connection.recv(1 << 20)  # which opens the window for more
    time.sleep(60)


def keeps_quiet(connection, _port):
    time.sleep(60)
    connection.close()


def answers(connection, _port):
    while connection.recv(1000):
        connection.send(b"answer")
    connection.close()


def prepare():
    nft("table inet away {", "chain input { type filter hook input priority 0; }", "}")


def refusing_port():
    listener = listen()
    port = port_of(listener)
    listener.close()
    return port


def run(*arguments, through=(), environment=None, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    # Leaks cannot be looked for in what gave up the right to look at itself.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUDO_")}
    clean |= {"XDG_CONFIG_HOME": "/nowhere", "ASAN_OPTIONS": "detect_leaks=0"}
    return subprocess.run([*through, HANGUP, "run", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=240, env=clean | (environment or {}), **options)
