"""A figure that was measured, the aim that it is held against, and the table of them all."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

IS_QUICK = os.environ.get("CDT_BENCH_QUICK") == "1"
ALTERNATIONS = 1 if IS_QUICK else 3


def quick(small: int, full: int) -> int:
    """The count to work with: `small` where CDT_BENCH_QUICK=1 asks for a look instead of a measurement."""
    return small if IS_QUICK else full


@dataclass
class Figure:
    """`aim` is "> 0.4" or "< 110" in the figure's own unit, or empty where there is none; no `value` is a part that did
    not come to its end, and `note` says why."""

    name: str
    value: float | None
    unit: str = ""
    aim: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if not self.aim:
            return None
        if self.value is None:
            return False
        sign, number = self.aim.split()
        limit = float(number)
        return {"<": self.value < limit, "<=": self.value <= limit, ">": self.value > limit}[sign]

    def json(self) -> dict[str, Any]:
        """The figure for build/bench.json."""
        return {**asdict(self), "is_met": self.is_met}


def middle(runs: Iterable[dict[str, Any]], key: str) -> float:
    """The median of `key` over some runs."""
    return float(median(run[key] for run in runs))


def alternate(*turns: Callable[[], dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What each of `turns` measured, taken by turns so that a slow minute of the machine meets all of them."""
    rounds = [[turn() for turn in turns] for _ in range(ALTERNATIONS)]
    return [list(runs) for runs in zip(*rounds, strict=True)]


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table: figure, aim, this run, met or not, and what there is to know beside it."""
    lines = ["| figure | aim | this run | | beside it |", "| --- | --- | --- | --- | --- |"]
    words = {True: "met", False: "**not met**", None: ""}
    for one in figures:
        aim = re.sub(r"^(<=?|>) ", r"\1 ", one.aim) + (f" {one.unit}" if one.aim and one.unit else "")
        value = "—" if one.value is None else f"{_number(one.value)} {one.unit}".rstrip()
        lines.append(f"| {one.name} | {aim} | {value} | {words[one.is_met]} | {one.note} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
