"""One annexe at a time: look at an exception, correct it, key it into the extranet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from convenir.contrat.conventions import actes, policies
from convenir.contrat.conventions.actions.annexes_de_version import pour_l_annee
from convenir.contrat.conventions.actions.lots import tenir_le_lot_entier
from convenir.contrat.conventions.attendus import accorder
from convenir.contrat.conventions.models import A_REVOIR, AnnexeFinanciere, EtatAnnexe, Version
from convenir.contrat.conventions.rules.termes import empreinte, en_json
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.commun.montants import montant_annexe
from convenir.socle.commun.periodes import Periode
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser

A_REPRENDRE = A_REVOIR | {EtatAnnexe.REJETE}


def _a_revoir(acteur: Acteur, annexe: AnnexeFinanciere, etats: Collection[str] = A_REVOIR) -> AnnexeFinanciere:
    policies.exiger(acteur, annexe.convention, Capacite.INSTRUIRE_CONVENTION)
    fraiche = AnnexeFinanciere.objects.select_for_update(of=("self",)).select_related("version", "convention").get(
        pk=annexe.pk
    )  # fmt: skip
    if fraiche.etat not in etats:
        raise ActionRefusee(f"Cette annexe est « {fraiche.get_etat_display().lower()} » : elle ne se revoit plus ici.")
    return fraiche


@transaction.atomic
def revoir(
    acteur: Acteur, annexe: AnnexeFinanciere, *, postes: Decimal | None = None, unitaire: Decimal | None = None
) -> AnnexeFinanciere:
    """Review one annexe, with other posts (ETP) or another unit amount (euros) if they differ; its total follows.

    One that the ASP rejected loses its number, which stays in the journal, and is keyed again.

    Raises:
        ActionRefusee: already keyed, or its version is no longer in preparation and the figures change.
        EntreeInvalide: a number that no annexe can hold.
    """
    fraiche = _a_revoir(acteur, annexe, A_REPRENDRE)
    avant = {"postes": fraiche.postes, "montant_unitaire": fraiche.montant_unitaire, "etat": fraiche.etat,
             "numero": fraiche.numero}  # fmt: skip
    if fraiche.etat == EtatAnnexe.REJETE:
        fraiche.numero, fraiche.annexe_lue = "", None
    neufs = (
        postes if postes is not None else fraiche.postes,
        unitaire if unitaire is not None else fraiche.montant_unitaire,
    )
    if neufs != (fraiche.postes, fraiche.montant_unitaire):
        _accorder_la_version(fraiche, *neufs)
    fraiche.postes, fraiche.montant_unitaire = neufs
    mois = Periode(fraiche.debut, fraiche.fin).nombre_de_mois
    fraiche.montant_total = montant_annexe(*neufs, mois)
    fraiche.etat, fraiche.motif = EtatAnnexe.REVUE, ""
    fraiche.jeton += 1
    fraiche.save()
    apres = {"postes": fraiche.postes, "montant_unitaire": fraiche.montant_unitaire, "etat": fraiche.etat}
    journaliser(actes.EXCEPTER, fraiche.convention, auteur=acteur.auteur, avant=avant, apres=apres)
    _tenir_les_taches(fraiche)
    return fraiche


@transaction.atomic
def etablir_pour_l_annee(acteur: Acteur, annexe: AnnexeFinanciere) -> AnnexeFinanciere:
    """Write the annexe of an in-year avenant for the whole year, with its weighted posts; the act itself is unchanged.

    Raises:
        ActionRefusee: already keyed, or a year that cannot be weighed.
    """
    fraiche = _a_revoir(acteur, annexe)
    entiere = pour_l_annee(fraiche)
    if entiere is None:
        raise ActionRefusee(
            "L'année entière ne se calcule pas : les termes d'avant ne couvrent pas ses premiers mois."
        )
    avant = {"postes": fraiche.postes, "debut": fraiche.debut, "etat": fraiche.etat}
    fraiche.debut, fraiche.postes = date(fraiche.annee, 1, 1), entiere.postes
    fraiche.montant_total, fraiche.etat, fraiche.motif = entiere.total, EtatAnnexe.REVUE, ""
    fraiche.jeton += 1
    fraiche.save()
    apres = {"postes": fraiche.postes, "debut": fraiche.debut, "etat": fraiche.etat, "calcul": entiere.calcul}
    journaliser(actes.EXCEPTER, fraiche.convention, auteur=acteur.auteur, avant=avant, apres=apres)
    _tenir_les_taches(fraiche)
    return fraiche


def _tenir_les_taches(annexe: AnnexeFinanciere) -> None:
    """Bring « à faire » up to date: that of the batch, or that of the convention for an act out of any batch."""
    maintenant = timezone.now()
    tenir_le_lot_entier(annexe.convention.departement_id, annexe.annee, maintenant=maintenant)
    accorder(annexe.convention, jour=timezone.localdate(maintenant), maintenant=maintenant)


def _accorder_la_version(annexe: AnnexeFinanciere, postes: Decimal, unitaire: Decimal) -> None:
    """Keep the terms of the version and its annexe the same; the version is read again, locked."""
    version = Version.objects.select_for_update().get(pk=annexe.version_id)
    if not version.modifiable:
        raise ActionRefusee(f"{version.libelle} n'est plus en préparation : préparez une modification.")
    try:
        termes = replace(version.termes, postes=postes, montant_unitaire=unitaire)
    except ValueError as erreur:
        raise EntreeInvalide(str(erreur)) from erreur
    version.termes_json, version.empreinte = en_json(termes), empreinte(termes)
    version.jeton += 1
    version.save()


@transaction.atomic
def saisir(acteur: Acteur, annexe: AnnexeFinanciere, numero: str) -> AnnexeFinanciere:
    """Record the number that the extranet gave; read tolerantly, kept and printed exactly.

    Raises:
        ActionRefusee: an exception is still to be looked at.
        EntreeInvalide: not a number of annexe, or already carried by another.
    """
    fraiche = _a_revoir(acteur, annexe)
    if fraiche.etat == EtatAnnexe.EXCEPTION:
        raise ActionRefusee(f"Cette annexe est à revoir d'abord : {fraiche.motif}.")
    try:
        lu = lire_numero_annexe(numero)
    except ValueError as erreur:
        raise EntreeInvalide(str(erreur)) from erreur
    if lu.mesure != fraiche.convention.categorie:
        raise EntreeInvalide(
            f"{lu} est un numéro de {lu.mesure} ; la convention est de {fraiche.convention.categorie}."
        )
    fraiche.numero, fraiche.etat = str(lu), EtatAnnexe.SAISI
    fraiche.jeton += 1
    try:
        with transaction.atomic():
            fraiche.save()
    except IntegrityError as erreur:
        raise EntreeInvalide(f"Une autre annexe porte déjà le numéro {lu}.") from erreur
    journaliser(actes.SAISIR, fraiche.convention, auteur=acteur.auteur, apres={"numero": fraiche.numero})
    _tenir_les_taches(fraiche)
    return fraiche
