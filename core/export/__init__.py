"""What a figure drew, as PyTorch."""

from core.export.code import optimizer_lines
from core.export.trainings import script

__all__ = ["optimizer_lines", "script"]
