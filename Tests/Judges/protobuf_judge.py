"""grpcio's protobuf as the judge of ours, on the same bytes.

  protobuf_judge.py cases SEED COUNT  writes cases, one a line: type, wire form (hex or -), JSON
  protobuf_judge.py check             reads such lines and fails with each that is wrong

Both read the descriptors from the .proto files. Cases are random messages of every type: the wire
form is Google's deterministic one, the JSON is Google's. Maps and Any have a JSON of their own that
Tally does not speak, since they occur in error details and health's list alone: there the JSON
is -.
"""

import json
import pathlib
import random
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"

TEXTS = ["", "a", "course-1", "Zoë, \"quoted\" \\ and\nmore", "日本語のコース", "😀" * 5, "x" * 300,
         "\x00inside\x00", "\x1f\x7f\u2028</b>", "e\u0301"]
UNSIGNED = [0, 1, 127, 128, 300, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**53 + 1, 2**63, 2**64 - 1]
SIGNED = [0, 1, -1, 63, 64, -64, -65, 2**31 - 1, -2**31, 2**63 - 1, -2**63]


def descriptors():
    with tempfile.NamedTemporaryFile() as out:
        files = sorted(str(p.relative_to(PROTO)) for p in PROTO.rglob("*.proto"))
        status = protoc.main(
            ["protoc", f"-I{PROTO}", "-I/usr/include", "--include_imports",
             f"--descriptor_set_out={out.name}", *files])
        if status != 0:
            sys.exit("protoc failed")
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())


def classes():
    pool = descriptor_pool.DescriptorPool()
    names = []

    def collect(message, scope):
        names.append(f"{scope}.{message.name}")
        for nested in message.nested_type:
            # The entries of a map: no type of its own in Google's library.
            if not nested.options.map_entry:
                collect(nested, names[-1])

    for file in descriptors().file:
        pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
        for message in file.message_type:
            collect(message, file.package)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
            for name in names}


def scalar(field, rng):
    if field.type == Field.TYPE_STRING:
        return rng.choice(TEXTS)
    if field.type == Field.TYPE_BYTES:
        return rng.randbytes(rng.choice([0, 1, 2, 3, 16, 200]))
    if field.type == Field.TYPE_BOOL:
        return rng.random() < 0.5
    if field.type == Field.TYPE_ENUM:
        known = [value.number for value in field.enum_type.values]
        return rng.choice(known + [99, -7, 2**31 - 1])
    if field.type in (Field.TYPE_UINT32, Field.TYPE_FIXED32):
        return rng.choice([n for n in UNSIGNED if n < 2**32])
    if field.type in (Field.TYPE_UINT64, Field.TYPE_FIXED64):
        return rng.choice(UNSIGNED)
    if field.type in (Field.TYPE_INT32, Field.TYPE_SINT32, Field.TYPE_SFIXED32):
        return rng.choice([n for n in SIGNED if -2**31 <= n < 2**31])
    return rng.choice(SIGNED)


def is_map(field):
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def speaks_json(descriptor):
    return descriptor.full_name != "google.protobuf.Any" and not any(
        is_map(field) or (field.message_type and not speaks_json(field.message_type))
        for field in descriptor.fields)


def is_repeated(field):
    label = getattr(field, "is_repeated", None)
    return field.label == Field.LABEL_REPEATED if label is None else label


def fill(message, rng, density):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds = rng.choice([0, 1, -1, -62135596800, 253402300799, 1709287200, 951782400])
        message.nanos = rng.choice([0, 1, 999999999, 500000000, 120000, 42])
        return
    if name == "google.protobuf.Duration":
        sign = rng.choice([1, -1])
        message.seconds = sign * rng.choice([0, 1, 315576000000, 86400])
        message.nanos = sign * rng.choice([0, 1, 999999999, 500000000, 120000])
        return
    for field in message.DESCRIPTOR.fields:
        if rng.random() > density:
            continue
        if is_map(field):
            # Google writes keys and values that are empty too, and we leave them out.
            for key in rng.sample([text for text in TEXTS if text], rng.choice([0, 1, 3])):
                if field.message_type.fields_by_name["value"].message_type:
                    fill(getattr(message, field.name)[key], rng, density)
                else:
                    getattr(message, field.name)[key] = rng.choice([text for text in TEXTS if text])
        elif is_repeated(field):
            for _ in range(rng.choice([0, 1, 2, 5])):
                if field.message_type:
                    fill(getattr(message, field.name).add(), rng, density)
                else:
                    getattr(message, field.name).append(scalar(field, rng))
        elif field.message_type:
            getattr(message, field.name).SetInParent()
            fill(getattr(message, field.name), rng, density)
        else:
            setattr(message, field.name, scalar(field, rng))


def write_cases(seed, count):
    rng = random.Random(seed)
    for name, cls in classes().items():
        for index in range(count):
            message = cls()
            if index > 0:
                fill(message, rng, rng.choice([0.3, 0.7, 1.0]))
            wire = message.SerializeToString(deterministic=True)
            text = "-"
            if speaks_json(message.DESCRIPTOR):
                text = json_format.MessageToJson(
                    message, indent=None, ensure_ascii=rng.random() < 0.5)
            print(name, wire.hex() or "-", text, sep="\t")


def check():
    known = classes()
    wrong = count = 0
    for line in sys.stdin:
        name, wire, text = line.rstrip("\n").split("\t")
        count += 1
        expected = known[name].FromString(bytes.fromhex(wire.replace("-", "")))
        try:
            parsed = json_format.Parse(text, known[name]())
            as_google = json.loads(json_format.MessageToJson(expected))
            problem = None
            if parsed != expected:
                problem = "parses to another message"
            elif json.loads(text) != as_google:
                problem = "is not the canonical form"
        except (json_format.ParseError, ValueError) as error:
            problem = f"does not parse: {error}"
        if problem:
            wrong += 1
            print(f"{name}: {text} {problem}")
    print(f"checked {count}, wrong {wrong}")
    sys.exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["cases"]:
        write_cases(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["check"]:
        check()
    else:
        sys.exit(__doc__)
