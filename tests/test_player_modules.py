"""The player's modules: their own tests, in node, and that all of them reach the browser."""

import re
import subprocess
from pathlib import Path

from core.player.source import MODULES, WEB, joined, loader

TESTS = Path(__file__).parent / "player_modules"


def test_the_modules_pass_their_own_tests(node):
    tests = sorted(map(str, TESTS.glob("*.mjs")))
    done = subprocess.run([node, "--test", "--test-reporter=tap", *tests], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE)


def test_the_joined_script_is_one_module_with_one_way_in(node, tmp_path):
    assert {path.stem for path in WEB.glob("*.js")} == set(MODULES)
    script = joined()
    assert not re.search(r"^import ", script, re.MULTILINE)
    assert re.findall(r"^export .*", script, re.MULTILINE) == [
        "export default function ({ data, parentElement, setStateValue }) {"
    ]
    for name, code in (("player", script), ("loader", loader("/player/x.js"))):
        (tmp_path / f"{name}.mjs").write_text(code, encoding="utf-8")
        subprocess.run([node, "--check", tmp_path / f"{name}.mjs"], check=True)


def test_what_is_sent_with_every_message_is_short():
    assert len(loader("/player/player-0123456789abcdef.js")) < 1200
