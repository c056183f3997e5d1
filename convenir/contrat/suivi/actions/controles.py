"""A-posteriori control of eligibility: draw, two delays, and a decision like any adverse one (R. 5132-1-12 to -16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from convenir.contrat.conventions.actions import Projet, decider_apres_controle
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.suites import acte as un_acte
from convenir.contrat.suivi import actes
from convenir.contrat.suivi.actions.suites import valider
from convenir.contrat.suivi.annonces import dire_du_controle
from convenir.contrat.suivi.models import CampagneDeControle, Controle
from convenir.contrat.suivi.queries.controles import convention_controlee
from convenir.contrat.suivi.rules import controle as regles
from convenir.contrat.suivi.rules.controle import Etape
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import a_jour
from convenir.socle.territoires.models import Departement

SEMAINES = "iae.controle.auto_prescription_semaines"


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
    graine = graine.strip()
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")
    if CampagneDeControle.objects.filter(departement=departement, annee=annee).exists():
        raise EntreeInvalide("L'échantillon de cette année est déjà tiré : il ne se tire qu'une fois.")
    structures = {
        s.code: s for s in Structure.objects.filter(departement=departement).suivies().select_related("porteur")
    }
    if not structures:
        raise EntreeInvalide("Aucune structure n'est connue dans ce département.")
    tirees = regles.tirer(graine, structures, taille)
    campagne = CampagneDeControle.objects.create(
        departement=departement, annee=annee, graine=graine, population=sorted(structures),
        empreinte=regles.empreinte_population(structures), taille=len(tirees), tiree_le=maintenant,
        tiree_par=acteur.auteur.nom,
    )  # fmt: skip
    tires = Controle.objects.bulk_create(Controle(campagne=campagne, structure=structures[code]) for code in tirees)
    apres = {"graine": campagne.graine, "empreinte": campagne.empreinte, "taille": campagne.taille}
    journaliser(actes.ECHANTILLON, campagne, auteur=acteur.auteur, apres=apres)
    for controle in tires:
        dire_du_controle(
            "tirer", controle, acteur, details="Rien ne vous est demandé avant que le service vous écrive."
        )
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
        controle.repondu_le = _une_fois(controle.repondu_le, jour)
    elif acte == "observer":
        controle.observe_le = _une_fois(controle.observe_le, jour)
    else:
        _passer(controle, jour, semaines)
    controle.save()
    journaliser(
        actes.CONTROLE, controle, auteur=acteur.auteur, apres={"acte": acte, "etape": controle.etape, "jour": jour}
    )
    _dire_l_etape(acteur, controle, acte, jour)
    return controle


def _une_fois(deja: date | None, jour: date) -> date:
    """Return the day of an answer received; the first one stands: it says whether the delay was kept."""
    if deja is not None:
        raise ActionRefusee(f"Cette réponse est déjà enregistrée, le {en_mots(deja)}.")
    return jour


def _dire_l_etape(acteur: Acteur, controle: Controle, acte: str, jour: date) -> None:
    """Tell the structure what a step asks from it, and until when."""
    if acte == "notifier":
        rangs = ", ".join(str(rang) for rang in controle.embauches)
        quoi = f"Rangs de votre liste à justifier : {rangs}. " if rangs else ""
        details = f"{quoi}Produisez-les avant la fin du {en_mots(controle.premier_delai)}."
    elif acte != "suivre":
        details = f"Le {en_mots(jour)}."
    elif controle.etape == Etape.OBSERVATIONS:
        acte, details = "demander_observations", f"Présentez-les avant la fin du {en_mots(controle.second_delai)}."
    else:
        acte, details = "finir_les_delais", "Vos deux délais sont passés ou vous avez répondu : le service décide."
    dire_du_controle(acte, controle, acteur, details=details)


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
class Resultat:
    """What a control found; `projet` suspends the self-prescription or reclaims the aid, as an adverse decision.

    Attributes:
        conforme: nothing to say against the structure.
        personnes: hires found not eligible.
        motif: what was found; needed when something was.
        projet: the adverse decision, when there is one.
    """

    conforme: bool
    personnes: int | None = None
    motif: str = ""
    projet: Projet | None = None


@un_acte
def decider(acteur: Acteur, controle: Controle, resultat: Resultat) -> Controle:
    """Close a control: in order at any step once answered, otherwise with reasons and, if need be, a decision.

    Raises:
        ActionRefusee: no right, an adverse decision before the two delays, or no convention known to carry it.
        EntreeInvalide: an adverse result without its reasons, a decision that lacks something.
    """
    _exiger_controle(acteur, controle)
    _exiger_resultat(controle, resultat)
    if resultat.projet is not None:
        convention = _convention(controle)
        controle.decision = decider_apres_controle(acteur, convention, resultat.projet)
    controle.resultat = "conforme" if resultat.conforme else "non_conforme"
    controle.personnes, controle.motif, controle.etape = resultat.personnes, resultat.motif.strip(), Etape.CLOS
    valider(controle)
    controle.save()
    apres = {"resultat": controle.resultat, "personnes": controle.personnes, "decision": controle.decision_id}
    journaliser(actes.CONTROLE_DECIDE, controle, auteur=acteur.auteur, apres=apres)
    if controle.decision is None:
        dire_du_controle(controle.resultat, controle, acteur, details=controle.motif)
    return controle


def _exiger_resultat(controle: Controle, resultat: Resultat) -> None:
    if controle.etape == Etape.CLOS:
        raise ActionRefusee("Ce contrôle est clos.")
    if not resultat.conforme and controle.etape != Etape.DECISION:
        raise ActionRefusee("Une décision défavorable attend la fin des deux délais de la structure.")
    if resultat.conforme and controle.repondu_le is None:
        raise ActionRefusee("La structure n'a pas encore produit ses justificatifs.")
    if resultat.conforme and resultat.projet is not None:
        raise EntreeInvalide("Un contrôle conforme n'entraîne ni suspension ni remboursement.")
    if controle.embauches and (resultat.personnes or 0) > len(controle.embauches):
        raise EntreeInvalide(f"Le contrôle ne porte que sur {len(controle.embauches)} embauches tirées.")
    if not resultat.conforme and not resultat.motif.strip():
        raise EntreeInvalide("Une décision défavorable porte ses motifs.")


def _convention(controle: Controle) -> Convention:
    """Return the convention that carries the decision.

    Raises:
        ActionRefusee: none is known here.
    """
    trouvee = convention_controlee(controle)
    if trouvee is None:
        raise ActionRefusee(
            "Aucune convention signée de cette structure n'est connue dans Convenir : reprenez-la d'abord. "
            "La décision s'y attache, avec sa notification et ses recours."
        )
    return trouvee


@transaction.atomic
def informer_le_cofinanceur(acteur: Acteur, controle: Controle, *, jour: date) -> Controle:
    """Record that the co-financing département was told of the repayment (R. 5132-1-16).

    Raises:
        ActionRefusee: no right, nothing reclaimed, or already told.
        EntreeInvalide: before the decision.
    """
    _exiger_controle(acteur, controle)
    decision = controle.decision
    if decision is None or decision.montant is None:
        raise ActionRefusee("Aucun remboursement n'est demandé : il n'y a rien à faire savoir au département.")
    if controle.cofinanceur_informe_le:
        raise ActionRefusee(f"Le département a été informé le {controle.cofinanceur_informe_le:%d/%m/%Y}.")
    if jour < decision.prise_le:
        raise EntreeInvalide("Le département s'informe d'une décision prise.")
    controle.cofinanceur_informe_le = jour
    controle.save(update_fields=["cofinanceur_informe_le"])
    journaliser(actes.COFINANCEUR_INFORME, controle, auteur=acteur.auteur, apres={"jour": jour})
    return controle


def _exiger_controle(acteur: Acteur, controle: Controle) -> None:
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not Structure.objects.visibles_par(acteur.perimetre).filter(pk=controle.structure_id).exists():
        raise ActionRefusee("Cette structure n'est pas dans votre périmètre.")
    # Ce qu'un autre agent vient d'écrire compte : un contrôle ne se décide pas deux fois.
    controle.refresh_from_db(from_queryset=Controle.objects.select_for_update())
