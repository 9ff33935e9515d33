"""sovscan: who really controls the services an organisation depends on."""

__version__ = "0.1.0"
