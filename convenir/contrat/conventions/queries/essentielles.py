"""Grants to publish: what the State and each co-financer granted by signed acts, within the perimeter of a person.

One row by living annexe of a signed act (one that the ASP made history is replaced, and no longer told), and by year
for the dotation of a CPO. A funder reads its own grants alone; the State those of its perimeter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.contrat.conventions.models import VIVANTES, AnnexeFinanciere, Convention, Version
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.rules.essentielles import Ecartee, Subvention, trier
from convenir.contrat.conventions.rules.termes import Cofinancement
from convenir.contrat.conventions.states import EtatVersion
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Organisation
from convenir.socle.reglementation.queries import a_jour

OBJETS = {True: "Aide aux postes d’insertion par l’activité économique", False: "Convention pluriannuelle d’objectifs"}
PARTIES = (
    "convention__structure__porteur", "convention__mission_locale__organisation", "convention__service",
    "convention__departement",
)  # fmt: skip


@dataclass(frozen=True)
class Publication:
    """The grants of a year: those published, those that are not with the reason."""

    annee: int
    publiees: list[Subvention]
    ecartees: list[Ecartee]


def peut_publier(acteur: Acteur) -> bool:
    """Tell whether a person reads this export: the State, and a funder for its own grants."""
    return acteur.est_systeme or acteur.est_etat or acteur.role == Role.FINANCEUR


def publication(acteur: Acteur, annee: int, departement: str = "") -> Publication:
    """Return the grants of acts signed in a year, in a fixed number of SQL queries."""
    jour = date(annee, 12, 31)
    seuil = a_jour().nombre("subventions.publication.seuil", jour)
    notifiee = a_jour().valeur("subventions.publication.notification_ue", jour).valeur == "oui"
    conventions = conventions_visibles(acteur)
    if departement:
        conventions = conventions.filter(departement=departement)
    siennes = [s for s in _toutes(conventions, annee, notifiee) if _est_a_lui(acteur, s)]
    return Publication(annee, *trier((s for _, s in siennes), seuil))


Attribuee = tuple[str, Subvention]


def _est_a_lui(acteur: Acteur, attribuee: Attribuee) -> bool:
    if acteur.role != Role.FINANCEUR:
        return True
    return acteur.organisation is not None and attribuee[0] == str(acteur.organisation.pk)


def _toutes(conventions: Any, annee: int, notifiee: bool) -> Iterator[Attribuee]:
    """Yield each grant with the key of the organisation that gives it."""
    annexes = list(
        AnnexeFinanciere.objects.filter(
            convention__in=conventions, etat__in=VIVANTES, version__etat=EtatVersion.SIGNEE,
            version__signee_le__year=annee,
        ).select_related("version", *PARTIES).prefetch_related("convention__service__noms").order_by("pk")
    )  # fmt: skip
    for a in annexes:
        a.version.convention = a.convention
    signees = (
        Version.objects.filter(
            convention__in=conventions, convention__structure=None, etat=EtatVersion.SIGNEE, signee_le__year=annee
        )
        .select_related(*PARTIES)
        .prefetch_related("convention__service__noms")
        .order_by("convention", "rang")
    )
    # Le dernier acte d'une année dit la dotation de l'année entière : il remplace ceux d'avant, il ne s'y ajoute pas.
    dotations = {(v.convention_id, v.effet.year): v for v in signees if v.termes.dotation is not None}
    financeurs = _financeurs([a.version for a in annexes])
    for a in annexes:
        yield _de_l_etat(a.version, a.montant_total, a.debut, a.fin, notifiee)
        for c in a.version.termes.cofinancements:
            if c.montant is not None:
                yield _du_cofinanceur(a.version, c, financeurs, a.debut, a.fin, notifiee)
    for v in dotations.values():
        fin = v.clauses_fin or v.convention.fin
        yield _de_l_etat(v, v.termes.dotation or Decimal(0), v.effet, fin, notifiee)


def _financeurs(versions: list[Version]) -> dict[str, Organisation]:
    cles = {c.cle for v in versions for c in v.termes.cofinancements if c.cle.isdecimal()}
    return {str(o.pk): o for o in Organisation.objects.filter(pk__in=cles)}


def _de_l_etat(version: Version, montant: Decimal, debut: date, fin: date, notifiee: bool) -> Attribuee:
    service = version.convention.service
    nom = service.nom_au(version.signee_le or debut)
    return str(service.pk), _subvention(version, nom, service.siret, montant, debut, fin, notifiee)


def _du_cofinanceur(
    version: Version, c: Cofinancement, financeurs: dict[str, Organisation], debut: date, fin: date, notifiee: bool
) -> Attribuee:
    organisation = financeurs.get(c.cle)
    nom, siret = (organisation.nom, organisation.siret) if organisation else (c.nom, "")
    return c.cle, _subvention(version, nom, siret, c.montant or Decimal(0), debut, fin, notifiee)


def _subvention(
    version: Version, nom: str, siret: str, montant: Decimal, debut: date, fin: date, notifiee: bool
) -> Subvention:
    convention = version.convention
    organisation, structure = convention.organisation, convention.structure
    return Subvention(
        attribuant=nom, siret_attribuant=siret, signee_le=version.signee_le or debut,
        reference=f"{convention.reference}, {version.libelle.lower()}",
        beneficiaire=organisation.nom if organisation else convention.nom_de_la_partie,
        siret_beneficiaire=_siret(convention), forme=structure.forme_juridique if structure else "",
        objet=f"{OBJETS[structure is not None]}, {debut.year}", montant=montant, debut=debut, fin=fin,
        notifiee_ue=notifiee,
    )  # fmt: skip


def _siret(convention: Convention) -> str:
    """The SIRET of the body that is paid: its own, else that of the structure at the signature."""
    organisation, structure = convention.organisation, convention.structure
    if organisation and organisation.siret:
        return organisation.siret
    return (structure.siret_signature or structure.siret_actualise) if structure else ""
