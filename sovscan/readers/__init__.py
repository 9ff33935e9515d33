"""Pure readers: text in, typed values out; no network, no clock."""
