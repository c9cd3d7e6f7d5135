"""The health check of the image, as the container runs it."""

import asyncio
import os
import sys

from tests.service import Service, free_port


async def checked(port: int) -> int:
    """How the health check of a container that listens there ends."""
    environment = {**os.environ, "TANDEM_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "api.ready", env=environment)
    return await process.wait()


async def test_the_health_check_passes_where_the_service_is_ready(service: Service) -> None:
    assert await checked(int(service.url.rsplit(":", 1)[1])) == 0


async def test_the_health_check_fails_where_nobody_listens() -> None:
    assert await checked(free_port()) == 1


async def test_the_health_check_fails_where_the_database_is_away(service: Service) -> None:
    await service.live.pool.close()
    assert await checked(int(service.url.rsplit(":", 1)[1])) == 1
