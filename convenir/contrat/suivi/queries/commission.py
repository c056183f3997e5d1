"""What the commission of a département is told, and what each of its members reads of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from convenir.contrat.conventions.models import Convention, NatureVersion, Passage, Version
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.suivi.models import InformationCommission
from convenir.contrat.suivi.queries.listes import Filtre, conventions_suivies
from convenir.mesure.indicateurs.models import NiveauAlerte
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature
from convenir.socle.territoires.models import Departement

UN_AN = timedelta(days=366)
EN_DIFFICULTE = frozenset({EtatConvention.MANQUEMENT, EtatConvention.SUSPENDU})


def lignes_du_jour(acteur: Acteur, departement: Departement, jour: date) -> list[dict[str, str]]:
    """Return the conventions in force as the commission would be told of them, those in difficulty first.

    An avenant that leaves the posts as they are needs no opinion: the commission is told of it (ASH 2914). Those
    whose signatures were entered since it was last told are named, or since a year when it never was.
    """
    suivies = conventions_suivies(acteur, Filtre(), jour).filter(departement=departement)
    derniere = InformationCommission.objects.filter(departement=departement).order_by("-faite_le", "-pk").first()
    un_an_avant = datetime.combine(jour - UN_AN, time.min, timezone.get_current_timezone())
    avenants = _avenants_sans_avis(departement, derniere.faite_le if derniere else un_an_avant)
    lignes = [_ligne(c, avenants[c.pk]) for c in suivies]
    return sorted(lignes, key=lambda ligne: not ligne["difficulte"])


def _ligne(c: Convention, avenants: list[str]) -> dict[str, str]:
    lire = lambda nom: getattr(c, nom)
    faits = [a["fait"] for a in lire("alertes") or []]
    if lire("bilan_en_retard"):
        faits.append("Bilan en retard.")
    if lire("moyens_manques"):
        faits.append("Moyen promis non livré.")
    difficile = (lire("niveau_alerte") or 0) >= NiveauAlerte.FORTE or c.etat in EN_DIFFICULTE
    return {
        "reference": c.reference, "structure": c.nom_de_la_partie, "etat": str(c.get_etat_display()),
        "faits": " ".join([*faits, *avenants]), "difficulte": "oui" if difficile else "",
    }  # fmt: skip


def _avenants_sans_avis(departement: Departement, depuis: datetime) -> defaultdict[int, list[str]]:
    """Return, by convention, the avenants that left the posts as they were, entered signed since (two queries)."""
    dits: defaultdict[int, list[str]] = defaultdict(list)
    avant: dict[int, Version] = {}
    recentes = set(
        Passage.objects.filter(
            convention__departement=departement, transition="achever_signature", enregistre_le__gt=depuis
        ).values_list("version", flat=True)
    )
    signees = Version.objects.signees().filter(
        convention__departement=departement, convention__dispositif=Dispositif.IAE
    )
    for version in signees.order_by("convention", "rang"):
        precedente, avant[version.convention_id] = avant.get(version.convention_id), version
        if precedente is None or version.nature == NatureVersion.INITIALE or version.pk not in recentes:
            continue
        if precedente.termes.postes == version.termes.postes:
            signe = en_mots(version.signee_le)
            dits[version.convention_id].append(f"{version.libelle} signé le {signe}, postes inchangés.")
    return dits


def informations_lisibles(acteur: Acteur) -> QuerySet[InformationCommission]:
    """Return what the commissions of a person's territory were told, the latest first."""
    if not acteur.peut(Capacite.VOIR_COMMISSION):
        return InformationCommission.objects.none()
    toutes = InformationCommission.objects.select_related("departement")
    if acteur.perimetre.niveau == "france":
        return toutes
    champ = {"region": "departement__region__in", "departement": "departement__in"}.get(acteur.perimetre.niveau)
    return toutes.filter(**{champ: acteur.perimetre.codes}) if champ else toutes.none()


@dataclass(frozen=True)
class FiltreLignes:
    """What the person asks of the lines told to the commission; an unknown value is ignored."""

    q: str = ""
    quoi: str = ""

    QUOI = {"difficulte": "En difficulté", "signaler": "À signaler"}

    @classmethod
    def lire(cls, parametres: Mapping[str, str]) -> FiltreLignes:
        """Read the filter from a query string."""
        quoi = parametres.get("quoi", "")
        return cls(parametres.get("q", "").strip()[:100], quoi if quoi in cls.QUOI else "")

    @property
    def est_actif(self) -> bool:
        """Tell whether anything narrows the lines."""
        return bool(self.q or self.quoi)

    def retenir(self, lignes: Iterable[dict[str, str]]) -> list[dict[str, str]]:
        """Return the lines asked for, in their order."""
        return [ligne for ligne in lignes if self._retient(ligne)]

    def _retient(self, ligne: dict[str, str]) -> bool:
        lue = f"{ligne['structure']} {ligne['reference']}".casefold()
        champ = {"difficulte": "difficulte", "signaler": "faits"}.get(self.quoi)
        return all(mot in lue for mot in self.q.casefold().split()) and (champ is None or bool(ligne.get(champ)))


@dataclass(frozen=True)
class Lue:
    """What a person reads of an information; `tues`: conventions of others, `tues_en_difficulte` among them."""

    lignes: list[dict[str, str]]
    tues: int = 0
    tues_en_difficulte: int = 0


def lire(acteur: Acteur, information: InformationCommission) -> Lue:
    """Return its lines; a member who runs a structure reads their own, the others as a group (décisions, § 1)."""
    lignes = list(information.lignes)
    concurrent = acteur.organisation is not None and acteur.organisation.nature == Nature.SIAE_PORTEUR
    if acteur.role != Role.MEMBRE_CDIAE or not concurrent:
        return Lue(lignes)
    siennes = set(
        Convention.objects.filter(
            structure__porteur=acteur.organisation, reference__in=[ligne["reference"] for ligne in lignes]
        ).values_list("reference", flat=True)
    )
    autres = [ligne for ligne in lignes if ligne["reference"] not in siennes]
    gardees = [ligne for ligne in lignes if ligne["reference"] in siennes]
    return Lue(gardees, len(autres), sum(bool(ligne.get("difficulte")) for ligne in autres))
