"""A key for a cookie: it lasts as long as it says and as the key lives, and no other site can use it."""

from __future__ import annotations

import httpx
import pytest

from service.http.access import sessions
from service.http.access.keys import Guard, KeyFile

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(guarded):
    server, _ = guarded
    with httpx.Client(base_url=server.url, timeout=60, headers=HTML) as client:
        yield client


def login(browser, key):
    return browser.post(
        "/login", data={"key": key, "next": "/help"}, headers={"Origin": str(browser.base_url).rstrip("/")}
    )


def test_without_a_session_a_page_leads_to_the_login_and_back(guarded, browser):
    _, key = guarded
    reply = browser.get("/help?as_of=2024-09-02")
    assert (reply.status_code, reply.headers["location"]) == (303, "/login?next=%2Fhelp%3Fas_of%3D2024-09-02")
    assert browser.get("/login").status_code == 200
    reply = login(browser, key)
    assert (reply.status_code, reply.headers["location"]) == (303, "/help")
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert key.partition(".")[2] not in cookie
    assert browser.get("/help").status_code == 200
    assert browser.get("/v1/scores/asml", headers={"Accept": "application/json"}).status_code == 200


def test_logout_ends_it(guarded, browser):
    login(browser, guarded[1])
    origin = guarded[0].url
    assert browser.post("/logout", headers={"Origin": origin}).status_code == 303
    assert browser.get("/help").status_code == 303


def test_a_wrong_key_is_said_and_sets_nothing(browser):
    reply = login(browser, "abc.def")
    assert reply.status_code == 401
    assert "set-cookie" not in reply.headers
    assert "not the key of anyone" in reply.text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", ""])
def test_a_form_of_another_site_is_refused(guarded, browser, origin):
    login(browser, guarded[1])
    for path in ("/book", "/logout", "/login"):
        reply = browser.post(path, data={"text": "ASML NA"}, headers={"Origin": origin})
        assert reply.status_code == 403, path


@pytest.mark.parametrize("wanted", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_the_way_back_never_leads_elsewhere(guarded, browser, wanted):
    server, key = guarded
    reply = browser.post("/login", data={"key": key, "next": wanted}, headers={"Origin": server.url})
    assert reply.headers["location"] == "/"


def test_a_session_ends_by_itself_with_its_key_and_when_it_is_changed(tmp_path):
    file = KeyFile(tmp_path / "keys.json")
    key, _ = file.create("analyst", ("read",))
    guard = Guard(tmp_path / "keys.json")
    value = sessions.make(key, 1000.0)
    cookies = f"{sessions.COOKIE}={value}"
    assert sessions.check(guard, cookies, 1001.0) == key
    assert sessions.check(guard, cookies, 1001.0 + sessions.SECONDS) is None
    later = value.replace(str(1000 + sessions.SECONDS), str(9000 + sessions.SECONDS))
    assert sessions.check(guard, f"{sessions.COOKIE}={later}", 1001.0) is None
    assert sessions.check(guard, "", 1001.0) is None
    file.revoke(key.id)
    assert sessions.check(guard, cookies, 1001.0) is None


def test_a_key_revoked_while_logged_in_ends_the_session(serving, tmp_path):
    file = KeyFile(tmp_path / "keys.json")
    key, secret = file.create("analyst", ("read",))
    server = serving("--key-file", str(tmp_path / "keys.json"))
    with httpx.Client(base_url=server.url, timeout=60, headers=HTML) as client:
        assert login(client, secret).status_code == 303
        assert client.get("/help").status_code == 200
        file.revoke(key.id)
        reply = client.get("/help")
        assert (reply.status_code, reply.headers["location"]) == (303, "/login?next=%2Fhelp")
