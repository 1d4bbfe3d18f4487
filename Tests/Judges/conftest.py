"""What every judge needs: stubs made from proto/ with grpcio-tools alone."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def stubs(tmp_path_factory):
    """Generates the Python modules of every .proto and makes them importable."""
    from grpc_tools import protoc
    import grpc_tools

    out = tmp_path_factory.mktemp("stubs")
    known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    protos = sorted(str(path) for path in (ROOT / "proto" / "tally").rglob("*.proto"))
    status = protoc.main(
        ["protoc", f"-I{ROOT / 'proto'}", f"-I{known}", f"--python_out={out}",
         f"--grpc_python_out={out}", *protos])
    assert status == 0, "grpcio-tools refused the protos"
    sys.path.insert(0, str(out))
    return out
