"""What closes by itself: acts found at the ASP by an import, disputed figures that a calculation has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.models import VIVANTES, Convention, Origine, Passage, Version
from convenir.contrat.conventions.suites import Evenement, apres
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.actions.commun import ouvrir_tache
from convenir.contrat.suivi.actions.suites import ANALYSER
from convenir.contrat.suivi.annonces import dire_de_la_contestation
from convenir.contrat.suivi.models import AnalyseDeResultats, Contestation, SigneNonValide
from convenir.contrat.suivi.queries.resultats import resultats_de
from convenir.contrat.suivi.states import CONTESTATION, EtatContestation
from convenir.mesure.donnees.models import AnnexeLue
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.signals import instantane_calcule
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur

AUTEUR = Auteur.systeme("Suivi des conventions")
SIGNATURES = frozenset({"achever_signature"})
FINS = frozenset({"engager_renouvellement", "expirer"})


@apres
def apres_les_signatures(evenements: Sequence[Evenement]) -> None:
    """Wait for the ASP to know the acts signed here."""
    for evenement in evenements:
        if evenement.passage is not None and evenement.passage.transition in SIGNATURES:
            attendre_l_asp(evenement.passage)


@apres
def apres_la_fin(evenements: Sequence[Evenement]) -> None:
    """At the renewal or at the end, ask the service for the shared analysis, which starts from the results."""
    for e in evenements:
        if e.nom in FINS and not AnalyseDeResultats.objects.filter(convention=e.convention).exists():
            _demander_l_analyse(e.convention, e.maintenant)


def _demander_l_analyse(convention: Convention, maintenant: datetime) -> None:
    resultats = resultats_de(convention)
    ouvrir_tache(
        convention, convention.service, ANALYSER, convention.reference, "analyser les résultats ensemble",
        pourquoi=f"{resultats.phrase} {resultats.chemin}."[:500], maintenant=maintenant,
        url=reverse("suivi:analyse", args=[convention.reference]), echeance=convention.dernier_jour,
    )  # fmt: skip


def attendre_l_asp(passage: Passage) -> None:
    """Wait for the ASP to know an act signed here; a mission locale has no annexe there."""
    convention, version = passage.convention, passage.version
    if version is None or convention.structure_id is None or convention.origine == Origine.REPRISE:
        return
    attendu, neuf = SigneNonValide.objects.get_or_create(version=version, defaults={"ouvert_le": passage.jour})
    if neuf:
        journaliser(actes.SIGNE_NON_VALIDE, attendu, auteur=AUTEUR, apres={"convention": convention.reference})


@receiver(livraison_appliquee, dispatch_uid="suivi.livraison")
def apres_une_livraison(livraison_uuid: UUID, **_: Any) -> None:  # noqa: ARG001
    """Close the acts that the annexes now in force carry."""
    rapprocher_de_l_asp()


def rapprocher_de_l_asp() -> int:
    """Close the acts found valid at the ASP; return how many. Running it again closes nothing more."""
    clos = 0
    attendus = SigneNonValide.objects.filter(clos_le=None).select_related("version__convention")
    for attendu in attendus.iterator(chunk_size=500):
        annexe = annexe_qui_valide(attendu.version)
        if annexe is None:
            continue
        with transaction.atomic():
            attendu.clos_le, attendu.annexe_lue = timezone.localdate(), annexe
            attendu.save(update_fields=["clos_le", "annexe_lue"])
            journaliser(actes.VALIDE_ASP, attendu, auteur=AUTEUR, apres={"annexe": annexe.numero_complet})
        clos += 1
    return clos


def annexe_qui_valide(version: Version) -> AnnexeLue | None:
    """Return the valid annexe that carries a version: same structure, in effect that day, same posts.

    The posts are those of the act, or those of its annexe when it was written for the whole year.
    """
    candidates = AnnexeLue.objects.filter(
        structure=version.convention.structure_id, retenue=True, etat="VALIDE", disparue_le=None,
        debut__lte=version.effet, fin_incluse__gte=version.effet,
    )  # fmt: skip
    postes = version.termes.postes
    if postes is not None:
        ecrits = version.annexes.filter(etat__in=VIVANTES).values_list("postes", flat=True)
        candidates = candidates.filter(etp__in={postes, *ecrits})
    return candidates.order_by("-debut", "-pk").first()


def _dire_close(contestation: Contestation) -> None:
    suite = (
        f"Le chiffre est passé de {contestation.valeur_montree} à {contestation.valeur_nouvelle} : "
        "la contestation est close."
    )
    dire_de_la_contestation(
        contestation, "chiffre corrigé,", suite, Acteur.systeme(AUTEUR.nom), service=None, cle="close"
    )


@receiver(instantane_calcule, dispatch_uid="suivi.instantane")
def apres_un_calcul(instantane: Instantane, **_: Any) -> None:
    """Close the disputes whose figure, said corrected at its source, has changed."""
    if instantane.dispositif == "iae":
        clore_les_contestations(instantane)


def clore_les_contestations(instantane: Instantane) -> int:
    """Compare each disputed figure with its new value; one unchanged, or not calculated, stays shown as disputed."""
    closes = 0
    attendent = Contestation.objects.filter(etat=EtatContestation.A_LA_SOURCE).select_related("structure")
    for contestation in attendent:
        valeurs = indicateurs.valeurs(instantane, "siae", contestation.structure.code)
        lue = valeurs.get(contestation.indicateur, contestation.periode)
        nouvelle = lue.texte
        if nouvelle == contestation.valeur_montree or lue.statut == Statut.MANQUANT:
            continue
        with transaction.atomic():
            contestation.etat, contestation.close_le = CONTESTATION["clore"].vers, timezone.now()
            contestation.valeur_nouvelle = nouvelle[:60]
            contestation.save()
            apres = {"avant": contestation.valeur_montree, "apres": nouvelle}
            journaliser(actes.CONTESTATIONS["clore"], contestation, auteur=AUTEUR, apres=apres)
            _dire_close(contestation)
        closes += 1
    return closes
