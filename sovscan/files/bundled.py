"""Where the rules, the catalogue and the templates are: inside the wheel, or in the checkout."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def resource(*parts: str) -> Traversable:
    """The bundled file or folder, such as ``resource("rules", "scoring.yaml")``.

    Raises FileNotFoundError when it is in neither place: the installation is damaged.
    """
    installed = files("sovscan") / "_bundled"
    root = installed if installed.is_dir() else Path(__file__).resolve().parents[2]
    found = root.joinpath(*parts)
    if not (found.is_file() or found.is_dir()):
        raise FileNotFoundError(f"sovscan is incomplete: {'/'.join(parts)} is missing; install it again")
    return found


def read(*parts: str) -> bytes:
    """The content of a bundled file."""
    return resource(*parts).read_bytes()


def listing(*parts: str, suffix: str) -> tuple[tuple[str, ...], ...]:
    """Paths below a bundled folder whose name ends in ``suffix``, sorted, each as a tuple of parts."""
    found: list[tuple[str, ...]] = []

    def walk(folder: Traversable, path: tuple[str, ...]) -> None:
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.is_dir():
                walk(entry, (*path, entry.name))
            elif entry.name.endswith(suffix):
                found.append((*path, entry.name))

    walk(resource(*parts), parts)
    return tuple(found)
