"""Invented negotiations at several stages: in turn, agreed, in recorded disagreement and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.actions import NouvelleConvention, passer
from convenir.contrat.conventions.actions.creation import creer
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import TRANSITIONS
from convenir.contrat.objectifs import actions
from convenir.contrat.objectifs.actions import NouvelObjectif, Reponse
from convenir.contrat.objectifs.models import Axe, Objectif
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure

ANNEE = 2027
DEBUT = date(ANNEE, 1, 1)
CHEMIN = ("deposer", "declarer_complet", "instruire", "negocier")
Jouer = Callable[["Table"], None]


class Table:
    """A negotiation of the demonstration: the convention, the two people, the day that goes by."""

    def __init__(self, convention: Convention, agent: Acteur, directeur: Acteur) -> None:
        self.convention, self.etat, self.structure = convention, agent, directeur
        self.instant: datetime = timezone.now() - timedelta(days=20)

    def sorties(self) -> dict[str, Objectif]:
        """Pose the three rates."""
        actions.poser_sorties(self.etat, self.convention, ANNEE, maintenant=self.instant)
        return {o.type_de_sortie: o for o in self.convention.objectifs.filter(annee=ANNEE) if o.type_de_sortie}

    def dire(self, qui: Acteur, objectif: Objectif, genre: str, valeur: int | None = None, raisons: str = "") -> None:
        """One more position, two days later."""
        self.instant += timedelta(days=2)
        frais = Objectif.objects.select_related("convention").get(pk=objectif.pk)
        reponse = Reponse(genre, None if valeur is None else Decimal(valeur), raisons=raisons)
        actions.repondre(qui, frais, reponse, revision=frais.revision, maintenant=self.instant)


def _en_tour(t: Table) -> None:
    trois = t.sorties()
    t.dire(t.etat, trois["durable"], "proposition", 27, "Le maraîchage recrute sur le bassin.")
    t.dire(t.structure, trois["durable"], "contre_proposition", 22, "Un poste d’encadrant est vacant depuis mars.")
    t.dire(t.etat, trois["durable"], "contre_proposition", 24, "Le renfort d’encadrement est inscrit aux moyens.")
    t.dire(t.etat, trois["transition"], "proposition", 20, "Maintien du niveau de 2026.")
    t.dire(t.structure, trois["transition"], "accord")
    t.dire(t.etat, trois["positive"], "proposition", 17, "Deux formations préparatoires ouvrent en février.")
    permis = NouvelObjectif(
        ANNEE, Axe.FORMATION, "Salariés qui obtiennent le permis", unite="personnes", base=Decimal(4)
    )
    actions.poser(t.etat, t.convention, permis, maintenant=t.instant)


def _convenue(t: Table) -> None:
    for objectif, valeur in zip(t.sorties().values(), (24, 20, 16), strict=True):
        t.dire(t.etat, objectif, "proposition", valeur, "Au vu des résultats des trois années.")
        t.dire(t.structure, objectif, "accord")


def _desaccord_et_refus(t: Table) -> None:
    trois = t.sorties()
    t.dire(t.etat, trois["durable"], "proposition", 30, "Les offres du bassin augmentent.")
    t.dire(t.structure, trois["durable"], "desaccord", 20, "Les publics orientés sont plus éloignés de l’emploi.")
    t.dire(t.structure, trois["positive"], "refus", None, "Les formations du territoire ne sont pas connues.")


# Les catégories dont un porteur a des comptes de démonstration (`comptes.creer`).
JEUX: tuple[tuple[str, Jouer], ...] = (("ACI", _en_tour), ("EI", _convenue), ("AI", _desaccord_et_refus))


def creer_les_negociations(region: str, acteur: Acteur) -> int:
    """Create the negotiations that are missing; return how many there are.

    Args:
        region: code of the demonstration région.
        acteur: who creates the conventions, for the journal.
    """
    faites = 0
    for structure, jouer in _structures(region):
        if not Objectif.objects.filter(convention__structure=structure, annee=ANNEE).exists():
            with transaction.atomic():
                _jouer(structure, jouer, acteur)
        faites += 1
    return faites


def _structures(region: str) -> Iterator[tuple[Structure, Jouer]]:
    """Yield one SIAE per stage, those of the demonstration accounts first."""
    for categorie, jouer in JEUX:
        candidates = Structure.objects.filter(departement__region=region, categorie=categorie, porteur__isnull=False)
        premiere = candidates.select_related("porteur", "departement").order_by("id_asp").first()
        if premiere is not None:
            yield premiere, jouer


def _jouer(structure: Structure, jouer: Jouer, acteur: Acteur) -> None:
    instant = timezone.now() - timedelta(days=30)
    demandee = Convention.objects.filter(structure=structure, debut=DEBUT).first()
    convention = demandee or _convention(structure, acteur, instant)
    agent = _personne(convention, Role.DEPARTEMENTAL)
    directeur = _personne(convention, Role.DIRECTION_STRUCTURE)
    if agent is None or directeur is None:
        return
    for nom in CHEMIN:
        if convention.etat in TRANSITIONS[nom].passages:
            convention = passer(acteur, convention, nom, jour=timezone.localdate(instant), maintenant=instant)
    complete = Convention.objects.select_related("structure__porteur", "departement__region", "service").get(
        pk=convention.pk
    )
    jouer(Table(complete, agent, directeur))


def _convention(structure: Structure, acteur: Acteur, instant: datetime) -> Convention:
    finie = Convention.objects.filter(structure=structure, fin=DEBUT).first()
    demande = NouvelleConvention(structure, DEBUT, date(ANNEE + 3, 1, 1), renouvelle=finie)
    return creer(acteur, demande, maintenant=instant)


def _personne(convention: Convention, role: Role) -> Acteur | None:
    organisation = convention.service if role == Role.DEPARTEMENTAL else convention.organisation
    adhesion = (
        Adhesion.objects.en_vigueur(timezone.localdate())
        .filter(organisation=organisation, role=role)
        .select_related("utilisateur")
        .first()
    )
    return None if adhesion is None else acteur_de(adhesion.utilisateur, choisie=adhesion.pk)
