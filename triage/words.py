"""Word roles that bound the scope of a cue."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from triage.datafiles import HERE, LEXICON, LexiconError, read


class Roles(NamedTuple):
    """Sets of normalised words, read from roles.toml."""

    contrast: frozenset[str]  # end every scope: BUT
    subjects: frozenset[str]  # start a new clause: RP, HE
    people: frozenset[str]  # nouns that can be the subject of the call: MALE, SON
    kin: frozenset[str]
    bystanders: frozenset[str]  # those whose own state is not the subject's: RP, GUARD
    owners: frozenset[str]  # HIS MOTHER is not the subject, RPS SON is
    predicates: frozenset[str]
    joins: frozenset[str]  # AND
    alternatives: frozenset[str]  # OR
    light: frozenset[str]  # neither count nor end a scope: A, ANY, CURRENT
    copulas: frozenset[str]  # between a person and that person's own state
    listed: frozenset[str]  # checklist words beside the lexicon's own
    checked: frozenset[str]  # fields whose answer may be a bare letter
    adjectives: frozenset[str]  # predicate-like mentions: a list of things does not reach them
    present: frozenset[str]  # end the reach of the past: TONIGHT
    now: frozenset[str]  # verbs in the present tense: an old time before them is not theirs
    places: frozenset[str]  # IN, WITH: what follows is no longer the thing a verb governs
    willing: frozenset[str]  # what is to come or comes as a habit: WILL, GETS
    deeds: frozenset[str]  # verbs of harm in the past tense that do not end in -ED: HIT, THREW
    subject: frozenset[str]  # name the subject of the call outright
    pronouns: frozenset[str]
    plain: frozenset[str]  # people who are the subject as a rule: MALE
    callers: frozenset[str]
    authorities: frozenset[str]  # carry weapons by trade
    reports: frozenset[str]  # after a person: what follows is about another
    reporting: frozenset[str]  # open the clause that names the subject: REPORTS A MALE
    concerning: frozenset[str]  # with one of about: CALLING ON
    about: frozenset[str]
    sites: frozenset[str]  # end the name of a place: BATTERY PARK
    helpers: frozenset[str]  # CALLING FOR HELP names nobody
    attends: frozenset[str]  # what is done about the subject: THE PASSENGER HE IS WORRIED ABOUT
    seizes: frozenset[str]  # before whose weapon it is: GRABBED THE OFFICERS GUN
    restrains: frozenset[str]  # what those who carry weapons by trade do to the subject: TACKLED HIM
    keeping: frozenset[str]  # places a weapon is kept in: FROM HIS SAFE
    turns: frozenset[str]  # after AND: who took the weapon uses it
    relatives: frozenset[str]  # whose a thing is that is not the subject's: FROM HIS DADS


class Names(NamedTuple):
    """Words that make a mention part of a name, read from lexicon/names.toml."""

    near: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    goods: frozenset[str]
    streets: frozenset[str]
    doubtful_streets: frozenset[str]  # a doctor, a court, a way
    article: frozenset[str]


def _lists(file: Path, fields: tuple[str, ...]) -> dict[str, frozenset[str]]:
    data = read(file)
    if wrong := set(data) ^ set(fields):
        fault = ", ".join(sorted(wrong))
        raise LexiconError(file, fault, "is missing or unknown", "keep exactly these lists")
    return {name: frozenset(words.split()) for name, words in data.items()}


@cache
def roles() -> Roles:
    """The packaged roles. Raises LexiconError when a list is missing or unknown."""
    return Roles(**_lists(HERE / "roles.toml", Roles._fields))


@cache
def names() -> Names:
    """The packaged name words. Raises LexiconError when a list is missing or unknown."""
    return Names(**_lists(LEXICON / "names.toml", Names._fields))
