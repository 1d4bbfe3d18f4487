"""Certificates made with Python's cryptography: of one CA, another CA, and out of their time."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
HERE = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]


class Pair:
    """A certificate and its key, as objects, PEM bytes, and files."""

    def __init__(self, folder, name, certificate, key):
        self.x509 = certificate
        self.key = key
        self.certificate_pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.key_pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption())
        self.certificate_file = folder / f"{name}.pem"
        self.key_file = folder / f"{name}.key"
        self.write()

    def write(self, other=None):
        """Puts the pair, or another one, into this pair's files, each by a rename."""
        other = other or self
        for path, content in ((self.key_file, other.key_pem),
                              (self.certificate_file, other.certificate_pem)):
            fresh = path.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.rename(path)


class Authority:
    """A CA that issues into a folder."""

    def __init__(self, folder, name):
        self.folder = folder
        self.folder.mkdir(exist_ok=True)
        self.pair = self._make(name, name, [], (-1, 30), None)
        self.file = self.pair.certificate_file
        self.pem = self.pair.certificate_pem

    def issue(self, name, names=tuple(HERE), days=(-1, 30)):
        """A certificate for `names`, from and until so many days from now."""
        return self._make(name, name, names, days, self.pair)

    def _make(self, file, subject, names, days, issuer):
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.x509.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(issuer is None, None), critical=True))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
        return Pair(self.folder, file, certificate, key)
