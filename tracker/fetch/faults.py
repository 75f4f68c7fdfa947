"""What can go wrong on the way to an answer, before it has a status. The words for people are in `outcomes`."""

from __future__ import annotations


class NetworkError(Exception):
    """Anything that the network does to one request; the text is what the other side or the library said."""


class RefusedError(NetworkError):
    """The address is not the public internet's, and nobody has allowed it; the text is the whole reason."""


class UnreachableError(NetworkError):
    """No connection: no such name, nobody listening, no way."""


class LateError(NetworkError):
    """No connection in time."""


class SilentError(NetworkError):
    """Nothing came for too long."""


class UntrustedError(NetworkError):
    """The certificate is not one to trust."""


class BrokenOffError(NetworkError):
    """The other side hung up, or what it sent is not HTTP."""


class FloodError(NetworkError):
    """More headers than anybody needs."""


class UnaskableError(NetworkError):
    """The request cannot be put into HTTP."""
