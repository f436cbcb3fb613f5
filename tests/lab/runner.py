"""Runs instances side by side, each in a process of its own, and gathers the truth they tell."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import truth
from net import die_with_parent
from network import Network
from path import Path

HERE = os.path.dirname(os.path.abspath(__file__))
START_GAP = 0.15                     # seconds between two starts: building a path is the busiest moment


class Workshop:
    """Where the run puts its captures, and a place of its own for all that nobody needs afterwards."""

    def __init__(self, folder):
        self.folder = folder
        self.scratch = tempfile.mkdtemp(prefix="hangup-lab-work-")
        os.chmod(self.scratch, 0o711)            # servers that are not root must reach their own folder
        self.delaybox = os.path.join(self.scratch, "delaybox")
        subprocess.run(["cc", "-std=c11", "-O2", "-o", self.delaybox, os.path.join(HERE, "delaybox.c"),
                        os.path.join(HERE, "wire.c")], check=True)

    def scratch_for(self, name):
        place = os.path.join(self.scratch, name)
        os.mkdir(place, 0o755)
        return place

    def close(self):
        shutil.rmtree(self.scratch, ignore_errors=True)


def _play(instance, workshop):
    """The body of an instance's process; its result is a file, so that nothing has to be shared."""
    path = None
    try:
        place = Network if "hosts" in instance.path_options else Path
        path = place(instance.name, workshop, **instance.path_options)
        try:
            instance.story(path, **instance.story_options)
        finally:
            path.close()
        rows, complaints = truth.lines(instance, path)
        incidents = truth.incidents(instance, path)
    except Exception:                # whatever goes wrong in a story must not keep the others from ending
        rows, incidents, complaints = [], [], [traceback.format_exc()]
    finally:
        if path:
            path.abandon()
    with open(_result_file(workshop, instance), "w", encoding="ascii") as file:
        json.dump({"rows": rows, "incidents": incidents, "complaints": complaints}, file)


def _result_file(workshop, instance):
    return os.path.join(workshop.scratch, f"{instance.name}.json")


def _start(instance, workshop):
    pid = os.fork()
    if pid:
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)     # here and below, because either may come first
        return pid
    os.setpgid(0, 0)
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _play(instance, workshop)
    os.killpg(0, signal.SIGKILL)     # the end of this process and of all that its programs left behind


def _collect(workshop, instance):
    file = _result_file(workshop, instance)
    if not os.path.exists(file):
        return [], [], ["the instance died"]
    with open(file, encoding="ascii") as stream:
        result = json.load(stream)
    return result["rows"], result["incidents"], result["complaints"]


def run(instances, workshop, jobs, say):
    """(all truth lines, all lines about incidents, names of instances that went wrong)."""
    waiting = sorted(instances, key=lambda one: -one.seconds)
    running, rows, incidents, wrong = {}, [], [], []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                instance = waiting.pop(0)
                running[_start(instance, workshop)] = instance
                time.sleep(START_GAP)
                if _somebody_ended():
                    break
            pid, _status = os.wait()
            instance = running.pop(pid, None)
            if not instance:
                continue
            good, told, bad = _collect(workshop, instance)
            rows += good
            incidents += told
            if bad:
                wrong.append(instance.name)
            say(instance.name, len(good), bad)
    finally:
        for pid in running:          # each leads a group of its own: its captures and cables go with it
            os.killpg(pid, signal.SIGKILL)
    return rows, incidents, wrong


def _somebody_ended():
    """Whether a child has ended, without reaping it."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def interrupt(_signal, _frame):
    sys.exit(1)
