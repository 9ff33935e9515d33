"""What a child that lays out strangers' text may touch: its own program, one folder to write in, and nothing else.

Limits hold wherever POSIX does. On Linux the kernel also refuses files outside (Landlock, from 5.13) and the network (a
network namespace of its own), as far as the machine allows it to a program without privileges; what it does not allow
is left out, and the limits and the fetcher of the report still stand.
"""

import ctypes
import mimetypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

ADDRESS_SPACE = 2 * 1024**3
"""Bytes of address space; the resident part is far smaller."""
FILE_SIZE = 64 * 1024**2
"""Bytes of any one file; fonts are all it writes."""
OPEN_FILES = 256

_SYSTEM = (
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/nix/store", "/gnu/store", "/etc/ld.so.cache",
    "/usr/share/zoneinfo", "/etc/localtime", "/dev/null", "/dev/urandom",
)  # fmt: skip
"""Shared libraries, time zones and devices that hold nothing of the user."""

# landlock(7); numbers and bits are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_OF_FILES = (1 << 0) | (1 << 1) | _READ_FILE | (1 << 14) | (1 << 15)
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38


def limit(cpu_seconds: int) -> None:
    """Bound memory, files and processor time: ``cpu_seconds`` more than were used so far."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    for what, most in (
        (resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu_seconds),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


def confine(program: Iterable[Path], folder: Path) -> frozenset[str]:
    """Give up the network, and every file but those below ``program`` (to read) and ``folder`` (to write).

    Comes back with what the kernel granted, of ``network`` and ``files``; needs a process with one thread.
    """
    if not sys.platform.startswith("linux"):
        return frozenset()
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    granted = set()
    if kernel.unshare(_NEW_USER | _NEW_NET) == 0:
        granted.add("network")
    if _landlock(kernel, (*program, *map(Path, _SYSTEM)), folder):
        granted.add("files")
    return frozenset(granted)


def own_files() -> tuple[Path, ...]:
    """Where this program and its libraries lie, without the rest of a checkout it may run from."""
    root = Path(__file__).resolve().parents[2]
    found = [Path(sys.prefix), Path(sys.base_prefix)]
    found += [root / name for name in ("sovscan", "reports", "rules", "data")]
    found += [path for path in map(Path, filter(None, sys.path)) if path.resolve() != root or _installed()]
    found += map(Path, mimetypes.knownfiles)
    found += [Path(path) for path in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if path]
    return tuple(dict.fromkeys(path.resolve() for path in found if path.exists()))


def environment(folder: Path) -> dict[str, str]:
    """The variables of a child that writes in ``folder``: where Python and its libraries are, and no more."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    paths = [str(Path(path).resolve()) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if not _installed():
        paths.append(str(Path(__file__).resolve().parents[2]))
    if paths:
        kept["PYTHONPATH"] = os.pathsep.join(paths)
    fonts = folder / "fonts.conf"
    fonts.write_text(_NO_FONTS, encoding="ascii")
    return kept | {"FONTCONFIG_FILE": str(fonts), "LC_ALL": "C.UTF-8"} | dict.fromkeys(_FOLDERS, str(folder))


_KEPT = frozenset(
    {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONHOME", "PATH", "SYSTEMROOT",
     "WEASYPRINT_DLL_DIRECTORIES"}
)  # fmt: skip
_FOLDERS = ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME")
_NO_FONTS = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig/>\n'
"""The fonts of a report come with its look; looking for others costs time and could change its bytes."""


def _installed() -> bool:
    return (Path(__file__).resolve().parents[1] / "_bundled").is_dir()


def _landlock(kernel: ctypes.CDLL, readable: Iterable[Path], writable: Path) -> bool:
    version = kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    every = _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= version)]
    asked = (ctypes.c_uint64 * 3)(every, 3 if version >= _TCP_SINCE else 0, 3 if version >= _SCOPES_SINCE else 0)
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _TCP_SINCE else 8
    rules = kernel.syscall(_CREATE_RULESET, asked, ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        # No right to execute: nothing here starts a program.
        _allow(kernel, rules, writable, every & ~1)
        for path in readable:
            _allow(kernel, rules, path, (_READ_FILE | _READ_FOLDER) & every)
        return bool(kernel.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(kernel: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        # O_PATH: only where it is.
        opened = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        beneath = rights if path.is_dir() else rights & _OF_FILES
        content = beneath.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)
        kernel.syscall(_ADD_RULE, rules, 1, content, 0)
    finally:
        os.close(opened)
