"""An audit as bytes: one file a format, no clock, no network, no file outside the package."""
