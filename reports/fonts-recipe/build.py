"""Builds the fonts of the ``sovereign`` look; run by hand, its result is committed.

    python build.py INTER_TTF JETBRAINS_MONO_TTF FOLDER

INTER_TTF is ``Inter[opsz,wght].ttf`` of the Python package fontpkg-inter 4.1.post1 (SIL OFL 1.1, no Reserved Font
Name); JETBRAINS_MONO_TTF is ``JetBrainsMono-Regular.ttf`` of Debian's fonts-jetbrains-mono 2.242 (SIL OFL 1.1). Web
subsets of both lack signs that the reports need (U+202F, arrows, ✓, ▲), so ours are cut from the full files.
Needs fonttools and brotli. The same input files give the same bytes.
"""

import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = {400: "Inter-400.ttf", 600: "Inter-600.ttf", 800: "Inter-800.ttf"}
OPTICAL_SIZE = 14

RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x1FA, 0x1FF), (0x218, 0x21B), (0x2C6, 0x2DD),
    (0x386, 0x3CE), (0x400, 0x45F), (0x490, 0x491), (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x2002, 0x200A),
    (0x2010, 0x2026), (0x202F, 0x203A), (0x2044, 0x2044), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2116, 0x2122),
    (0x2190, 0x2199), (0x2202, 0x2265), (0x25A0, 0x25CF), (0x26A0, 0x26A0), (0x2713, 0x2717), (0xFFFD, 0xFFFD),
)  # fmt: skip
WEB = (400, 600)
"""Weights of the one face of the HTML page, which has any between: without Greek, Cyrillic and rare signs, for the
reader has other fonts, it weighs a sixth less than two faces."""
WEB_RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x152, 0x153), (0x178, 0x178), (0x2010, 0x2015), (0x2018, 0x2019), (0x201C, 0x201D),
    (0x2022, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F), (0x20AC, 0x20AC), (0x2190, 0x2192), (0x2212, 0x2212),
    (0x2264, 0x2265), (0x25B2, 0x25B2), (0x25BC, 0x25BC), (0x25C6, 0x25C6), (0x2713, 0x2713),
)  # fmt: skip
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum")
WEB_FEATURES = ("locl", "tnum")
"""Kerning is a quarter of a web subset, and hardly seen at the sizes of a screen."""
ALIGNED = frozenset(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "comma", "period", "plus", "minus",
     "space", "uni00A0", "uni202F")
)  # fmt: skip
"""Signs of a column of numbers: the others keep one width in the HTML page."""
MONO_RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x2010, 0x2026), (0x202F, 0x202F),
               (0x2190, 0x2193), (0xFFFD, 0xFFFD))  # fmt: skip


def main() -> None:
    """Write the font files and ``coverage.txt``: the code points that at least one of them draws."""
    inter, mono, folder = (Path(argument) for argument in sys.argv[1:4])
    covered: set[int] = set()
    for weight, name in WEIGHTS.items():
        covered |= _write(_instance(inter, weight), RANGES, folder / name)
    _write_web(inter, folder / "Inter-web.woff2")
    covered |= _write(TTFont(mono, recalcTimestamp=False), MONO_RANGES, folder / "JetBrainsMono-400.ttf")
    lines = ("-".join(f"{edge:04X}" for edge in run) for run in _runs(sorted(covered)))
    folder.joinpath("coverage.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def _instance(inter: Path, weight: int) -> TTFont:
    return instantiateVariableFont(TTFont(inter, recalcTimestamp=False), {"wght": weight, "opsz": OPTICAL_SIZE})


def _write(font: TTFont, ranges: tuple[tuple[int, int], ...], path: Path) -> set[int]:
    _subset(font, ranges, FEATURES)
    # Plain TrueType: to unpack WOFF2 costs 20 ms a face and report.
    _save(font, path, None)
    return set(font.getBestCmap())


def _write_web(inter: Path, path: Path) -> None:
    font = TTFont(inter, recalcTimestamp=False)
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        for number in record.Feature.LookupListIndex if record.FeatureTag == "tnum" else ():
            for table in font["GSUB"].table.LookupList.Lookup[number].SubTable:
                single = getattr(table, "ExtSubTable", table)
                single.mapping = {sign: wide for sign, wide in single.mapping.items() if sign in ALIGNED}
    _subset(font, WEB_RANGES, WEB_FEATURES)
    # The instancer reads what the subsetter wrote, not what it left in memory.
    buffer = io.BytesIO()
    font.save(buffer)
    whole = TTFont(buffer, recalcTimestamp=False)
    _save(instantiateVariableFont(whole, {"wght": WEB, "opsz": OPTICAL_SIZE}), path, "woff2")


def _subset(font: TTFont, ranges: tuple[tuple[int, int], ...], features: tuple[str, ...]) -> None:
    options = Options()
    options.layout_features = list(features)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in ranges for code in range(low, high + 1)])
    subsetter.subset(font)


def _save(font: TTFont, path: Path, flavor: str | None) -> None:
    font.flavor = flavor
    buffer = io.BytesIO()
    font.save(buffer)
    path.write_bytes(buffer.getvalue())


def _runs(codes: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return runs


if __name__ == "__main__":
    main()
