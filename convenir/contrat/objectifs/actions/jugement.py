"""Judge an agreed objective: by its own frame and definition, with the explanation when it is not reached."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from convenir.contrat.objectifs import actes, mesures, policies, rules
from convenir.contrat.objectifs.actions.commun import a_journaliser, dire, verrouiller
from convenir.contrat.objectifs.models import Nature, Objectif
from convenir.contrat.objectifs.states import NEGOCIATEURS, Etat
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.journal.actions import journaliser


def issue_de(objectif: Objectif, resultat: Decimal | None) -> rules.Issue:
    """Judge a result by the rule frozen with the objective."""
    borne = objectif.borne_haute if objectif.sens == "baisse" else objectif.borne_basse
    return rules.juger(resultat, objectif.cible, borne, rules.Regle(objectif.sens, objectif.seuil_partiel))


@transaction.atomic
def juger(
    acteur: Acteur, objectif: Objectif, *, explication: str, revision: int, maintenant: datetime,
    resultat: Decimal | None = None, source: str = "", issue: str = "",
) -> Objectif:  # fmt: skip
    """Write how an agreed objective ended.

    The result of an indicator of the catalogue is read from the snapshot, under the frame and version frozen with the
    objective; one computed otherwise is « non comparable », and the objective cannot be judged by it. That of a local
    indicator is given with its source; the issue of a qualitative one is given.

    Raises:
        ActionRefusee: no right, or not agreed.
        EntreeInvalide: result, source or explanation missing.
        ObjectifChange: someone wrote meanwhile.
    """
    _exiger_le_droit(acteur, objectif)
    frais = verrouiller(objectif, revision)
    if frais.etat != Etat.CONVENU:
        raise ActionRefusee("Seul un objectif convenu se juge.")
    avant = a_journaliser(frais, "resultat", "issue", "explication")
    _constater(frais, resultat, source.strip(), issue)
    if frais.issue != rules.Issue.ATTEINT and not explication.strip():
        raise EntreeInvalide("Explication : dites pourquoi l’objectif n’est pas atteint, ou ne peut être jugé.")
    frais.explication, frais.juge_le = explication.strip(), timezone.localdate(maintenant)
    frais.revision += 1
    frais.save()
    apres = a_journaliser(frais, "resultat", "resultat_texte", "issue", "explication")
    journaliser(actes.JUGE, frais, auteur=acteur.auteur, avant=avant, apres=apres)
    for partie in NEGOCIATEURS:
        if partie != policies.partie_de(acteur):
            libelle = f"{rules.ISSUES[frais.issue].lower()}, « {frais.libelle} » {frais.annee}"
            dire(frais, partie, actes.NOTIF_SUITE, libelle, frais.explication, acteur)
    return frais


def _exiger_le_droit(acteur: Acteur, objectif: Objectif) -> None:
    """A signed year is judged although it no longer moves."""
    policies.exiger(raison_du_refus(acteur, Capacite.NEGOCIER_OBJECTIFS))
    if not acteur.est_systeme and not policies.objectifs_lisibles(acteur).filter(pk=objectif.pk).exists():
        raise ActionRefusee(policies.HORS_PERIMETRE)


def _constater(objectif: Objectif, resultat: Decimal | None, source: str, issue: str) -> None:
    if objectif.est_qualitatif:
        if issue not in rules.ISSUES:
            raise EntreeInvalide("Issue : dites si l’objectif est atteint, partiellement ou non.")
        objectif.issue, objectif.resultat_texte = issue, source
        return
    if objectif.nature == Nature.INDICATEUR:
        _lire_le_resultat(objectif)
    else:
        if resultat is None or not source:
            raise EntreeInvalide("Résultat : écrivez-le, avec sa source. Aucun fichier ne mesure un indicateur local.")
        objectif.resultat, objectif.resultat_texte = resultat, source
    objectif.issue = issue_de(objectif, objectif.resultat)


def _lire_le_resultat(objectif: Objectif) -> None:
    """Read the result of the year; what is computed under another definition is not a result of this objective."""
    lectures = mesures.lire(objectif.convention, objectif.annee + 1, [objectif.indicateur])
    lue = lectures.resultat(objectif, objectif.annee)
    objectif.resultat = lue.valeur if lue is not None else None
    objectif.resultat_instantane = lectures.instantane
    if lue is None:
        objectif.resultat_texte = "Non comparable : aucun calcul sous la définition de l’objectif"
    else:
        objectif.resultat_texte = f"{lue.texte}{f', {lue.effectif}' if lue.effectif else ''}"
