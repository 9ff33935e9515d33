"""A fresh table of networks, from a file the user has or names."""

import gzip
import urllib.parse
from datetime import UTC, datetime
from pathlib import Path

from sovscan.cli.exits import Refusal

MAX_SOURCE = 512 * 1024 * 1024
"""Bytes of a source; the largest dump in use is a third of that."""
FETCH_SECONDS = 300.0


class TableRefused(ValueError):  # noqa: N818 - an answer to the user
    """The source cannot become a table; the table in use is unchanged."""


def update_table(source: str, *, attribution: str, licence: str, date: str) -> str:
    """Build the table from a file or URL and put it in the cache folder; one line that says what it holds.

    Raises TableRefused when the source cannot be read.
    """
    from sovscan.cli.destinations import refuse_unwritable
    from sovscan.files.writing import write_atomically
    from sovscan.net.asn_build import AsnSourceError, build
    from sovscan.net.asn_table import user_table_path

    path = user_table_path()
    refuse_unwritable([("the cache", path)])
    name, content = _fetch(source) if urllib.parse.urlsplit(source).scheme in {"http", "https"} else _file(source)
    try:
        built = build(
            [(name, content)],
            source=attribution or name,
            licence=licence or "not stated",
            attribution=attribution or name,
            date=date or datetime.now(UTC).date().isoformat(),
        )
    except (AsnSourceError, gzip.BadGzipFile) as error:
        raise TableRefused(str(error)) from error
    write_atomically(path, built.content)
    return f"{built.ranges4} IPv4 and {built.ranges6} IPv6 ranges from {name} are now used: {path}"


def _file(source: str) -> tuple[str, bytes]:
    path = Path(source)
    try:
        if path.stat().st_size > MAX_SOURCE:
            raise TableRefused(f"{path}: larger than {MAX_SOURCE} bytes")
        return path.name, path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}") from error


def _fetch(url: str) -> tuple[str, bytes]:
    import asyncio

    from sovscan.model.evidence import Outcome
    from sovscan.net.live import LiveNet
    from sovscan.net.net import NetSettings

    async def fetch() -> tuple[Outcome, str | None, bytes]:
        async with LiveNet(NetSettings()) as net:
            answer = await net.http.get(url, body_limit=MAX_SOURCE, deadline=FETCH_SECONDS)
            return answer.outcome, answer.reason, answer.body

    outcome, reason, body = asyncio.run(fetch())
    if outcome is not Outcome.ANSWERED:
        raise TableRefused(f"{url}: {reason}")
    return urllib.parse.urlsplit(url).path.rpartition("/")[2] or url, body
