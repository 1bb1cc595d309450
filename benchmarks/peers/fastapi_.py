"""What the service is measured against: the least that FastAPI can do."""

from __future__ import annotations

import os

from fastapi import FastAPI, Response

from scoring.reference.releases.release import open_release


def constant() -> FastAPI:
    """Application with one async route that returns a constant body of a given size."""
    body = b"x" * int(os.environ["BODY_BYTES"])
    app = FastAPI()

    @app.get("/constant")
    async def reply() -> Response:
        return Response(body, media_type="application/json")

    return app


def empty() -> FastAPI:
    """Application without anything, after a release was opened."""
    app = FastAPI()
    app.state.release = open_release()

    @app.get("/readyz")
    async def ready() -> Response:
        return Response(b"{}", media_type="application/json")

    return app
