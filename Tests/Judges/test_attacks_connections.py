"""Too many connections (wire.md, section 3), from addresses of 127.0.0.0/8."""

import resource

import grpc
from attack import MIB
from crowd import Crowd
from frames import PREFACE, settings
from tally.v1 import admin_pb2, admin_pb2_grpc
from tallyd import eventually

GREETING = PREFACE + settings()
ATTACKER = "127.0.0.2"


def new_client_is_served(server):
    channel = server.connect()
    try:
        stub = admin_pb2_grpc.AdminServiceStub(channel)
        return bool(stub.Status(admin_pb2.StatusRequest(), timeout=20).version)
    except grpc.RpcError:
        return False
    finally:
        channel.close()


def test_one_address_cannot_take_all_connections(attack):
    row = "10,000 connections from one address (max-connections-per-peer 500)"
    options = ("--limit", "max-connections-per-peer=500")
    with attack(row, *options, memory=96 * MIB) as under:
        crowds = []
        try:
            for _ in range(10):
                crowds.append(Crowd(under.address, 1000, GREETING, ATTACKER))
                for crowd in crowds:
                    crowd.look()
            open_ = sum(len(crowd.open) for crowd in crowds)
            for crowd in crowds[1:]:
                crowd.drip(b"", lambda crowd: not crowd.open, seconds=20)
            crowds[0].drip(b"", lambda crowd: len(crowd.open) <= 500, seconds=20)
            assert new_client_is_served(under.server)
            assert len(crowds[0].open) == 500, open_
        finally:
            for crowd in crowds:
                crowd.close()
        under.must_strike("max-connections-per-peer")
        under.ended("500 taken, 9,500 closed")


def taken(crowds):
    for crowd in crowds:
        crowd.look()
    return sum(len(crowd.open) for crowd in crowds)


def test_connections_beyond_the_maximum_are_closed(attack):
    row = "1,000 connections from 10 addresses (max-connections 300)"
    with attack(row, "--limit", "max-connections=300", memory=64 * MIB) as under:
        crowds = [Crowd(under.address, 100, GREETING, f"127.0.0.{each}") for each in range(2, 12)]
        try:
            # The bystander and the one that asks for the status have two.
            eventually(lambda: taken(crowds) == 298, "all but 298 are closed")
            # Whoever is in is served, and who comes later, once there is room again.
            under.served()
        finally:
            for crowd in crowds:
                crowd.close()
        eventually(lambda: new_client_is_served(under.server), "a new client is served")
        under.must_strike("max-connections")
        under.ended("the first 300 taken, the others closed")


def test_a_server_without_file_descriptors_recovers(attack):
    row = "1,000 connections to a server with 160 file descriptors"
    with attack(row, memory=64 * MIB) as under:
        resource.prlimit(under.server.process.pid, resource.RLIMIT_NOFILE, (160, 160))
        with Crowd(under.address, 1000, GREETING, ATTACKER) as crowd:
            for _ in range(10):
                crowd.look()
            under.served()
        eventually(lambda: new_client_is_served(under.server), "a new client is served")
        under.ended("recovered")
