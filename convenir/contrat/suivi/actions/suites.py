"""Funders' annexes and accounts, analysis at the end of a convention, control of eligibility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.actions.commun import exiger, fermer_tache
from convenir.contrat.suivi.models import (
    AnalyseDeResultats,
    AnnexeDeFinanceur,
    CampagneDeControle,
    Controle,
    Preconisation,
)
from convenir.contrat.suivi.rules import controle as regles
from convenir.contrat.suivi.rules.controle import Etape
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour
from convenir.socle.territoires.models import Departement

ANALYSER = "suivi.analyser"
SEMAINES = "iae.controle.auto_prescription_semaines"


def _valider(objet: models.Model) -> None:
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(erreur.messages)) from erreur


@transaction.atomic
def annexer(acteur: Acteur, convention: Convention, champs: Mapping[str, object]) -> AnnexeDeFinanceur:
    """Write the objectives, the responsibilities and the plan of a funder for a year.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a field is wrong, or this funder already has its annex.
    """
    exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    annexe = AnnexeDeFinanceur(convention=convention, **champs)
    _valider(annexe)
    annexe.save()
    apres = {"financeur": annexe.financeur, "annee": annexe.annee, "prevu": annexe.prevu}
    journaliser(actes.ANNEXE_FINANCEUR, convention, auteur=acteur.auteur, apres=apres)
    return annexe


@transaction.atomic
def rendre_compte(
    acteur: Acteur, annexe: AnnexeDeFinanceur, realise: Decimal, explication: str, *, jour: date
) -> AnnexeDeFinanceur:
    """Give the account of a funder's money; any gap to the plan is explained.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a gap without explanation, or a negative amount.
    """
    exiger(acteur, annexe.convention, Capacite.REDIGER_DEMANDE)
    annexe.realise, annexe.explication, annexe.rendu_le = realise, explication.strip(), jour
    _valider(annexe)
    annexe.save()
    apres = {"financeur": annexe.financeur, "realise": realise, "ecart": annexe.ecart}
    journaliser(actes.COMPTE_RENDU, annexe.convention, auteur=acteur.auteur, apres=apres)
    return annexe


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
    _valider(analyse)
    analyse.save()
    journaliser(actes.ANALYSE, convention, auteur=acteur.auteur, apres={"issue": analyse.issue})
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
    _valider(preconisation)
    preconisation.save()
    apres = {"preconisation": preconisation.libelle, "horizon": preconisation.horizon}
    journaliser(actes.PRECONISATION, analyse.convention, auteur=acteur.auteur, apres=apres)
    return preconisation


@transaction.atomic
def suivre(acteur: Acteur, preconisation: Preconisation, etat: str, suite: str) -> Preconisation:
    """Say what came of a recommendation, in this convention or in the one that renews it.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: given up without a reason.
    """
    exiger(acteur, preconisation.analyse.convention, Capacite.INSTRUIRE_CONVENTION)
    preconisation.etat, preconisation.suite = etat, suite.strip()
    _valider(preconisation)
    preconisation.save()
    apres = {"preconisation": preconisation.libelle, "etat": etat, "suite": preconisation.suite}
    journaliser(actes.PRECONISATION, preconisation.analyse.convention, auteur=acteur.auteur, apres=apres)
    return preconisation


@transaction.atomic
def tirer_echantillon(
    acteur: Acteur, departement: Departement, annee: int, graine: str, taille: int, *, maintenant: datetime
) -> CampagneDeControle:
    """Draw the structures to control for a year, once; the seed and the list allow anyone to draw again.

    Raises:
        ActionRefusee: no right, or a département out of the perimeter.
        EntreeInvalide: no structure, an empty seed, or a year already drawn.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")
    if CampagneDeControle.objects.filter(departement=departement, annee=annee).exists():
        raise EntreeInvalide("L'échantillon de cette année est déjà tiré : il ne se tire qu'une fois.")
    structures = {s.code: s for s in Structure.objects.filter(departement=departement).suivies()}
    if not structures:
        raise EntreeInvalide("Aucune structure n'est connue dans ce département.")
    tirees = regles.tirer(graine, structures, taille)
    campagne = CampagneDeControle.objects.create(
        departement=departement, annee=annee, graine=graine.strip(), population=sorted(structures),
        empreinte=regles.empreinte_population(structures), taille=len(tirees), tiree_le=maintenant,
        tiree_par=acteur.auteur.nom,
    )  # fmt: skip
    Controle.objects.bulk_create(Controle(campagne=campagne, structure=structures[code]) for code in tirees)
    apres = {"graine": campagne.graine, "empreinte": campagne.empreinte, "taille": campagne.taille}
    journaliser(actes.ECHANTILLON, campagne, auteur=acteur.auteur, apres=apres)
    return campagne


