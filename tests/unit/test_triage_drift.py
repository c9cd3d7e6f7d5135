"""Drift, calibration and unknown words are the arithmetic that their definitions say."""

import math

import pytest

from models.assessment import Entry
from triage.assess import assess, assess_entries
from triage.datafiles import Written
from triage.drift import calibration_error, stability_index
from triage.overlay import overlay_of

EVEN = (10,) * 10


def test_histograms_alike_have_not_moved() -> None:
    assert stability_index(EVEN, EVEN) == 0
    assert stability_index(EVEN, (100,) * 10) < 0.001


def test_shift_is_told_by_its_size_and_empty_bins_are_no_infinity() -> None:
    little = stability_index((600, 400, 0, 0, 0, 0, 0, 0, 0, 0), (560, 440, 0, 0, 0, 0, 0, 0, 0, 0))
    large = stability_index((600, 400, 0, 0, 0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0, 400, 600))
    assert 0 < little < 0.1
    assert 0.25 < large < math.inf


def test_calibration_error_weighs_each_tenth_by_its_calls() -> None:
    assert calibration_error([(10, 0.5, 5), (30, 0.9, 27)]) == pytest.approx(0)
    assert calibration_error([(10, 0.5, 10), (30, 0.9, 27)]) == pytest.approx(0.125)
    assert calibration_error([]) == 0


def test_words_that_nothing_knows_are_counted_and_numbers_are_not() -> None:
    read = assess("MALE HAS A KNIFE AT 1200 GLORBING QUUXWORTH")
    assert (read.words, read.unknown_words) == (8, 2)


def test_words_of_own_phrases_are_known() -> None:
    overlay = overlay_of(
        Written("m", '[[group]]\nconcept = "psychosis"\nid = "q"\nen = ["QUUXWORTH"]\nweight = 1.0\n')
    )
    assert assess_entries([Entry(text="QUUXWORTH MALE")], "", overlay).unknown_words == 0
