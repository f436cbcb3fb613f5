"""The figures: what is counted as right, and of what. docs/accuracy.md says the same in words.

A rate is (right, of how many); what there is nothing of has no rate, and is neither good nor bad.
"""
from collections import Counter
from dataclasses import dataclass

from .recording import SIDES
from .verdicts import Matched

NONE = "(nothing)"                   # a connection without a verdict; a verdict without a connection
NEVER_KNOWABLE = ("still-open", "undetermined")
BINS = (0, .5, .6, .7, .8, .85, .9, .95, 1.01)

# What issue and design ask for, of the scoring half: (figure, target, whether more is better).
TARGETS = (("macro_f1", .98, True), ("false_alarms", 0, False), ("actor", .97, True), ("cause", .93, True),
           ("errors_contained", .95, True), ("errors_first", .90, True), ("brier", .03, False))


@dataclass
class Rate:
    right: int = 0
    of: int = 0

    def count(self, good):
        self.right += bool(good)
        self.of += 1

    @property
    def value(self):
        return self.right / self.of if self.of else None

    def as_json(self):
        return {"right": self.right, "of": self.of, "rate": self.value}


def confusion(matched):
    """{(label in truth, label said): how many}"""
    counts = Counter((case.truth.label, case.verdict.label if case.verdict else NONE) for case in matched.cases)
    counts.update((NONE, verdict.label) for verdict in matched.surplus)
    return counts


def per_label(counts):
    """{label: precision, recall, F1 and how many there are}, of all labels that are true or said."""
    found = {}
    for label in sorted({label for pair in counts for label in pair} - {NONE}):
        right = counts[label, label]
        said = sum(count for (_true, told), count in counts.items() if told == label)
        there = sum(count for (true, _told), count in counts.items() if true == label)
        found[label] = {"connections": there, "precision": right / said if said else 0.0,
                        "recall": right / there if there else 0.0, "f1": 2 * right / (said + there)}
    return found


def macro_f1(labels):
    return sum(row["f1"] for row in labels.values()) / len(labels) if labels else None


def says(matched, what):
    """Whether the tool has a word for this at all."""
    return any(case.verdict and getattr(case.verdict, what) is not None for case in matched.cases)


def _agreement(matched, what, same=None):
    """How often what is said is true; of nothing, if the tool has no word for it."""
    rate = Rate()
    if not says(matched, what):
        return rate
    same = same or (lambda truth, verdict: getattr(truth, what) == getattr(verdict, what))
    for case in matched.cases:
        rate.count(case.verdict and same(case.truth, case.verdict))
    return rate


def label_right(truth, verdict):
    return truth.label == verdict.label


def cause_right(truth, verdict):
    return label_right(truth, verdict) and truth.cause == verdict.cause


def vantage(matched):
    """Only where the file shows it; a verdict of "unknown" there is wrong, too."""
    return _agreement(Matched([case for case in matched.cases if case.truth.vantage != "hidden"]), "vantage")


def false_alarms(matched):
    """Abnormal is said of what is normal or harmless: orderly, still open, cancelled, a probe."""
    return [case for case in matched.cases
            if case.verdict and case.verdict.severity == "abnormal" and case.truth.severity != "abnormal"]


@dataclass
class Program:
    """One side's program that got a real error, and what was expected of it."""
    case: object
    side: str
    expected: list

    @property
    def errnos(self):
        return [word for word in self.case.truth.told[self.side] if word != "EOF"]

    @property
    def knowable(self):
        return self.case.truth.label not in NEVER_KNOWABLE

    @property
    def contained(self):
        return all(errno in self.expected for errno in self.errnos)

    @property
    def first(self):
        """The likeliest of the expected ones is the first or the last errno that it really got."""
        return bool(self.expected) and self.expected[0] in (self.errnos[0], self.errnos[-1])

    @property
    def first_heard(self):
        """The same, where an end of the stream counts as something heard."""
        words = self.case.truth.told[self.side]
        return bool(self.expected) and self.expected[0] in (words[0], words[-1])


def programs(matched):
    found = [Program(case, side, case.verdict.expected[side] if case.verdict else [])
             for case in matched.cases for side in SIDES] if says(matched, "expected") else []
    return [program for program in found if program.errnos]


def _errors(matched):
    rates = {name: Rate() for name in ("contained_all", "first_all", "contained", "first", "first_heard")}
    for program in programs(matched):
        rates["contained_all"].count(program.contained)
        rates["first_all"].count(program.first)
        if program.knowable:
            rates["contained"].count(program.contained)
            rates["first"].count(program.first)
            rates["first_heard"].count(program.first_heard)
    return rates


def _certain(matched):
    return [case for case in matched.cases if case.verdict and case.verdict.confidence is not None]


def brier(matched, right):
    """Mean square of the distance between confidence and outcome."""
    cases = _certain(matched)
    return sum((case.verdict.confidence - right(case.truth, case.verdict)) ** 2 for case in cases) / len(cases) \
        if cases else None


def reliability(matched):
    """For each range of confidence: how many, what they said on average, how many were right."""
    rows = []
    for low, high in zip(BINS, BINS[1:]):
        cases = [case for case in _certain(matched) if low <= case.verdict.confidence < high]
        if cases:
            rows.append({"from": low, "to": min(high, 1), "connections": len(cases),
                         "said": sum(case.verdict.confidence for case in cases) / len(cases),
                         "label": sum(label_right(case.truth, case.verdict) for case in cases) / len(cases),
                         "cause": sum(cause_right(case.truth, case.verdict) for case in cases) / len(cases)})
    return rows


def measure(matched):
    """All figures of some connections, by name."""
    counts = confusion(matched)
    labels = per_label(counts)
    errors = _errors(matched)
    return {
        "connections": len(matched.cases), "surplus": len(matched.surplus),
        "confusion": counts, "labels": labels, "macro_f1": macro_f1(labels),
        "label": _agreement(matched, "label"), "cause": _agreement(matched, "cause", cause_right),
        "actor": _agreement(matched, "actor"), "severity": _agreement(matched, "severity"),
        "vantage": vantage(matched),
        "false_alarms": len(false_alarms(matched)) if says(matched, "severity") else None,
        **{f"errors_{name}": rate for name, rate in errors.items()},
        "brier": brier(matched, label_right), "brier_cause": brier(matched, cause_right),
        "reliability": reliability(matched),
    }


def number(figure):
    return figure.value if isinstance(figure, Rate) else figure


def missed(figures):
    """Targets that are not reached: [(figure, its value, the target)]."""
    found = []
    for name, target, more in TARGETS:
        value = number(figures[name])
        if value is not None and (value < target if more else value > target):
            found.append((name, value, target))
    return found


def wrong(matched):
    """Cases in which anything is wrong that an analyst would act on."""
    return [case for case in matched.cases
            if not case.verdict or not cause_right(case.truth, case.verdict)
            or case.truth.actor != case.verdict.actor or case.truth.severity != case.verdict.severity]
