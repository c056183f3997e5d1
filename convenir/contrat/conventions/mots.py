"""Words of a state for the people: where things stand, whose turn it is, what comes next. Never stored: read here."""

from __future__ import annotations

from dataclasses import dataclass

from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role

E, V = EtatConvention, EtatVersion
STRUCTURE, SERVICE, COMMISSION, SIGNATAIRES, PERSONNE = "structure", "service", "commission", "signataires", "personne"
A_QUI = {
    STRUCTURE: "À la structure",
    SERVICE: "Au service instructeur",
    COMMISSION: "À la commission",
    SIGNATAIRES: "Aux signataires",
    PERSONNE: "À personne",
}
TOURS: dict[str, tuple[str, str]] = {
    E.BROUILLON: (STRUCTURE, "La demande se prépare, puis se dépose."),
    E.DEPOSE: (SERVICE, "Il dit si la demande est complète ; sinon il demande les pièces."),
    E.INCOMPLET: (STRUCTURE, "Elle fournit les pièces demandées dans le délai, faute de quoi la demande est rejetée."),
    E.COMPLET: (SERVICE, "L’instruction commence."),
    E.EN_INSTRUCTION: (SERVICE, "Les objectifs et les moyens se négocient ensuite."),
    E.EN_NEGOCIATION: (SERVICE, "Une fois les objectifs clos, la convention est soumise à la commission."),
    E.SOUMIS_AVIS: (COMMISSION, "Son secrétariat enregistre l’avis ; le préfet décide ensuite."),
    E.AVIS_RENDU: (SERVICE, "L’acte part à la signature de chaque partie."),
    E.A_SIGNER: (SIGNATAIRES, "L’État signe en dernier, puis la convention prend effet à sa date."),
    E.PARTIELLEMENT_SIGNE: (SIGNATAIRES, "L’État signe en dernier, puis la convention prend effet à sa date."),
    E.SIGNE: (PERSONNE, "La convention prend effet à sa date de début."),
    E.EN_COURS: (PERSONNE, "L’avenant de l’année suivante se prépare au quatrième trimestre."),
    E.AVENANT_EN_PREPARATION: (SERVICE, "Les termes précédents s’appliquent jusqu’à sa signature."),
    E.SUSPENDU: (SIGNATAIRES, "Les versements reprennent à la signature de l’avenant de l’année."),
    E.MANQUEMENT: (STRUCTURE, "Elle a au moins un mois pour ses observations ; une décision suit."),
    E.RESILIE: (PERSONNE, "Les voies de recours sont sur la décision."),
    E.EXPIRE: (PERSONNE, "Le bilan final et l’analyse des résultats restent à partager."),
    E.EN_RENOUVELLEMENT: (
        STRUCTURE,
        "Elle dépose la demande qui suit ; le service analyse les résultats avec elle, puis l’instruit.",
    ),
    E.REFUSE: (PERSONNE, "Les voies de recours sont sur la décision."),
}
SUITE_DEMANDEE = "La demande qui suit est déposée ; cette convention court jusqu’à son terme."
TOURS_DE_VERSION: dict[str, tuple[str, str]] = {
    V.PREPARATION: (SERVICE, "L’avenant part à l’avis si le nombre de postes change, sinon à la signature."),
    V.SOUMISE_AVIS: (COMMISSION, "Son secrétariat enregistre l’avis."),
    V.AVIS_RENDU: (SERVICE, "L’avenant part à la signature."),
    V.A_SIGNER: (SIGNATAIRES, "L’État signe en dernier, puis l’avenant s’applique à sa date d’effet."),
    V.PARTIELLEMENT_SIGNEE: (SIGNATAIRES, "L’État signe en dernier, puis l’avenant s’applique à sa date d’effet."),
}


# L'avenant qui attend y donne le tour ; ailleurs (un manquement ouvert), l'état de la convention l'emporte.
EN_AVENANT = frozenset({E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT})
# Une CPO n'a pas d'avis à attendre.
SANS_COMMISSION: dict[str, str] = {
    E.EN_NEGOCIATION: "Une fois les objectifs clos, la convention part à la signature.",
    V.PREPARATION: "L’avenant part ensuite à la signature.",
}


@dataclass(frozen=True)
class Tour:
    """Three facts, always in this order: where things stand, whose turn, what next."""

    ou: str
    a_qui: str
    ensuite: str
    a_moi: bool = False
    precision_ou: str = ""
    precision_qui: str = ""
    precision_ensuite: str = ""


def partie_du_tour(etat: str, etat_version: str | None, *, suivie: bool = False, cpo: bool = False) -> tuple[str, str]:
    """Return whose turn it is and what comes next, for a convention and its pending avenant if any.

    Args:
        etat: state of the convention.
        etat_version: state of the avenant that waits, None without one.
        suivie: the convention that renews it is asked for.
        cpo: no commission has a say.
    """
    if etat == E.EN_RENOUVELLEMENT and etat_version is None and suivie:
        return PERSONNE, SUITE_DEMANDEE
    if etat in EN_AVENANT and etat_version is not None and etat_version in TOURS_DE_VERSION:
        etat, tours = etat_version, TOURS_DE_VERSION
    else:
        tours = TOURS
    partie, ensuite = tours[etat]
    return partie, SANS_COMMISSION.get(etat, ensuite) if cpo else ensuite


def est_a_moi(acteur: Acteur, partie: str) -> bool:
    """Tell whether it is this person's side to act."""
    if partie == STRUCTURE:
        return acteur.role in ROLES_STRUCTURE
    if partie == SERVICE:
        return acteur.role in {Role.DEPARTEMENTAL, Role.REGIONAL}
    if partie == COMMISSION:
        return acteur.role == Role.DEPARTEMENTAL
    return False


def a_qui(acteur: Acteur, partie: str) -> str:
    """Return whose turn it is, said to this person: « À vous » when it is theirs."""
    return "À vous" if est_a_moi(acteur, partie) else A_QUI[partie]
