#!/usr/bin/python3
"""What it costs a command to be run by hangup: seconds against the same command alone, in turns. Not a test.

usage: HANGUP=... CLIENTS=... costs.py [ROUNDS]      (root; a table for docs/run.md)
"""
import os
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import place
from place import HANGUP, Server

MIB = 1 << 20
SHORT = """
import socket, sys
for _ in range(3000):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    client.send(b"x")
    client.recv(10)
    client.close()
"""
READ = """
import os, socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.send(b"x")
size = int(sys.argv[2])
while os.read(client.fileno(), size):
    pass
"""


def pours(connection, _port):
    """As much as the request asks for, in MiB."""
    connection.recv(1)
    block = bytes(MIB)
    try:
        for _ in range(1024):
            connection.sendall(block)
    except OSError:
        pass
    connection.close()


def commands():
    answers, source = Server(place.answers).port, Server(pours).port
    return (
        ("3,000,000 reads and writes of 512 bytes, no socket", ["dd", "if=/dev/zero", "of=/dev/null", "bs=512", "count=3000000"]),
        ("3,000 connections, one after another", ["/usr/bin/python3", "-c", SHORT, str(answers)]),
        ("1 GiB from one socket, 64 KiB a read", ["/usr/bin/python3", "-c", READ, str(source), "65536"]),
        ("1 GiB from one socket, 4 KiB a read", ["/usr/bin/python3", "-c", READ, str(source), "4096"]),
    )


def seconds(command):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def main():
    place.enter()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| command | seconds alone | `--no-trace` | traced |\n|---|---|---|---|")
    for what, command in commands():
        ways = ([], [HANGUP, "run", "--no-trace", "--"], [HANGUP, "run", "--"])
        measured = [[seconds(way + command) for way in ways] for _ in range(rounds)]
        alone, untraced, traced = (statistics.median(column) for column in zip(*measured))
        ratios = [statistics.median(row[i] / row[0] for row in measured) for i in (1, 2)]
        print(f"| {what} | {alone:.2f} | × {ratios[0]:.2f} | × {ratios[1]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
