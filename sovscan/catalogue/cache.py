"""Compiled copies of YAML files: JSON in the user's cache folder, named by the digest of what they were made from."""

import gc
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sovscan import __version__
from sovscan.files.writing import write_atomically

LIMIT = 64 * 1_048_576
"""Bytes of a compiled copy that are looked at."""

Value = TypeVar("Value")


def through_cache(
    name: str,
    texts: Sequence[bytes],
    *,
    form: str,
    compile_: Callable[[], Any],
    unpack: Callable[[Any], Value],
    folder: Path | None = None,
) -> Value:
    """``unpack`` of what ``compile_`` gives for ``texts``, compiled only once for the same texts, form and version.

    ``folder`` None is the user's cache folder. A damaged copy, or one of another user, is compiled again; a folder
    that cannot be written is done without. Raises what ``compile_`` raises.
    """
    key = hashlib.sha256(f"{digest(texts)} {name} {form} {__version__}".encode()).hexdigest()
    path = (user_cache() if folder is None else folder) / f"{name}-{key[:32]}.json"
    with _no_collection():
        plain = _stored(path, key)
        if plain is not None:
            try:
                return unpack(plain)
            except (KeyError, TypeError, IndexError, ValueError):
                plain = None
    plain = compile_()
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    try:
        write_atomically(path, f"{key} {hashlib.sha256(body).hexdigest()}\n".encode() + body)
    except OSError:
        # A read-only home is no reason to fail: the next run compiles again.
        return unpack(plain)
    return unpack(plain)


def digest(texts: Sequence[bytes]) -> str:
    """SHA-256 over the SHA-256 of each text in order, 64 hexadecimal digits."""
    return hashlib.sha256(b"".join(hashlib.sha256(text).digest() for text in texts)).hexdigest()


def user_cache() -> Path:
    """The folder for compiled copies of this user."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("sovscan", appauthor=False))


@contextmanager
def _no_collection() -> Iterator[None]:
    """No pass of the garbage collector: tens of thousands of records come in, none of them garbage, a third faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _stored(path: Path, key: str) -> Any:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        # A copy that somebody else may have written could hold anything under a matching checksum.
        foreign = hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022)
        if foreign or not stat.S_ISREG(status.st_mode) or status.st_size > LIMIT:
            return None
        head, _, body = stream.read().partition(b"\n")
    if head != f"{key} {hashlib.sha256(body).hexdigest()}".encode():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None
