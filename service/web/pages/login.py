"""Where keys are needed: a key is exchanged for the cookie of a session, and the session is ended."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from service.clock import now
from service.http.access import sessions
from service.http.errors import RefusedError
from service.http.exchange import Kept
from service.http.options import NoOptions
from service.http.parameters import read_query
from service.web.render import PAGE_HEADERS, Frame, render

router = APIRouter(include_in_schema=False)


class LoginOptions(NoOptions):
    """Where to go when logged in."""

    next: str = Field("/", max_length=4000, description="A page of this service.")


@router.get("/login")
async def ask(request: Request) -> Response:
    """Where a key is given."""
    return _form(read_query(request, LoginOptions).next, None, 200)


@router.post("/login")
async def login(request: Request) -> Response:
    """Begin a session, if the key is one."""
    _check_origin(request)
    form = await request.form(max_files=0, max_fields=2, max_part_size=4096)
    wanted = str(form.get("next", "/"))
    kept: Kept = request.app.state.kept
    key = kept.guard.check(str(form.get("key", "")).strip())
    if key is None:
        return _form(wanted, "This is not the key of anyone. Ask the operator for one.", 401)
    reply = RedirectResponse(_local(wanted), 303, {"Cache-Control": "no-store"})
    reply.set_cookie(
        sessions.COOKIE,
        sessions.make(key, now()),
        max_age=sessions.SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return reply


@router.post("/logout")
async def logout(request: Request) -> Response:
    """End the session of this browser."""
    _check_origin(request)
    reply = RedirectResponse("/login", 303, {"Cache-Control": "no-store"})
    reply.delete_cookie(sessions.COOKIE, httponly=True, samesite="strict")
    return reply


def _check_origin(request: Request) -> None:
    if not sessions.is_same_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
        raise RefusedError("origin-refused", "Origin", "is not this service", "send the form from its own page")


def _local(path: str) -> str:
    """A page of this service; what leads elsewhere leads to the first page."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and path.isprintable() else "/"


def _form(wanted: str, problem: str | None, status: int) -> Response:
    body = render("login.html", Frame(path="/login"), {"next": _local(wanted), "problem": problem})
    headers = PAGE_HEADERS | {"Cache-Control": "no-store"}
    return Response(body, status, headers, "text/html; charset=utf-8")
