"""Runs hangup and measures it."""
import os
import subprocess
import tempfile

HANGUP, MEASURE = os.environ["HANGUP"], os.environ["MEASURE"]
MB = 1 << 20

# Sanitizers keep what is freed: little of it here, where memory is measured.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}


class Run:
    """One run of hangup read: what it wrote, its CPU seconds and its peak of memory in bytes."""

    def __init__(self, *arguments):
        with tempfile.NamedTemporaryFile("r") as cost:
            run = subprocess.run([MEASURE, cost.name, HANGUP, "read", *arguments], stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, env=ENVIRONMENT, check=False)
            self.out, self.err, self.status = run.stdout, run.stderr, run.returncode
            cpu, peak = cost.read().split()
        self.cpu, self.peak = float(cpu), int(peak)


def growth(run, small, large, grown, slack=1.5):
    """(first run, second run, whether time grew no faster than the input): run(SIZE) gives a Run; `grown` times larger
    is what the larger is. What seems slow is repeated, because time is noise and a hang is not."""
    first, second = run(small), run(large)
    for _ in range(3):
        if second.cpu <= first.cpu * grown * slack:
            break
        again = run(large)
        second = min(second, again, key=lambda r: r.cpu)
    return first, second, second.cpu <= first.cpu * grown * slack
