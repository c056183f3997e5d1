"""Who is told what after each act: one table, so that no act is forgotten and none is told twice.

The party whose turn it is gets a task; who is in charge by name learns of it through that task alone. A grouped mail
leaves by person and period, by the rhythm each one chose (`socle/taches`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convenir.contrat.conventions import personnes
from convenir.contrat.conventions.models import Convention, EtatSignature, Signature
from convenir.contrat.conventions.rules.signataires import EtatDePartie, a_son_tour
from convenir.contrat.conventions.suites import Evenement
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.taches.genres import Rythme, declarer
from convenir.socle.taches.notifications import Fait, n_attend_plus

TOUR = declarer("conventions.tour", "Une convention attend votre organisation", attend=True)
AVANCEMENT = declarer("conventions.avancement", "Une convention avance")
DECISION = declarer("conventions.decision", "Une décision est prise sur une convention", Rythme.IMMEDIAT)
RELANCE = declarer("conventions.relance", "Votre signature est relancée", Rythme.IMMEDIAT, attend=True)

STRUCTURE, SERVICE, SIGNATAIRES, AU_TOUR_DE_SIGNER = "structure", "service", "signataires", "au tour de signer"


@dataclass(frozen=True)
class Annonce:
    """What is told of an act, to which parties, as which kind; `suite` is what follows from it for them."""

    libelle: str
    a: tuple[str, ...]
    genre: str = AVANCEMENT
    suite: str = ""


def _a(libelle: str, *a: str, genre: str = AVANCEMENT, suite: str = "") -> Annonce:
    return Annonce(libelle, a, genre, suite)


ANNONCES: dict[str, Annonce | None] = {
    # La demande
    "deposer": _a("demande déposée", SERVICE, genre=TOUR, suite="Dites si elle est complète, ou demandez les pièces."),
    "declarer_incomplet": _a("pièces demandées", STRUCTURE, genre=TOUR, suite="Fournissez-les dans le délai."),
    "completer": _a("pièces déposées", SERVICE, genre=TOUR, suite="Dites si la demande est complète."),
    "declarer_complet": _a("demande complète", STRUCTURE, suite="L’instruction commence."),
    "renvoyer": _a("demande rendue", STRUCTURE, genre=TOUR, suite="Corrigez-la, puis déposez-la de nouveau."),
    "instruire": _a("instruction commencée", STRUCTURE),
    "negocier": _a("négociation des objectifs ouverte", STRUCTURE),
    "reprendre_instruction": _a("retour à l’instruction", STRUCTURE),
    # L'avis
    "soumettre_avis": _a("soumise à l’avis de la commission", STRUCTURE),
    "retirer_avis": _a("demande d’avis retirée", STRUCTURE),
    "rendre_avis": _a("avis de la commission rendu", STRUCTURE, SERVICE, suite="L’acte part à la signature."),
    "reprendre_negociation": _a("négociation reprise", STRUCTURE),
    # Les signatures
    "mettre_en_signature": _a("acte à signer", AU_TOUR_DE_SIGNER, genre=TOUR, suite="Il attend votre signature."),
    "retirer_signature": _a("acte retiré de la signature", STRUCTURE, SIGNATAIRES),
    "signer": _a("acte à signer", AU_TOUR_DE_SIGNER, genre=TOUR, suite="Les autres parties ont signé."),
    "annuler_signatures": _a("acte repris : les signatures reçues ne valent plus", STRUCTURE, SIGNATAIRES),
    "achever_signature": _a("acte signé par toutes les parties", STRUCTURE, SIGNATAIRES, SERVICE),
    "deliberer": _a("délibération enregistrée", SERVICE),
    "relancer": None,  # la relance prévient elle-même, et dit combien de personnes le sont
    "parapheur": None,  # chaque partie est déjà prévenue que l'acte est à signer
    # L'exécution
    "commencer": _a("la convention prend effet", STRUCTURE, SERVICE),
    "reprendre": _a("convention reprise dans Convenir", STRUCTURE),
    "preparer_avenant": _a("avenant en préparation", STRUCTURE),
    "abandonner_avenant": _a("avenant abandonné", STRUCTURE),
    "suspendre": _a("versements suspendus", STRUCTURE, SIGNATAIRES, SERVICE, genre=DECISION,
                    suite="L’avenant de l’année n’est pas signé à la date limite."),
    "lever_suspension": _a("suspension levée", STRUCTURE, SIGNATAIRES, genre=DECISION),
    "expirer": _a("la convention est finie", STRUCTURE, SERVICE, suite="Le bilan final et l’analyse restent à faire."),
    "continuite": _a("avenant de l’année à signer", STRUCTURE, SERVICE, genre=TOUR,
                     suite="L’acte précédent s’applique par continuité, jusqu’à la date de l’arrêté au plus tard."),
    "suivre_annexe": None,  # elle se lit sur la page de la convention
    "annexe_rejetee": _a("annexe rejetée à l’ASP", STRUCTURE, SERVICE,
                         suite="Sans annexe valide, les paiements s’arrêtent."),
    "recuperer": _a("aide de l’année à réclamer", STRUCTURE, SERVICE, genre=DECISION,
                    suite="L’avenant n’était pas signé à la date de reprise."),
    "engager_renouvellement": _a("renouvellement engagé", STRUCTURE),
    "abandonner_renouvellement": _a("renouvellement abandonné", STRUCTURE),
    # Les décisions défavorables
    "engager_manquement": _a("procédure de manquement engagée", STRUCTURE, genre=DECISION,
                             suite="Vous avez au moins un mois pour vos observations."),
    "observer": _a("observations de la structure reçues", SERVICE, genre=TOUR, suite="Décidez de la suite."),
    "clore_manquement": _a("procédure de manquement close sans suite", STRUCTURE, genre=DECISION),
    "resilier": _a("convention résiliée", STRUCTURE, SIGNATAIRES, SERVICE, genre=DECISION),
    "retablir": _a("convention rétablie", STRUCTURE, SIGNATAIRES, genre=DECISION),
    "refuser": _a("convention refusée", STRUCTURE, SERVICE, genre=DECISION),
    "reexaminer": _a("demande réexaminée", STRUCTURE, genre=DECISION),
    "reprendre_sommes": _a("reprise de sommes décidée", STRUCTURE, SERVICE, genre=DECISION),
    "decider_controle": _a("décision prise après le contrôle de l’éligibilité", STRUCTURE, SERVICE, genre=DECISION),
    "notifier": _a("décision notifiée", STRUCTURE, genre=DECISION, suite="Les délais de recours courent."),
    "recours": _a("recours gracieux reçu", SERVICE, genre=TOUR, suite="Répondez avant que le silence vaille rejet."),
    "repondre": _a("réponse à votre recours", STRUCTURE, genre=DECISION),
}  # fmt: skip
# Le motif du service se lit dans l'annonce ; celui d'une structure reste sur sa page.
SANS_DETAILS = frozenset({"deposer", "completer", "signer", "mettre_en_signature"})


def completer(nom: str, annonce: Annonce) -> None:
    """Declare what is told of an act of a room above.

    Raises:
        ValueError: the act is announced already, otherwise.
    """
    if ANNONCES.setdefault(nom, annonce) != annonce:
        raise ValueError(f"L'acte « {nom} » est déjà annoncé autrement.")


def annoncer(evenement: Evenement) -> int:
    """Tell the parties of an act, never its author; return how many people were told."""
    annonce = ANNONCES.get(evenement.nom)
    if annonce is None:
        return 0
    sauf = evenement.acteur.utilisateur
    return sum(_dire(evenement, annonce, partie, sauf) for partie in annonce.a)


def _dire(evenement: Evenement, annonce: Annonce, partie: str, sauf: Utilisateur | None) -> int:
    convention, fait = evenement.convention, _fait(evenement, annonce)
    if partie == STRUCTURE:
        return personnes.prevenir_la_structure(fait, convention, sauf)
    if partie == SERVICE:
        # Qui est chargé de la convention l'apprend déjà par la tâche qui s'ouvre pour lui.
        deja = annonce.genre == TOUR and personnes.charge(convention) is not None
        return 0 if deja else personnes.prevenir_le_service(fait, convention, sauf)
    concernees = _signatures(convention, au_tour=partie == AU_TOUR_DE_SIGNER)
    autres = (s for s in concernees if not (partie == SIGNATAIRES and s.organisation_id in _deja_dites(evenement)))
    return sum(personnes.prevenir_un_signataire(_pour(fait, s, annonce), convention, s, sauf) for s in autres)


def _fait(evenement: Evenement, annonce: Annonce) -> Fait:
    details = "" if evenement.nom in SANS_DETAILS else evenement.details
    return Fait(
        annonce.genre,
        f"{evenement.convention.reference}-{evenement.nom}-{evenement.cle}",
        f"{evenement.convention.nom_de_la_partie} : {annonce.libelle}"[:300],
        " ".join(mots for mots in (annonce.suite, details) if mots)[:500],
        evenement.url or evenement.convention.get_absolute_url(),
    )


def _pour(fait: Fait, signature: Signature, annonce: Annonce) -> Fait:
    """An act to sign is told once to a party, whatever the number of signatures received meanwhile."""
    if annonce.genre != TOUR:
        return fait
    return Fait(fait.genre, f"signature-{signature.pk}", fait.libelle, fait.texte, fait.url)


def _signatures(convention: Convention, *, au_tour: bool) -> Iterable[Signature]:
    """Return the signatures of the last version; those whose turn it is alone, when asked."""
    version = convention.versions.order_by("-rang").first()
    if version is None:
        return []
    toutes = list(version.signatures.select_related("organisation").order_by("ordre", "pk"))
    if not au_tour:
        return {s.organisation_id: s for s in toutes}.values()
    vives = [s for s in toutes if s.etat != EtatSignature.ANNULEE]
    tours = {(p.partie, p.ordre) for p in a_son_tour([EtatDePartie(s.partie, s.ordre, s.etat) for s in vives])}
    return [s for s in vives if (s.partie, s.ordre) in tours]


def _deja_dites(evenement: Evenement) -> set[int | None]:
    """The structure and the service are told as such, not again as signatories."""
    organisation = evenement.convention.organisation
    return {organisation.pk if organisation else None, evenement.convention.service_id}


def n_est_plus_a_signer(signature: Signature, *, signee: bool) -> None:
    """Take back from a party what asked for its signature: received, or no longer wanted (`signee` false)."""
    n_attend_plus(signature.organisation, {TOUR, RELANCE}, f"signature-{signature.pk}")
    if signee:
        n_attend_plus(signature.organisation, {TOUR}, f"{signature.version.convention.reference}-continuite")


def relance(signature: Signature, convention: Convention, jour: object, sauf: Utilisateur | None) -> int:
    """Tell a party that its signature is awaited; once a day at most. Return how many people were told."""
    remise = f"L’acte lui a été remis le {en_mots(signature.remise_le)}. " if signature.remise_le else ""
    fait = Fait(
        RELANCE, f"signature-{signature.pk}-{jour}",
        f"{convention.nom_de_la_partie} : votre signature est attendue"[:300],
        f"{remise}L’acte n’est pas complet sans elle.", convention.get_absolute_url(),
    )  # fmt: skip
    return personnes.prevenir_un_signataire(fait, convention, signature, sauf)
