"""One reading of the added values per web request; outside a request nothing is kept."""

from __future__ import annotations

from typing import Any

from asgiref.local import Local

from convenir.socle.reglementation.droit import Reglementation

_requete = Local()


def ouvrir(**_signal: Any) -> None:
    """Start keeping, at the beginning of a request."""
    _requete.ouverte, _requete.droit = True, None


def fermer(**_signal: Any) -> None:
    """Forget everything, at the end of a request."""
    _requete.ouverte, _requete.droit = False, None


def oublier() -> None:
    """Forget what was read: someone has just added or withdrawn a value."""
    _requete.droit = None


def gardee() -> Reglementation | None:
    """Return what this request has already read."""
    droit: Reglementation | None = getattr(_requete, "droit", None)
    return droit


def garder(droit: Reglementation) -> Reglementation:
    """Keep it until the end of the request, if there is one."""
    if getattr(_requete, "ouverte", False):
        _requete.droit = droit
    return droit
