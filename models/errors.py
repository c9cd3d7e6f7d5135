"""What can go wrong: the class docstring is the English sentence, `code` is stable on the wire."""

from typing import Any, ClassVar


class TandemError(Exception):
    """Something in the service failed."""

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str | None = None, **params: Any) -> None:
        super().__init__(detail or self.__doc__)
        self.params = params


class NotFound(TandemError):
    """There is nothing of that name in your center."""

    code = "not_found"


class NotAllowed(TandemError):
    """Your role may not do this."""

    code = "not_allowed"


class NotSignedIn(TandemError):
    """Sign in first."""

    code = "not_signed_in"


class SignInRefused(TandemError):
    """User name or password is wrong."""

    code = "sign_in_refused"


class AccountLocked(TandemError):
    """Too many wrong passwords: an administrator has to release this account."""

    code = "account_locked"


class ForeignOrigin(TandemError):
    """The request came from another site; where it did not, TANDEM_PROXIES does not name the proxy in front."""

    code = "foreign_origin"


class InvalidRequest(TandemError):
    """The request does not have the form this operation takes."""

    code = "invalid_request"


class Quarantined(TandemError):
    """This could not be read as a request; it is kept in quarantine where people see it."""

    code = "quarantined"


class KeyReused(TandemError):
    """This Idempotency-Key was used before with another body."""

    code = "idempotency_key_reused"


class DecisionStale(TandemError):
    """The call has changed since you looked: see what is new, then decide."""

    code = "decision_stale"


class UnassessedText(TandemError):
    """Newer text of this call has not been read yet."""

    code = "unassessed_text"


class AlreadyDecided(TandemError):
    """Somebody else decided this call first."""

    code = "already_decided"


class UnitUnavailable(TandemError):
    """A unit of this pairing was taken or is no longer available."""

    code = "unit_unavailable"


class GateClosed(TandemError):
    """A closed safety gate forbids this; a supervisor may override it with a reason."""

    code = "gate_closed"


class MoveNotAllowed(TandemError):
    """That step is not possible from the present state."""

    code = "move_not_allowed"


class ReasonRequired(TandemError):
    """This decision needs a reason."""

    code = "reason_required"


class TooMuchText(TandemError):
    """The request is larger than this service takes."""

    code = "too_large"


class TooManyRequests(TandemError):
    """Too many requests: wait as long as Retry-After says."""

    code = "too_many_requests"


class NotReady(TandemError):
    """The service is starting or its database cannot be reached."""

    code = "not_ready"


class DiskFull(TandemError):
    """The database's disk is full: nothing is kept until there is room. Send it again."""

    code = "disk_full"


class ResyncNeeded(TandemError):
    """This is not the log you were following, or it ends before you: begin again."""

    code = "resync_needed"
