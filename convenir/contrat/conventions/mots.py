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
    E.EN_RENOUVELLEMENT: (SERVICE, "La nouvelle convention suit le même chemin, de la demande à la signature."),
    E.REFUSE: (PERSONNE, "Les voies de recours sont sur la décision."),
}
TOURS_DE_VERSION: dict[str, tuple[str, str]] = {
    V.PREPARATION: (SERVICE, "L’avenant part à l’avis si le nombre de postes change, sinon à la signature."),
    V.SOUMISE_AVIS: (COMMISSION, "Son secrétariat enregistre l’avis."),
    V.AVIS_RENDU: (SERVICE, "L’avenant part à la signature."),
    V.A_SIGNER: (SIGNATAIRES, "L’État signe en dernier, puis l’avenant s’applique à sa date d’effet."),
    V.PARTIELLEMENT_SIGNEE: (SIGNATAIRES, "L’État signe en dernier, puis l’avenant s’applique à sa date d’effet."),
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


def partie_du_tour(etat: str, etat_version: str | None) -> tuple[str, str]:
    """Return whose turn it is and what comes next, for a convention and its pending avenant if any."""
    en_avenant = etat in {E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT}
    if en_avenant and etat_version in TOURS_DE_VERSION:
        return TOURS_DE_VERSION[etat_version]
    return TOURS[etat]


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
