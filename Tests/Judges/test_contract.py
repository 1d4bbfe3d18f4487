"""The contract as another implementation of Protocol Buffers reads it."""


def test_every_message_field_and_value_carries_a_number_once():
    from tally.v1 import admin_pb2, events_pb2, ingest_pb2, reports_pb2, revision_pb2

    for module in (admin_pb2, events_pb2, ingest_pb2, reports_pb2, revision_pb2):
        for message in module.DESCRIPTOR.message_types_by_name.values():
            numbers = [field.number for field in message.fields]
            assert len(numbers) == len(set(numbers)), message.full_name
        for enum in module.DESCRIPTOR.enum_types_by_name.values():
            assert enum.values[0].number == 0, enum.full_name
            assert enum.values[0].name.endswith("_UNSPECIFIED"), enum.full_name


def test_services_have_the_shapes_of_the_contract():
    from tally.v1 import admin_pb2, ingest_pb2, reports_pb2

    shapes = {
        f"{service.name}.{method.name}": (method.client_streaming, method.server_streaming)
        for module in (admin_pb2, ingest_pb2, reports_pb2)
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }

    assert shapes == {
        "AdminService.Backup": (False, True),
        "AdminService.Compact": (False, True),
        "AdminService.Verify": (False, True),
        "AdminService.Status": (False, False),
        "IngestService.Ingest": (True, True),
        "ReportService.GroupUsers": (False, True),
        "ReportService.Groups": (False, True),
        "ReportService.CourseActivities": (False, True),
        "ReportService.Courses": (False, True),
        "ReportService.UsersBehind": (False, True),
        "ReportService.Watch": (False, True),
    }
