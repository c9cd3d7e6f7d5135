"""The peer: a bare FastAPI + asyncpg program with the same statements and nothing else."""

from api.embedded import Engines


async def bare_per_second(running: Engines, workers: int, seconds: float) -> float:
    raise NotImplementedError