@transaction.atomic
def tirer_embauches(acteur: Acteur, controle: Controle, effectif: int, taille: int) -> Controle:
    """Draw, once and before the notification, the hires of the year that the structure will have to justify.

    Args:
        effectif: self-prescribed hires of the year, as the structure lists them by date.
        taille: how many are drawn.

    Raises:
        ActionRefusee: no right, hires already drawn, or a control already notified.
        EntreeInvalide: empty list or size below one.
    """
    _exiger_controle(acteur, controle)
    if controle.embauches:
        raise ActionRefusee("Les embauches de ce contrôle sont déjà tirées : elles ne se tirent qu'une fois.")
    if controle.notifie_le or controle.etape == Etape.CLOS:
        raise ActionRefusee("Le contrôle est notifié : la structure sait déjà ce qu'elle doit justifier.")
    campagne = controle.campagne
    controle.embauches = regles.tirer_embauches(campagne.graine, controle.structure.code, effectif, taille)
    controle.auto_prescriptions = effectif
    controle.save()
    apres = {"graine": campagne.graine, "auto_prescriptions": effectif, "embauches": controle.embauches}
    journaliser(actes.CONTROLE_EMBAUCHES, controle, auteur=acteur.auteur, apres=apres)
    return controle


@transaction.atomic
def avancer(acteur: Acteur, controle: Controle, acte: str, *, jour: date) -> Controle:
    """Notify (first delay of six weeks), receive the proofs, open the second delay, receive observations, go on.

    Raises:
        ActionRefusee: no right, an act that this step does not allow, or a delay still running.
    """
    _exiger_controle(acteur, controle)
    if acte not in ACTES or controle.etape not in ACTES[acte]:
        raise ActionRefusee("Cet acte n'est pas possible à cette étape du contrôle.")
    semaines = int(a_jour().valeur(SEMAINES, jour).valeur)
    if acte == "notifier":
        if controle.notifie_le:
            raise ActionRefusee("Le contrôle est déjà notifié.")
        controle.notifie_le, controle.premier_delai = jour, regles.echeance(jour, semaines)
    elif acte == "repondre":
        if controle.notifie_le is None:
            raise ActionRefusee("Notifiez d'abord le contrôle à la structure : rien ne lui est encore demandé.")
        controle.repondu_le = jour
    elif acte == "observer":
        controle.observe_le = jour
    else:
        _passer(controle, jour, semaines)
    controle.save()
    journaliser(
        actes.CONTROLE, controle, auteur=acteur.auteur, apres={"acte": acte, "etape": controle.etape, "jour": jour}
    )
    return controle


ACTES = {
    "notifier": {Etape.JUSTIFICATIFS},
    "repondre": {Etape.JUSTIFICATIFS},
    "observer": {Etape.OBSERVATIONS},
    "suivre": {Etape.JUSTIFICATIFS, Etape.OBSERVATIONS},
}


def _passer(controle: Controle, jour: date, semaines: int) -> None:
    """Go to the next step once the delay is over or the structure has answered."""
    premier = controle.etape == Etape.JUSTIFICATIFS
    fin = controle.premier_delai if premier else controle.second_delai
    if fin is None:
        raise ActionRefusee("Notifiez d'abord le contrôle à la structure : ses délais n'ont pas commencé.")
    repondu = controle.repondu_le is not None if premier else controle.observe_le is not None
    if raison := regles.refus_de_conclure(controle.etape, fin, jour, repondu=repondu):
        raise ActionRefusee(raison)
    if premier:
        controle.etape, controle.second_delai = Etape.OBSERVATIONS, regles.echeance(jour, semaines)
    else:
        controle.etape = Etape.DECISION


@dataclass(frozen=True)
class Decision:
    """What the State decides after a control; amounts in euros."""

    resultat: str
    personnes: int | None = None
    suspension_du: date | None = None
    suspension_au: date | None = None
    remboursement: Decimal | None = None
    cofinanceur_informe_le: date | None = None
    motif: str = ""


@transaction.atomic
def decider(acteur: Acteur, controle: Controle, decision: Decision) -> Controle:
    """Close a control: in order at any step once answered, otherwise with reasons, suspension and repayment.

    Raises:
        ActionRefusee: no right, or an adverse decision before the two delays.
        EntreeInvalide: an adverse decision without its reasons, reversed dates.
    """
    _exiger_controle(acteur, controle)
    conforme = decision.resultat == "conforme"
    if controle.etape == Etape.CLOS:
        raise ActionRefusee("Ce contrôle est clos.")
    if not conforme and controle.etape != Etape.DECISION:
        raise ActionRefusee("Une décision défavorable attend la fin des deux délais de la structure.")
    if conforme and controle.repondu_le is None:
        raise ActionRefusee("La structure n'a pas encore produit ses justificatifs.")
    if conforme and (decision.suspension_du or decision.remboursement):
        raise EntreeInvalide("Un contrôle conforme n'entraîne ni suspension ni remboursement.")
    if controle.embauches and (decision.personnes or 0) > len(controle.embauches):
        raise EntreeInvalide(f"Le contrôle ne porte que sur {len(controle.embauches)} embauches tirées.")
    for nom, valeur in decision.__dict__.items():
        setattr(controle, nom, valeur)
    controle.etape = Etape.CLOS
    _valider(controle)
    controle.save()
    apres = {
        "resultat": controle.resultat,
        "remboursement": controle.remboursement,
        "suspension": controle.suspension_du,
    }
    journaliser(actes.CONTROLE_DECIDE, controle, auteur=acteur.auteur, apres=apres)
    return controle


def _exiger_controle(acteur: Acteur, controle: Controle) -> None:
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not Structure.objects.visibles_par(acteur.perimetre).filter(pk=controle.structure_id).exists():
        raise ActionRefusee("Cette structure n'est pas dans votre périmètre.")
