"""Precision and recall of ``sovscan repo`` on the trees of ``tests/repo_fixtures``, by the sort of file.

    python benchmarks/repo_accuracy.py [TREES EXPECTED]

``EXPECTED`` holds one file a tree, ``NAME.txt``, with a line for each finding a reader would write down: path, line and
rule. Without arguments, those of the tests. A clean tree counts by what is found in it though nothing should be.
"""

import sys
from collections import Counter
from pathlib import Path

from sovscan.audit import audit
from sovscan.catalogue.load import load_catalogue
from sovscan.model.finding import Verdict
from sovscan.repository.registry import Recogniser, all_readers
from sovscan.repository.scan import scan
from sovscan.repository.trace import UnreadError
from sovscan.rulebook.load import load_rulebook
from sovscan.score.policy import load_policy

ROOT = Path(__file__).parent.parent / "tests"


def found_in(tree: Path) -> set[str]:
    """``path:line rule`` of all that is not clear."""
    result = audit(scan([tree]).evidence, load_catalogue(), load_rulebook(), load_policy())
    told = set()
    for finding in result.findings:
        if finding.verdict is not Verdict.CLEAR:
            place = finding.location.partition(f"{tree.name}/")[2] or finding.location
            told.add(f"{place} {finding.rule}{' unknown' if finding.verdict is Verdict.UNKNOWN else ''}")
    return told


def sort_of(tree: Path, line: str, recogniser: Recogniser) -> str:
    """The reader that says something on that line of that file."""
    path, _, number = line.split()[0].rpartition(":")
    readers = recogniser.readers_of(path)
    for reader in readers:
        try:
            traces = reader.read(path, (tree / path).read_bytes()) or ()
        except (UnreadError, OSError):
            return reader.id
        if any(trace.line == int(number) for trace in traces):
            return reader.id
    return readers[0].id if readers else "no reader"


def main() -> int:
    trees, expectations = (
        map(Path, sys.argv[1:3]) if len(sys.argv) > 2 else (ROOT / "repo_fixtures", ROOT / "repo_expected")
    )
    recogniser = Recogniser(all_readers())
    right, extra, missing, wrong = Counter[str](), Counter[str](), Counter[str](), []
    names = sorted(path.stem for path in expectations.glob("*.txt"))
    for name in names:
        lines = (expectations / f"{name}.txt").read_text().splitlines()
        expected, found = {line for line in lines if line and not line.startswith("#")}, found_in(trees / name)
        for line in expected | found:
            counter = right if line in expected & found else extra if line in found else missing
            counter[sort_of(trees / name, line, recogniser)] += 1
            if counter is not right:
                wrong.append(f"{'not expected' if counter is extra else 'not found'}: {name}/{line}")
    print(f"{'sort of file':<26} {'right':>5} {'extra':>5} {'missing':>7} {'precision':>9} {'recall':>6}")
    for sort in [*sorted(right.keys() | extra.keys() | missing.keys()), "all"]:
        good, more, less = (sum(each.values()) if sort == "all" else each[sort] for each in (right, extra, missing))
        precision, recall = good / max(1, good + more), good / max(1, good + less)
        print(f"{sort:<26} {good:>5} {more:>5} {less:>7} {precision:>9.2f} {recall:>6.2f}")
    print(f"{len(names)} trees", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
