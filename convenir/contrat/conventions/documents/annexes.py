"""The annexes of an act: the calculation of the aid, the objectives; the rooms above add what was negotiated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from convenir.contrat.conventions.documents.contextes import Article, Tableau, Titre
from convenir.contrat.conventions.droit import repere_national
from convenir.contrat.conventions.ecriture import valeur
from convenir.contrat.conventions.models import VIVANTES, Dispositif, Version
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun import francais
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.montants import arrondir, montant_annexe
from convenir.socle.figures.ecriture import part_courte

A_VENIR = "Aucun objectif n’est encore convenu. L’annexe se remplit à la clôture de la négociation."

Negocies = Callable[[Version], tuple[Article, ...]]
Annexe = Callable[[Version], Titre | None]
_NEGOCIES: list[Negocies] = []
_ANNEXES: list[Annexe] = []


def joindre_les_objectifs(negocies: Negocies) -> Negocies:
    """Let a room above say, article by article, what was negotiated for the year of a version."""
    _NEGOCIES.append(negocies)
    return negocies


def joindre_une_annexe(annexe: Annexe) -> Annexe:
    """Let a room above add an annex of its own, named without its number, or none."""
    _ANNEXES.append(annexe)
    return annexe


def annexes_de(version: Version) -> tuple[Titre, ...]:
    """Return the annexes of an act, numbered when there are several."""
    annexes = [*_propres(version), *(a for dire in _ANNEXES if (a := dire(version)) is not None)]
    if len(annexes) == 1:
        return (replace(annexes[0], titre=f"Annexe – {annexes[0].titre}"),)
    return tuple(replace(a, titre=f"Annexe {rang} – {a.titre}") for rang, a in enumerate(annexes, start=1))


def _propres(version: Version) -> list[Titre]:
    """Return the annexes that an act has by itself: the calculation for an IAE convention, then the objectives."""
    annee = version.effet.year
    negocies = tuple(article for dire in _NEGOCIES for article in dire(version))
    if version.convention.dispositif == Dispositif.ML:
        vide = () if version.rang else (Article("", (A_VENIR,), numerote=False),)
        articles = negocies or vide
        return [Titre(f"Objectifs {annee}", articles)] if articles else []
    return [
        Titre(f"Annexe financière {annee}", (_calcul(version),)),
        Titre(f"Objectifs {annee}", (_sorties(version.termes, version.effet), *negocies)),
    ]


def _calcul(version: Version) -> Article:
    """Return the calculation line by line: the model prints, it does not calculate."""
    periode = version.periode_de_l_annexe
    annexe = version.annexes.filter(etat__in=VIVANTES).order_by("debut", "pk").last()
    entete = f"Période : du {en_mots(periode.debut)} au {en_mots(periode.dernier_jour)}."
    if annexe or version.modifiable:
        numero = annexe.numero if annexe else ""
        entete += f" Numéro de l’annexe dans l’extranet : {numero or 'à attribuer'}."
    tableau = Tableau(("Ligne", "Valeur"), _lignes(version.termes, periode.nombre_de_mois), nombres=(1,))
    return Article("", (entete,), tableau=tableau, numerote=False)


def _lignes(termes: Termes, mois: int) -> tuple[tuple[str, str], ...]:
    """Return the lines of the calculation; on part of a year, the month is rounded before it is multiplied."""
    socle, lettre = termes.montant_socle, "F"
    rangs = [
        ("A. Postes conventionnés", valeur("postes", termes.postes)),
        ("B. Heures pour un ETP annuel", valeur("heures_etp", termes.heures_etp)),
        ("C. Montant d’un poste", valeur("montant", termes.montant_unitaire)),
        ("D. Montant socle annuel (A × C, arrondi au centime)", valeur("montant", socle)),
        *((f"Part du cofinanceur : {c.nom}", valeur("montant", c.montant)) for c in termes.cofinancements),
    ]
    if socle is None or termes.postes is None or termes.montant_unitaire is None:
        return tuple(rangs)
    cofinance = sum((c.montant or Decimal(0) for c in termes.cofinancements), Decimal(0))
    rangs.append(("E. Part de l’État", francais.euros(socle - cofinance, 2)))
    rangs.append(("F. Versement mensuel (A × C ÷ 12, arrondi au centime)", francais.euros(arrondir(
        termes.postes * termes.montant_unitaire / 12), 2)))  # fmt: skip
    if mois != 12:
        lettre = "G"
        total = montant_annexe(termes.postes, termes.montant_unitaire, mois)
        rangs.append((f"G. Montant socle de la période (F × {mois} mois)", francais.euros(total, 2)))
    if termes.modulation_max is not None:
        plafond = arrondir(socle * termes.modulation_max / 100)
        taux = valeur("modulation_max", termes.modulation_max)
        rangs.append((f"{chr(ord(lettre) + 1)}. Montant modulé de l’année, au plus (D × {taux})",
                      francais.euros(plafond, 2)))  # fmt: skip
    return tuple(rangs)


def _sorties(termes: Termes, effet: date) -> Article:
    """Return the four rates, whose sum is imposed, the exits expected, and the national reference on that day."""
    rangs = (
        ("Sorties dynamiques (somme des trois)", valeur("taux_durable", termes.taux_dynamique)),
        ("dont emploi durable", valeur("taux_durable", termes.taux_durable)),
        ("dont emploi de transition", valeur("taux_transition", termes.taux_transition)),
        ("dont sorties positives", valeur("taux_positives", termes.taux_positives)),
        ("Sorties prévues dans l’année", valeur("sorties_prevues", termes.sorties_prevues)),
    )
    durable, dynamique, ans = repere_national(effet)
    repere = (
        "Durable, transition et positives font ensemble les sorties dynamiques. Un taux se rapporte aux sorties "
        "examinées ; sans aucune, il est non calculable, jamais nul. Repère national : "
        f"{part_courte(durable)} de sorties en emploi durable et {part_courte(dynamique)} de sorties dynamiques, à "
        f"atteindre en {francais.pluriel(ans, 'an')} à compter de la première négociation. Il éclaire la négociation, "
        "il ne la borne pas."
    )
    tableau = Tableau(("Objectif", f"Cible {effet.year}"), rangs, repere, nombres=(1,))
    return Article("", tableau=tableau, numerote=False)
