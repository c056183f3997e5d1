"""What the law in force asks of a convention, read once from the dated parameters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from convenir.contrat.conventions.rules.continuite import Continuite
from convenir.contrat.conventions.rules.periodes import jour_de_l_annee
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.periodes import ajouter_mois
from convenir.socle.reglementation.queries import a_jour, montant_socle


def duree_maximale(jour: date) -> int | None:
    """Return the longest convention, in years; None when no text is known on that day."""
    valeur = a_jour().valeur_ou_rien("iae.convention.duree_maximale_ans", jour)
    return int(valeur.nombre) if valeur else None


def continuite(annee: int) -> Continuite | None:
    """Return the dates of the continuity rule for a year; None before the rule existed."""
    droit, jour = a_jour(), date(annee, 1, 1)
    limite = droit.valeur_ou_rien("iae.continuite.date_limite", jour)
    reprise = droit.valeur_ou_rien("iae.continuite.reprise", jour)
    if limite is None or reprise is None:
        return None
    return Continuite.de(jour_de_l_annee(annee, str(limite.valeur)), jour_de_l_annee(annee, str(reprise.valeur)))


def observations_avant(lettre: date) -> date:
    """Return the first day after the time that the employer has for its observations (R. 5132-5)."""
    return ajouter_mois(lettre, int(a_jour().nombre("iae.controle.observations_delai_mois", lettre)))


def limite_exception_2014(categorie: str) -> date:
    """Return the last start admitted in 2014 for a category (instruction DGEFP 2014-2, point 2)."""
    code = "ei_etti" if categorie in {"EI", "ETTI"} else "ai_aci"
    valeur = a_jour().valeur(f"iae.convention.exception_2014_{code}", date(2014, 1, 1))
    return jour_de_l_annee(2014, str(valeur.valeur))


def repere_national(jour: date) -> tuple[Decimal, Decimal, int]:
    """Return the national reference in force on a day: durable and dynamic exits in percent, years to reach them."""
    droit = a_jour()
    durable, dynamique, ans = (droit.nombre(f"iae.objectifs.{c}", jour) for c in ("durable", "dynamique", "delai_ans"))
    return durable, dynamique, int(ans)


def recours_jusquau(notification: date) -> date:
    """Return the last day of the *recours contentieux* after a notification."""
    return ajouter_mois(notification, delai_de_recours(notification))


def delai_de_recours(jour: date) -> int:
    """Return the time for an appeal, in months, in force on a day."""
    return int(a_jour().nombre("iae.recours.delai_mois", jour))


def silence_jusquau(recours: date) -> date:
    """Return the day on which silence on a *recours gracieux* means its rejection."""
    return ajouter_mois(recours, silence_mois(recours))


def silence_mois(jour: date) -> int:
    """Return after how many months silence on a *recours gracieux* means its rejection."""
    return int(a_jour().nombre("iae.recours.gracieux_silence_mois", jour))


def montant_d_un_poste(categorie: str, departement: str, jour: date) -> tuple[str, bool] | None:
    """Return the socle of one ETP on a day, in euros as a decimal text, and whether it is to be confirmed.

    None when the texts give none that day, or none at all for the category (EITI).
    """
    valeur = montant_socle(categorie, jour, territoire=departement)
    return (str(valeur.nombre), valeur.a_confirmer) if valeur else None


def bareme(categorie: str, departement: str, jour: date) -> Termes:
    """Return the terms that the texts set on a day: socle (€), hours of an ETP, largest modulated part (%)."""
    droit = a_jour()
    lues = (
        montant_socle(categorie, jour, territoire=departement),
        droit.valeur_ou_rien(f"iae.heures_etp.{categorie}", jour),
        droit.valeur_ou_rien("iae.modulation.part_maximale", jour),
    )
    socle, heures, part = (valeur.nombre if valeur else None for valeur in lues)
    return Termes(montant_unitaire=socle, heures_etp=heures, modulation_max=part if socle is not None else None)


def instruction_jusquau(depot: date) -> date:
    """Return the last day on which the State answers an application, as its acknowledgement says."""
    return ajouter_mois(depot, int(a_jour().nombre("iae.dossier.instruction_delai_mois", depot)))


def avis_jusquau(saisine: date) -> date:
    """Return the last day on which the commission gives its opinion."""
    return ajouter_mois(saisine, int(a_jour().nombre("iae.avis.convention_delai_mois", saisine)))


def notification_avant(decision: date) -> date:
    """Return the day before which the service notifies a decision."""
    return decision + timedelta(days=int(a_jour().nombre("iae.decision.notification_delai_jours", decision)))
