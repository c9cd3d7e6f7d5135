"""The limits as arithmetic: time is an argument."""

import pytest

from api.rates import DIAL, MOST, Buckets, Kind, Rates, credential_of, network_of
from api.security import Principal
from api.settings import Settings

HERE = "203.0.113.7"


def rates(**more: float) -> Rates:
    """Small limits, so that tests count little."""
    return Rates(**{"operator": 5, "machine": 100, "anonymous": 2} | more)


def somebody(name: str = "ann", *, machine: bool = False) -> Principal:
    """A principal of center alpha."""
    return Principal("alpha", name, name.title(), "integrator" if machine else "dispatcher", machine=machine)


def test_a_full_bucket_gives_what_it_holds_at_once_and_then_as_fast_as_it_fills() -> None:
    bucket = Buckets(rate=10, size=50)
    assert [bucket.take("a", 1e9) for _ in range(50)] == [0.0] * 50
    assert bucket.take("a", 1e9) == pytest.approx(0.1, abs=0.001)
    assert bucket.take("a", 1e9 + 0.11) == 0.0
    assert bucket.take("a", 1e9 + 0.12) > 0


def test_a_refused_request_costs_nothing() -> None:
    bucket = Buckets(rate=1, size=1)
    bucket.take("a", 0)
    assert {bucket.take("a", 0.5) for _ in range(1000)} == {0.5}
    assert bucket.take("a", 1.0) == 0.0


def test_buckets_of_others_stay_full() -> None:
    bucket = Buckets(rate=1, size=1)
    bucket.take("a", 0)
    assert bucket.take("a", 0) > 0
    assert bucket.take("b", 0) == 0.0


def test_memory_stays_bounded_however_many_ask() -> None:
    bucket = Buckets(rate=1, size=10)
    for number in range(3 * MOST):
        bucket.take(number, 0)
    assert len(bucket._full_at) <= MOST
    bucket.take("last", 100)
    limits = rates()
    for number in range(MOST + 10):
        limits.know(b"%d" % number, somebody())
    assert len(limits._known) == MOST


def test_a_principal_is_the_same_whatever_they_signed_in_with() -> None:
    limits = rates()
    limits.know(b"one", somebody())
    limits.know(b"two", somebody())
    assert limits.asker(b"one", HERE) == limits.asker(b"two", "198.51.100.1")
    assert limits.asker(b"one", HERE).kind is Kind.OPERATOR


def test_a_person_and_a_machine_of_one_name_have_limits_of_their_own() -> None:
    limits = rates()
    limits.know(b"person", somebody())
    limits.know(b"machine", somebody(machine=True))
    person, machine = limits.asker(b"person", HERE), limits.asker(b"machine", HERE)
    assert [limits.admit(person, 0) > 0 for _ in range(51)] == [False] * 50 + [True]
    assert not any(limits.admit(machine, 0) for _ in range(1000))
    assert limits.admit(machine, 0) > 0


def test_no_burst_of_a_cad_is_refused_by_the_limits_as_they_are_shipped() -> None:
    shipped = Settings()
    limits = rates(machine=shipped.rate_machine)
    limits.know(b"cad", somebody(machine=True))
    cad = limits.asker(b"cad", HERE)
    assert not any(limits.admit(cad, 0) for _ in range(20_000))
    assert not any(limits.admit(cad, 60 + number / 1_999) for number in range(60_000))


def test_invented_credentials_share_the_limit_of_their_address() -> None:
    limits = rates()
    refused = [limits.admit(limits.asker(b"%d" % number, HERE), 0) > 0 for number in range(30)]
    assert refused == [False] * 20 + [True] * 10
    assert limits.admit(limits.asker(b"x", "198.51.100.1"), 0) == 0.0
    assert limits.admit(limits.asker(None, HERE), 0) == 0.0  # the page to sign in with


def test_credentials_that_ended_count_for_their_address_again() -> None:
    limits = rates()
    limits.know(b"one", somebody())
    limits.forget(b"one")
    assert limits.asker(b"one", HERE).kind is Kind.ANONYMOUS


def test_a_principal_holds_only_so_many_sockets() -> None:
    limits = rates(operator=10)
    limits.know(b"one", somebody())
    asker = limits.asker(b"one", HERE)
    held = [limits.held(asker) for _ in range(10)]
    for number, socket in enumerate(held):
        assert limits.dial(asker, number) == 0.0
        socket.__enter__()
    assert limits.dial(asker, 1000) > 0
    held[0].__exit__(None, None, None)
    assert limits.dial(asker, 1000) == 0.0


def test_dialling_sockets_weighs_as_much_as_many_requests() -> None:
    limits = rates(anonymous=2)
    asker = limits.asker(None, HERE)
    assert [limits.dial(asker, 0) > 0 for _ in range(3)] == [False] * 2 + [True]
    assert DIAL == 10


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_with_its_neighbours_of_one_holder(address: str, network: str) -> None:
    assert network_of(address) == network


def test_credentials_are_found_where_the_service_looks_for_them() -> None:
    bearer = credential_of([(b"host", b"x"), (b"authorization", b"Bearer abc")])
    cookie = credential_of([(b"cookie", b"a=b; tandem_session=abc; c=d")])
    assert bearer == credential_of([(b"authorization", b"bearer  abc ")])
    assert bearer == cookie == credential_of([(b"cookie", b"tandem_session=abc")])
    assert bearer != credential_of([(b"authorization", b"Bearer abd")])
    both = [(b"cookie", b"tandem_session=abc"), (b"authorization", b"Basic eDp5")]
    assert credential_of(both) == cookie
    assert credential_of([(b"cookie", b"other=1"), (b"authorization", b"Bearer")]) is None
