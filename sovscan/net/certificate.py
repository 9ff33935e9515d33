"""What a certificate says about its issuer, its holder and its dates; hostile input throughout."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

MAX_NAMES = 200
MAX_TEXT = 256

_DAMAGE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)


class CertificateError(ValueError):
    """The octets are not a certificate that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The fields that attribution uses; texts are cut at 256 characters and stay hostile."""

    issuer_o: str
    issuer_cn: str
    issuer_c: str
    subject_cn: str
    names: tuple[str, ...]
    """DNS names, sorted, unique, at most 200; empty when there are none or they cannot be read."""
    not_before: str
    not_after: str


def read_certificate(der: bytes) -> Certificate:
    """Return the fields of a DER certificate (RFC 5280). Raises CertificateError when its core cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        issuer, subject = certificate.issuer, certificate.subject
        return Certificate(
            issuer_o=_attribute(issuer, NameOID.ORGANIZATION_NAME),
            issuer_cn=_attribute(issuer, NameOID.COMMON_NAME),
            issuer_c=_attribute(issuer, NameOID.COUNTRY_NAME).upper(),
            subject_cn=_attribute(subject, NameOID.COMMON_NAME),
            names=_names(certificate),
            not_before=_date(lambda: certificate.not_valid_before_utc),
            not_after=_date(lambda: certificate.not_valid_after_utc),
        )
    except _DAMAGE as fault:
        raise CertificateError(str(fault)[:MAX_TEXT]) from fault


def issuer_text(der: bytes) -> str:
    """Return the issuer of a certificate as ``organisation: common name``. Raises CertificateError."""
    certificate = read_certificate(der)
    return ": ".join(part for part in (certificate.issuer_o, certificate.issuer_cn) if part)


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    if not found:
        return ""
    value = found[0].value
    return (value if isinstance(value, str) else value.decode("latin-1"))[:MAX_TEXT]


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        found = {name.lower()[:MAX_TEXT] for name in extension.value.get_values_for_type(x509.DNSName)}
    except (x509.ExtensionNotFound, *_DAMAGE):
        return ()
    return tuple(sorted(found)[:MAX_NAMES])


def _date(read: Callable[[], datetime]) -> str:
    try:
        return read().strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        # Dates before 1950 or after 9999 are legal in ASN.1 and say nothing here.
        return ""
