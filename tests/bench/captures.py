"""The captures: generated once, then found again. What is in each stands beside it in a .json file."""
import dataclasses
import json
import os
import shutil
import struct
import subprocess
import sys

FILE_HEADER, RECORD_HEADER = 24, 16


@dataclasses.dataclass
class Capture:
    name: str
    path: str
    packets: int
    bytes: int
    connections: int
    live_peak: int
    snaplen: int


class Captures:
    def __init__(self, folder, generate):
        self.folder = folder
        self.generate = generate
        os.makedirs(folder, exist_ok=True)

    def get(self, name, scale):
        """A, B or C, with `scale` times as many packets and connections."""
        label = name if scale == 1 else f"{name}x{scale:g}"
        return self._make(label, ["--standard", name, "--scale", str(scale)])

    def smallest(self):
        """Next to nothing, to learn what a program takes before it begins."""
        return self._make("smallest", ["--connections", "1", "--packets", "2"])

    def part(self, capture, packets):
        """The first packets of a capture, as a capture."""
        if packets >= capture.packets:
            return capture
        path = os.path.join(self.folder, f"{capture.name}.first-{packets}.pcap")
        if not os.path.exists(path):
            shutil.copyfileobj(_Head(capture.path, packets), open(path, "wb"))
        share = packets / capture.packets
        return dataclasses.replace(capture, name=f"{capture.name}, first {packets}", path=path, packets=packets,
                                   bytes=os.path.getsize(path), connections=round(capture.connections * share))

    def _make(self, label, options):
        path = os.path.join(self.folder, f"{label}.pcap")
        about = path + ".json"
        wanted = {"options": options, "generator": os.path.getmtime(self.generate)}
        known = json.load(open(about, encoding="utf-8")) if os.path.exists(about) else {}
        if not os.path.exists(path) or any(known.get(key) != value for key, value in wanted.items()):
            print(f"generating {path}", file=sys.stderr)
            told = subprocess.run([self.generate, *options, path], check=True, stdout=subprocess.PIPE).stdout
            known = json.loads(told) | wanted
            with open(about, "w", encoding="utf-8") as out:
                json.dump(known, out)
            self._forget_parts(label)
        return Capture(label, path, *(known[key] for key in
                                      ("packets", "bytes", "connections", "live_peak", "snaplen")))

    def _forget_parts(self, label):
        for name in os.listdir(self.folder):
            if name.startswith(f"{label}.first-"):
                os.remove(os.path.join(self.folder, name))


class _Head:
    """Reads as the file that the first packets of a capture make."""

    def __init__(self, path, packets):
        self.file = open(path, "rb")
        self.left = packets
        self.header = self.file.read(FILE_HEADER)

    def read(self, _size):
        if self.header:
            header, self.header = self.header, b""
            return header
        records = []
        while self.left > 0 and len(records) < 1000:
            header = self.file.read(RECORD_HEADER)
            records += [header, self.file.read(struct.unpack_from("=I", header, 8)[0])]
            self.left -= 1
        return b"".join(records)
