"""Analysis of the results and recommendations at the end of a convention."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.actions.commun import exiger, fermer_tache
from convenir.contrat.suivi.annonces import dire
from convenir.contrat.suivi.models import AnalyseDeResultats, Preconisation
from convenir.contrat.suivi.rules.renouvellement import CHEMINS, Issue
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.portee import reserver

ANALYSER = reserver("suivi.analyser", Capacite.INSTRUIRE_CONVENTION)
PRECONISER = reserver("suivi.preconisation", Capacite.INSTRUIRE_CONVENTION)


def valider(objet: models.Model) -> None:
    """Refuse an object that its model refuses, in words.

    Raises:
        EntreeInvalide: with every message.
    """
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(erreur.messages)) from erreur


@transaction.atomic
def analyser(
    acteur: Acteur, convention: Convention, champs: Mapping[str, object], *, maintenant: datetime
) -> AnalyseDeResultats:
    """Write the shared analysis of the results of a convention, or write it again.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: not met, and neither cause nor solution.
    """
    exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    analyse = AnalyseDeResultats.objects.filter(convention=convention).first() or AnalyseDeResultats(
        convention=convention
    )
    for nom, valeur in champs.items():
        setattr(analyse, nom, valeur)
    analyse.faite_le, analyse.faite_par = maintenant, acteur.auteur.nom
    valider(analyse)
    analyse.save()
    journaliser(actes.ANALYSE, convention, auteur=acteur.auteur, apres={"issue": analyse.issue})
    dire("analyse", convention, acteur, cle=f"{maintenant:%Y%m%dT%H%M%S}", details=f"{CHEMINS[Issue(analyse.issue)]}.",
         maintenant=maintenant)  # fmt: skip
    fermer_tache(convention.service, ANALYSER, convention.reference, maintenant)
    return analyse


@transaction.atomic
def preconiser(acteur: Acteur, analyse: AnalyseDeResultats, champs: Mapping[str, object]) -> Preconisation:
    """Add a recommendation and its year.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a field is wrong.
    """
    exiger(acteur, analyse.convention, Capacite.INSTRUIRE_CONVENTION)
    preconisation = Preconisation(analyse=analyse, **champs)
    valider(preconisation)
    preconisation.save()
    apres = {"preconisation": preconisation.libelle, "horizon": preconisation.horizon}
    journaliser(actes.PRECONISATION, analyse.convention, auteur=acteur.auteur, apres=apres)
    details = f"{preconisation.libelle}, à réaliser en {preconisation.horizon}."
    dire("preconisation", analyse.convention, acteur, cle=preconisation.pk, details=details)
    return preconisation


@transaction.atomic
def suivre(
    acteur: Acteur, preconisation: Preconisation, etat: str, suite: str, *, maintenant: datetime
) -> Preconisation:
    """Say what came of a recommendation, in this convention or in the one that renews it.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: given up without a reason.
    """
    exiger(acteur, preconisation.analyse.convention, Capacite.INSTRUIRE_CONVENTION)
    preconisation.etat, preconisation.suite = etat, suite.strip()
    valider(preconisation)
    preconisation.save()
    apres = {"preconisation": preconisation.libelle, "etat": etat, "suite": preconisation.suite}
    journaliser(actes.PRECONISATION, preconisation.analyse.convention, auteur=acteur.auteur, apres=apres)
    details = f"{preconisation.libelle} : {preconisation.get_etat_display().lower()}. {preconisation.suite}".strip()
    if etat != Preconisation.OUVERTE:
        fermer_tache(preconisation.analyse.convention.service, PRECONISER, str(preconisation.pk), maintenant)
    cle = f"{preconisation.pk}-{etat}-{suite}"[:80]
    dire("preconisation_suivie", preconisation.analyse.convention, acteur, cle=cle, details=details)
    return preconisation
