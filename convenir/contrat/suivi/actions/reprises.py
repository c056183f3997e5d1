"""Bulk take-over of running conventions from the annexes read, in the background: a line per structure; idempotent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.actions import accomplir
from convenir.contrat.conventions.actions.creation import NouvelleConvention, preparer
from convenir.contrat.conventions.actions.operations import Suite, ouvrage, par_lots
from convenir.contrat.conventions.models import Convention, GenreOperation, NatureVersion, Operation, Origine, Version
from convenir.contrat.conventions.rules import periodes
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.mesure.donnees.models import AnnexeLue, ConventionLue
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.periodes import Periode, ajouter_mois
from convenir.socle.comptes.acteur import Acteur

REPRISE, DEJA, ECARTEE = "reprise", "déjà présente", "écartée"
DUREE_MAX_ANS = 3
VALIDES = ("VALIDE", "PROVISOIRE")


TAILLE = 25


@ouvrage(GenreOperation.ANNEXES)
def reprendre_les_annexes(acteur: Acteur, operation: Operation, suite: Suite) -> None:
    """Take over every running convention of a département, or say what that would do (`essai`).

    A structure that fails is set aside with its reason; the others go on. Done again, it takes nothing over twice.
    """
    jour = timezone.localdate()
    annexes = annexes_a_reprendre(operation.departement_id, jour)
    suite.compter(len(annexes))
    for lot in par_lots(annexes, TAILLE):
        suite.avancer([_une(acteur, annexe, jour, essai=operation.essai) for annexe in lot])


def annexes_a_reprendre(departement: str, jour: date) -> list[AnnexeLue]:
    """Return the annexe in force of each structure of a département, the latest when there are several."""
    en_vigueur = AnnexeLue.objects.filter(
        structure__departement=departement, retenue=True, disparue_le=None, debut__lte=jour, fin_incluse__gte=jour,
    ).exclude(mesure__startswith="FDI")  # fmt: skip
    liees = ("structure__porteur", "structure__departement", "convention")
    par_structure: dict[int, AnnexeLue] = {}
    for annexe in en_vigueur.select_related(*liees).order_by("structure__denomination", "structure_id", "debut", "pk"):
        if annexe.structure_id is not None:
            par_structure[annexe.structure_id] = annexe
    return list(par_structure.values())


def _une(acteur: Acteur, annexe: AnnexeLue, jour: date, *, essai: bool) -> dict[str, str]:
    deja = Convention.objects.filter(structure=annexe.structure, fin__gt=jour).exclude(etat="refuse").first()
    if deja is not None:
        return _ligne(annexe, DEJA, reference=deja.reference)
    if annexe.etat not in VALIDES:
        return _ligne(annexe, ECARTEE, f"elle est à l’état {annexe.etat}")
    if essai:
        return _ligne(annexe, REPRISE)
    try:
        with transaction.atomic():
            convention = _creer(acteur, annexe, jour, timezone.now())
    except (ErreurMetier, ValueError) as erreur:
        return _ligne(annexe, ECARTEE, str(erreur))
    return _ligne(annexe, REPRISE, reference=convention.reference)


def _ligne(annexe: AnnexeLue, issue: str, raison: str = "", reference: str = "") -> dict[str, str]:
    """Return a line of the report, in the shape of every long work."""
    lue = f"Annexe {annexe.numero_complet}"
    detail = f"{lue} : {raison}" if raison else lue
    return {"partie": str(annexe.structure), "reference": reference, "issue": issue, "detail": detail}


def _creer(acteur: Acteur, annexe: AnnexeLue, jour: date, maintenant: datetime) -> Convention:
    if annexe.structure is None:
        raise ValueError("annexe sans structure")
    debut, fin = _periode(annexe)
    periode = Periode(debut, fin)
    courte = periodes.est_d_un_an_au_plus(periode)
    demande = NouvelleConvention(
        partie=annexe.structure, debut=debut, fin=fin,
        motif_periode="" if periodes.suit_l_annee_civile(periode) else "Période lue à l'ASP",
        motif_duree="fragile" if courte else "",
        precision_duree="Durée lue à l'ASP, motif à préciser" if courte else "",
    )  # fmt: skip
    convention = preparer(demande, maintenant=maintenant, jour=jour, origine=Origine.REPRISE)
    convention.convention_lue = annexe.convention
    convention.numero_asp = annexe.convention.numero if annexe.convention else annexe.numero
    convention.save()
    termes = _termes(annexe)
    Version.objects.create(
        convention=convention,
        nature=NatureVersion.INITIALE,
        rang=0,
        effet=debut,
        termes_json=en_json(termes),
        clauses_fin=min(annexe.fin_incluse + timedelta(days=1), fin),
        objet=f"Reprise de l'annexe {annexe.numero_complet}",
        empreinte=empreinte(termes),
        creee_le=maintenant,
    )
    return accomplir(acteur, convention, "reprendre", jour=jour, maintenant=maintenant)


def _periode(annexe: AnnexeLue) -> tuple[date, date]:
    """Return the period of the convention read, cut to three years up to the annexe; else that of the annexe."""
    lue: ConventionLue | None = annexe.convention
    debut = lue.debut if lue else annexe.debut
    fin = (lue.fin_incluse if lue else annexe.fin_incluse) + timedelta(days=1)
    plus_tot = date(annexe.debut.year - DUREE_MAX_ANS + 1, 1, 1)
    debut = max(debut, plus_tot)
    return debut, min(fin, ajouter_mois(debut, 12 * DUREE_MAX_ANS))


def _termes(annexe: AnnexeLue) -> Termes:
    return Termes(
        postes=annexe.etp, montant_unitaire=annexe.montant_unitaire, heures_etp=annexe.heures_etp,
        sorties_prevues=annexe.nb_prev_sorties, taux_durable=annexe.taux_durable,
        taux_transition=annexe.taux_transition, taux_positives=annexe.taux_positives,
    )  # fmt: skip
