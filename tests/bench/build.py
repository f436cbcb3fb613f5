"""The release build that is measured."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WHERE = {"hangup": "bin/hangup", "generate": "tests/bench/generate", "empty_libpcap": "tests/bench/empty_libpcap"}


def make(folder):
    settings = ["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON", "-DHANGUP_TESTS=ON"]
    commands = [["cmake", "-S", ROOT, "-B", folder, *settings],
                ["cmake", "--build", folder, "--parallel", str(os.cpu_count()), "--target", *WHERE]]
    for command in commands:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            sys.stderr.buffer.write(done.stdout)
            sys.exit(f"{' '.join(command)} failed; ./check installs what the build needs")


def build(folder):
    """Paths of the programs by name; a folder given is taken as it is, else one is built."""
    if not folder:
        folder = os.path.join(ROOT, "build", "bench")
        make(folder)
    programs = {name: os.path.join(folder, path) for name, path in WHERE.items()}
    for path in programs.values():
        if not os.access(path, os.X_OK):
            sys.exit(f"{path} is missing")
    return programs
