"""Errors as RFC 9457 problem+json with a stable code."""

from math import ceil
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models import errors

#: HTTP is this file's business; the domain's errors know nothing of it.
STATUS: dict[type[errors.TandemError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.NotSignedIn: 401,
    errors.SignInRefused: 401,
    errors.AccountLocked: 403,
    errors.ForeignOrigin: 403,
    errors.InvalidRequest: 422,
    errors.Quarantined: 422,
    errors.KeyReused: 422,
    errors.DecisionStale: 409,
    errors.UnassessedText: 409,
    errors.AlreadyDecided: 409,
    errors.UnitUnavailable: 409,
    errors.GateClosed: 409,
    errors.MoveNotAllowed: 409,
    errors.ReasonRequired: 422,
    errors.TooMuchText: 413,
    errors.TooManyRequests: 429,
    errors.NotReady: 503,
    errors.DiskFull: 503,
    errors.ResyncNeeded: 410,
}


def problem(error: errors.TandemError) -> Response:
    """The problem document of one of our errors."""
    response = _document(STATUS.get(type(error), 500), error.code, str(error), error.params)
    if isinstance(error, errors.TooManyRequests):
        response.headers["Retry-After"] = str(ceil(error.params["seconds"]))
    return response


def _document(status: int, code: str, detail: str, params: dict[str, Any]) -> Response:
    body = {
        "type": f"urn:tandem:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "params": params,
    }
    content = orjson.dumps(body, default=str)
    return Response(content, status, media_type="application/problem+json")


def fields_of(error: RequestValidationError) -> list[dict[str, str]]:
    """Where a request is wrong and how, without the values that were sent."""
    return [{"at": ".".join(map(str, e["loc"])), "wrong": str(e["type"])} for e in error.errors()][:20]


def install(app: FastAPI) -> None:
    """Every error that leaves this service is a problem document."""

    @app.exception_handler(errors.TandemError)
    async def ours(_: Request, error: errors.TandemError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return problem(errors.InvalidRequest(fields=fields_of(error)))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
        response = _document(
            error.status_code, codes.get(error.status_code, "http_error"), str(error.detail), {}
        )
        response.headers.update(error.headers or {})
        return response
