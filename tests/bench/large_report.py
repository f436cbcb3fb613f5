#!/usr/bin/python3
"""A write-up of a large capture, of which two connections in a hundred ended badly: how long it takes and how large it is.

Fails when the page is not the same with one thread, with two, and once more, or when it is too large to be mailed. How
long it may take depends on the machine; it is printed, beside what `hangup read` takes on the same capture.

usage: large_report.py GENERATE HANGUP [CONNECTIONS]
"""
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

BYTES_MAX = 20_000_000
PACKETS_EACH = 26

# How many of a million connections take each course (course.def): 98 in a hundred end well, or hurt nobody.
SHARES = {
    "fin-client": 480_000, "fin-server": 240_000, "fin-four": 150_000, "half-close": 10_000, "rst-after-close": 30_000,
    "keepalive-fin": 10_000, "idle-open": 5_000, "backscatter": 1_000, "stray-rst": 1_000, "scan": 8_000, "probe": 40_000,
    "empty-fin": 5_000,
    "abort-client": 4_000, "abort-server": 4_000, "late-data": 2_000, "idle-drop": 1_000, "idle-silent": 1_000,
    "data-timeout": 2_000, "server-timeout": 1_000, "fin-timeout": 500, "keepalive-timeout": 500, "half-closed": 1_000,
    "refused": 2_000, "syn-timeout": 1_000,
    "syn-twice": 0, "syn-once": 0, "one-shot-rst": 0, "udp": 0,
}


def generate(program, path, connections):
    shares = ",".join(f"{course}={share}" for course, share in SHARES.items())
    command = [program, f"--connections={connections}", f"--packets={PACKETS_EACH * connections}",
               f"--concurrency={max(10, connections // 20)}", f"--clients={connections // 5}", "--servers=200",
               "--talk-max=4000", f"--share={shares}", path]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def timed(*command, output=None):
    """(seconds, seconds of the processor) of a command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=output or subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, sum(after[:2]) - sum(before[:2])


def abnormal(hangup, capture):
    lines = subprocess.run([hangup, "read", "-o", "fields=severity", capture], check=True, stdout=subprocess.PIPE).stdout
    return lines.split().count(b"abnormal")


def report(hangup, capture, page, threads):
    """(SHA-256, size) of the page."""
    seconds, busy = timed(hangup, "report", "--threads", str(threads), capture, "-o", page)
    with open(page, "rb") as file:
        content = file.read()
    os.remove(page)
    print(f"report, threads {threads}: {len(content) / 1e6:.1f} MB in {seconds:.1f} s, {busy:.1f} s of the processor",
          flush=True)
    return hashlib.sha256(content).hexdigest(), len(content)


def main():
    program, hangup, connections = sys.argv[1], sys.argv[2], int((sys.argv[3:] or [100_000])[0])
    with tempfile.TemporaryDirectory(prefix="hangup-report-") as folder:
        capture, page = os.path.join(folder, "large.pcap"), os.path.join(folder, "large.html")
        about = generate(program, capture, connections)
        print(f"{about['connections']} connections, {abnormal(hangup, capture)} abnormal, {about['packets']} packets")
        seconds, busy = timed(hangup, "read", "--threads", "1", capture)
        print(f"read, threads 1: {seconds:.1f} s, {busy:.1f} s of the processor", flush=True)
        pages = [report(hangup, capture, page, threads) for threads in (1, 2, 1)]
    if len(set(pages)) > 1:
        sys.exit(f"the pages differ: {pages}")
    if pages[0][1] > BYTES_MAX:
        sys.exit(f"the page has {pages[0][1]} bytes")


if __name__ == "__main__":
    main()
