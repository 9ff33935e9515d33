"""The records every room shares; standard library only."""
