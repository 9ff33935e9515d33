"""Two audits of one organisation: what changed, and whether the world, the rules or our sight of it changed."""

from sovscan.compare.comparison import compare as compare

__all__ = ["compare"]
