"""A certificate authority of our own, with leaves as honest or as odd as a test wants them."""

import shutil
import ssl
import tempfile
import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_OIDS = {"O": NameOID.ORGANIZATION_NAME, "CN": NameOID.COMMON_NAME, "C": NameOID.COUNTRY_NAME}


class Authority:
    """Issues certificates; ``ca_file`` is its own certificate in PEM."""

    def __init__(self, **subject: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="authority-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(subject or {"C": "FR", "O": "Autorité d'essai", "CN": "Racine d'essai"})
        now = datetime.now(UTC)
        self._certificate = (
            x509.CertificateBuilder(self.name, self.name, self._key.public_key(), 1, now - timedelta(days=1),
                                    now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )  # fmt: skip
        self.ca_file = str(self.folder / "ca.pem")
        Path(self.ca_file).write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context(
        self,
        *names: str,
        subject: dict[str, str] | None = None,
        days: tuple[int, int] = (-1, 10),
        extend: Callable[[x509.CertificateBuilder], x509.CertificateBuilder] | None = None,
        extensions: Iterable[x509.ExtensionType] = (),
    ) -> ssl.SSLContext:
        """Return a server's context with a fresh leaf for these DNS names."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        leaf = x509.CertificateBuilder(
            self.name,
            _name(subject if subject is not None else {"CN": names[0] if names else "none.test"}),
            key.public_key(),
            x509.random_serial_number(),
            now + timedelta(days=days[0]),
            now + timedelta(days=days[1]),
        )
        if names:
            alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            leaf = leaf.add_extension(alternative, critical=False)
        leaf = leaf.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
        )
        for extension in extensions:
            leaf = leaf.add_extension(extension, critical=False)
        if extend is not None:
            leaf = extend(leaf)
        file = self.folder / f"{x509.random_serial_number():x}.pem"
        file.write_bytes(
            leaf.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _name(subject: dict[str, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(_OIDS[key], value, _validate=key != "C" or len(value) == 2)
                      for key, value in subject.items()])  # fmt: skip
