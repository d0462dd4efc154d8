"""What a benchmark found: a table for people, one line of JSON for programs, and the verdict."""
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One number. `must` and `aim` are the highest it may be; None where nothing was promised."""

    name: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it keeps both limits; None if it has none."""
        limits = [limit for limit in (self.must, self.aim) if limit is not None]
        return all(self.value <= limit for limit in limits) if limits else None

    @property
    def fails(self) -> bool:
        return self.must is not None and self.value > self.must


def table(rows: list[list[str]]) -> None:
    """Prints rows under a header; the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())


def report(bench: str, figures: list[Figure], as_json: bool) -> int:
    """Prints the figures with what was promised of them; returns the exit status."""
    print()
    said = {True: "yes", False: "no", None: ""}
    limit = lambda value: "" if value is None else f"<= {value:g}"
    table(
        [["figure", "value", "unit", "must", "aim", "met"]]
        + [[f.name, f"{f.value:g}", f.unit, limit(f.must), limit(f.aim), said[f.met]] for f in figures]
    )
    if as_json:
        print(json.dumps({"bench": bench, "figures": [asdict(f) | {"met": f.met} for f in figures]}))
    return 1 if any(f.fails for f in figures) else 0
