"""How a scenario is written down: a story, and the variants in which it is told."""
from dataclasses import dataclass, field
from typing import Callable

# Keys of a variant that shape the path; all others are given to the story.
PATH_KEYS = {"ip", "ms", "hops", "nat", "port", "offload", "capture", "sysctl"}


@dataclass
class Scenario:
    name: str
    story: Callable
    variants: dict = field(default_factory=lambda: {"plain": {}})
    seconds: float = 2               # about how long it takes; the longest are started first


@dataclass
class Instance:
    scenario: str
    variant: str
    story: Callable
    path_options: dict
    story_options: dict
    seconds: float

    @property
    def name(self):
        return f"{self.scenario}.{self.variant}"


def instances(scenario):
    for variant, options in scenario.variants.items():
        yield Instance(scenario.name, variant, scenario.story,
                       {key: value for key, value in options.items() if key in PATH_KEYS},
                       {key: value for key, value in options.items() if key not in PATH_KEYS},
                       scenario.seconds)
