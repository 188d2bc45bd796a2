"""The figures of the page Small steps."""
