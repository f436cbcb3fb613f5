"""tcpdump, or dumpcap for pcapng, at one place."""
import os
import re
import signal
import subprocess
import time

import pcapfile

BUFFER_KIB = "8192"                  # in immediate mode every packet takes a slot of the full snaplen


class _Capture:
    def __init__(self, host, file, command):
        self.file, self.lost = file, 0
        self.process = host.start(*command, stderr=subprocess.PIPE, text=True)

    def wait_until_listening(self):
        for line in self.process.stderr:
            if re.search(self.READY, line):
                return
        raise RuntimeError(f"the capture to {self.file} did not start")

    def stop(self):
        """Also the way a capture ends early, as when the host that takes it dies. May be called again."""
        if self.process.poll() is None:
            time.sleep(0.02)
            self.process.send_signal(signal.SIGINT)
            words = self.process.communicate()[1]
            self.lost = int((re.search(self.LOST, words) or [0, 0])[1])


class Tcpdump(_Capture):
    SUFFIX, READY, LOST = "pcap", "listening on", r"(\d+) packets? dropped by kernel"

    def __init__(self, host, file, interface, snaplen=0, nano=False, filter=""):
        command = ["tcpdump", "-i", interface, "-w", file, "-U", "-n", "-B", BUFFER_KIB, "-Z", "root",
                   "--immediate-mode"]
        if snaplen:
            command += ["-s", str(snaplen)]
        if nano:
            command += ["--time-stamp-precision=nano"]
        if interface != "any":
            command += ["-p"]
        super().__init__(host, file, command + filter.split())


class Dumpcap(_Capture):
    """`interface` may name several, with commas: their packets then lie in one file."""
    SUFFIX, READY, LOST = "pcapng", "^File:", r"received/dropped.*: \d+/(\d+)"

    def __init__(self, host, file, interface, snaplen=0, nano=False, filter=""):
        command = ["dumpcap", "-q", "-B", "1", "-w", file]
        for one in interface.split(","):
            command += ["-i", one, "-p"]
            command += ["-s", str(snaplen)] if snaplen else []
            command += ["-f", filter] if filter else []
        super().__init__(host, file, command)

    def stop(self):
        """dumpcap sees its packets late, keeps its file private, and writes down which machine it ran on."""
        if self.process.poll() is None:
            time.sleep(1)
            super().stop()
            os.chmod(self.file, 0o644)
            pcapfile.forget_machine(self.file)
