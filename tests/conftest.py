"""What every test shares."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: properties are judged on what they find, never on the time they take.
settings.register_profile("convenir", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("convenir")

BASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--avec-base", action="store_true", help="les seuls essais qui touchent la base : une seconde base les rejoue"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # The journeys are the longest files: begun last, one of them would keep every other process waiting.
    items.sort(key=lambda item: item.get_closest_marker("parcours") is None)
    if not config.getoption("--avec-base"):
        return
    gardes, laisses = [], []
    for item in items:
        touche = item.get_closest_marker("django_db") or BASE & set(getattr(item, "fixturenames", ()))
        (gardes if touche else laisses).append(item)
    config.hook.pytest_deselected(items=laisses)
    items[:] = gardes
