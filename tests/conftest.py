"""What every test runs under."""

import os
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings

from core.ui import drawing

# As in the app: a second thread waits at every operation for whatever else the machine does.
torch.set_num_threads(1)

# No browser waits for what is drawn.
drawing.FIRST = 0.0

# A busy machine is slow at times, which is no fault of what is tested. Where CI is set, examples stay the same ones.
settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

#: Files, and a folder, that take so long that `make quick` leaves them out.
SLOW = {
    *("claims", "test_valid_links.py", "test_scripts.py", "test_scenes.py", "test_situation.py", "test_memory.py"),
    *("test_start.py", "test_one_row.py", "test_expression.py", "test_company.py", "test_waiting.py"),
    *(
        "test_shell.py",
        "test_page_objective.py",
        "test_small_steps_engine.py",
        "test_objective_figures.py",
        "test_unknowns_charts.py",
    ),
    *("test_small_steps_charts.py", "test_csv.py"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    for item in items:
        if SLOW & set(Path(item.path).parts):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def node() -> str:
    """Where node is. Without it: a failure in CI, a skip elsewhere."""
    found = shutil.which("node") or shutil.which("nodejs")
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no node here")
    return found
