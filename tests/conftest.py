"""What every test shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: properties are judged on what they find, never on the time they take.
settings.register_profile("convenir", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("convenir")
