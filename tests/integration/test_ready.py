"""The health check of the image, as the container runs it."""

import asyncio
import os
import sys
from pathlib import Path

from api.embedded import Engines
from tests.certificates import Authority
from tests.conftest import Seeded
from tests.service import Service, free_port, running_service


async def checked(port: int, **settings: object) -> int:
    """How the health check of a container that listens there ends."""
    environment = {**os.environ, "TANDEM_PORT": str(port)}
    environment |= {f"TANDEM_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "api.ready", env=environment)
    return await process.wait()


async def test_the_health_check_passes_where_the_service_is_ready(service: Service) -> None:
    assert await checked(int(service.url.rsplit(":", 1)[1])) == 0


async def test_the_health_check_passes_over_tls(seeded: Seeded, engines: Engines, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    files, trust = authority.issue("service"), authority.trust()
    async with running_service(
        seeded.postgres, engines.redis, seeded.tokens, trust=trust, **files
    ) as service:
        port = int(service.url.rsplit(":", 1)[1])
        assert await checked(port, **files) == 0
        assert await checked(port) == 1


async def test_the_health_check_fails_where_nobody_listens() -> None:
    assert await checked(free_port()) == 1


async def test_the_health_check_fails_where_the_database_is_away(service: Service) -> None:
    await service.live.pool.close()
    assert await checked(int(service.url.rsplit(":", 1)[1])) == 1
