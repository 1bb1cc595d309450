"""Signatures of descriptors and moves, in the format of minisign: https://jedisct1.github.io/minisign/."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from scoring.errors import InputError, ReleaseCorruptError

SUFFIX: Final = ".minisig"


def check_signature(name: str, data: bytes, signature: str | None, key: str) -> None:
    """Refuse what is not signed with a key.

    Parameters
    ----------
    name : str
        What is signed, as messages name it.
    data : bytes
    signature : str or None
        As minisign writes it.
    key : str
        Public key, in base 64.

    Raises
    ------
    ReleaseCorruptError
        No signature, or not of these bytes by this key.
    InputError
        The key is none.
    """
    minisign = library()
    try:
        public = minisign.PublicKey.from_base64(key)
    except (minisign.Error, ValueError) as error:
        raise InputError("release-key", f"is no public key of minisign ({error})", "give its line in base 64") from None
    if signature is None:
        raise ReleaseCorruptError("signature", f"{name} is not signed", "publish it with --sign, or require no key")
    try:
        public.verify(data, minisign.Signature.from_bytes(signature.encode()))
    except (minisign.Error, ValueError) as error:
        raise ReleaseCorruptError(
            "signature", f"{name} is not signed with the key {key} ({error})", "do not use it; ask who published it"
        ) from None


def library() -> ModuleType:
    """The library that signs.

    Raises
    ------
    InputError
        It is not installed.
    """
    try:
        import minisign
    except ImportError:
        raise InputError("sign", "py-minisign is not installed", 'install "exposure-risk[sign]"') from None
    return minisign
