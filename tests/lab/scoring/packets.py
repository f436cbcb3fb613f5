"""The TCP packets of a capture as tshark tells them, for readings that other tools would give."""
import subprocess
from collections import namedtuple

FIELDS = ("frame.time_relative", "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst",
          "tcp.dstport", "tcp.seq_raw", "tcp.flags", "tcp.len", "tcp.completeness")
FLAGS = ("retransmission", "keep_alive", "zero_window_probe", "window_full", "zero_window", "lost_segment",
         "ack_lost_segment")
FIN, SYN, RST, ACK = 1, 2, 4, 16

# src and dst are (address, port); notes the names, of FLAGS, of tcp.analysis.* that tshark noted.
Packet = namedtuple("Packet", "time stream src dst seq flags length completeness notes")


def of_file(path):
    """In file order. Two passes, because in one the completeness is that so far, not that of the whole."""
    command = ["tshark", "-n", "-2", "-r", path, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "separator=,",
               "-E", "occurrence=f"]
    for field in (*FIELDS, *(f"tcp.analysis.{flag}" for flag in FLAGS)):
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [_packet(line.split(",")) for line in run.stdout.splitlines()]


def _packet(values):
    when, stream, four, six, port, to_four, to_six, to_port, seq, flags, length, completeness = values[:len(FIELDS)]
    notes = {flag for flag, value in zip(FLAGS, values[len(FIELDS):]) if value}
    return Packet(float(when), int(stream), (four or six, int(port)), (to_four or to_six, int(to_port)), int(seq),
                  int(flags, 16), int(length or 0), int(completeness), notes)
