"""The wording of the articles of a CPO: what the record of conclusions of 2011 and L. 5314-2 ask of it.

No text read sets the procedure of breach of a mission locale: the parties give themselves here that of the IAE.
"""

from __future__ import annotations

from convenir.contrat.conventions.documents.clauses import (
    A_PRECISER,
    MODIFIEE,
    RECOURS,
    RENOUVELLEMENT,
    annexes_en_mots,
    axes_en_mots,
    duree_en_mots,
)
from convenir.contrat.conventions.documents.contextes import Article, Titre
from convenir.contrat.conventions.ecriture import SECTIONS, valeur
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.termes import Termes

BILAN = (
    "l’activité de l’année, axe par axe ;",
    "les résultats, face aux objectifs et au contexte du territoire ;",
    "les actions menées et leurs partenaires ;",
    "l’emploi des financements, de chaque financeur.",
)
# Les six étapes : leur ordre est celui du paramétrage de Convenir, aucun texte public ne les nomme.
ETAPES = (
    "partager le diagnostic du territoire ;",
    "situer le public accueilli et la couverture du territoire ;",
    "lire l’activité, axe par axe ;",
    "lire les résultats dans leur contexte ;",
    "rapprocher l’activité et les résultats des moyens ;",
    "croiser ces lectures, négocier les objectifs et le plan d’action.",
)


def titres_de_cpo(convention: Convention, termes: Termes, annexes: int) -> tuple[Titre, ...]:
    """Return the articles of a CPO, by title."""
    return (
        Titre("Titre I – L’offre de service", _offre(convention, termes, annexes)),
        Titre("Titre II – Les moyens et les engagements", _engagements(convention, termes)),
        Titre("Titre III – Le dialogue de gestion", _dialogue()),
        Titre("Titre IV – La vie de la convention", _vie(convention)),
    )


def _offre(convention: Convention, termes: Termes, annexes: int) -> tuple[Article, ...]:
    return (
        Article("Objet", (
            f"La convention fixe, pour la durée de l’offre de service de « {convention.nom_de_la_partie} », les "
            "objectifs communs de l’État et de la mission locale et les moyens qui s’y attachent."
            f"{annexes_en_mots(annexes)}",)),
        Article("L’offre de service", ("Elle se décline en cinq axes :",), axes_en_mots(termes) or (A_PRECISER,)),
        Article("Les objectifs", (
            "Les objectifs négociés figurent en annexe, axe par axe. Ils se lisent avec le contexte du territoire et "
            "les résultats des années précédentes. Chacun est jugé selon le cadre et la définition sous lesquels il "
            "a été posé, même si l’un ou l’autre change ensuite.",)),
        # Une CPO s’écrit en axes : elle n’a de clauses que reprises d’un acte signé, et celui-ci les garde.
        *(Article(SECTIONS.get(c.cle, c.cle), (c.texte,)) for c in termes.sections),
    )  # fmt: skip


def _dotation(termes: Termes) -> str:
    return "à préciser" if termes.dotation is None else f"de {valeur('dotation', termes.dotation)}"


def _engagements(convention: Convention, termes: Termes) -> tuple[Article, ...]:
    return (
        Article("La dotation", (
            f"La participation de l’État pour {convention.debut.year} est {_dotation(termes)}. Le montant de "
            "chaque année suivante est fixé après le dialogue de gestion, par avenant. Une avance est versée au "
            "premier trimestre de l’année.",
            "Les autres financeurs restent maîtres de leur participation.")),
        Article("Les engagements de l’État", (
            "L’État transmet les éléments de contexte et les chiffres avant chaque dialogue, y invite les autres "
            "financeurs, notifie les montants et répond par écrit à toute difficulté signalée.",)),
        Article("Les engagements de la mission locale", (
            "La mission locale met en œuvre son offre de service, tient à jour les données de son activité et signale "
            "toute difficulté sans attendre le terme. Elle remet chaque année un bilan, avec ses comptes et son "
            "budget prévisionnel, qui présente :",), BILAN),
    )  # fmt: skip


def _dialogue() -> tuple[Article, ...]:
    return (
        Article("Le déroulement", ("Chaque année, les parties suivent six étapes :",), ETAPES),
        Article("Le relevé de conclusions", (
            "Un relevé de conclusions, écrit par l’État et la mission locale ensemble, porte les engagements de "
            "chacun, le plan d’action et les points de désaccord dans les mots de chaque partie.",)),
        Article("Suivi, contrôle et évaluation", (
            "Les résultats de l’insertion professionnelle et sociale, et la qualité de l’accueil, de l’orientation et "
            "de l’accompagnement, sont évalués dans les conditions de la présente convention (L. 5314-2). La mission "
            "locale fournit, à la demande de l’État, toute pièce prouvant l’exécution, les actions et les résultats.",
        )),
    )  # fmt: skip


def _vie(convention: Convention) -> tuple[Article, ...]:
    return (
        Article("Modification", (
            f"{MODIFIEE} Celui de l’année fixe la dotation et les objectifs convenus au dialogue de gestion.",)),
        Article("Non-respect et résiliation", (
            "En cas de non-respect, le préfet informe la mission locale de son intention de résilier, par lettre "
            "recommandée avec avis de réception. La mission locale dispose d’un mois au moins pour présenter ses "
            "observations. Le préfet décide ensuite, par écrit et en donnant ses motifs. Les sommes indûment perçues "
            "peuvent être réclamées. La mission locale peut demander la résiliation dans les mêmes formes.",)),
        Article("Durée et renouvellement", (
            f"{duree_en_mots(convention)} Elle ne se renouvelle ni d’elle-même ni à l’identique.", RENOUVELLEMENT)),
        RECOURS,
    )  # fmt: skip
