"""Source trees as evidence: what a checkout says it depends on; reads files only, never the network."""
