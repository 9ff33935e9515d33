"""Which configuration, waiver and baseline files a run uses, and whether somebody named them.

In CI the files of a checkout are written by the author of the change: what nobody named may tighten the gate and never
loosens it.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sovscan.cli.exits import Refusal

CONFIG_NAME = "sovscan.yaml"
WAIVERS_NAME = "sovscan-waivers.yaml"
BASELINE_NAME = "sovscan-baseline.json"
CONFIG_VARIABLE = "SOVSCAN_CONFIG"
DISCOVERED = "discovered"
_MADE_BY = {
    "--baseline": ", or make it with 'sovscan baseline create RESULT --output FILE'",
    "--config": ", or make one with 'sovscan init'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file of the run."""

    path: Path
    origin: str
    """The option or variable that named it, or ``discovered``."""

    @property
    def named(self) -> bool:
        """Whether somebody other than the author of the checkout chose it."""
        return self.origin != DISCOVERED

    @property
    def shown(self) -> str:
        """Relative to the working directory where it is inside, as messages and reports print it."""
        return shown(self.path)

    def read(self) -> bytes:
        """Its content. Raises Refusal when it cannot be read."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            told = self.origin if self.named else "the file was discovered"
            make = _MADE_BY.get(self.origin, "")
            raise Refusal(f"{self.shown}: {error.strerror}", f"check the path ({told}){make}") from error


def find_config(named: Path | None, *, ignore: bool = False) -> FoundFile | None:
    """``--config``, else the variable, else ``sovscan.yaml`` from here up to the root of the repository; None: none."""
    if named is not None:
        return FoundFile(path=named, origin="--config")
    if ignore:
        return None
    if variable := os.environ.get(CONFIG_VARIABLE):
        return FoundFile(path=Path(variable), origin=CONFIG_VARIABLE)
    return _discover(CONFIG_NAME)


def find_waivers(named: Path | None, config: FoundFile | None, *, ignore: bool = False) -> FoundFile | None:
    """``--waivers``, else the file beside the configuration, which is as named as the configuration is; None: none."""
    return _beside(WAIVERS_NAME, "--waivers", named, config, ignore=ignore)


def find_baseline(named: Path | None, config: FoundFile | None, *, ignore: bool = False) -> FoundFile | None:
    """``--baseline``, else the file beside the configuration, likewise; None: none."""
    return _beside(BASELINE_NAME, "--baseline", named, config, ignore=ignore)


def repository_root(start: Path) -> Path | None:
    """The nearest folder that holds ``.git``, from a folder upwards; None outside a repository."""
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)


def shown(path: Path) -> str:
    """A path as it is printed: relative where it is inside the working directory."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - a link the user named is not followed
    here = Path.cwd()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else str(path)


def _beside(name: str, option: str, named: Path | None, config: FoundFile | None, *, ignore: bool) -> FoundFile | None:
    if named is not None:
        return FoundFile(path=named, origin=option)
    if ignore:
        return None
    if config is not None:
        path = config.path.parent / name
        return FoundFile(path=path, origin=config.origin) if path.is_file() else None
    return _discover(name)


def _discover(name: str) -> FoundFile | None:
    here = Path.cwd()
    root = repository_root(here)
    folders = [here] if root is None else [folder for folder in (here, *here.parents) if folder.is_relative_to(root)]
    # A link could point out of the checkout; the author of a change must not choose what is read there.
    found = (folder / name for folder in folders)
    return next(
        (FoundFile(path=path, origin=DISCOVERED) for path in found if path.is_file() and not path.is_symlink()), None
    )
