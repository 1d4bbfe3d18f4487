"""Health and reflection, by the clients of their packages."""

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase)
from reflection.v1 import reflection_pb2, reflection_pb2_grpc

SERVICES = [
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection", "tally.v1.AdminService", "tally.v1.IngestService",
    "tally.v1.ReportService"]


def health(server):
    return health_pb2_grpc.HealthStub(server.channel)


@pytest.mark.parametrize("service", ["", *(name for name in SERVICES if name.startswith("tally"))])
def test_the_server_and_its_services_are_healthy(server, service):
    request = health_pb2.HealthCheckRequest(service=service)

    assert health(server).Check(request, timeout=20).status == (
        health_pb2.HealthCheckResponse.SERVING)
    watch = health(server).Watch(request, timeout=20)
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    watch.cancel()


def test_all_services_are_listed_with_their_health(server):
    statuses = health(server).List(health_pb2.HealthListRequest(), timeout=20).statuses

    assert {"", "tally.v1.IngestService", "tally.v1.ReportService"} <= set(statuses)
    assert {status.status for status in statuses.values()} == {
        health_pb2.HealthCheckResponse.SERVING}


def test_a_check_of_an_unknown_service_is_not_found(server):
    request = health_pb2.HealthCheckRequest(service="no.such.Service")

    with pytest.raises(grpc.RpcError) as error:
        health(server).Check(request, timeout=20)

    assert error.value.code() == grpc.StatusCode.NOT_FOUND


def test_a_watch_of_an_unknown_service_says_so_and_stays_open(server):
    request = health_pb2.HealthCheckRequest(service="no.such.Service")

    watch = health(server).Watch(request, timeout=1)

    assert next(watch).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
    with pytest.raises(grpc.RpcError) as error:
        next(watch)
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_reflection_v1alpha_lists_the_services_and_their_messages(server):
    database = ProtoReflectionDescriptorDatabase(server.channel)
    pool = DescriptorPool(database)

    assert list(database.get_services()) == SERVICES
    report = pool.FindServiceByName("tally.v1.ReportService")
    assert [method.name for method in report.methods] == [
        "GroupUsers", "Groups", "CourseActivities", "Courses", "UsersBehind", "Watch"]
    event = pool.FindMessageTypeByName("tally.v1.Event")
    assert event.fields_by_name["occurred_at"].message_type.full_name == (
        "google.protobuf.Timestamp")


def ask(server, *requests):
    stub = reflection_pb2_grpc.ServerReflectionStub(server.channel)
    return list(stub.ServerReflectionInfo(
        (reflection_pb2.ServerReflectionRequest(**request) for request in requests), timeout=20))


def test_reflection_v1_lists_the_services(server):
    answer, = ask(server, {"list_services": "*"})

    assert [service.name for service in answer.list_services_response.service] == SERVICES


def test_reflection_v1_finds_files_by_name_and_symbol(server):
    by_name, by_symbol = ask(
        server, {"file_by_filename": "tally/v1/events.proto"},
        {"file_containing_symbol": "tally.v1.Event"})

    for answer in (by_name, by_symbol):
        files = [
            descriptor_pb2.FileDescriptorProto.FromString(data)
            for data in answer.file_descriptor_response.file_descriptor_proto]
        assert "tally/v1/events.proto" in [file.name for file in files]


def test_a_question_without_an_answer_leaves_reflection_open(server):
    missing, services = ask(
        server, {"file_containing_symbol": "no.such.Symbol"}, {"list_services": ""})

    assert missing.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]
    assert services.HasField("list_services_response")
