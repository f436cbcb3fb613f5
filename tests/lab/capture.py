"""tcpdump at one place."""
import signal
import subprocess
import time


class Capture:
    def __init__(self, host, interface, file, snaplen=0, nano=False, filter=""):
        self.file = file
        command = ["tcpdump", "-i", interface, "-w", file, "-U", "-n", "-B", "1024", "-Z", "root",
                   "--immediate-mode"]
        if snaplen:
            command += ["-s", str(snaplen)]
        if nano:
            command += ["--time-stamp-precision=nano"]
        if interface != "any":
            command += ["-p"]
        self.process = host.start(*command, *filter.split(), stderr=subprocess.PIPE, text=True)

    def wait_until_listening(self):
        for line in self.process.stderr:
            if "listening on" in line:
                return
        raise RuntimeError(f"tcpdump did not start for {self.file}")

    def stop(self):
        """Also the way a capture ends early, as when the host that takes it dies. May be called again."""
        if self.process.poll() is None:
            time.sleep(0.02)
            self.process.send_signal(signal.SIGINT)
            self.process.communicate()
