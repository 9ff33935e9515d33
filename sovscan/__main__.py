"""``python -m sovscan``."""

from sovscan.cli.main import main

main()
