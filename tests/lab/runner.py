"""Runs instances side by side, each in a process of its own, and gathers the truth they tell."""
import json
import os
import signal
import sys
import time
import traceback

import truth
from path import Path

START_GAP = 0.15                     # seconds between two starts: building a path is the busiest moment


def _play(instance, folder, delaybox):
    """The body of an instance's process; its result is a file, so that nothing has to be shared."""
    path = None
    try:
        path = Path(instance.name, folder, delaybox, **instance.path_options)
        try:
            instance.story(path, **instance.story_options)
        finally:
            path.close()
        rows, complaints = truth.lines(instance, path)
    except Exception:                # whatever goes wrong in a story must not keep the others from ending
        rows, complaints = [], [traceback.format_exc()]
    finally:
        if path:
            path.abandon()
    with open(_result_file(folder, instance), "w", encoding="ascii") as file:
        json.dump({"rows": rows, "complaints": complaints}, file)


def _result_file(folder, instance):
    return os.path.join(folder, f".{instance.name}.json")


def _start(instance, folder, delaybox):
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _play(instance, folder, delaybox)
    os._exit(0)


def _collect(folder, instance):
    file = _result_file(folder, instance)
    if not os.path.exists(file):
        return [], ["the instance died"]
    with open(file, encoding="ascii") as stream:
        result = json.load(stream)
    os.unlink(file)
    return result["rows"], result["complaints"]


def run(instances, folder, delaybox, jobs, say):
    """(all truth lines, names of instances that went wrong)."""
    waiting = sorted(instances, key=lambda one: -one.seconds)
    running, rows, wrong = {}, [], []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                instance = waiting.pop(0)
                running[_start(instance, folder, delaybox)] = instance
                time.sleep(START_GAP)
                if _somebody_ended():
                    break
            pid, _status = os.wait()
            instance = running.pop(pid, None)
            if not instance:
                continue
            good, bad = _collect(folder, instance)
            rows += good
            if bad:
                wrong.append(instance.name)
            say(instance.name, len(good), bad)
    finally:
        for pid in running:          # each leads a group of its own: its captures and cables go with it
            os.killpg(pid, signal.SIGKILL)
    return rows, wrong


def _somebody_ended():
    """Whether a child has ended, without reaping it."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def interrupt(_signal, _frame):
    sys.exit(1)
