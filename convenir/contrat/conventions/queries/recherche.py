"""Find conventions: by reference, by ASP number, by structure."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Exact

from convenir.contrat.conventions.models import AnnexeFinanciere, Convention
from convenir.contrat.conventions.models.convention import ConventionQuerySet
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.states import EtatConvention
from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import MissionLocale, Structure

CHIFFRES_MAX = 19  # un identifiant plus long n'entre pas dans la base
# L'ASP écrit « 044 010124 ACI 00002 » ; une personne le tape souvent d'un trait.
NUMERO_SERRE = Replace("numero_asp", Value(" "), Value(""))


def conventions_de(acteur: Acteur, partie: Structure | MissionLocale) -> ConventionQuerySet:
    """Return the conventions of a structure or of a mission locale that the person may see, the latest first."""
    champ = "structure" if isinstance(partie, Structure) else "mission_locale"
    return conventions_visibles(acteur).filter(**{champ: partie})


def des_memes_jours(partie: Structure | MissionLocale, debut: date, fin: date) -> ConventionQuerySet:
    """Return the conventions of a party that cover some of these days, drafts included, refused and terminated not."""
    champ = "structure" if isinstance(partie, Structure) else "mission_locale"
    memes = Convention.objects.filter(**{champ: partie}, debut__lt=fin, fin__gt=debut)
    return memes.exclude(etat__in=[EtatConvention.REFUSE, EtatConvention.RESILIE]).order_by("debut", "pk")


def convention_visible(acteur: Acteur, reference: str) -> Convention | None:
    """Return a convention by its reference, or None when it does not exist for this person."""
    lues = conventions_visibles(acteur).select_related("structure", "mission_locale")
    return lues.filter(reference=reference.upper()).first()


def trouver(acteur: Acteur, texte: str) -> ConventionQuerySet:
    """Return the conventions a text may name: reference, ASP number, ASP id, code of a SIAE or of a mission locale."""
    net = texte.strip()
    critere = Q(reference=net.upper()) | Q(mission_locale__code=net) | par_annexe(net)
    if serre := sans_blancs(net):
        critere |= Q(Exact(NUMERO_SERRE, serre))
    id_asp, _, categorie = net.upper().partition("-")
    if id_asp.isdecimal() and len(id_asp) < CHIFFRES_MAX:
        siae = Q(structure__id_asp=int(id_asp))
        critere |= siae & Q(categorie=categorie) if categorie else siae
    liees = ("structure__porteur", "mission_locale__organisation")
    return conventions_visibles(acteur).filter(critere).select_related(*liees)


def sans_blancs(texte: str) -> str:
    """Return a number as `NUMERO_SERRE` writes it: in capitals, without blanks."""
    return "".join(texte.upper().split())


def par_annexe(texte: str) -> Q:
    """Return the criterion of the number of an annexe, whatever its blanks and suffixes; other texts keep nothing."""
    try:
        numero = lire_numero_annexe(texte)
    except ValueError:
        return Q(pk__in=[])
    base = f"{numero.mesure}{numero.departement_asp}{numero.millesime:02d}{numero.ordre:04d}"
    annexes = AnnexeFinanciere.objects.filter(numero__startswith=base)
    return Q(numero_asp__startswith=base) | Q(pk__in=annexes.values("convention"))
