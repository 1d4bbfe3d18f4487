"""What every judge needs: stubs made from proto/ with grpcio-tools alone, and running servers.

Nothing here or beside it uses code of ours: requests, responses, checksums and CSV are grpcio's,
protobuf's, h2's and Python's own.
"""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def generate(out):
    """Python modules of every .proto, below `out`.

    Reflection v1 is generated with the include path one folder further in, since a module
    `grpc.reflection` would hide the package `grpc`.
    """
    import grpc_tools
    from grpc_tools import protoc

    known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    for include, folder in (
            (ROOT / "proto", "tally"), (ROOT / "proto/grpc", "reflection/v1"),
            (ROOT / "Tests/Messages/proto", "grpc/testing"),
            (ROOT / "Tests/Messages/proto", "connectrpc/conformance")):
        protos = sorted(str(path) for path in (include / folder).rglob("*.proto"))
        status = protoc.main(
            ["protoc", f"-I{include}", f"-I{known}", f"--python_out={out}",
             f"--grpc_python_out={out}", *protos])
        assert status == 0, f"grpcio-tools refused {folder}"


def pytest_configure(config):
    # The modules must be there before the tests that import them are collected.
    import tempfile

    config.stubs = tempfile.TemporaryDirectory(prefix="tally-stubs-")
    generate(config.stubs.name)
    sys.path.insert(0, config.stubs.name)
    # `grpc.testing` is generated, beside the modules of the package `grpc`.
    import grpc

    grpc.__path__.append(f"{config.stubs.name}/grpc")


def pytest_unconfigure(config):
    config.stubs.cleanup()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server that holds nothing at first; tests use tenants of their own."""
    from tallyd import Tallyd

    with Tallyd(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="session")
def sample(server):
    """Ingests a sample once a session, under its own name as tenant."""
    import samples

    taken = {}

    def ingested(name):
        if name not in taken:
            taken[name] = samples.ingest(server, name, samples.events(name))
        return taken[name]

    return ingested


@pytest.fixture(scope="session")
def attack_results():
    """What the attack tests measured; `pytest -s` shows the table at the end."""
    import attack

    results = []
    yield results
    print("\n" + attack.table(results))


@pytest.fixture(scope="session")
def hardened(tmp_path_factory):
    """A server with the limits it has by default, for attacks that leave no trace in it."""
    import attack

    with attack.victim(tmp_path_factory.mktemp("hardened")) as running:
        yield running


@pytest.fixture
def attack(tmp_path, attack_results):
    """Begins an attack on a server of its own, started with `options`, or on `server`."""
    import contextlib

    from attack import attacked, victim

    @contextlib.contextmanager
    def begin(row, *options, memory, seconds=60, server=None, credentials=None):
        with contextlib.ExitStack() as stack:
            server = server or stack.enter_context(
                victim(tmp_path, *options, credentials=credentials))
            yield stack.enter_context(attacked(server, row, attack_results, memory, seconds))

    return begin
