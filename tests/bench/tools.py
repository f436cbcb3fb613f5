"""Who is measured: a tool is a row."""
import dataclasses
import os
import shutil
from typing import Callable

FIELDS = "id,label,cause,actor,severity,confidence,client.ip,server.ip,server.port"
TSHARK_FIELDS = ("tcp.stream", "tcp.analysis.flags", "tcp.analysis.retransmission", "tcp.analysis.ack_rtt",
                 "tcp.flags", "tcp.seq", "tcp.ack", "tcp.len")

TWO_AT_ONCE = '"$0" read --threads 1 "$1" & "$0" read --threads 1 "$1" && wait $!'


@dataclasses.dataclass
class Tool:
    name: str
    command: Callable[[str], list[str]]  # given a capture
    slow: bool = False  # gets a part of each capture
    ours: bool = False
    alone: bool = True  # one process: its memory can be watched


def _installed(programs):
    out = programs["out"]
    fields = [word for field in TSHARK_FIELDS for word in ("-e", field)]
    return [
        ("nfpcapd", Tool("nfpcapd", lambda f: ["nfpcapd", "-r", f, "-l", out])),
        ("argus", Tool("argus", lambda f: ["argus", "-r", f, "-w", "-"])),
        ("tcptrace", Tool("tcptrace", lambda f: ["tcptrace", "-n", f], slow=True)),
        ("tshark", Tool("tshark conv", lambda f: ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", f], slow=True)),
        ("tshark", Tool("tshark fields", lambda f: ["tshark", "-n", "-T", "fields", *fields, "-r", f], slow=True)),
    ]


def tools_for(programs, folder, wanted):
    """Those there are, in the order of the table; `wanted` is names separated by semicolons, or None for all."""
    hangup = programs["hangup"]
    out = os.path.join(folder, "out")
    os.makedirs(out, exist_ok=True)
    tools = [
        Tool("cat", lambda f: ["cat", f]),
        Tool("empty libpcap", lambda f: [programs["empty_libpcap"], f]),
        Tool("hangup text", lambda f: [hangup, "read", "--threads", "1", f], ours=True),
        Tool("hangup fields", lambda f: [hangup, "read", "--threads", "1", "-o", f"fields={FIELDS}", f], ours=True),
        Tool("hangup ndjson", lambda f: [hangup, "read", "--threads", "1", "-o", "ndjson", f], ours=True),
        Tool("hangup text, 2 threads", lambda f: [hangup, "read", "--threads", "2", f], ours=True),
        # What the machine gives two cores that share nothing: half of it is the best that two threads can hope for.
        Tool("hangup text, two runs at once", lambda f: ["sh", "-c", TWO_AT_ONCE, hangup, f], ours=True,
             alone=False),
    ]
    tools += [tool for program, tool in _installed(programs | {"out": out}) if shutil.which(program)]
    if wanted:
        names = wanted.split(";") + ["empty libpcap"]
        tools = [tool for tool in tools if tool.name in names]
    for tool in tools:
        tool.output = "/dev/null" if tool.name == "cat" else os.path.join(out, tool.name.replace(" ", "-"))
    return tools
