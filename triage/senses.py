"""Words of another sense: a weapon in the name of a street, a saying that kills nobody."""

from models.assessment import Access, DangerName
from triage.normalize import SOFT
from triage.phrases import GRAVE, Match
from triage.scene import Scene
from triage.scopes import concerns
from triage.words import names, roles

SAYING = 4  # tokens by which a saying may outlast the mention in it

#: Before a weapon these say that somebody has it, so it is no name.
HOLDING = frozenset(
    {"HAS", "WITH", "HIS", "HER", "HAD", "HOLDING", "NO", "TRAE", "CARRYING", "HAVE", "TIENE", "CON"}
)
#: Before a name of a place: AT CRAZY HORSE SALOON.
AT_A_PLACE = frozenset({"AT", "FROM", "NEAR", "BEHIND", "OUTSIDE", "INSIDE", "BY", "TO", "OF", "ON"})
AT = frozenset({"AT", "FROM", "NEAR"})
ARTICLES = frozenset({"A", "AN", "THE", "UN", "UNA", "LA", "EL"})
#: These part a mention from the end of a name.
FUNCTION = frozenset(
    [
        *[
            "IN",
            "AT",
            "ON",
            "TO",
            "OF",
            "WITH",
            "FROM",
            "BY",
            "FOR",
            "NEAR",
            "BEHIND",
            "OUTSIDE",
            "INSIDE",
            "UNDER",
        ],
        *["HE", "SHE", "HIS", "HER", "THE", "A", "THEN", "NEXT", "ACROSS", "OUT", "INTO", "OVER"],
    ]
)


def _owned(scene: Scene, match: Match) -> bool:
    """Whether somebody has the thing, which is then no name: HAS A GUN."""
    tokens = scene.tokens
    before = [token.norm for token in tokens[max(0, match.first - 2) : match.first]]
    return bool(before) and (before[-1] in HOLDING or (before[-1] in ARTICLES and before[0] in HOLDING))


def named(scene: Scene, match: Match) -> tuple[int, int] | None:
    """Tokens that make the mention a name or a thing of another kind: KNIFE RIVER RD, GUN CLUB, CALLE CUCHILLO.

    Only a plain noun can be one: ARMED and STABBED describe somebody, whatever shop stands beside them.
    """
    known, tokens = names(), scene.tokens
    word = tokens[match.first].norm
    if (
        match.last - match.first > 1
        or match.phrase.access is not Access.UNKNOWN
        or word.endswith(("ED", "ING"))
    ):
        return None
    weapon = match.phrase.concept == DangerName.WEAPON
    grave = match.phrase.concept in GRAVE
    behind = match.first - 1 - (match.first > 1 and tokens[match.first - 1].norm == "THE")
    placed = match.first > 0 and tokens[behind].norm in (AT if grave else AT_A_PLACE)
    before = tokens[match.first - 1].norm if match.first else ""
    prior = tokens[match.first - 2].norm if match.first > 1 else ""
    if weapon and (before in known.before or (before in known.article and prior in known.before)):
        return match.first - 1, match.first
    for at in range(match.last, min(match.last + 3, len(tokens))):
        if tokens[at].gap >= SOFT or _owned(scene, match):
            return None
        word = tokens[at].norm
        if (weapon and (word in known.near or (at == match.last and word in known.after))) or (
            at == match.last and word in known.goods
        ):
            return at, at + 1
        if at == match.last and _street(scene, at):
            return at, at + 1
        if placed and (at == match.last or not grave) and (word in known.near or word in roles().sites):
            return at, at + 1
        if word in roles().predicates or word in FUNCTION or at in scene.owner:
            return None
    return None


def _street(scene: Scene, at: int) -> bool:
    """Whether the word is a street's kind: SLAUGHTER LN; of those that mean other things too only at a clause's end."""
    word = scene.tokens[at].norm
    if word in names().streets:
        return True
    ended = at + 1 >= len(scene.tokens) or scene.tokens[at + 1].gap >= SOFT
    return ended and word in names().doubtful_streets


def saying(scene: Scene, match: Match) -> tuple[int, int] | None:
    """Words around the mention that make it mean something else: THE HEAT IS KILLING ME."""
    forward = scene.forward
    for last in range(match.last - 1, min(match.last + SAYING, len(scene.tokens))):
        for heard in forward.get(last, ()):
            hit = heard.hit
            if hit.rule.over and hit.first <= match.first and concerns(scene, hit.rule, match):
                return hit.first, hit.last
    return None
