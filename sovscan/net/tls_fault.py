"""Why a TLS handshake or a certificate was not accepted, in one word, and the authorities that are trusted."""

import ssl
from collections.abc import Iterator
from functools import cache

_VERIFY_REASONS = {
    9: "tls-not-yet-valid",
    10: "tls-expired",
    18: "tls-self-signed",
    19: "tls-untrusted",
    20: "tls-untrusted",
    21: "tls-untrusted",
    62: "tls-name",
    64: "tls-name",
}
"""X509_V_ERR codes (https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/, checked 2026-11-21)."""


def tls_reason(error: BaseException) -> str | None:
    """Return the reason word of the TLS error behind an exception, or None when there is none behind it."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _VERIFY_REASONS.get(cause.verify_code, "tls-certificate")
        if isinstance(cause, ssl.SSLError):
            return "tls-handshake"
    return None


@cache
def trusting_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Return a client context that trusts the system's authorities, certifi's, and those of ``ca_file``.

    Made once, as it takes some 60 ms; not to be changed. Raises OSError or ssl.SSLError when ``ca_file`` cannot be
    read.
    """
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(16):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__
