"""One file an ecosystem, each exporting ``READER``."""
