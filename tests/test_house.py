"""How the house is laid out, as far as import-linter cannot say it."""

from collections import Counter
from pathlib import Path

CORE = Path(__file__).parents[1] / "core"


def test_a_name_of_a_file_stands_once_within_core():
    names = Counter(path.name for path in CORE.rglob("*.py") if path.name != "__init__.py")
    assert [name for name, count in names.items() if count > 1] == []
