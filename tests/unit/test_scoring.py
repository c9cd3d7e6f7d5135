"""Lines in, assessments out: every line is answered, in order, whatever is wrong with it."""

import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import scoring
from api.scoring import AT_ONCE, USUAL, Columns, Format, NoSuchColumn, score
from triage.assess import assess

SUICIDAL = "WANTS TO KILL HERSELF, HAS A KNIFE"


def scored(text: str, form: Format = Format.AUTO, columns: Columns = USUAL) -> list[Any]:
    """What is answered to the text of a file."""
    into = io.StringIO()
    score(io.StringIO(text, newline=""), into, form, columns)
    return [orjson.loads(line) for line in into.getvalue().splitlines()]


def line(**call: Any) -> str:
    """One line of JSON."""
    return orjson.dumps(call).decode() + "\n"


def test_an_answer_is_the_id_and_what_assess_says() -> None:
    (told,) = scored(line(id="a", nature="WELFARE CHECK", narrative=SUICIDAL))
    assert told == {"id": "a"} | assess(SUICIDAL, "WELFARE CHECK").model_dump(mode="json")


def test_answers_come_in_order_over_several_portions() -> None:
    calls = "".join(
        line(id=number, narrative="GUN" if number % 3 else "") for number in range(2 * AT_ONCE + 5)
    )
    told = scored(calls)
    assert [each["id"] for each in told] == list(range(2 * AT_ONCE + 5))
    assert ["weapon" in each["dangers"] for each in told] == [bool(each["id"] % 3) for each in told]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"id": 7, "narrative": {"a": 1}}', "nature or narrative is no text"),
    ],
)
def test_a_bad_line_is_answered_with_its_number_and_the_next_is_read(bad: str, said: str) -> None:
    first, wrong, last = scored(line(id=1) + bad + "\n" + line(id=3, narrative=SUICIDAL))
    assert first["id"] == 1
    assert wrong["line"] == 2
    assert said in wrong["error"]
    assert last["flag"]


def test_a_blemish_in_the_text_is_no_reason_to_refuse_it() -> None:
    (told,) = scored('{"id": 99999999999999999999999, "narrative": "HAS A KNIFE \\ud800\t NaN", "x": NaN}\n')
    assert told["dangers"]["weapon"]["assertion"] == "affirmed"


def test_a_line_without_end_is_answered_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "LONGEST", 50)
    told = scored(line(id=1) + '{"id": "' + "x" * 175 + "\n" + line(id=3))
    assert [each["id"] for each in told] == [1, None, 3]
    assert "longer than" in told[1]["error"]
    assert told[1]["line"] == 2


CSV = 'call,comments,type\n1,"WANTS TO KILL HERSELF, HAS\nA KNIFE",SUICIDAL\n2,CAT IN TREE,ANIMAL\n'
NAMED = Columns("call", "type", "comments")


def test_csv_is_told_by_its_header() -> None:
    assert scored(CSV, columns=NAMED) == scored(CSV, Format.CSV, NAMED)
    first, second = scored("\ufeff" + CSV, columns=NAMED)
    words = "WANTS TO KILL HERSELF, HAS\nA KNIFE"
    assert first == {"id": "1"} | assess(words, "SUICIDAL").model_dump(mode="json")
    assert second["id"] == "2"


def test_a_row_whose_columns_do_not_fit_is_answered_and_the_next_is_read() -> None:
    told = scored("id,narrative\n1,HAS A KNIFE, NO GUN\n2,CAT\n3\n4,DOG\n")
    assert [each["id"] for each in told] == ["1", "2", "3", "4"]
    assert told[0]["error"] == "3 columns where the header has 2"
    assert told[2]["line"] == 4
    assert "error" not in told[3]


def test_a_quote_that_never_closes_takes_no_more_than_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "LONGEST", 200)
    told = scored('id,narrative\n1,"GUN\n' + "2,CAT\n" * 100)
    assert "not CSV" in told[0]["error"]
    assert told[-1]["id"] == "2"
    assert "error" not in told[-1]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NoSuchColumn, match="no column 'narrative'; it has: call, comments, type"):
        scored(CSV, Format.CSV)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=8))
def test_every_line_that_is_not_blank_has_one_answer(lines: list[str]) -> None:
    text = "".join(f"{each}\n" for each in lines)
    spoken = [each for each in io.StringIO(text, newline="") if each.strip()]
    assert len(scored(text, Format.JSONL)) == len(spoken)
