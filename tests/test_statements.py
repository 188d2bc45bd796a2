"""Every statement of the English texts names the check that runs it, or says that it claims nothing."""

from pathlib import Path

import pytest

from core.text import entries
from tests.statements import Statement, checks_in, of_prose, of_texts

ROOT = Path(__file__).resolve().parents[1]
TEXTS = sorted([*ROOT.glob("core/text/en/*.toml"), *ROOT.glob("pages/*/en.toml")])


def statements() -> list[Statement]:
    texts = [s for path in TEXTS for s in of_texts(path)]
    return texts + [s for path in sorted(ROOT.glob("pages/*/en.md")) for s in of_prose(path)]


def unchecked(found: list[Statement]) -> list[str]:
    return [s.where for s in found if s.checks is None]


def named(found: list[Statement]) -> set[str]:
    return {name for s in found for name in s.checks or ()}


def test_every_text_is_read():
    read = {s.where.split(": ")[1] for path in TEXTS for s in of_texts(path)}
    assert read == entries("en").keys()


def test_every_statement_has_a_check_or_claims_nothing():
    assert not unchecked(statements())


def test_every_check_that_a_text_names_exists():
    assert not named(statements()) - set(checks_in(ROOT / "tests/claims"))


def test_every_check_is_named_by_a_text_and_exists_once():
    checks = checks_in(ROOT / "tests/claims")
    assert not set(checks) - named(statements())
    assert len(checks) == len(set(checks))


def test_texts_are_read_with_their_checks(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(
        '[a]  # claims nothing\nx = "1 # 2"\ny = "\\"2\\""  # check: b, c\n\n[a.b]\nz = "3"\n"q-r" = "4"  # why not\n',
        encoding="utf-8",
    )
    assert of_texts(path) == [
        Statement("a.toml: a.x", ()),
        Statement("a.toml: a.y", ("b", "c")),
        Statement("a.toml: a.b.z", None),
        Statement("a.toml: a.b.q-r", None),
    ]
    path.write_text('a = """\nlong\n"""\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.toml:1"):
        of_texts(path)


def test_paragraphs_are_read_with_their_checks(tmp_path):
    path = tmp_path / "en.md"
    path.write_text(
        "<!-- one -->\n## Title\n<!-- claims nothing -->\n\nTrue,\nand so on.\n<!-- check: a, b -->\n\nFalse.\n\n"
        "<!-- two -->\n\n- an item\n",
        encoding="utf-8",
    )
    assert [s.checks for s in of_prose(path)] == [(), ("a", "b"), None, None]
    assert unchecked(of_prose(path)) == [s.where for s in of_prose(path)[2:]]


def test_checks_are_the_tests_of_a_folder(tmp_path):
    (tmp_path / "test_a.py").write_text("def test_b():\n    pass\n\ndef helper():\n    pass\n", encoding="utf-8")
    (tmp_path / "c.py").write_text("def test_never_run():\n    pass\n", encoding="utf-8")
    assert checks_in(tmp_path) == ["b"]
