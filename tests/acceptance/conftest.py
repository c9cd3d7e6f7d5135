"""The floor of the one story."""

from tests.browser_kit import chromium, dist, floor, room

__all__ = ["chromium", "dist", "floor", "room"]
