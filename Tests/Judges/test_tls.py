"""TLS as grpcio, Python's ssl, openssl and curl see it."""

import signal
import socket
import ssl
import subprocess
import time

import grpc
import pytest
import samples
import tallyd
from certificates import Authority
from cryptography import x509
from reports import Reader
from tally.v1 import admin_pb2, admin_pb2_grpc
from tallyd import TIMEOUT, Tallyd, eventually


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"), "Test CA")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "Other CA")


@pytest.fixture(scope="module")
def worker(ca):
    return ca.issue("worker", [x509.UniformResourceIdentifier("spiffe://school/worker")])


def options(pair, clients=None, mode=None):
    flags = ["--tls-certificate", str(pair.certificate_file), "--tls-key", str(pair.key_file)]
    if clients:
        flags += ["--tls-client-ca", str(clients.file)]
    if mode:
        flags += ["--tls-client-certificates", mode]
    return flags


def credentials(ca, pair=None):
    if pair is None:
        return grpc.ssl_channel_credentials(ca.pem)
    return grpc.ssl_channel_credentials(ca.pem, pair.key_pem, pair.certificate_pem)


@pytest.fixture(scope="module")
def served(tmp_path_factory, ca):
    """A server that takes clients with and without a certificate."""
    flags = options(ca.issue("server"), ca, "optional")
    with Tallyd(tmp_path_factory.mktemp("tls"), *flags, credentials=credentials(ca)) as server:
        yield server


def status(server, ca, pair=None):
    """Status by a connection of its own; the error if it fails."""
    with server.connect(credentials=credentials(ca, pair)) as channel:
        try:
            return admin_pb2_grpc.AdminServiceStub(channel).Status(
                admin_pb2.StatusRequest(), timeout=TIMEOUT)
        except grpc.RpcError as error:
            return error


def context(ca, pair=None, alpn=("h2",), version=None):
    context = ssl.create_default_context(cadata=ca.pem.decode())
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if pair:
        context.load_cert_chain(pair.certificate_file, pair.key_file)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def connect(server, context, **arguments):
    plain = socket.create_connection((server.host, server.port), timeout=TIMEOUT)
    return context.wrap_socket(plain, server_hostname="localhost", **arguments)


def logged(server, *words):
    """Waits for a line of the log with all of these words."""
    eventually(
        lambda: any(all(word in line for word in words) for line in list(server.log)),
        f"a line with {words} in {server.log}")


def test_grpcio_calls_with_and_without_a_certificate(served, ca, worker):
    assert status(served, ca).version
    assert status(served, ca, worker).version


def test_a_certificate_of_another_ca_is_refused_even_where_none_is_asked_for(
        served, ca, stranger):
    answer = status(served, ca, stranger.issue("intruder"))

    assert answer.code() == grpc.StatusCode.UNAVAILABLE
    logged(served, "handshake failed", "'intruder'", "'Other CA'", "client.address=127.0.0.1:")


def test_a_required_certificate_is_required(tmp_path, ca, worker):
    late = ca.issue("late", days=(-9, -1))
    with Tallyd(tmp_path, *options(ca.issue("server"), ca), credentials=credentials(ca, worker)
                ) as server:
        assert status(server, ca, worker).version
        assert status(server, ca).code() == grpc.StatusCode.UNAVAILABLE
        logged(server, "handshake failed", "the client showed no certificate")
        assert status(server, ca, late).code() == grpc.StatusCode.UNAVAILABLE
        logged(server, "handshake failed", "'late' expired on 20")


def test_reports_over_tls_equal_those_without(served, server, sample):
    events = samples.events("french-meta")
    plain = Reader(server, "french-meta", sample("french-meta"))
    secret = Reader(served, "french-meta", samples.ingest(served, "french-meta", events))

    for report in ("groups", "courses"):
        assert getattr(secret, report)().rows == getattr(plain, report)().rows, report


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_select_h2_and_a_cipher_that_http2_allows(served, ca, version):
    with connect(served, context(ca, version=version)) as connection:
        cipher, protocol, _ = connection.cipher()

        assert connection.selected_alpn_protocol() == "h2"
        assert protocol == version.name.replace("_", ".")
        assert version == ssl.TLSVersion.TLSv1_3 or cipher.startswith("ECDHE-")
        assert "GCM" in cipher or "CHACHA20" in cipher


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_and_ciphers_are_refused(served, ca):
    old = context(ca)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        connect(served, old)
    weak = context(ca, version=ssl.TLSVersion.TLSv1_2)
    weak.set_ciphers("AES128-SHA:AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA")
    with pytest.raises(ssl.SSLError):
        connect(served, weak)


