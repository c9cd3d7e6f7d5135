"""tandem center retention and tandem hold: who set what, and that it is kept."""

from models.store.database import query
from tests.ageing import closed, keep_words, retained, whole
from tests.commands import tandem
from tests.service import Service, post_call

BY = ("--by", "counsel")


async def audited(service: Service) -> list[tuple[str, str, str | None]]:
    """What the command line wrote into the audit: action, who, reason."""
    rows = await service.sql("select action, principal, params from audit where role = 'shell' order by id")
    return [(row["action"], row["principal"], row["params"].get("reason")) for row in rows]


async def test_how_long_words_are_kept_is_said_set_and_taken_back(service: Service) -> None:
    """Words cannot go before the log that has their places."""
    asked: tuple[list[str], ...] = ([], ["--days", "65"], ["--days", "66", *BY], ["--forever", *BY])
    said = [await tandem(service, "center", "retention", "alpha", *words) for words in asked]
    assert [each.status for each in said] == [0, 1, 0, 0], said
    told = ("for good", "at least", "for 66 days", "for good")
    assert [part in each.err for part, each in zip(told, said, strict=True)] == [True] * 4
    assert await audited(service) == [("retention.set", "counsel", None)] * 2


async def test_a_hold_is_set_listed_and_released_with_who_and_why(service: Service) -> None:
    call = await closed(service, (await post_call(service, external_id="C-7"))["call"])
    await keep_words(service, 90)
    for reason in ("matter 1", "matter 2"):
        assert (await tandem(service, "hold", "add", "alpha", "C-7", "--reason", reason, *BY))[0] == 0
    await retained(service, 91)
    assert "█" not in (await whole(service, call))["entries"][0]["text"]
    listed = (await tandem(service, "hold", "list", "alpha")).out
    assert (listed.count("C-7"), listed.count("counsel"), listed.count("stands")) == (2, 2, 2)
    release = ("hold", "release", "alpha", call["id"], "--reason", "settled", *BY)
    status, _, text = await tandem(service, *release)
    assert (status, "--hold" in text) == (1, True)
    first = min(row["id"] for row in await service.sql(query("holds"), "alpha", None))
    assert (await tandem(service, *release, "--hold", str(first)))[0] == 0
    assert (await tandem(service, *release))[0] == 0
    await retained(service, 91)
    assert set((await whole(service, call))["entries"][0]["text"]) == {"█"}
    added, released = ("hold.add", "counsel"), ("hold.release", "counsel")
    kept = [(*added, "matter 1"), (*added, "matter 2"), (*released, "settled"), (*released, "settled")]
    assert await audited(service) == kept


async def test_a_call_of_another_center_cannot_be_held(service: Service) -> None:
    call = (await post_call(service))["call"]
    status, _, text = await tandem(service, "hold", "add", "beta", call["id"], "--reason", "matter 7")
    assert (status, "has no call" in text) == (1, True)
    assert await service.sql("select 1 from legal_hold") == []
