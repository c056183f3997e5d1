"""Three missions locales whose figures are written by hand, as each would send its own aggregates.

ML085A, Vendée: 200 youths in contact in 2025 (180 in 2024), 150 in interview, 40 exits, 12 to a durable job, 3 to a
training (hidden from those outside), 8 unknown; uses the module Entreprise. ML044A, Loire-Atlantique: 400 in contact.
ML044B, Loire-Atlantique: 100, and a rate on 3 exits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from convenir.mesure.indicateurs.calcul import COLONNES_CSV
from convenir.mesure.indicateurs.gel_ml.actions import calculer_missions_locales
from convenir.mesure.indicateurs.gel_ml.sources import AGREGATS, EntreesMl, SourceMl
from convenir.mesure.indicateurs.models import Instantane
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.territoires.models import Departement
from tests.factories_socle import MissionLocaleFactory

DEDANS, AILLEURS, PETITE = "ML085A", "ML044A", "ML044B"
DEPARTEMENTS = {DEDANS: "85", AILLEURS: "44", PETITE: "44"}
NOMS = {DEDANS: "Mission locale du Marais (fictif)", AILLEURS: "Mission locale de l'Erdre (fictif)",
        PETITE: "Mission locale de l'Île (fictif)"}  # fmt: skip
# indicateur → (2025, 2024) of each, in the order of the docstring.
COMPTES: dict[str, tuple[tuple[int, int], ...]] = {
    "ACT01": ((200, 180), (400, 390), (100, 90)),
    "ACT02": ((150, 140), (300, 290), (70, 60)),
    "ACT02a": ((60, 50), (110, 100), (30, 30)),
    "ACT07": ((120, 110), (240, 230), (50, 45)),
    "RES01": ((80, 70), (150, 140), (20, 20)),
    "RES03": ((40, 35), (90, 80), (3, 10)),
    "RES03b": ((20, 18), (50, 40), (2, 5)),
    "RES03b4": ((12, 10), (30, 25), (1, 4)),
    "RES03c": ((3, 6), (20, 18), (0, 2)),
    "RES03x": ((8, 7), (10, 12), (0, 1)),
    "ENT01": ((90, 80), (200, 190), (15, 14)),
    "ENT08": ((25, 20), (60, 55), (6, 6)),
    "CTX90": ((1000, 1000), (2500, 2500), (400, 400)),
}
TAUX = {"TX02": ("RES03b4", "RES03"), "TX09": ("RES03x", "RES03"), "TX01": ("RES03b", "RES03")}
ARGENT = {"MOY03": ("900000.00", "880000.00"), "MOY04": ("450000.00", "440000.00")}


def lignes(rang: int, code: str) -> Iterator[tuple[str, ...]]:
    for position, annee in enumerate((2025, 2024)):
        lus = {i: par_ml[rang][position] for i, par_ml in COMPTES.items()}
        for i, n in lus.items():
            yield ("ml", code, i, "", "", str(annee), str(n), "", str(n), "disponible")
        for i, (haut, bas) in TAUX.items():
            valeur = f"{100 * lus[haut] / lus[bas]:.6f}"
            yield ("ml", code, i, "", "", str(annee), str(lus[haut]), str(lus[bas]), valeur, "disponible")
        for i, montants in ARGENT.items():
            yield ("ml", code, i, "", "", str(annee), montants[position], "", montants[position], "disponible")
        socle, jeunes = ARGENT["MOY04"][position], lus["ACT07"]
        yield (
            "ml",
            code,
            "MOY06",
            "",
            "",
            str(annee),
            socle,
            str(jeunes),
            f"{float(socle) / jeunes:.2f}",
            "disponible",
        )
        yield ("ml", code, "MOY01", "", "", str(annee), "20.500000", "", "20.500000", "disponible")
        statut = "disponible" if code == DEDANS else "non_exploitable"
        contacts = "12" if code == DEDANS else ""
        yield ("ml", code, "ENT03", "", "", str(annee), contacts, "", contacts, statut)
        for mois in range(1, 13):
            for i in ("ACT01", "ACT02", "RES01"):
                n, cumul = str(lus[i] // 12), str(lus[i] * mois // 12)
                yield ("ml", code, i, "", "", f"{annee}-{mois:02d}", n, "", n, "disponible")
                yield ("ml", code, i, "", "", f"{annee}-{mois:02d}-cumul", cumul, "", cumul, "disponible")
        for modalite, part in (("femme", lus["ACT02"] // 2), ("homme", lus["ACT02"] - lus["ACT02"] // 2)):
            yield ("ml", code, "ACT02", "sexe", modalite, str(annee), str(part), "", str(part), "disponible")


def de(cible: str) -> str:
    """Return the mission locale of a line of the access table."""
    return AILLEURS if cible == "ailleurs" else DEDANS


def ecrire_agregats(chemin: Path) -> Path:
    """Write the aggregates of the three."""
    toutes = [",".join(ligne) for rang, code in enumerate(DEPARTEMENTS) for ligne in lignes(rang, code)]
    chemin.write_text("\n".join([",".join(COLONNES_CSV), *sorted(toutes)]) + "\n", encoding="utf-8")
    return chemin


def creer_missions_locales() -> dict[str, MissionLocale]:
    """Create the three missions locales."""
    return {
        code: MissionLocaleFactory(
            code=code, nom=NOMS[code], departement=Departement.objects.get(code=departement),
            module_entreprise=code == DEDANS,
        )
        for code, departement in DEPARTEMENTS.items()
    }  # fmt: skip


def figer(dossier: Path) -> Instantane:
    """Freeze their two years."""
    fichier = {"vue": "AgregatMl", "fichier": "agregats.csv", "sha256": "a" * 64, "sha256_copie": "", "lignes": 300}
    source = SourceMl(ecrire_agregats(dossier / "agregats-ml.csv"), AGREGATS, (fichier,))
    return calculer_missions_locales([2024, 2025], EntreesMl([source], DEPARTEMENTS))
