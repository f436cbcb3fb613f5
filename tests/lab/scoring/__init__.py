"""Measures verdicts about recorded connections against the truth that the laboratory wrote beside them.

    recording.py   captures and truth.jsonl; which half of the split a connection belongs to
    verdicts.py    what hangup says of every capture, and which verdict belongs to which line of truth
    measures.py    the figures, and what they are to be; knows nothing of hangup
    tell.py        the figures as text
    packets.py, wireshark.py, zeek.py   other tools' readings of the same captures (tests/lab/peers)
"""
