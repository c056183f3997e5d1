"""Lists of the follow-up: conventions in force, acts the ASP does not know, disputes, agents and their load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.queries.recherche import CHIFFRES_MAX
from convenir.contrat.conventions.states import CLOS, EN_VIGUEUR
from convenir.contrat.suivi.models import Bilan, Contestation, EcheanceBilan, SigneNonValide
from convenir.contrat.suivi.states import EtatBilan, EtatContestation, EtatMoyen
from convenir.mesure.indicateurs.models import SituationStructure
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.organisations.models import Structure

VIVANTES = (EtatContestation.OUVERTE, EtatContestation.A_LA_SOURCE)


@dataclass(frozen=True)
class Filtre:
    """What the person asks of the list; an unknown value is ignored."""

    q: str = ""
    quoi: str = ""
    referent: str = ""

    QUOI = {
        "bilan": "Bilan en retard", "moyens": "Moyen non livré", "alerte": "En alerte", "sans": "Sans référent",
        "asp": "Signée, non valide à l’ASP",
    }  # fmt: skip

    @classmethod
    def lire(cls, parametres: Mapping[str, str]) -> Filtre:
        """Read the filter from a query string."""
        quoi, referent = parametres.get("quoi", ""), parametres.get("referent", "")
        return cls(
            q=parametres.get("q", "").strip()[:100],
            quoi=quoi if quoi in cls.QUOI else "",
            referent=referent if referent.isdecimal() and len(referent) < CHIFFRES_MAX else "",
        )

    @property
    def est_actif(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.q or self.quoi or self.referent)


def conventions_suivies(acteur: Acteur, filtre: Filtre, jour: date) -> QuerySet[Convention]:
    """Return the conventions in force, with what the list prints, in one query."""
    bilans = Bilan.objects.filter(convention=OuterRef("pk"), annee=jour.year - 1)
    situation = SituationStructure.objects.filter(structure=OuterRef("structure")).order_by("-annee")
    fixee = EcheanceBilan.objects.filter(departement=OuterRef("departement"), annee=jour.year - 1, echeance__lt=jour)
    jamais_ouvert = ~Exists(bilans) & Exists(fixee) & Q(debut__lt=date(jour.year, 1, 1))
    en_retard = Exists(bilans.filter(etat=EtatBilan.BROUILLON, echeance__lt=jour)) | jamais_ouvert
    asp = SigneNonValide.objects.filter(version__convention=OuterRef("pk"), clos_le=None)
    lignes = conventions_visibles(acteur).filter(etat__in=EN_VIGUEUR).annotate(
        etat_bilan=Subquery(bilans.values("etat")[:1]),
        bilan_en_retard=ExpressionWrapper(Q(en_retard), BooleanField()),
        niveau_alerte=Subquery(situation.values("niveau_alerte")[:1]),
        alertes=Subquery(situation.values("alertes")[:1]),
        moyens_manques=Count("moyens", filter=Q(moyens__etat=EtatMoyen.NON_LIVRE), distinct=True),
        asp_attendu=Exists(asp),
    )  # fmt: skip
    for mot in filtre.q.split():
        nom = Q(structure__denomination__icontains=mot) | Q(mission_locale__nom__icontains=mot)
        lignes = lignes.filter(nom | Q(reference__icontains=mot))
    if filtre.referent:
        lignes = lignes.filter(Q(referent=int(filtre.referent)) | Q(suppleant=int(filtre.referent)))
    condition = {
        "bilan": Q(bilan_en_retard=True), "moyens": Q(moyens_manques__gt=0), "alerte": Q(niveau_alerte__gt=0),
        "sans": Q(referent=None), "asp": Q(asp_attendu=True),
    }.get(filtre.quoi)  # fmt: skip
    if condition is not None:
        lignes = lignes.filter(condition)
    liees = ("structure", "mission_locale", "departement", "referent", "suppleant")
    return lignes.select_related(*liees).order_by(F("niveau_alerte").desc(nulls_last=True), "reference")


def signes_non_valides(acteur: Acteur) -> QuerySet[SigneNonValide]:
    """Return the acts signed here that the ASP does not know yet, the oldest first."""
    visibles = conventions_visibles(acteur)
    liees = (
        "version__convention__structure",
        "version__convention__mission_locale",
        "version__convention__departement",
    )
    ouverts = SigneNonValide.objects.filter(version__convention__in=visibles, clos_le=None)
    return ouverts.select_related(*liees).order_by("ouvert_le", "pk")


def contestations_visibles(acteur: Acteur) -> QuerySet[Contestation]:
    """Return the disputes of the structures a person sees, those that wait first."""
    visibles = Structure.objects.visibles_par(acteur.perimetre).values("pk")
    return Contestation.objects.filter(structure__in=visibles).select_related(
        "structure__departement", "structure__commune"
    )


def contestations_vivantes(structure: Structure) -> QuerySet[Contestation]:
    """Return the disputes of a structure that its pages show: until the source is corrected and read."""
    return Contestation.objects.filter(structure=structure, etat__in=VIVANTES).order_by("-ouverte_le")


@dataclass(frozen=True)
class Charge:
    """An agent and what they follow."""

    agent: Utilisateur
    referent: int
    suppleant: int


def charges(acteur: Acteur, agents: list[Utilisateur]) -> list[Charge]:
    """Return how many conventions each agent follows, in two queries."""
    ouvertes = conventions_visibles(acteur).exclude(etat__in=CLOS)
    titulaires = dict(ouvertes.order_by().values_list("referent").annotate(n=Count("pk")))
    suppleants = dict(ouvertes.order_by().values_list("suppleant").annotate(n=Count("pk")))
    return [Charge(a, titulaires.get(a.pk, 0), suppleants.get(a.pk, 0)) for a in agents]
