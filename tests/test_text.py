"""Both languages say the same things, and everything that the code asks for is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from core.analysis.sentences import listed
from core.text import LANGUAGES, Text, entries, joined
from core.ui.prose import parts

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")])
PAGES = sorted(p.parent for p in ROOT.glob("pages/*/page.py"))

#: Words that are the same in every language.
NAMES = (
    {
        "SGD",
        "Momentum",
        "Nesterov",
        "Adagrad",
        "RMSprop",
        "Adam",
        "AdamW",
        "PyTorch",
        "Python",
        "Jupyter",
        "torch",
        "optim",
    }
    | {
        "ReLU",
        "Leaky",
        "GELU",
        "SiLU",
        "tanh",
        "Sigmoid",
        "MSE",
        "Smooth",
        "L1",
        "Huber",
        "log-cosh",
        "CPU",
        "CUDA",
        "GPU",
    }
    | {"PNG", "SVG", "CSV", "QR", "English"}
)
#: A half-width mark right behind a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,.;:!?]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$", re.DOTALL)


def placeholders(text: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name}


def asked() -> Iterator[tuple[str, ast.Call, re.Pattern]]:
    """Every text("a.key", …), text(f"a.{b}.key", …) or current()("a.key"): where, the call, its keys."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name != "text" and not isinstance(node.func, ast.Call):
                continue
            where, key = f"{path.relative_to(ROOT)}:{node.lineno}", node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield where, node, re.compile(re.escape(key.value))
            elif isinstance(key, ast.JoinedStr):
                pieces = (re.escape(v.value) if isinstance(v, ast.Constant) else ".+" for v in key.values)
                yield where, node, re.compile("".join(pieces))


def test_both_languages_have_the_same_keys():
    english, chinese = (entries(language).keys() for language in LANGUAGES)
    assert english == chinese


def test_both_languages_have_the_same_placeholders():
    english, chinese = map(entries, LANGUAGES)
    differ = {k: (english[k], chinese[k]) for k in english if placeholders(english[k]) != placeholders(chinese[k])}
    assert not differ


def test_every_key_that_the_code_asks_for_exists():
    known = entries("en")
    calls = list(asked())
    assert len(calls) > 10
    missing = [(w, key.pattern) for w, _, key in calls if not any(map(key.fullmatch, known))]
    assert not missing


def test_every_call_fills_the_placeholders_of_its_text():
    known = entries("en")
    wrong = []
    for where, call, key in asked():
        given = {k.arg for k in call.keywords}
        if given and None not in given and key.pattern.replace("\\", "") in known:
            wants = placeholders(known[key.pattern.replace("\\", "")])
            if given != wants:
                wrong.append((where, key.pattern, given, wants))
    assert not wrong


def test_a_number_decides_the_word_behind_it():
    text = Text("en")
    assert text("wait.training", runs=1, steps=1) == "Training 1 run of 1 step."
    assert text("wait.training", runs=20, steps="1,000") == "Training 20 runs of 1,000 steps."


def test_nothing_is_left_in_english():
    english, chinese = map(entries, LANGUAGES)
    same = {}
    for key, value in english.items():
        words = re.findall(r"[A-Za-z][\w-]+", re.sub(r"\{.*?\}", "", CODE.sub("", value)))
        if value == chinese[key] and not set(words) <= NAMES:
            same[key] = value
    assert not same


def test_english_texts_have_no_chinese():
    assert not {k: v for k, v in entries("en").items() if CHINESE.search(v)}


def test_chinese_texts_have_full_width_punctuation():
    assert not {k: v for k, v in entries("zh-Hant").items() if HALF_WIDTH.search(CODE.sub("", v))}


@pytest.mark.parametrize("folder", PAGES, ids=lambda p: p.name)
def test_prose_has_the_same_parts_in_both_languages(folder):
    english, chinese = (parts(folder / f"{language}.md") for language in LANGUAGES)
    assert list(english) == list(chinese)
    assert not [name for p in (english, chinese) for name, body in p.items() if not body]


@pytest.mark.parametrize("folder", PAGES, ids=lambda p: p.name)
def test_prose_is_in_its_language(folder):
    assert not CHINESE.search((folder / "en.md").read_text(encoding="utf-8"))
    for name, body in parts(folder / "zh-Hant.md").items():
        assert not HALF_WIDTH.findall(CODE.sub("", body)), name
        assert CHINESE.search(body), name


@pytest.mark.parametrize("folder", PAGES, ids=lambda p: p.name)
def test_prose_shows_no_comments(folder):
    assert not [body for language in LANGUAGES for body in parts(folder / f"{language}.md").values() if "<!--" in body]


def test_checks_are_not_shown(tmp_path):
    path = tmp_path / "en.md"
    path.write_text(
        "<!-- a -->\n## T\n<!-- claims nothing -->\n\nx\ny\n<!-- check: c, d -->\n\n<!-- b -->\nz\n", "utf-8"
    )
    assert parts(path) == {"a": "## T\n\nx\ny", "b": "z"}


def test_prose_files_that_cannot_be_read_say_why(tmp_path):
    path = tmp_path / "en.md"
    path.write_text("lost\n<!-- a -->\nfound", encoding="utf-8")
    with pytest.raises(ValueError, match="before its first name"):
        parts(path)
    twice = tmp_path / "twice.md"
    twice.write_text("<!-- a -->\none\n<!-- a -->\ntwo", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        parts(twice)


def test_no_space_stands_between_chinese_words():
    chinese = Text("zh-Hant")
    assert listed(["Huber", "分位數"], chinese) == "Huber 和分位數"
    assert listed(["Huber", "L1"], chinese) == "Huber 和 L1"
    assert "在第 41 步" in chinese("result.at", step=41)
    assert joined("全批次 用了 3 步，是 分位數") == "全批次用了 3 步，是分位數"
