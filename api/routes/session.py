"""Signing in and out."""

import time

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.deps import CallerDep, DeskDep, RatesDep, same_origin
from api.edge import over_tls
from api.metrics import SIGN_INS
from api.rates import address_of
from api.routes.forms import SignInForm
from api.security import COOKIE, Principal, token_hash
from api.sign_in import Attempt, sign_in
from models.errors import ForeignOrigin, TooManyRequests
from models.store.database import query

router = APIRouter(prefix="/v1/session", tags=["session"])


class User(BaseModel):
    """Who is signed in."""

    username: str
    display_name: str
    role: str
    center: str
    center_name: str
    synthetic: bool


class Session(BaseModel):
    """The session of this browser."""

    user: User


async def _session(desk: DeskDep, who: Principal) -> Session:
    center = await desk.center(who.center)
    return Session(
        user=User(
            username=who.name,
            display_name=who.display_name,
            role=who.role,
            center=center.id,
            center_name=center.name,
            synthetic=center.synthetic,
        )
    )


@router.post("", status_code=201)
async def post_session(
    form: SignInForm, request: Request, response: Response, desk: DeskDep, rates: RatesDep
) -> Session:
    """Sign in; five wrong passwords within fifteen minutes lock the account for the address they came from."""
    if not same_origin(request):
        raise ForeignOrigin
    address = address_of(request.scope)
    if wait := rates.try_sign_in(address, time.monotonic()):
        SIGN_INS.labels("too_many").inc()
        raise TooManyRequests(seconds=round(wait, 3))
    strict = desk.settings.lock == "account"
    attempt = Attempt(form.username, form.password, form.center, address, desk.now(), strict)
    who, token = await sign_in(desk.pool, attempt, desk.settings.session)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(desk.settings.session.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=desk.settings.secure_cookie or over_tls(request.scope),
        path="/",
    )
    return await _session(desk, who)


@router.get("")
async def get_session(desk: DeskDep, who: CallerDep) -> Session:
    """Who I am."""
    return await _session(desk, who)


@router.delete("", status_code=204)
async def delete_session(request: Request, response: Response, desk: DeskDep, who: CallerDep) -> None:
    """Sign out; sockets of this session end with their next heartbeat."""
    if cookie := request.cookies.get(COOKIE):
        await desk.pool.execute(query("end_session"), token_hash(cookie))
        await desk.pool.execute(query("add_audit"), who.center, who.name, who.role, "sign_out", None, {})
    response.delete_cookie(COOKIE, path="/")
