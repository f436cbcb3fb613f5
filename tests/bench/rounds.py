"""Runs tools in turn, again and again, and keeps what each took."""
import dataclasses
import os
import statistics
import subprocess
import sys
import threading
import time

SAMPLE_S = 0.01  # how often memory is looked at, in the round that warms up


@dataclasses.dataclass
class Result:
    tool: object
    capture: object             # the one it ran on: all of it, or a part
    cpu_s: list = dataclasses.field(default_factory=list)   # user + system, a round each
    wall_s: list = dataclasses.field(default_factory=list)
    memory: int = 0             # peak bytes of its own, not counting the mapped file
    memory_smallest: int = 0    # the same on a capture of next to nothing
    output: int = 0             # bytes
    status: int = 0

    @property
    def cpu(self):
        return statistics.median(self.cpu_s)

    @property
    def wall(self):
        return statistics.median(self.wall_s)


class MemoryWatch:
    """The peak of a process's anonymous memory. The kernel's own peak (VmHWM) counts mapped files' pages, too."""

    def __init__(self, pid):
        self.peak = 0
        self.path = f"/proc/{pid}/status"
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()

    def _watch(self):
        while not self.done.wait(SAMPLE_S):
            try:
                with open(self.path, encoding="ascii") as status:
                    self.peak = max(self.peak, *(int(line.split()[1]) * 1024 for line in status
                                                 if line.startswith("RssAnon")), 0)
            except OSError:
                return

    def stop(self):
        self.done.set()
        self.thread.join()
        return self.peak


def run_once(tool, path, watch):
    """(CPU seconds, wall seconds, peak memory or 0, exit status)"""
    with open(tool.output, "wb") as out, open(tool.output + ".err", "wb") as err:
        begun = time.monotonic()
        child = subprocess.Popen(tool.command(path), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        memory = MemoryWatch(child.pid) if watch else None
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, wall, memory.stop() if memory else 0, child.returncode


def warm_up(result, smallest):
    result.memory_smallest = run_once(result.tool, smallest.path, True)[2]
    _, _, result.memory, result.status = run_once(result.tool, result.capture.path, True)
    if os.path.isfile(result.tool.output):
        result.output = os.path.getsize(result.tool.output)


def measure(tools, capture, part, smallest, rounds):
    results = [Result(tool, part if tool.slow else capture) for tool in tools]
    if part is not capture and any(tool.slow for tool in tools):
        loop = next(tool for tool in tools if tool.name == "empty libpcap")
        results.append(Result(dataclasses.replace(loop, slow=True), part))
        results[-1].tool.output = loop.output
    for result in results:
        print(f"{result.capture.name}: {result.tool.name}", file=sys.stderr)
        warm_up(result, smallest)
    for _ in range(rounds):
        for result in results:
            cpu, wall, _, _ = run_once(result.tool, result.capture.path, False)
            result.cpu_s.append(cpu)
            result.wall_s.append(wall)
    return results
