"""What would raise the score: alternatives, decisions, what-if."""

from sovscan.advise.advise import advise as advise

__all__ = ["advise"]
