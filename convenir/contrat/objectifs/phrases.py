"""The sentences of a negotiation: where it stands, whose turn, what comes next; a result in persons first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.objectifs.states import TOUR, Etat, Partie
from convenir.mesure.indicateurs.valeurs import Statut, Unite, Valeur
from convenir.socle.commun.francais import INSECABLE, enumeration, euros, nombre, pluriel
from convenir.socle.figures.ecriture import decimales_utiles, part_courte

NOMBRES = ("Aucun", "Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf")
# Les unités sont écrites au pluriel ; « mois », « parcours » et celles que personne n'a nommées ici ne varient pas.
SINGULIERS = {
    mot: mot.removesuffix("s")
    for mot in (
        *(Unite.PERSONNES.value, Unite.HEURES.value),
        *("actions", "ateliers", "contrats", "embauches", "entreprises", "entretiens", "formations", "immersions"),
        *("jeunes", "jours", "postes", "salariés", "sorties", "structures", "visites"),
    )
}


def ecrire(valeur: Decimal | int | None, unite: str) -> str:
    """Write a value of an objective in its unit, without useless decimals: « 24 % », « 12,5 ETP », « 1 personne »."""
    if valeur is None:
        return nombre(None)
    if unite == Unite.POURCENT:
        return part_courte(valeur)
    if unite == Unite.EUROS:
        return euros(valeur)
    decimales = decimales_utiles(valeur, 2)
    if unite in ("", Unite.NOMBRE, Unite.RATIO):
        return nombre(valeur, decimales)
    return pluriel(valeur, SINGULIERS.get(unite, unite), unite, decimales=decimales)


def bornes(objectif: Objectif) -> str:
    """« entre 22 % et 27 % », « au moins 22 % », or nothing."""
    bas, haut, unite = objectif.borne_basse, objectif.borne_haute, objectif.unite
    if bas is not None and haut is not None:
        return f"entre {ecrire(bas, unite)} et {ecrire(haut, unite)}"
    if bas is not None:
        return f"au moins {ecrire(bas, unite)}"
    return f"au plus {ecrire(haut, unite)}" if haut is not None else ""


def repond_a(objectif: Objectif) -> str:
    """« sert l'orientation « Mobilité », attendu par le Conseil départemental », or nothing."""
    dits = [
        f"sert l’orientation «{INSECABLE}{objectif.orientation.strip()}{INSECABLE}»" if objectif.orientation else "",
        f"attendu par {objectif.attendu_par}" if objectif.attendu_par else "",
    ]
    return ", ".join(d for d in dits if d)


def compte(n: int) -> str:
    """« Deux », « Trois »; figures beyond nine."""
    return NOMBRES[n] if n < len(NOMBRES) else nombre(n)


def ou_en_est_on(objectifs: Sequence[Objectif]) -> tuple[str, str]:
    """Return the fact and its detail: « Deux objectifs convenus sur trois », « Emploi durable 24 %. »."""
    if not objectifs:
        return "Aucun objectif posé", "La négociation n’est pas commencée."
    convenus = [o for o in objectifs if o.etat == Etat.CONVENU]
    pluriels = "objectif convenu" if len(convenus) < 2 else "objectifs convenus"
    fait = f"{compte(len(convenus))} {pluriels} sur {compte(len(objectifs)).lower()}"
    dits = [f"{o.libelle} {ecrire(o.cible, o.unite) if o.cible is not None else ''}".strip() for o in convenus[:4]]
    autres = [
        pluriel(n, f"{mot}", f"{mot}s")
        for etat, mot in ((Etat.DESACCORD, "désaccord consigné"), (Etat.REFUSE, "refus"))
        if (n := sum(o.etat == etat for o in objectifs))
    ]
    detail = f"{enumeration(dits)}. " if dits else ""
    return fait, detail + (f"{enumeration(autres).capitalize()}." if autres else "")


def a_qui_le_tour(objectifs: Sequence[Objectif], moi: str | None, noms: dict[str, str]) -> tuple[str, str]:
    """Return whose turn it is, and on what."""
    if objectifs and all(o.est_clos for o in objectifs):
        return "À personne", "La négociation est close."
    a_moi = [o for o in objectifs if moi is not None and TOUR.get(o.etat) == moi]
    if a_moi:
        return "À vous de répondre", f"Sur {enumeration([o.libelle.lower() for o in a_moi[:4]])}."
    attendus = [o for o in objectifs if o.etat in TOUR]
    if attendus:
        partie = TOUR[attendus[0].etat]
        return f"À {noms[partie]} de répondre", f"Sur {enumeration([o.libelle.lower() for o in attendus[:4]])}."
    if moi in (Partie.ETAT, Partie.STRUCTURE):
        return "À vous de proposer", "Chacune des deux parties peut commencer."
    return "Aux deux parties", "Ni l’une ni l’autre n’a encore proposé."


def resultat(lue: Valeur | None, annee: int, libelle: str) -> str:
    """« En 2025, emploi durable : 8 sur 38 (21,1 %). »."""
    if lue is None or lue.statut == Statut.MANQUANT:
        return f"Aucun résultat {annee} n’est calculé sous la définition de cet objectif."
    if lue.statut == Statut.NON_CALCULABLE:
        return f"En {annee}, {libelle.lower()} : non calculable, rien n’est observé."
    if not lue.est_disponible:
        return f"En {annee}, {libelle.lower()} : {lue.texte}."
    if lue.denominateur is not None and lue.effectif:
        return f"En {annee}, {libelle.lower()} : {lue.effectif}, soit {lue.texte}."
    return f"En {annee}, {libelle.lower()} : {lue.texte}."
