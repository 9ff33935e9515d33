"""Local files in and out, strictly."""
