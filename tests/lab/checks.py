"""The least that a file must show for each verdict that a scenario claims. Scenarios may add to it.

Each check looks at a flow (flows.py) and, where the verdict names one, at the side that acted.
"""
import re


def _side(flow, actor):
    return flow.server if actor == "server" else flow.client


def _both_fins(flow, _actor):
    return flow.client.fin and flow.server.fin and not flow.rst


def _one_first(flow, actor):
    return _both_fins(flow, actor) and not flow.crossed


def _crossed(flow, actor):
    return _both_fins(flow, actor) and flow.crossed


def _reset_after_fins(flow, _actor):
    """A RST, and no RST before both FINs."""
    head = flow.order[:re.search("[Rr]", flow.order).start()] if flow.rst else ""
    return "F" in head and "f" in head


def _reset(flow, actor):
    return flow.rst if actor in ("middlebox", "unknown") else _side(flow, actor).rst


def _reset_without_client_data(flow, actor):
    return _reset(flow, actor) and not flow.client.bytes


def _reset_after_own_fin(flow, actor):
    return _reset(flow, actor) and _side(flow, actor).fin


def _refused(flow, _actor):
    return flow.server.rst_ack and not flow.server.syn and not flow.client.bytes


def _gave_up(flow, _actor):
    return max(flow.client.unanswered, flow.server.unanswered,
               flow.client.repeats, flow.server.repeats) >= 5


def _repeated(kind):
    """One side sent the same SYN or FIN at least six times."""
    return lambda flow, actor: max(getattr(flow.client, kind), getattr(flow.server, kind)) >= 6


def _data_repeated(flow, actor):
    return _gave_up(flow, actor) and not flow.fins


def _half_closed(flow, _actor):
    return flow.fins == 1 and not flow.rst and flow.silence >= 60


def _silent(flow, _actor):
    return not flow.fins and not flow.rst and flow.silence >= 60


def _idle_then(test):
    return lambda flow, actor: flow.longest_gap >= 55 and test(flow, actor)


def _no_end(flow, _actor):
    return not flow.fins and not flow.rst


def _idle(flow, actor):
    return _no_end(flow, actor) and not flow.client.unanswered and not flow.server.unanswered


CHECKS = {
    ("orderly-close", "fin"): _one_first,
    ("orderly-close", "simultaneous"): _crossed,
    ("orderly-close", "half-close"): _both_fins,
    ("orderly-close", "rst-after-close"): _reset_after_fins,
    ("rst", "refused"): _refused,
    ("rst", "probe"): _reset_without_client_data,
    ("rst", "connect-cancelled"): _reset_without_client_data,
    ("rst", "abort-after-fin"): _reset_after_own_fin,
    ("rst", "late-data"): _reset_after_own_fin,
    ("rst", None): _reset,
    ("missing-fin", "half-closed"): _half_closed,
    ("missing-fin", "vanished"): _silent,
    ("missing-fin", None): lambda flow, actor: True,
    ("retransmit-timeout", "syn"): _repeated("syn"),
    ("retransmit-timeout", "syn-ack"): _repeated("syn"),
    ("retransmit-timeout", "fin"): _repeated("fin"),
    ("retransmit-timeout", "data"): _data_repeated,
    ("retransmit-timeout", None): _gave_up,
    ("middlebox-idle-drop", "silent"): _idle_then(lambda flow, actor: not flow.rst),
    ("middlebox-idle-drop", None): _idle_then(_reset),
    ("still-open", "idle"): _idle,
    ("still-open", None): _no_end,
    ("undetermined", None): lambda flow, actor: True,
}


def holds(flow, claim):
    """Whether the file shows what is claimed of this connection."""
    if claim["check"]:
        return claim["check"](flow)
    label = "rst" if claim["label"] == "local-abort" else claim["label"]
    test = CHECKS.get((label, claim["cause"])) or CHECKS[(label, None)]
    return test(flow, claim["actor"])
