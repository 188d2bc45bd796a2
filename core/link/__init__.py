"""Specs as a link writes them, and back."""
