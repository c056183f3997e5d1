"""The letters of a control of eligibility: what the structure has to produce, then to observe, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from convenir.contrat.conventions.documents.contextes import ActeDocument
from convenir.contrat.conventions.documents.lettres import lettre, paragraphe
from convenir.contrat.conventions.documents.produits import Ecrit, instant_du, proposer_des_ecrits, reserver_la_lecture
from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.models import Controle
from convenir.contrat.suivi.queries.controles import ARTICLES, justificatifs_en_mots
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.roles import ROLES_STRUCTURE

CLE = "controle-"
SUITES = (
    f"Textes appliqués : {ARTICLES}.",
    "Une embauche dont l’éligibilité n’est pas justifiée peut entraîner la suspension de la possibilité de la "
    "déclarer soi-même (auto-prescription) et le remboursement de l’aide versée.",
)


def demande_de_justificatifs(convention: Convention, controle: Controle, le: date) -> ActeDocument:
    """Return the letter that notifies a control: what was drawn, how to draw it again, the first delay."""
    campagne, fin = controle.campagne, en_mots(controle.premier_delai)
    articles = (
        paragraphe(
            "L’objet",
            "Votre structure est dans l’échantillon tiré au sort pour le contrôle a posteriori de l’éligibilité des "
            f"personnes embauchées en {campagne.annee}. Le tirage se refait à partir de la graine publiée "
            f"« {campagne.graine} ».",
        ),
        paragraphe("Ce que vous devez produire", _a_justifier(controle)),
        paragraphe(
            "Le délai",
            f"Vous avez jusqu’à la fin du {fin} pour les produire. Un second délai, de même durée, vous sera ensuite "
            "ouvert pour présenter vos observations.",
        ),
        paragraphe("Ce que dit le droit", *SUITES),
    )
    return lettre(
        convention, f"CE-{controle.pk}-1", "Contrôle de l’éligibilité : justificatifs à produire", articles,
        etat=f"Lettre du {en_mots(le)}", jour=le, signature=("Pour le préfet", ""),
        cartouche=(("Année contrôlée", str(campagne.annee)), ("Justificatifs avant la fin du", fin)),
    )  # fmt: skip


def _a_justifier(controle: Controle) -> str:
    annee = controle.campagne.annee
    if not controle.embauches:
        return f"Les justificatifs de toutes les embauches de {annee} dont vous avez déclaré l’éligibilité."
    rangs = ", ".join(str(rang) for rang in controle.embauches)
    return (
        f"Les justificatifs de {len(controle.embauches)} des {controle.auto_prescriptions} embauches de {annee} dont "
        f"vous avez déclaré l’éligibilité. Leurs rangs dans votre liste, rangée par date : {rangs}."
    )


def demande_d_observations(convention: Convention, controle: Controle, le: date) -> ActeDocument:
    """Return the letter that opens the second delay, as long as the first: what was received, what can be said."""
    fin = en_mots(controle.second_delai)
    articles = (
        paragraphe(
            "Le constat",
            f"Le contrôle de l’éligibilité pour {controle.campagne.annee} vous a été notifié le "
            f"{en_mots(controle.notifie_le)}. {justificatifs_en_mots(controle)}",
        ),
        paragraphe(
            "Vos observations",
            f"Vous avez jusqu’à la fin du {fin} pour présenter vos observations, par écrit, au service. Vous pouvez "
            "vous faire assister par un conseil.",
        ),
        paragraphe("La suite", "Le préfet décide ensuite, par écrit et en donnant ses motifs.", *SUITES),
    )
    return lettre(
        convention, f"CE-{controle.pk}-2", "Contrôle de l’éligibilité : observations à présenter", articles,
        etat=f"Lettre du {en_mots(le)}", jour=le, signature=("Pour le préfet", ""),
        cartouche=(("Année contrôlée", str(controle.campagne.annee)), ("Observations avant la fin du", fin)),
    )  # fmt: skip


def _ouverture(notifie: date, premier: date, second: date) -> date:
    """Return the day the second delay opened: both delays last as long."""
    return second - (premier - notifie)


@proposer_des_ecrits
def lettres_du_controle(convention: Convention, _jour: date) -> list[Ecrit]:
    """Return the letters of the controls, notified, of a year that a convention covers; one query."""
    if convention.structure_id is None:
        return []
    notifies = Controle.objects.filter(
        structure=convention.structure_id, notifie_le__isnull=False, campagne__annee__gte=convention.debut.year,
        campagne__annee__lte=convention.dernier_jour.year,
    )  # fmt: skip
    lus = notifies.select_related("campagne").order_by("campagne__annee", "pk")
    return [ecrit for c in lus for ecrit in _ecrits(convention, c)]


def _ecrits(convention: Convention, c: Controle) -> Iterator[Ecrit]:
    """Yield the letter of each delay that was opened."""
    titre, cle = f"Contrôle {c.campagne.annee}", f"{CLE}{c.pk}"
    if c.notifie_le is None or c.premier_delai is None:
        return
    faire = partial(demande_de_justificatifs, convention, c, c.notifie_le)
    yield Ecrit(convention, f"{cle}-1", f"{titre} : justificatifs à produire", instant_du(c.notifie_le), faire)
    if c.second_delai is None:
        return
    ouvert = _ouverture(c.notifie_le, c.premier_delai, c.second_delai)
    faire = partial(demande_d_observations, convention, c, ouvert)
    yield Ecrit(convention, f"{cle}-2", f"{titre} : observations à présenter", instant_du(ouvert), faire)


@reserver_la_lecture
def controle_en_cours(acteur: Acteur, _reference: str, cles: Collection[str]) -> dict[str, str]:
    """Keep the letters of a control between the service and the structure: nothing is decided yet."""
    if acteur.role in ROLES_STRUCTURE or raison_du_refus(acteur, Capacite.INSTRUIRE_CONVENTION) is None:
        return {}
    refus = "Les lettres d'un contrôle se lisent entre le service et la structure."
    return {cle: refus for cle in cles if cle.startswith(CLE)}
