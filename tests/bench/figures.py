"""What a benchmark found: a table for people, one line of JSON for programs, and the verdict."""
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number; None where it could not be measured. `must` and `aim` are the highest it may be, or the lowest where
    more is better; None where nothing was promised."""

    name: str
    value: float | None
    unit: str
    must: float | None = None
    aim: float | None = None
    more_is_better: bool = False

    def keeps(self, limit: float | None) -> bool | None:
        if limit is None:
            return None
        if self.value is None:
            return False
        return self.value >= limit if self.more_is_better else self.value <= limit

    @property
    def met(self) -> bool | None:
        """Whether it keeps what it must; where there is no such limit, what it aims at."""
        return self.keeps(self.aim if self.must is None else self.must)

    @property
    def fails(self) -> bool:
        return self.keeps(self.must) is False

    def verdict(self) -> str:
        if self.met is None:
            return ""
        if not self.met:
            return "no"
        return "yes" if self.aim is None or self.keeps(self.aim) else "must"

    def as_json(self) -> dict:
        members = {"name": self.name, "value": self.value, "unit": self.unit, "must": self.must, "aim": self.aim}
        return members | {"met": self.met}


def table(rows: list[list[str]]) -> None:
    """Prints rows under a header; the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())


def report(bench: str, figures: list[Figure], as_json: bool) -> int:
    """Prints the figures with what was promised of them; returns the exit status."""
    print()
    number = lambda value: "-" if value is None else f"{value:g}"
    limit = lambda f, value: "" if value is None else f"{'>=' if f.more_is_better else '<='} {value:g}"
    table(
        [["figure", "value", "unit", "must", "aim", "met"]]
        + [[f.name, number(f.value), f.unit, limit(f, f.must), limit(f, f.aim), f.verdict()] for f in figures]
    )
    if as_json:
        print(json.dumps({"bench": bench, "figures": [f.as_json() for f in figures]}))
    return 1 if any(f.fails for f in figures) else 0
