"""The rules: what puts a dependency on a level, and what is said about it. The only room that knows CEL."""
