"""What a figure drew, as PyTorch."""

from core.export.code import optimizer_lines
from core.export.searches import search_script
from core.export.trainings import script

__all__ = ["optimizer_lines", "script", "search_script"]
