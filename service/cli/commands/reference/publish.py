"""`exposure release publish` and what follows it: which release of a store services answer from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.clock import today

StoreUrl = Annotated[str, typer.Argument(metavar="STORE", help="Folder or URL of the releases that services follow.")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="Version in the store.")]
Because = Annotated[str, typer.Option("--because", help="Reason, kept with the move.")]
Sign = Annotated[Path | None, typer.Option("--sign", metavar="FILE", help="Sign with this secret key of minisign.")]
Home = Annotated[
    str | None,
    typer.Option("--from", metavar="FOLDER", help="Folder or URL of the releases to take it from. Default: bundled."),
]


def publish(
    store: StoreUrl,
    version: Annotated[str | None, typer.Argument(metavar="VERSION", help="Default: the newest.")] = None,
    home: Home = None,
    sign: Sign = None,
) -> None:
    """Copy a release with its notes into a folder or an object store; services follow it once it is promoted.

    Files are created and never replaced, the descriptor comes last: a reader sees all of a release or nothing. In a
    store in which none was promoted, services take up the newest.
    """
    from scoring.reference.releases.release import open_release
    from service.publishing.publish import publish

    release = open_release(version, home)
    new = publish(release, store, sign)
    typer.echo(f"{release.version} {'published to' if new else 'is already in'} {store}; sha256 {release.sha256}")


def promote(store: StoreUrl, version: Version, because: Because = "", sign: Sign = None) -> None:
    """Make a release the current one of a store."""
    from service.publishing.moves import promote

    _tell(store, promote(store, version, today(), because, sign).version)


def rollback(store: StoreUrl, because: Because = "", sign: Sign = None) -> None:
    """Make the release current again that was so before."""
    from service.publishing.moves import rollback

    _tell(store, rollback(store, today(), because, sign).version)


def retire(store: StoreUrl, version: Version, because: Because = "", sign: Sign = None) -> None:
    """Take a release out of use: services do not offer it any more; its files stay."""
    from service.publishing.moves import retire

    move = retire(store, version, today(), because, sign)
    typer.echo(f"{version} retired in {store}; current is {move.version}")


def key(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the secret key goes.")]) -> None:
    """Make a key pair of minisign that releases are signed with, and print the public key."""
    from service.publishing.sign import make_keys

    typer.echo(make_keys(file))


def notes(
    version: Annotated[str | None, typer.Argument(metavar="VERSION", help="Default: the newest.")] = None,
    home: Home = None,
) -> None:
    """Print the notes of a release: facts that differ from the one before, scores that moved most, and why."""
    from scoring.reference.releases.release import list_releases, open_release
    from service.publishing.notes import release_notes

    release = open_release(version, home)
    parent = open_release(release.parent, home) if release.parent in list_releases(home) else None
    typer.echo(release_notes(release, parent), nl=False)


def _tell(store: str, version: str) -> None:
    typer.echo(f"{version} is the current release of {store}")
