"""Probes: one file each, which asks its questions and writes down the answers; none of them judges."""
