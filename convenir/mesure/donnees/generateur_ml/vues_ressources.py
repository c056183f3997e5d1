"""Tables of the means and of the context: ICARE staff and budget, denominators of coverage."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.formats.arrow import schema_arrow
from convenir.mesure.donnees.generateur_ml.ecriture import Colonnes
from convenir.mesure.donnees.generateur_ml.lot import Lot
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

CENT, DIX_MILLE = Decimal("0.01"), Decimal("0.0001")
SOURCE = "Données inventées (fictif)"
# Share of the posts: branch, axis, lent staff.
POSTES = (
    ("insertion_sociale_professionnelle", 1, False, 0.17), ("insertion_sociale_professionnelle", 2, False, 0.42),
    ("accueil_information", 1, False, 0.09), ("accueil_information", 1, True, 0.05), ("entreprise", 3, False, 0.07),
    ("encadrement", None, False, 0.06), ("administration", None, False, 0.08), ("autre", 4, False, 0.03),
    ("autre", 5, False, 0.03),
)  # fmt: skip
# Share of what the State does not pay: funder, line, kind of activity.
COFINANCEURS = (
    ("region", "Fonctionnement", "principale", 0.22),
    ("region", "Actions régionales", "specifique", 0.07),
    ("departement", "Fonds d'aide aux jeunes", "specifique", 0.09),
    ("commune_epci", "Cotisations", "principale", 0.34),
    ("fse", "Fonds social européen", "specifique", 0.13),
    ("france_travail", "Cotraitance", "principale", 0.08),
    ("autre", "Autres produits", "principale", 0.07),
)


def tables(lot: Lot) -> dict[str, Colonnes]:
    """Staff and budget from the year before the first, and context of each year."""
    annees = range(lot.fenetre.annees[0] - 1, lot.fenetre.annees[-1] + 1)
    lignes = {
        "icare_rh": [ligne for m in lot.missions for a in annees for ligne in _personnel(lot, m, a)],
        "icare_budget": [ligne for m in lot.missions for a in annees for ligne in _budget(lot, m, a)],
        "contexte_valeur": [ligne for m in lot.missions for a in lot.fenetre.annees for ligne in _contexte(lot, m, a)],
    }
    return {nom: _colonnes(nom, contenu) for nom, contenu in lignes.items()}


def _colonnes(table: str, lignes: list[tuple[object, ...]]) -> Colonnes:
    schema = schema_arrow(tables_missions_locales()[table])
    return {
        champ.name: pa.array([ligne[rang] for ligne in lignes], type=champ.type) for rang, champ in enumerate(schema)
    }


def _personnel(lot: Lot, m: MissionLocale, annee: int) -> Iterator[tuple[object, ...]]:
    total = au_titre_de("professionnels", annee) * m.poids * 0.93 * float(lot.rng.normal(1, 0.08))
    for filiere, axe, mise_a_disposition, part in POSTES:
        etp = Decimal(max(total * part, 0.1)).quantize(CENT)
        yield m.ml_id, annee, filiere, axe, round(float(etp) / 0.93 + 0.4), etp, mise_a_disposition


def _budget(lot: Lot, m: MissionLocale, annee: int) -> Iterator[tuple[object, ...]]:
    """Forecast of the year, and what was achieved when the year is over."""
    facteur = float(lot.rng.normal(1, 0.1))
    for nature in ("prevu", "realise") if annee < lot.fenetre.annees[-1] else ("prevu",):
        ecart = 1.0 if nature == "prevu" else float(lot.rng.normal(0.985, 0.02))
        total = au_titre_de("financement_total", annee) * m.poids * facteur * ecart
        etat = total * au_titre_de("financement_etat_pct", annee) / 100
        socle = float(marges()["ressources"]["socle"])
        parts = [
            ("etat", "Socle CPO", "principale", True, etat * socle),
            ("etat", "Accompagnement contractualisé", "principale", False, etat * (0.94 - socle)),
            ("etat", "Appels à projets", "specifique", False, etat * 0.06),
            *((f, ligne, activite, False, (total - etat) * part) for f, ligne, activite, part in COFINANCEURS),
        ]
        for financeur, ligne, activite, est_socle, montant in parts:
            arrondi = Decimal(round(montant / 10) * 10).quantize(CENT)
            yield m.ml_id, annee, nature, financeur, ligne, activite, est_socle, arrondi


def _contexte(lot: Lot, m: MissionLocale, annee: int) -> Iterator[tuple[object, ...]]:
    for code, serie in (("ANO_16_25", "actifs_non_occupes"), ("DEFM_16_25_V_INFRA", "defm_v_et_infra")):
        valeur = Decimal(max(round(au_titre_de(serie, annee) * m.poids * float(lot.rng.normal(1, 0.06))), 1))
        nombre = valeur.quantize(DIX_MILLE)
        yield "ml", m.ml_id, code, annee, nombre, None, nombre, SOURCE, str(annee - 3), None, None
