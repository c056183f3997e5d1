"""What the application asks, offered to whoever writes the first terms: the room of the files declares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convenir.contrat.conventions.droit import bareme
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Termes

Source = Callable[[Convention], Termes]
_SOURCES: list[Source] = []


def proposer_des_termes(source: Source) -> Source:
    """Decorate what gives the terms that a convention asks for; it imports this room, never the reverse."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def termes_proposes(version: Version) -> Termes:
    """Return what is asked for and the scale in force, for a first version; an avenant starts from signed terms."""
    if version.rang:
        return Termes()
    convention = version.convention
    demandes = (source(convention) for source in _SOURCES)
    demande = next((termes for termes in demandes if termes != Termes()), Termes())
    if not convention.structure_id:
        return demande
    fixe = bareme(convention.categorie, convention.departement_id, version.effet)
    return replace(
        demande, montant_unitaire=fixe.montant_unitaire, heures_etp=fixe.heures_etp, modulation_max=fixe.modulation_max
    )
