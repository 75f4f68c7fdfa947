"""The server, the sample newsroom and settings that keep tests short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fetch_server import Server

from tracker.model import FetchSettings
from tracker.newsroom import Newsroom


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def settings(server: Server) -> FetchSettings:
    """Everything under .example comes to the server."""
    return FetchSettings(
        user_agent="tracker/0.1 (+https://tracker.example; desk@tracker.example)",
        connect_timeout=2,
        read_timeout=2,
        total_timeout=5,
        host_delay=0.0,
        connect_to=(("*.example", server.address),),
    )


@pytest.fixture(scope="session")
def shared_room() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def room(shared_room: Newsroom) -> Newsroom:
    shared_room.calm()
    shared_room.forget()
    return shared_room


@pytest.fixture
def room_settings(settings: FetchSettings, room: Newsroom) -> FetchSettings:
    return replace(settings, connect_to=tuple((host, room.address) for host in room.hosts))
