"""Peers that are slow to shake hands (wire.md, section 3: slowloris)."""

import ssl

import grpc
import pytest
from attack import MIB
from certificates import Authority
from crowd import Crowd

CONNECTIONS = 1000


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"), "Test CA")


def hello():
    """What a client of TLS says first."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2"])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


# How much of the hello comes at once; the rest follows byte by byte, or nothing does.
SLOW = {
    "silence": lambda: (b"", b""),
    "half a hello": lambda: (hello()[:100], hello()[100:]),
    "a hello alone": lambda: (hello(), b""),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_thousand_slow_handshakes_are_closed(attack, ca, name):
    first, drops = SLOW[name]()
    pair = ca.issue("server")
    options = ("--tls-certificate", str(pair.certificate_file), "--tls-key", str(pair.key_file),
               "--limit", "tls-handshake-timeout=2s")
    row = f"slow TLS handshake, {name} x 1,000 (tls-handshake-timeout 2 s)"
    credentials = grpc.ssl_channel_credentials(ca.pem)
    with attack(row, *options, memory=192 * MIB, credentials=credentials) as under:
        with Crowd(under.address, CONNECTIONS, first) as crowd:
            crowd.drip(drops, lambda crowd: not crowd.open, seconds=40)
            assert crowd.closed == CONNECTIONS
        under.must_strike("tls-handshake-timeout")
        under.ended(f"{CONNECTIONS:,} closed by tls-handshake-timeout")
