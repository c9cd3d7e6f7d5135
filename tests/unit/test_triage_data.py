"""Faulty rule data is refused with the file, the line and the fix."""

from pathlib import Path

import pytest

from triage.abbreviations import Form, load_forms, unreadable_words
from triage.datafiles import LexiconError, read, rules_digest
from triage.normalize import HARD, Token
from triage.patterns import Trie, parse
from triage.phrases import load_lexicon

GROUP = 'concept = "weapon"\n[[group]]\nid = "blade"\nen = ["{pattern}"]\n{more}\n'


def a_lexicon(folder: Path, pattern: str = "KNIFE", more: str = "") -> Path:
    (folder / "weapon.toml").write_text(GROUP.format(pattern=pattern, more=more))
    return folder


@pytest.mark.parametrize(
    ("pattern", "more", "message"),
    [
        ("knife", "", "weapon.toml, line 4: 'knife' has the unusable part"),
        ("@nobody", "", "names the unknown class @nobody"),
        ("KNIFE?", "", "may match nothing"),
        ("... KNIFE", "", "no word at its beginning"),
        ("KNIFE", "wieght = 2", "weapon.toml, line 3: 'blade' has unknown keys"),
        ("KNIFE", "severity = 9", "gives weapon severity 9"),
        ("KNIFE", 'access = "pocket"', "'pocket' is not a valid Access"),
    ],
)
def test_faulty_phrase_is_refused_with_its_place(
    tmp_path: Path, pattern: str, more: str, message: str
) -> None:
    with pytest.raises(LexiconError, match=message.replace("@", ".")):
        load_lexicon(a_lexicon(tmp_path, pattern, more), {})


def test_unknown_concept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('concept = "wepon"\n')
    with pytest.raises(LexiconError, match="name an indicator or a danger"):
        load_lexicon(tmp_path, {})


def test_broken_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("a = \n")
    with pytest.raises(LexiconError, match="line 1, column 5"):
        read(tmp_path / "x.toml")


def test_abbreviation_without_expansion_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[form]]\nfrom = "OD"\n')
    with pytest.raises(LexiconError, match="lacks from or to"):
        load_forms(tmp_path / "a.toml")


def test_pattern_word_that_is_always_expanded_is_found() -> None:
    assert unreadable_words(["SUBJ", "KNIFE"], {"SUBJ": (Form(("SUBJECT",)),)}) == ["SUBJ"]


def test_rules_digest_names_the_rules_by_sixteen_hex_digits() -> None:
    assert len(rules_digest()) == 16
    assert int(rules_digest(), 16) >= 0


def words(text: str) -> list[Token]:
    return [Token(word, 0, 0, HARD if not at else 0) for at, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("A B? C", "A C", True),
        ("A B|D C", "A D C", True),
        ("A ... C", "A X X X C", True),
        ("A ... C", "A X X X X C", False),
        ("A ... C", "A NO C", False),
        ("A B_C", "A B C", True),
        ("@x", "Y Z", True),
    ],
)
def test_pattern_matches_what_its_grammar_says(pattern: str, text: str, found: bool) -> None:
    trie: Trie[str] = Trie()
    trie.add(parse(pattern, {"x": ["Y_Z"]}), "rule")
    assert any(hit.last - hit.first == len(text.split()) for hit in trie.find(words(text))) is found
