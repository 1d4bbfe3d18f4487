"""The programs of the interop cases: ours, and the one of grpc-swift-2."""

import os
import pathlib
import queue
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 120
PROGRAMS = {
    "ours": os.environ.get("INTEROP", str(ROOT / ".build/debug/interop")),
    "grpc-swift-2": os.environ.get(
        "GRPC_SWIFT", str(ROOT / ".build/grpc-swift/debug/grpc-swift-judge")),
}


def tls_options(folder):
    """For a program that shows and wants certificates: see `certificates`."""
    return [] if folder is None else ["--tls", str(folder)]


def certificates(folder):
    """A CA and, by it, certificates of a server and a client for `localhost`."""
    def openssl(*arguments):
        done = subprocess.run(
            ["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=TIMEOUT)
        assert done.returncode == 0, done.stderr

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *key, "-days", "30", "-subj", "/CN=Interop CA", "-keyout", "ca.key",
            "-out", "ca.pem")
    for name in ("server", "client"):
        (folder / f"{name}.txt").write_text(
            "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n"
            f"keyUsage=digitalSignature\nextendedKeyUsage={name}Auth\n")
        openssl("req", *key, "-subj", f"/CN=Interop {name}", "-keyout", f"{name}.key", "-out",
                f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "30", "-extfile", f"{name}.txt", "-out", f"{name}.pem")
    return folder


class Program:
    """A server in a process of its own, which ends when its standard input does."""

    def __init__(self, name, tls=None):
        self.process = subprocess.Popen(
            [PROGRAMS[name], "server", *tls_options(tls)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        lines = queue.Queue()
        threading.Thread(
            target=lambda: lines.put(self.process.stdout.readline()), daemon=True).start()
        line = lines.get(timeout=TIMEOUT)
        assert line.startswith("listening on "), line
        self.address = line.removeprefix("listening on ").strip()
        self.host, _, port = self.address.rpartition(":")
        self.port = int(port)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=TIMEOUT)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
