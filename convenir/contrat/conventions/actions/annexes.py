"""One annexe at a time: look at an exception, correct it, key it into the extranet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from convenir.contrat.conventions import actes, policies
from convenir.contrat.conventions.actions.taches_du_lot import tenir_le_lot
from convenir.contrat.conventions.models import A_REVOIR, AnnexeFinanciere, EtatAnnexe
from convenir.contrat.conventions.rules.termes import empreinte, en_json
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.commun.montants import montant_annexe
from convenir.socle.commun.periodes import Periode
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser


def _a_revoir(acteur: Acteur, annexe: AnnexeFinanciere) -> AnnexeFinanciere:
    policies.exiger(acteur, annexe.convention, Capacite.INSTRUIRE_CONVENTION)
    fraiche = AnnexeFinanciere.objects.select_for_update(of=("self",)).select_related("version", "convention").get(
        pk=annexe.pk
    )  # fmt: skip
    if fraiche.etat not in A_REVOIR:
        raise ActionRefusee(f"Cette annexe est « {fraiche.get_etat_display().lower()} » : elle ne se revoit plus ici.")
    return fraiche


@transaction.atomic
def revoir(
    acteur: Acteur, annexe: AnnexeFinanciere, *, postes: Decimal | None = None, unitaire: Decimal | None = None
) -> AnnexeFinanciere:
    """Review one annexe, with other posts (ETP) or another unit amount (euros) if they differ; its total follows.

    Raises:
        ActionRefusee: already keyed, or its version is no longer in preparation and the figures change.
    """
    fraiche = _a_revoir(acteur, annexe)
    avant = {"postes": fraiche.postes, "montant_unitaire": fraiche.montant_unitaire, "etat": fraiche.etat}
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
    tenir_le_lot(fraiche.convention.departement_id, fraiche.annee, maintenant=timezone.now())
    return fraiche


def _accorder_la_version(annexe: AnnexeFinanciere, postes: Decimal, unitaire: Decimal) -> None:
    """Keep the terms of the version and its annexe the same."""
    version = annexe.version
    if not version.modifiable:
        raise ActionRefusee(f"{version.libelle} n'est plus en préparation : préparez une modification.")
    termes = replace(version.termes, postes=postes, montant_unitaire=unitaire)
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
    tenir_le_lot(fraiche.convention.departement_id, fraiche.annee, maintenant=timezone.now())
    return fraiche
