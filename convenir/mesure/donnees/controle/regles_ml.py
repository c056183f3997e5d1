"""Checks that bear on several columns of a table of missions locales, or on what is known elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.regles_agregats import regles_agregats
from convenir.mesure.donnees.controle.verifications import Gravite, Verification
from convenir.mesure.donnees.formats import VUE_AGREGATS, tables_missions_locales
from convenir.mesure.donnees.reception.anomalies import MASQUE

Lire = Callable[[str], str]
VUES_ML = frozenset({*tables_missions_locales(), VUE_AGREGATS})
# Dates of the end of something, after those of its beginning.
SUITES = {
    "parcours": ("date_entree", "date_sortie", "La sortie du dispositif précède l'entrée."),
    "situation": ("date_debut", "date_fin", "La situation finit avant de commencer."),
    "periode_entreprise": ("date_debut", "date_fin", "La période en entreprise finit avant de commencer."),
    "parrainage": ("date_debut", "date_fin", "Le parrainage finit avant de commencer."),
    "jeune_etat": ("date_debut", "date_fin", "Cet état finit avant de commencer."),
    "zone_ml": ("date_debut", "date_fin", "La commune quitte le ressort avant d'y entrer."),
    "parrain": ("actif_debut", "actif_fin", "L'activité du parrain finit avant de commencer."),
}
# What has happened cannot be after today; what is planned cannot be years away.
FAITS = {
    "actualite": "date_evt", "proposition": "date_prop", "mise_en_relation": "date_mer",
    "contact_entreprise": "date_contact", "parcours": "date_entree",
}  # fmt: skip
PREVUS = {
    "situation": "date_debut", "periode_entreprise": "date_debut", "parrainage": "date_debut",
    "jeune_etat": "date_debut",
}  # fmt: skip
UN_AN = timedelta(days=366)
AGES_DOUTEUX = (14, 30)


def regles_ml(
    vue: str, presentes: set[str], lu: Lire, listes: Mapping[str, Collection[str]]
) -> Iterator[Verification]:  # fmt: skip
    """Yield the checks of a table.

    Args:
        presentes: columns that the file has.
        lu: expression of the checked value of a column.
        listes: known codes, by name (`departements`).
    """
    if vue == VUE_AGREGATS:
        yield from regles_agregats(presentes, lu, listes)
        return
    if vue in SUITES and set(SUITES[vue][:2]) <= presentes:
        debut, fin, message = SUITES[vue]
        yield Verification(fin, f"{lu(fin)} < {lu(debut)}", message, valeur=nom(fin))
    yield from _futur(vue, presentes, lu, FAITS, aujourdhui(), "La date est postérieure au jour de l'import.")
    yield from _futur(vue, presentes, lu, PREVUS, aujourdhui() + UN_AN, "La date est à plus d'un an d'ici.")
    yield from _sans_mission(vue, presentes)
    if vue == "jeune" and {"naissance_mois", "date_creation"} <= presentes:
        ages = f"date_diff('year', {lu('naissance_mois')}, {lu('date_creation')})"
        message = "L'âge à la création du dossier sort de l'ordinaire. Le jeune est gardé."
        hors = f"{ages} NOT BETWEEN {AGES_DOUTEUX[0]} AND {AGES_DOUTEUX[1]}"
        yield Verification("naissance_mois", hors, message, Gravite.AVERTISSEMENT, f"'{MASQUE}'")
    if vue == "structure" and "dept_code" in presentes and listes.get("departements"):
        connus = ", ".join(map(texte, sorted(listes["departements"])))
        inconnu = f"{lu('dept_code')} NOT IN ({connus})"
        yield Verification("dept_code", inconnu, "Ce département n'existe pas.", valeur=nom("dept_code"))


def _futur(
    vue: str, presentes: set[str], lu: Lire, dates: Mapping[str, str], limite: date, message: str
) -> Iterator[Verification]:  # fmt: skip
    colonne = dates.get(vue)
    if colonne in presentes:
        yield Verification(colonne, f"{lu(colonne)} > DATE '{limite}'", message, valeur=nom(colonne))


def _sans_mission(vue: str, presentes: set[str]) -> Iterator[Verification]:
    """Set aside the rows of a youth whose mission locale is neither written nor deduced."""
    ml = tables_missions_locales()[vue].colonne("ml_id")
    if ml and not ml.obligatoire and {"ml_id", "jeune_id"} <= presentes:
        message = "La mission locale est absente, et le jeune n'en a pas une seule : la ligne n'est rattachée à rien."
        yield Verification("ml_id", "COALESCE(ml_id, '') = ''", message)


def aujourdhui() -> date:
    """Return the day, in France."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()
