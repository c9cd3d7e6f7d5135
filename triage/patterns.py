"""Token patterns of the rule data and the trie that finds them in O(tokens x longest pattern)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from triage.normalize import ANSWERS, HARD, SOFT, Token

GAP = 3  # tokens that "..." may skip

Rule = TypeVar("Rule")

#: A gap never swallows a word that turns the sense.
TURNING = frozenset(
    [
        *["NO", "NOT", "NOR", "NEG", "NEGATIVE", "NONE", "DENIES", "DENIED", "DENY", "WITHOUT", "BUT", "IF"],
        *["UNK", "UNKNOWN", "POSSIBLE", "NIEGA", "SIN", "PERO"],
        *[
            "BB",
            "TOY",
            "FAKE",
            "REPLICA",
            "AIRSOFT",
            "PELLET",
            "PAINTBALL",
            "PROP",
            "PLASTIC",
            "WATER",
            "NERF",
            "FINGER",
        ],
    ]
)


@dataclass(slots=True)
class _Node(Generic[Rule]):
    words: dict[str, list["_Node[Rule]"]] = field(default_factory=dict)
    shared: dict[tuple[tuple[str, ...], ...], "_Node[Rule]"] = field(default_factory=dict)
    own_gap: "_Node[Rule] | None" = None
    gaps: list["_Node[Rule]"] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


class _Head(Generic[Rule]):
    """What begins with one word, by the word that follows; a common word begins dozens of patterns."""

    __slots__ = ("always", "before", "nodes")

    def __init__(self, nodes: Sequence[_Node[Rule]]) -> None:
        self.nodes = nodes
        self.always = [node for node in nodes if node.rules or node.gaps]
        self.before = {
            word: [each for each in nodes if each.rules or each.gaps or word in each.words]
            for word in {word for node in nodes for word in node.words}
        }


@dataclass(frozen=True, slots=True)
class Hit(Generic[Rule]):
    """Rule found over tokens[first:last]."""

    first: int
    last: int
    rule: Rule


def _parted(token: Token) -> bool:
    """Whether no pattern reaches over to the token: a hard break, or a comma."""
    return token.gap == HARD or (token.gap == SOFT and not token.sep)


def _longest(hits: Iterable[Hit[Rule]]) -> Iterable[Hit[Rule]]:
    best: dict[int, Hit[Rule]] = {}
    for hit in hits:
        known = best.get(id(hit.rule))
        if known is None or known.last < hit.last:
            best[id(hit.rule)] = hit
    return best.values()


class Part(NamedTuple):
    """One place of a pattern: the word sequences that may stand there; a gap has none."""

    choices: tuple[tuple[str, ...], ...]
    optional: bool


def _choices(part: str, classes: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    choices: list[tuple[str, ...]] = []
    for word in part.split("|"):
        if word.startswith("@"):
            if word[1:] not in classes:
                raise ValueError(f"names the unknown class {word}")
            choices.extend(tuple(each.split("_")) for each in classes[word[1:]])
        elif word and word == word.upper() and all(char.isalnum() or char in "_-.:" for char in word):
            choices.append(tuple(word.split("_")))
        else:
            raise ValueError(f"has the unusable part {part!r}")
    return tuple(dict.fromkeys(choices))


def parse(pattern: str, classes: Mapping[str, Sequence[str]]) -> list[Part]:
    """Places of a pattern: words, `a|b`, optional `?`, `@class`, several words `A_B`, a gap `...`,
    `:NO`, `:YES`, `:UNKNOWN` for the value of a field.

    Raises ValueError with the fault in words when the pattern cannot be used.
    """
    parts = [
        Part((), optional=False)
        if part == "..."
        else Part(_choices(part.removesuffix("?"), classes), part.endswith("?"))
        for part in pattern.split()
    ]
    if not parts or not parts[0].choices or not parts[-1].choices:
        raise ValueError("has no word at its beginning or its end")
    if all(part.optional for part in parts):
        raise ValueError("may match nothing, for every part is optional")
    return parts


class Trie(Generic[Rule]):
    """All patterns of one kind of rule; patterns that begin alike share their nodes."""

    def __init__(self) -> None:
        self._root: _Node[Rule] = _Node()
        self._heads: dict[str, _Head[Rule]] = {}
        self.words: set[str] = set()
        self.patterns = 0

    def add(self, parts: Sequence[Part], rule: Rule) -> None:
        """Let every spelling of a parsed pattern lead to rule."""
        self._heads.clear()
        ends = [self._root]
        for part in parts:
            if not part.choices:
                ends = [self._gap_after(ends)]
                continue
            node = self._linked(ends, part.choices)
            ends = [*ends, node] if part.optional else [node]
        for node in ends:
            if node is not self._root and not any(rule is known for known in node.rules):
                node.rules.append(rule)
        self.patterns += 1

    def _gap_after(self, ends: Sequence[_Node[Rule]]) -> _Node[Rule]:
        if len(ends) == 1 and ends[0].own_gap is not None:
            return ends[0].own_gap
        gap: _Node[Rule] = _Node()
        for node in ends:
            node.gaps.append(gap)
        if len(ends) == 1:
            ends[0].own_gap = gap
        return gap

    def _linked(self, ends: Sequence[_Node[Rule]], choices: tuple[tuple[str, ...], ...]) -> _Node[Rule]:
        alone = ends[0] if len(ends) == 1 else None
        if alone is not None and choices in alone.shared:
            return alone.shared[choices]
        target: _Node[Rule] = _Node()
        for node in ends:
            for words in choices:
                self.words.update(words)
                here = node
                for word in words[:-1]:
                    onward: _Node[Rule] = _Node()
                    here.words.setdefault(word, []).append(onward)
                    here = onward
                here.words.setdefault(words[-1], []).append(target)
        if alone is not None:
            alone.shared[choices] = target
        return target

    def find(self, tokens: Sequence[Token], *, shorter: bool = False) -> list[Hit[Rule]]:
        """Hits, of each start and rule the longest, or the shorter ones too; never across a hard break."""
        hits: list[Hit[Rule]] = []
        heads = self._root.words
        for first, token in enumerate(tokens):
            if token.norm in heads and (nodes := self._promising(token.norm, tokens, first + 1)):
                found: dict[tuple[int, int], Hit[Rule]] = {}
                for node in nodes:
                    self._walk(node, tokens, first, first + 1, found)
                hits.extend(found.values() if shorter else _longest(found.values()))
        return hits

    def _promising(self, word: str, tokens: Sequence[Token], at: int) -> Sequence[_Node[Rule]]:
        """What begins with the word, without what goes on with another word than the text has at that place."""
        head = self._heads.get(word)
        if head is None:
            head = self._heads[word] = _Head(self._root.words[word])
        if at == len(tokens) or _parted(tokens[at]):
            return head.always
        token = tokens[at]
        if token.sep and token.norm in ANSWERS:
            return head.nodes
        return head.before.get(token.norm, head.always)

    def _walk(
        self,
        node: _Node[Rule],
        tokens: Sequence[Token],
        first: int,
        at: int,
        found: dict[tuple[int, int], Hit[Rule]],
    ) -> None:
        for rule in node.rules:
            found[id(rule), at] = Hit(first, at, rule)
        if at >= len(tokens) or _parted(tokens[at]):
            return
        token = tokens[at]
        for following in node.words.get(token.norm, ()):
            self._walk(following, tokens, first, at + 1, found)
        if token.sep and token.norm in ANSWERS:
            for following in node.words.get(ANSWERS[token.norm], ()):
                self._walk(following, tokens, first, at + 1, found)
        for gap in node.gaps:
            for here in range(at, min(at + GAP + 1, len(tokens))):
                if _parted(tokens[here]):
                    break
                for following in gap.words.get(tokens[here].norm, ()):
                    self._walk(following, tokens, first, here + 1, found)
                if tokens[here].norm in TURNING:
                    break
