"""Fabriques des objectifs : une négociation ouverte, ses deux parties connectées. Tout est inventé."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.objectifs import actions
from convenir.contrat.objectifs.actions import NouvelObjectif, Reponse
from convenir.contrat.objectifs.models import Axe, Objectif, Position
from convenir.contrat.objectifs.rules import SORTIES
from convenir.contrat.objectifs.states import Etat
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from tests.factories_comptes import AdhesionFactory, Connecte, connecter, organisation_pour
from tests.factories_conventions import convention_en_preparation

INSTANT = datetime(2025, 11, 3, 9, tzinfo=UTC)


@dataclass
class Negociation:
    """Une convention en négociation, l'agente de l'État et le directeur de la structure."""

    convention: Convention
    agente: Connecte
    directeur: Connecte
    maintenant: datetime = INSTANT

    def personne(self, role: Role) -> Connecte:
        """Une personne d'un autre rôle, du même territoire."""
        structure = self.convention.structure
        assert structure is not None
        organisation = organisation_pour(role, self.convention.departement, structure)
        return connecter(AdhesionFactory(organisation=organisation, role=role))

    def sorties(self, annee: int = 2026) -> dict[str, Objectif]:
        """Les trois taux, posés par l'État."""
        actions.poser_sorties(self.agente.acteur, self.convention, annee, maintenant=self.maintenant)
        return {o.type_de_sortie: o for o in self.convention.objectifs.filter(annee=annee) if o.type_de_sortie}

    def poser(self, libelle: str = "Heures de formation", annee: int = 2026, **champs) -> Objectif:
        """Un objectif local, ou celui demandé."""
        demande = NouvelObjectif(annee, champs.pop("axe", Axe.FORMATION), libelle, **champs)
        return actions.poser(self.agente.acteur, self.convention, demande, maintenant=self.maintenant)

    def dire(self, qui: Connecte, objectif: Objectif, genre: str, valeur: str | None = None, **champs) -> Position:
        """Une position de plus, un jour plus tard, sur ce que la base sait."""
        self.maintenant += timedelta(days=1)
        frais = Objectif.objects.select_related("convention").get(pk=objectif.pk)
        champs.setdefault("raisons", "" if genre == "accord" else "Une raison fictive.")
        reponse = Reponse(genre, None if valeur is None else Decimal(valeur), **champs)
        return actions.repondre(qui.acteur, frais, reponse, revision=frais.revision, maintenant=self.maintenant)

    def convenir(self, objectif: Objectif, valeur: str = "20") -> None:
        """L'État propose, la structure accepte."""
        self.dire(self.agente, objectif, "proposition", valeur)
        self.dire(self.directeur, objectif, "accord")

    def tout_convenir(self, annee: int = 2026, **taux: str) -> None:
        """Les trois taux convenus : 24 + 20 + 16 par défaut."""
        taux = {"durable": "24", "transition": "20", "positive": "16"} | taux
        for type_, objectif in self.sorties(annee).items():
            if type_ in SORTIES and objectif.etat == Etat.OUVERT:
                self.convenir(objectif, taux[type_])


def negociation(etat: str = EtatConvention.EN_NEGOCIATION, **champs) -> Negociation:
    """Une convention d'ACI de 2026 à 2028 en négociation."""
    convention = convention_en_preparation(etat, **champs)
    structure = convention.structure
    assert structure is not None
    directeur = AdhesionFactory(organisation=structure.porteur, role=Role.DIRECTION_STRUCTURE)
    agente = AdhesionFactory(organisation=convention.service, role=Role.DEPARTEMENTAL)
    return Negociation(convention, connecter(agente), connecter(directeur))


def clore_les_objectifs(convention: Convention) -> None:
    """Poser et convenir les objectifs qu'une convention doit avoir clos avant l'avis."""
    version = convention.versions.order_by("-rang").first()
    assert version is not None
    organisation = convention.organisation
    directeur = connecter(AdhesionFactory(organisation=organisation, role=Role.DIRECTION_STRUCTURE))
    agente = connecter(AdhesionFactory(organisation=convention.service, role=Role.DEPARTEMENTAL))
    jeu = Negociation(convention, agente, directeur)
    if convention.structure is not None:
        jeu.tout_convenir(version.effet.year)
    else:
        jeu.convenir(jeu.poser("Objectif fictif", version.effet.year, axe=Axe.ML1))


def annexe_lue(structure: Structure, annee: int, dynamique: str) -> AnnexeLue:
    """Une annexe lue à l'ASP, dont seuls les objectifs comptent ici."""
    livraison = Livraison.objects.create(
        source="export_annexes", auteur_nom="Essai", etat="appliquee", appliquee_le=INSTANT
    )
    return AnnexeLue.objects.create(
        structure=structure, id_structure_asp=structure.id_asp, id_annexe=structure.id_asp * 10 + annee % 10,
        id_avenant=1, numero=f"FICTIF{annee}", mesure="ACI_DC", etat="VALIDE", debut=date(annee, 1, 1),
        fin_incluse=date(annee, 12, 31), taux_dynamique=Decimal(dynamique), retenue=True, livraison=livraison,
        empreinte="0" * 32,
    )  # fmt: skip
