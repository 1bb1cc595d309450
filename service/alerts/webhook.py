"""A document posted to a webhook: signed, tried again, and known to the receiver as the same if it comes twice."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import httpx

from scoring.errors import ExposureError, InputError
from service.attempts import NotYetError, Patience, attempts, check_now
from service.version import package_version

IDENTITY: Final = "Idempotency-Key"
SIGNATURE: Final = "Exposure-Signature"


class DeliveryError(ExposureError):
    """A document that the receiver did not take."""

    code = "not-delivered"


def identity(body: bytes) -> str:
    """Name of a document from what it holds: sent again, it has the same one."""
    return hashlib.sha256(body).hexdigest()


def signature(body: bytes, secret: str) -> str:
    """HMAC-SHA256 of a document under a secret, in hexadecimal, after ``sha256=``."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def check_address(url: str) -> httpx.URL:
    """Check that something can be posted to an address.

    Raises
    ------
    InputError
    """
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        address = httpx.URL("")
    if address.scheme not in ("http", "https") or not address.host:
        raise InputError("webhook", "is no address of http or https", "give one such as https://desk.example/hook")
    return address


def deliver(url: str, body: bytes, patience: Patience, secret: str = "") -> None:
    """Post a document of JSON, again and again until it is taken.

    The receiver takes it with a status from 200 to 299. A redirect is not followed.

    Parameters
    ----------
    url : str
    body : bytes
    patience : Patience
    secret : str
        By which the receiver knows the sender; none is no signature.

    Raises
    ------
    InputError
        The address is none.
    DeliveryError
        The receiver refuses, or does not take it after all attempts.
    """
    address = check_address(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"exposure-risk/{package_version()}",
        IDENTITY: identity(body),
    }
    if secret:
        headers[SIGNATURE] = signature(body, secret)

    def post() -> httpx.Response:
        reply = client.post(address, content=body, headers=headers)
        check_now(reply)
        return reply

    with httpx.Client(timeout=patience.answer_seconds) as client:
        try:
            reply = attempts(patience)(post)
        except (NotYetError, httpx.TransportError) as error:
            raise DeliveryError(
                "webhook",
                # Only its host is told: the path of a webhook is often its password.
                f"{address.host} does not take it after {patience.attempts} attempts ({error or type(error).__name__})",
                "send it again when the receiver is there; a receiver that knows its key drops what came twice",
            ) from None
    if not reply.is_success:
        raise DeliveryError(
            "webhook", f"{address.host} refuses it with status {reply.status_code}", "check the address and the secret"
        )
