"""Two audits of one organisation: what changed, and whether the world, the rules or our sight of it changed."""

from sovscan.compare.comparison import compare as compare
from sovscan.compare.since import kept as kept
from sovscan.compare.since import kept_bytes as kept_bytes
from sovscan.compare.since import since as since

__all__ = ["compare", "kept", "kept_bytes", "since"]
