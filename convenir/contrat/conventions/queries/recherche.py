"""Find conventions: by reference, by ASP number, by structure."""

from __future__ import annotations

from django.db.models import Q

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.models.convention import ConventionQuerySet
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import MissionLocale, Structure

CHIFFRES_MAX = 19  # un identifiant plus long n'entre pas dans la base


def conventions_de(acteur: Acteur, partie: Structure | MissionLocale) -> ConventionQuerySet:
    """Return the conventions of a structure or of a mission locale that the person may see, the latest first."""
    champ = "structure" if isinstance(partie, Structure) else "mission_locale"
    return conventions_visibles(acteur).filter(**{champ: partie})


def convention_visible(acteur: Acteur, reference: str) -> Convention | None:
    """Return a convention by its reference, or None when it does not exist for this person."""
    lues = conventions_visibles(acteur).select_related("structure", "mission_locale")
    return lues.filter(reference=reference.upper()).first()


def trouver(acteur: Acteur, texte: str) -> ConventionQuerySet:
    """Return the conventions a text may name: reference, ASP number, ASP id, code of a SIAE or of a mission locale."""
    net = texte.strip()
    critere = Q(reference=net.upper()) | Q(numero_asp=net.upper()) | Q(mission_locale__code=net)
    id_asp, _, categorie = net.upper().partition("-")
    if id_asp.isdecimal() and len(id_asp) < CHIFFRES_MAX:
        siae = Q(structure__id_asp=int(id_asp))
        critere |= siae & Q(categorie=categorie) if categorie else siae
    try:
        numero = lire_numero_annexe(net)
    except ValueError:
        pass
    else:
        base = f"{numero.mesure}{numero.departement_asp}{numero.millesime:02d}{numero.ordre:04d}"
        critere |= Q(numero_asp__startswith=base) | Q(annexes__numero__startswith=base)
    liees = ("structure__porteur", "mission_locale__organisation")
    return conventions_visibles(acteur).filter(critere).select_related(*liees).distinct()
