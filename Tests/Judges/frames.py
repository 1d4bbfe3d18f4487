"""HTTP/2 frames as bytes, the wrong ones too: h2 would refuse to make those. RFC 9113, RFC 7541."""

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

(DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE,
 CONTINUATION) = range(10)
UNKNOWN = 0xB7
END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8

(NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED,
 FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR,
 ENHANCE_YOUR_CALM) = range(12)
CODES = (
    "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED "
    "FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM"
).split()

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = range(1, 5)

STATUS = "/tally.v1.AdminService/Status"
INGEST = "/tally.v1.IngestService/Ingest"
COURSES = "/tally.v1.ReportService/Courses"
WATCH = "/grpc.health.v1.Health/Watch"


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """One frame; `length` lies about the size."""
    length = len(payload) if length is None else length
    return struct.pack(">IBI", length << 8 | kind, flags, stream) + payload


def settings(*pairs, ack=False):
    return frame(
        SETTINGS, ACK if ack else 0,
        payload=b"".join(struct.pack(">HI", name, value) for name, value in pairs))


def ping(payload=b"knocking", ack=False):
    return frame(PING, ACK if ack else 0, payload=payload)


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def reset(stream, code=CANCEL):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def data(stream, payload=b"", end=False):
    return frame(DATA, END_STREAM if end else 0, stream, payload)


def priority(stream, depends_on=0):
    return frame(PRIORITY, 0, stream, struct.pack(">IB", depends_on, 15))


def headers(stream, block, end=False, whole=True):
    flags = (END_STREAM if end else 0) | (END_HEADERS if whole else 0)
    return frame(HEADERS, flags, stream, block)


def continuation(stream, block=b"", whole=False):
    return frame(CONTINUATION, END_HEADERS if whole else 0, stream, block)


def number(value, prefix, first=0):
    """An integer of HPACK with a prefix of so many bits."""
    most = (1 << prefix) - 1
    if value < most:
        return bytes([first | value])
    out = bytearray([first | most])
    value -= most
    while value >= 128:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value), 7) + value


def literal(name, value, indexed=False):
    """A field by name and value; with `indexed` it enters the dynamic table."""
    return (b"\x40" if indexed else b"\0") + text(name) + text(value)


def block(fields):
    """A header block without state, so that the same bytes can be sent any number of times."""
    return b"".join(literal(name, value) for name, value in fields)


def request(path=STATUS, extra=(), **changes):
    """The fields of a good request. A change sets a pseudo-header or takes it away by `None`."""
    pseudo = {"method": "POST", "scheme": "http", "path": path, "authority": "localhost"}
    pseudo.update(changes)
    fields = [(f":{name}", value) for name, value in pseudo.items() if value is not None]
    return [*fields, ("te", "trailers"), ("content-type", "application/grpc"), *extra]


def call(stream, path=STATUS, extra=(), end=False):
    """HEADERS that open a good call."""
    return headers(stream, block(request(path, extra)), end=end)
