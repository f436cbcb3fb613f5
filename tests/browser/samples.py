"""Reports to look at: made by hangup from samples and from captures made here."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["PROJECT"], "tests", "cli"))

from tool import ACK, RST, SAMPLES, SYN, conversation, hangup, pcap, segment

# What a browser would take for markup, a reader for another direction, a script for its end.
HOSTILE = "<script>alert(1)<img src=x onerror=alert(1)>\"'&lt;`|\u202e\u2066\x1b[2J.pcap"


def _many():
    """1,020 connections that end badly: refused, aborted, unanswered, from many clients over some minutes."""
    server, packets = ("198.51.100.2", 443), []
    for i in range(1020):
        client = (f"192.0.2.{1 + i % 200}", 20000 + i)
        if i % 3 == 0:
            packets += [segment(client, server, 1000, 0, SYN), segment(server, client, 0, 1001, RST | ACK)]
        elif i % 3 == 1:
            packets += conversation(client, (server[0], 8443))
        else:
            packets += [segment(client, (server[0], 22), 1000, 0, SYN)] * 7
    return pcap(packets, gap=0.05)


def _write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def _report(folder, name, captures, *options):
    path = os.path.join(folder, name + ".html")
    run = hangup("report", *captures, "-o", path, *options)
    if run.returncode not in (0, 4) or not os.path.exists(path):
        raise AssertionError(f"hangup report: {run.stderr}")
    return path


def _sample(name):
    return os.path.join(SAMPLES, name)


def _samples(*names):
    return [_sample(name) for name in names]


def _incident(folder):
    return _report(folder, "incident", _samples("incident-idle-silent.client.pcap"))


def _kinds(folder):
    return _report(folder, "kinds", _samples(
        "zero-window-timeout.client.pcap", "pmtu-blackhole.client.pcap", "injected-both.client.pcap",
        "forged-icmp-host-unreachable.pcap", "keepalive-timeout.client.pcap", "idle-rst-both.server.pcap"))


def _hostile(folder):
    hostile = _write(folder, HOSTILE, pcap(conversation()))
    return _report(folder, "hostile", [hostile, *_samples("refused.client.pcap")], "--title",
                   "</title></style></script><script>alert(2)</script>" + HOSTILE)


def markdown(folder, name):
    """The report of a sample as Markdown."""
    path = _report(folder, name, _samples(name), "--format", "md")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _well(folder):
    return _report(folder, "well", _samples("fin-client.client.pcap"))


def _pictures(folder):
    """The pictures alone, on a bare page."""
    captures = _samples("zero-window-timeout.client.pcap", "idle-rst-both.server.pcap", "injected-both.client.pcap",
                        "forged-icmp6-admin-prohibited.pcap", "pmtu-blackhole-download.server.pcap",
                        "data-timeout-client.client.pcap")
    page = subprocess.run([os.environ["DRAW_PICTURES"], *captures], check=True, stdout=subprocess.PIPE).stdout
    return _write(folder, "pictures.html", page)


def _large(folder):
    return _report(folder, "many", [_write(folder, "many.pcap", _many())])


MAKERS = {"incident": _incident, "kinds": _kinds, "hostile": _hostile, "well": _well, "pictures": _pictures, "many": _large}


def make(folder, names=tuple(MAKERS)):
    """Name and file of each of those named."""
    for name in names:
        yield name, MAKERS[name](folder)
