"""Reads reports and checks each against its own trailer."""

import dataclasses

from google.protobuf.descriptor import FieldDescriptor
from tally.v1 import reports_pb2, reports_pb2_grpc
from tallyd import TIMEOUT

POLYNOMIAL = 0x82F63B78


def _table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = _table()


def crc32c(data, crc=0):
    """CRC32C as in RFC 3720, appendix B.4, a byte at a time."""
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


@dataclasses.dataclass
class Report:
    header: object
    rows: list
    trailer: object
    parts: list


def check(report, row_type):
    """The trailer says what arrived: count, sums, digest."""
    assert report.trailer.complete
    assert report.trailer.row_count == len(report.rows)
    assert len(report.rows) <= report.header.row_count
    if report.header.row_count_exact:
        assert len(report.rows) == report.header.row_count
    columns = [
        field.name for field in row_type.DESCRIPTOR.fields
        if field.type == FieldDescriptor.TYPE_UINT64]
    sums = [(column, sum(getattr(row, column) for row in report.rows)) for column in columns]
    assert [(each.column, each.sum) for each in report.trailer.sums] == sums
    digest = 0
    for row in report.rows:
        digest = crc32c(row.SerializeToString(deterministic=True), digest)
    assert report.trailer.digest == digest


class Reader:
    """Reads whole reports of one tenant, at `revision` or later."""

    def __init__(self, server, tenant, revision=None, max_rows_per_part=0, timeout=2 * TIMEOUT,
                 compression=None):
        self.stub = reports_pb2_grpc.ReportServiceStub(server.channel)
        self.tenant = tenant
        self.options = reports_pb2.ReportOptions(
            min_revision=revision, max_rows_per_part=max_rows_per_part)
        self.timeout = timeout
        self.compression = compression

    def group_users(self, **request):
        return self._read("GroupUsers", reports_pb2.GroupUserRow, request)

    def groups(self, **request):
        return self._read("Groups", reports_pb2.GroupRow, request)

    def course_activities(self, **request):
        return self._read("CourseActivities", reports_pb2.CourseActivityRow, request)

    def courses(self, **request):
        return self._read("Courses", reports_pb2.CourseRow, request)

    def users_behind(self, **request):
        return self._read("UsersBehind", reports_pb2.UserBehindRow, request)

    def _read(self, name, row_type, request):
        message = getattr(reports_pb2, f"{name}Request")(
            tenant=self.tenant, options=self.options, **request)
        parts = list(getattr(self.stub, name)(
            message, timeout=self.timeout, compression=self.compression))
        kinds = "".join(self._kind(part) for part in parts)
        assert kinds == "h" + "r" * (len(parts) - 2) + "t", f"parts of {name}: {kinds}"
        if self.options.max_rows_per_part:
            assert all(len(part.rows) <= self.options.max_rows_per_part for part in parts)
        assert all(part.ByteSize() <= 1 << 20 for part in parts)
        rows = [row for part in parts for row in part.rows]
        report = Report(parts[0].header, rows, parts[-1].trailer, parts)
        check(report, row_type)
        return report

    @staticmethod
    def _kind(part):
        kinds = ("h" if part.HasField("header") else "") + ("r" if part.rows else "") + (
            "t" if part.HasField("trailer") else "")
        return kinds if len(kinds) == 1 else "?"
