"""The seal of a bundle: a time stamp of its manifest by an authority of the auditor's choice (RFC 3161).

The request holds a hash and nothing else, and is carried to the authority by other means: no address is built in, and
nothing here uses the network. A reply is checked offline.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sovscan.cli.exits import Refusal

LARGEST_REPLY = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a reply says that could be checked."""

    time: str
    """When the manifest existed, at the latest; ISO 8601, UTC."""
    authority: str
    """Who says so: the subject of the signing certificate."""
    trusted: bool
    """Whether the signature leads to a certificate that the reader named; False: nobody named one."""


class SealError(ValueError):
    """A reply that does not seal this manifest; the message says why."""


def request(manifest: bytes) -> bytes:
    """The question to an authority (TimeStampReq, DER): the SHA-256 of the manifest, with its certificate asked for.

    Raises Refusal when the library of time stamps is not installed.
    """
    library = _library()
    builder = library.TimestampRequestBuilder(data=manifest, hash_algorithm=library.HashAlgorithm.SHA256, nonce=False)
    return bytes(builder.build().as_bytes())


def seal(reply: bytes, manifest: bytes, authorities: bytes | None = None) -> Seal:
    """What the reply (TimeStampResp, DER) proves about the manifest, at best under ``authorities`` (PEM certificates).

    Raises SealError when it is about other bytes, was refused, or is not signed under those authorities, and Refusal
    when the library of time stamps is not installed.
    """
    library = _library()
    try:
        answer = library.decode_timestamp_response(reply)
        token = answer.tst_info
        imprint, when = bytes(token.message_imprint.message), token.gen_time
    except (ValueError, TypeError) as error:
        raise SealError(f"not a reply of a time stamping authority: {error}") from error
    if imprint not in {hashlib.new(name, manifest).digest() for name in ("sha256", "sha384", "sha512")}:
        raise SealError("the time stamp is about another manifest")
    if authorities is not None:
        _verified(library, answer, manifest, authorities)
    return Seal(time=when.strftime("%Y-%m-%dT%H:%M:%SZ"), authority=_signer(answer), trusted=authorities is not None)


def certificates(path: Path) -> bytes:
    """The PEM file of an authority. Raises Refusal when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"--authority: {path}: {error.strerror}", "give the authority's certificates as PEM") from error


def _verified(library: ModuleType, answer: object, manifest: bytes, authorities: bytes) -> None:
    from cryptography import x509

    try:
        roots = x509.load_pem_x509_certificates(authorities)
    except ValueError as error:
        raise SealError(f"the authority's certificates cannot be read: {error}") from error
    builder = library.VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(answer, manifest)
    except (library.VerificationError, ValueError) as error:
        raise SealError(f"the time stamp does not verify: {error}") from error


def _signer(answer: object) -> str:
    from cryptography import x509

    signed = answer.signed_data  # type: ignore[attr-defined] # of the library
    wanted = {(entry.issuer, entry.serial_number) for entry in signed.signer_infos}
    try:
        known = [x509.load_der_x509_certificate(content) for content in signed.certificates]
    except ValueError as error:
        raise SealError(f"a certificate of the reply cannot be read: {error}") from error
    names = sorted(one.subject.rfc4514_string() for one in known if (one.issuer, one.serial_number) in wanted)
    return names[0] if names else "an authority that did not send its certificate"


def _library() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError as error:
        raise Refusal(
            "time stamps are not understood without the library rfc3161-client",
            "pip install 'sovscan[seal]', or check with: openssl ts -verify -data manifest.json -in seal.tsr -CAfile …",
        ) from error
    return rfc3161_client