@pytest.mark.parametrize("alpn", [(), ("http/1.1",)])
def test_without_h2_the_connection_ends_with_an_answer(served, ca, alpn):
    with connect(served, context(ca, alpn=alpn)) as connection:
        said = b""
        while data := connection.recv(4096):
            said += data

    assert said.startswith(b"HTTP/1.1 505 ")
    logged(served, "handshake failed", "not h2")


def test_a_session_is_resumed_with_the_certificate_of_the_first_one(served, ca, worker):
    again = context(ca, worker, version=ssl.TLSVersion.TLSv1_2)
    with connect(served, again) as first:
        session = first.session
    with connect(served, again, session=session) as second:
        assert second.selected_alpn_protocol() == "h2"


def test_renegotiation_is_refused(served, ca):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", served.address, "-tls1_2", "-alpn", "h2", "-CAfile",
         str(ca.file)], input="R\n", capture_output=True, text=True, timeout=TIMEOUT)

    before, after = done.stderr.split("RENEGOTIATING")
    assert "verify return:1" in before
    # The connection ends; no second handshake comes to its end.
    assert "error" in after and "verify return" not in after, after


def test_curl_speaks_http2(served, ca):
    done = subprocess.run(
        ["curl", "--silent", "--http2", "--cacert", str(ca.file), "--output", "/dev/null",
         "--write-out", "%{http_version} %{http_code}", f"https://{served.address}/"],
        capture_output=True, text=True, timeout=TIMEOUT)

    assert done.stdout == "2 405"


def serial(server, ca):
    with connect(server, context(ca)) as connection:
        return x509.load_der_x509_certificate(connection.getpeercert(True)).serial_number


@pytest.mark.parametrize("by_signal", [False, True])
def test_a_renewed_certificate_is_taken_without_a_restart(tmp_path, ca, by_signal):
    pair = ca.issue("renewed")
    renewal = ca.issue("renewal")
    with Tallyd(tmp_path, *options(pair), credentials=credentials(ca)) as server:
        assert server.status().version
        assert serial(server, ca) == pair.x509.serial_number

        pair.write(renewal)
        if by_signal:
            server.process.send_signal(signal.SIGHUP)
            logged(server, "certificate reloaded")
        eventually(lambda: serial(server, ca) == renewal.x509.serial_number, "the new one")

        assert server.status().version
        pair.certificate_file.write_bytes(pair.certificate_pem)
        server.process.send_signal(signal.SIGHUP)
        logged(server, "certificate not reloaded", "does not belong to the certificate")
        assert serial(server, ca) == renewal.x509.serial_number


def test_clients_that_stop_in_the_handshake_cost_little_and_not_long(tmp_path, ca):
    flags = [*options(ca.issue("server")), "--limit", "tls-handshake-timeout=1s"]
    with Tallyd(tmp_path, *flags, credentials=credentials(ca)) as server:
        assert server.status().version
        before = server.memory()
        silent = [
            socket.create_connection((server.host, server.port), timeout=TIMEOUT)
            for _ in range(50)]
        for half in silent[::2]:
            # The header of a record of 512 bytes, a ClientHello's first bytes, and no more.
            half.sendall(bytes.fromhex("1603010200010001fc0303"))
        assert server.status().version
        held = server.memory() - before
        end = time.monotonic() + TIMEOUT
        for half in silent:
            try:
                assert half.recv(1024) == b""
            except ConnectionResetError:
                pass
            half.close()

        assert time.monotonic() < end
        assert held < 50 * 200 * 1024
        assert server.status().version


def refusal(data, *flags):
    """The one line that tallyd says when it does not start."""
    process = tallyd.start(data, "127.0.0.1:0", *flags)
    out, log = process.communicate(timeout=TIMEOUT)
    assert (out, process.returncode, log.count("\n")) == ("", 1, 1), log
    return log


def test_what_is_wrong_with_the_options_is_one_line(tmp_path, ca, stranger):
    pair, other = ca.issue("server"), stranger.issue("other")
    data = tmp_path / "data"

    assert "--tls-key FILE" in refusal(data, "--tls-certificate", str(pair.certificate_file))
    assert "--tls-certificate FILE" in refusal(data, "--tls-key", str(pair.key_file))
    assert "--tls-client-ca FILE" in refusal(
        data, *options(pair, mode="required"))
    assert "no file '/nowhere'" in refusal(
        data, "--tls-certificate", "/nowhere", "--tls-key", str(pair.key_file))
    assert "does not belong to the certificate" in refusal(
        data, "--tls-certificate", str(pair.certificate_file), "--tls-key", str(other.key_file))


def test_a_certificate_near_its_end_is_warned_of(tmp_path, ca):
    with Tallyd(tmp_path, *options(ca.issue("soon", days=(-1, 5))), credentials=credentials(ca)
                ) as server:
        assert server.status().version
        logged(server, "warning", "certificate ends soon", "tls.not_after=20")
