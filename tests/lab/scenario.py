"""How a scenario is written down: a story, and the variants in which it is told."""
from dataclasses import dataclass, field
from typing import Callable

# Keys of a variant that shape the path; all others are given to the story.
PATH_KEYS = {"ip", "ms", "hops", "nat", "port", "offload", "capture", "sysctl", "loss",
             "jitter", "tls", "hosts"}


def _on_both(**settings):
    names = {key.replace("__", "."): value for key, value in settings.items()}
    return {"sysctl": {"client": names, "server": names}}


V6 = {"ip": 6}
TLS = {"tls": True, "needs": ("openssl",)}
NO_TIMESTAMPS = _on_both(net__ipv4__tcp_timestamps=0)
NO_SACK = _on_both(net__ipv4__tcp_sack=0, net__ipv4__tcp_dsack=0)
GIVE_UP = 62                         # seconds; with PATIENCE a sender has given up by then
PATIENCE = _on_both(net__ipv4__tcp_retries2=7, net__ipv4__tcp_orphan_retries=7)
NAT = {"nat": ""}                    # the source port is kept where it is free
OTHER_TTLS = {"sysctl": {"client": {"net.ipv4.ip_default_ttl": 128},
                         "server": {"net.ipv4.ip_default_ttl": 255}}}


def _small_files(snaplen):
    """Headers with their options, and little else."""
    return {"capture": {"all": {"snaplen": snaplen, "interface": "eth0"}, "router-server": {"interface": "eth1"}}}


SMALL_FILES, SMALL_FILES_V6 = _small_files(96), {**_small_files(128), "ip": 6}


def merge(*parts):
    """One variant out of several; settings of the hosts add up."""
    whole = {}
    for part in parts:
        for key, value in part.items():
            whole[key] = _merge_hosts(whole.get(key, {}), value) if key == "sysctl" else value
    return whole


def _merge_hosts(one, other):
    return {host: {**one.get(host, {}), **other.get(host, {})} for host in {**one, **other}}


PATIENT, PATIENT_V6 = merge(PATIENCE, SMALL_FILES), merge(PATIENCE, SMALL_FILES_V6)


@dataclass
class Scenario:
    name: str
    story: Callable
    variants: dict = field(default_factory=lambda: {"plain": {}})
    seconds: float = 2               # about how long it takes; the longest are started first
    needs: tuple = ()                # programs without which it is skipped


@dataclass
class Instance:
    scenario: str
    variant: str
    story: Callable
    path_options: dict
    story_options: dict
    seconds: float
    needs: tuple

    @property
    def name(self):
        return f"{self.scenario}.{self.variant}"


def instances(scenario):
    for variant, options in scenario.variants.items():
        yield Instance(scenario.name, variant, scenario.story,
                       {key: value for key, value in options.items() if key in PATH_KEYS},
                       {key: value for key, value in options.items() if key not in PATH_KEYS | {"needs"}},
                       scenario.seconds, scenario.needs + options.get("needs", ()))
