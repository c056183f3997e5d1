"""The terms that apply to a convention on a day."""

from __future__ import annotations

from datetime import date

from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Termes


def version_en_vigueur(convention: Convention, jour: date) -> Version | None:
    """Return the signed version whose terms apply on a day, in one query: the last by rank that has taken effect."""
    return convention.versions.signees().filter(effet__lte=jour).order_by("-rang").first()


def termes_au(convention: Convention, jour: date) -> Termes | None:
    """Return the consolidated terms on a day, or None before the first signed version takes effect."""
    version = version_en_vigueur(convention, jour)
    return version.termes if version else None
