"""Bulk take-over of running conventions from the annexes read: a report line per structure; idempotent."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from convenir.contrat.conventions.actions import accomplir
from convenir.contrat.conventions.actions.creation import NouvelleConvention, preparer
from convenir.contrat.conventions.models import Convention, NatureVersion, Origine, Version
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.models import Reprise
from convenir.mesure.donnees.models import AnnexeLue, ConventionLue
from convenir.socle.commun.erreurs import ActionRefusee, ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.territoires.models import Departement

REPRISE, DEJA, ECARTEE = "reprise", "déjà dans Convenir", "écartée"
DUREE_MAX_ANS = 3
VALIDES = ("VALIDE", "PROVISOIRE")


@dataclass(frozen=True)
class LigneDeReprise:
    """What came of one structure."""

    structure: str
    numero: str
    issue: str
    raison: str = ""
    reference: str = ""


@transaction.atomic
def demander_reprise(acteur: Acteur, departement: Departement, *, essai: bool, maintenant: datetime) -> Reprise:
    """Note that a take-over is asked for; `executer` does it.

    Raises:
        ActionRefusee: no right, or a département out of the perimeter.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")
    return Reprise.objects.create(
        departement=departement, essai=essai, demandee_le=maintenant, demandee_par=acteur.auteur.nom
    )


def executer(acteur: Acteur, reprise: Reprise, *, jour: date, maintenant: datetime) -> Reprise:
    """Take over every running convention of a département, or say what that would do (`essai`).

    A structure that fails is set aside with its reason; the others go on.
    """
    lignes = [_une(acteur, annexe, reprise.essai, jour, maintenant) for annexe in annexes_a_reprendre(reprise, jour)]
    with transaction.atomic():
        reprise.rapport, reprise.finie_le = [asdict(ligne) for ligne in lignes], maintenant
        reprise.save(update_fields=["rapport", "finie_le"])
        apres = {
            "essai": reprise.essai,
            "reprises": sum(ligne.issue == REPRISE for ligne in lignes),
            "lues": len(lignes),
        }
        journaliser(actes.REPRISE, reprise, auteur=acteur.auteur, apres=apres)
    return reprise


def annexes_a_reprendre(reprise: Reprise, jour: date) -> list[AnnexeLue]:
    """Return the annexe in force of each structure of a département, the latest when there are several."""
    en_vigueur = AnnexeLue.objects.filter(
        structure__departement=reprise.departement_id, retenue=True, disparue_le=None, debut__lte=jour,
        fin_incluse__gte=jour,
    ).exclude(mesure__startswith="FDI")  # fmt: skip
    liees = ("structure__porteur", "structure__departement", "convention")
    par_structure: dict[int, AnnexeLue] = {}
    for annexe in en_vigueur.select_related(*liees).order_by("structure__denomination", "structure_id", "debut", "pk"):
        if annexe.structure_id is not None:
            par_structure[annexe.structure_id] = annexe
    return list(par_structure.values())


def _une(acteur: Acteur, annexe: AnnexeLue, essai: bool, jour: date, maintenant: datetime) -> LigneDeReprise:
    nom, numero = str(annexe.structure), annexe.numero_complet
    deja = Convention.objects.filter(structure=annexe.structure, fin__gt=jour).exclude(etat="refuse").first()
    if deja is not None:
        return LigneDeReprise(nom, numero, DEJA, reference=deja.reference)
    if annexe.etat not in VALIDES:
        return LigneDeReprise(nom, numero, ECARTEE, f"l'annexe est à l'état {annexe.etat}")
    if essai:
        return LigneDeReprise(nom, numero, REPRISE)
    try:
        with transaction.atomic():
            convention = _creer(acteur, annexe, jour, maintenant)
    except (ErreurMetier, ValueError) as erreur:
        return LigneDeReprise(nom, numero, ECARTEE, str(erreur))
    return LigneDeReprise(nom, numero, REPRISE, reference=convention.reference)


def _creer(acteur: Acteur, annexe: AnnexeLue, jour: date, maintenant: datetime) -> Convention:
    if annexe.structure is None:
        raise ValueError("annexe sans structure")
    debut, fin = _periode(annexe)
    demande = NouvelleConvention(
        partie=annexe.structure, debut=debut, fin=fin,
        motif_periode="" if _civile(debut, fin) else "Période lue à l'ASP",
        motif_duree="fragile" if (fin - debut).days <= 366 else "",
        precision_duree="Durée lue à l'ASP, motif à préciser" if (fin - debut).days <= 366 else "",
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
    return debut, min(fin, date(debut.year + DUREE_MAX_ANS, debut.month, min(debut.day, 28)))


def _civile(debut: date, fin: date) -> bool:
    return (debut.month, debut.day, fin.month, fin.day) == (1, 1, 1, 1)


def _termes(annexe: AnnexeLue) -> Termes:
    return Termes(
        postes=annexe.etp, montant_unitaire=annexe.montant_unitaire, heures_etp=annexe.heures_etp,
        sorties_prevues=annexe.nb_prev_sorties, taux_durable=annexe.taux_durable,
        taux_transition=annexe.taux_transition, taux_positives=annexe.taux_positives,
    )  # fmt: skip
