"""Layers that rules and reports speak of together."""

from sovscan.model.dependency import Layer

CRITICAL = (Layer.MAIL_IN, Layer.IDENTITY, Layer.HOSTING)
"""The layers whose loss stops everything else (METHOD 5.1)."""
DATA = (*CRITICAL, Layer.CDN, Layer.SAAS)
"""The layers that carry the organisation's data."""
