"""Pose an objective, change what surrounds its target, take it off the table while nobody has spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.objectifs import actes, mesures, policies, rules
from convenir.contrat.objectifs.actions.commun import a_journaliser, dire, reporter_les_taux, verrouiller
from convenir.contrat.objectifs.models import AXES_IAE, AXES_ML, Axe, Nature, Objectif, PalierObjectif
from convenir.contrat.objectifs.states import NEGOCIATEURS
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation
from convenir.socle.reglementation.queries import a_jour


@dataclass(frozen=True)
class NouvelObjectif:
    """An objective to pose: an indicator of the catalogue, or a local one, or a qualitative one.

    Attributes:
        indicateur: code of the catalogue; empty for a local or qualitative objective.
        grille: frame of the missions locales; that of the year by default.
        unite, sens, base, base_texte: for a local indicator, which no file measures.
        orientation: orientation of the PDIAE it serves.
        attendu_par: funder that expects it, and reads it.
    """

    annee: int
    axe: str
    libelle: str = ""
    indicateur: str = ""
    grille: str = ""
    qualitatif: bool = False
    precisions: str = ""
    unite: str = ""
    sens: str = "hausse"
    base: Decimal | None = None
    base_texte: str = ""
    orientation: str = ""
    attendu_par: Organisation | None = None


@transaction.atomic
def poser(acteur: Acteur, convention: Convention, demande: NouvelObjectif, *, maintenant: datetime) -> Objectif:
    """Put an objective on the table, with the definition, the frame and the base value of the day.

    Raises:
        ActionRefusee: no right, or the objectives of that year no longer move.
        EntreeInvalide: unknown indicator, year or axis out of the convention, objective already posed.
    """
    policies.exiger(policies.refus_de_negocier(acteur, convention, demande.annee))
    objectif = Objectif(convention=convention, cree_le=maintenant, **_champs(convention, demande))
    _valider(objectif)
    objectif.save()
    apres = a_journaliser(
        objectif, "libelle", "annee", "axe", "indicateur", "grille", "version", "base", "base_periode"
    )
    journaliser(actes.POSE, objectif, auteur=acteur.auteur, apres=apres)
    moi = policies.partie_de(acteur)
    for partie in NEGOCIATEURS:
        if partie != moi:
            dire(
                objectif, partie, actes.NOTIF_POSE, f"un objectif {objectif.annee} est posé", objectif.libelle, acteur
            )
    return objectif


def poser_sorties(acteur: Acteur, convention: Convention, annee: int, *, maintenant: datetime) -> list[Objectif]:
    """Pose the three rates of exit whose sum is the dynamic exits; those already posed are left as they are.

    Raises:
        ActionRefusee: as `poser`, or the convention is that of a mission locale.
    """
    if convention.dispositif != Dispositif.IAE:
        raise ActionRefusee("Les sorties dynamiques se négocient avec les structures de l’insertion par l’économique.")
    presents = set(convention.objectifs.filter(annee=annee).values_list("indicateur", flat=True))
    codes = [f"iae.sorties.taux_{type_}" for type_ in rules.SORTIES]
    demandes = [NouvelObjectif(annee, Axe.EMPLOI, indicateur=code) for code in codes if code not in presents]
    with transaction.atomic():
        return [poser(acteur, convention, demande, maintenant=maintenant) for demande in demandes]


def _champs(convention: Convention, demande: NouvelObjectif) -> dict[str, Any]:
    _verifier_portee(convention, demande)
    communs = {
        "annee": demande.annee, "axe": demande.axe, "precisions": demande.precisions.strip(),
        "orientation": demande.orientation.strip(), "attendu_par": demande.attendu_par,
        "seuil_partiel": a_jour().nombre("objectifs.seuil_partiel", convention.debut),
    }  # fmt: skip
    if not demande.indicateur:
        return communs | _hors_catalogue(demande)
    definition = mesures.definir(convention, demande.indicateur, demande.annee, demande.grille)
    type_ = definition.code.removeprefix("iae.sorties.taux_")
    return communs | {
        "nature": Nature.INDICATEUR, "indicateur": definition.code, "grille": definition.grille,
        "version": definition.version, "definition": definition.figee, "unite": definition.unite,
        "sens": definition.sens, "libelle": demande.libelle.strip() or rules.SORTIES.get(type_, definition.libelle),
        **mesures.base_de(convention, definition, demande.annee),
    }  # fmt: skip


def _hors_catalogue(demande: NouvelObjectif) -> dict[str, Any]:
    return {
        "nature": Nature.QUALITATIF if demande.qualitatif else Nature.LOCAL, "libelle": demande.libelle.strip(),
        "unite": "" if demande.qualitatif else demande.unite.strip(), "sens": demande.sens,
        "base": None if demande.qualitatif else demande.base, "base_texte": demande.base_texte.strip(),
    }  # fmt: skip


def _verifier_portee(convention: Convention, demande: NouvelObjectif) -> None:
    if demande.annee not in convention.annees:
        raise EntreeInvalide(
            f"Année : {demande.annee} est hors de la convention ({convention.annees[0]} à {convention.annees[-1]})."
        )
    if demande.axe not in (AXES_ML if convention.dispositif == Dispositif.ML else AXES_IAE):
        raise EntreeInvalide("Axe : choisissez un axe du projet de cette convention.")


def _valider(objectif: Objectif) -> None:
    try:
        objectif.full_clean()
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(dict.fromkeys(erreur.messages))) from erreur


@dataclass(frozen=True)
class Changements:
    """What may change around a target without negotiating it anew; `paliers` are (year, value)."""

    precisions: str = ""
    orientation: str = ""
    attendu_par: Organisation | None = None
    borne_basse: Decimal | None = None
    borne_haute: Decimal | None = None
    paliers: Sequence[tuple[int, Decimal]] = ()


@transaction.atomic
def modifier(
    acteur: Acteur, objectif: Objectif, changements: Changements, *, revision: int, maintenant: datetime
) -> Objectif:
    """Change the words, the bounds and the trajectory of an objective, unless someone wrote since `revision`.

    Raises:
        ActionRefusee: no right, or the objectives of that year no longer move.
        EntreeInvalide: bounds or steps that do not hold.
        ObjectifChange: someone wrote meanwhile; nothing is lost.
    """
    policies.exiger(policies.refus_de_negocier(acteur, objectif.convention, objectif.annee))
    frais = verrouiller(objectif, revision)
    rules.verifier_bornes(changements.borne_basse, frais.cible, changements.borne_haute)
    annees = frais.convention.annees
    rules.verifier_trajectoire(changements.paliers, annees[0], annees[-1])
    champs = ("precisions", "orientation", "attendu_par_id", "borne_basse", "borne_haute")
    avant = a_journaliser(frais, *champs) | {"paliers": _paliers(frais)}
    for nom in ("precisions", "orientation", "attendu_par", "borne_basse", "borne_haute"):
        setattr(frais, nom, getattr(changements, nom))
    frais.revision += 1
    _valider(frais)
    frais.save()
    frais.paliers.all().delete()
    PalierObjectif.objects.bulk_create(
        PalierObjectif(objectif=frais, annee=a, valeur=v) for a, v in changements.paliers
    )
    apres = a_journaliser(frais, *champs) | {"paliers": _paliers(frais)}
    journaliser(actes.MODIFIE, frais, auteur=acteur.auteur, avant=avant, apres=apres)
    for partie in NEGOCIATEURS:
        if partie != policies.partie_de(acteur):
            dire(frais, partie, actes.NOTIF_POSE, "un objectif est précisé", frais.libelle, acteur)
    reporter_les_taux(frais.convention, frais.annee, maintenant)
    return frais


def _paliers(objectif: Objectif) -> list[str]:
    return [f"{p.annee} : {p.valeur}" for p in objectif.paliers.all()]


@transaction.atomic
def retirer(acteur: Acteur, objectif: Objectif, *, motif: str) -> None:
    """Take an objective off the table while nobody has spoken on it; posing it again brings it back.

    Raises:
        ActionRefusee: no right, or a position was sent.
        EntreeInvalide: no reason.
    """
    policies.exiger(policies.refus_de_negocier(acteur, objectif.convention, objectif.annee))
    frais = verrouiller(objectif, None)
    if frais.positions.exists():
        raise ActionRefusee("Une position a été écrite sur cet objectif : il ne se retire plus, il se négocie.")
    if not motif.strip():
        raise EntreeInvalide("Motif : dites pourquoi cet objectif est retiré.")
    journaliser(
        actes.RETIRE,
        frais,
        auteur=acteur.auteur,
        avant=a_journaliser(frais, "libelle", "annee"),
        apres={"motif": motif.strip()},
    )
    frais.delete()
