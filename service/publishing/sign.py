"""Sign with a secret key of minisign."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from scoring.errors import InputError
from scoring.reference.releases.signature import library
from service.files import write_output

PASSWORD: Final = "EXPOSURE_SIGN_PASSWORD"  # noqa: S105
"""Environment variable with the password of an encrypted secret key."""


def make_keys(path: Path) -> str:
    """Write a new secret key, and give the public one, in base 64.

    Raises
    ------
    OutputError
        The file cannot be written.
    InputError
        A file is there already: a lost secret key cannot be made again.
    """
    if path.exists():
        raise InputError("FILE", f"{path} is there already", "choose another file; a key is not replaced")
    pair = library().KeyPair.generate()
    write_output(path, bytes(pair.secret_key), "FILE")
    path.chmod(0o600)
    return str(pair.public_key.to_base64(), "ascii")


def sign(data: bytes, secret_key: Path) -> str:
    """Signature of some bytes, as minisign writes it.

    Raises
    ------
    InputError
        The file is no secret key, or its password is missing or wrong.
    """
    minisign = library()
    try:
        key = minisign.SecretKey.from_file(secret_key)
        if key.is_encrypted():
            password = os.environ.get(PASSWORD)
            if password is None:
                raise InputError("--sign", f"{secret_key} has a password", f"give it in {PASSWORD}")
            key.decrypt(password)
        return bytes(key.sign(data)).decode()
    except (OSError, ValueError, minisign.Error) as error:
        raise InputError("--sign", f"{secret_key} cannot sign ({error})", "name a secret key of minisign") from None
