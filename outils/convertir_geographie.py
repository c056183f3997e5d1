"""Convert the npm package `@etalab/decoupage-administratif` into the small files that the application carries.

    python outils/convertir_geographie.py DOSSIER

DOSSIER is the extracted package (the folder that holds `data/communes.json`). The same package gives the same bytes:
rows sorted by code, gzip without date. To change vintage: take the package of the year (its README gives the table of
versions), run this, read the difference of `regions.csv` and `departements.csv`, run the tests, commit.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CIBLE = Path(__file__).resolve().parent.parent / "convenir" / "socle" / "territoires" / "geographie"
Fiche = dict[str, Any]
Ligne = tuple[Any, ...]

# Code TNCC de l'Insee (« typeLiaison ») : la charnière qui précède un nom de territoire.
CHARNIERES = {0: "de ", 1: "d'", 2: "du ", 3: "de la ", 4: "des ", 5: "de l'"}
# Là où la charnière de l'Insee n'est pas celle des actes des préfectures.
CHARNIERES_D_USAGE = {
    ("departement", "41"): "de ",
    ("departement", "47"): "de ",
    ("departement", "82"): "de ",
    ("departement", "84"): "de ",
    ("region", "75"): "de ",
    **{(niveau, "984"): "des " for niveau in ("region", "departement")},
    **{(niveau, "987"): "de la " for niveau in ("region", "departement")},
    **{(niveau, "988"): "de la " for niveau in ("region", "departement")},
    **{(niveau, "989"): "de l'" for niveau in ("region", "departement")},
}


def complement(niveau: str, fiche: Fiche) -> str:
    """Return the name after a noun: « du Rhône », « de l'Ain »."""
    charniere = CHARNIERES_D_USAGE.get((niveau, fiche["code"])) or CHARNIERES[fiche["typeLiaison"]]
    nom = fiche["nom"]
    return charniere + (nom[0].lower() + nom[1:] if nom.startswith("Île de ") else nom)


def populations(communes: Iterable[Fiche], cle: str) -> dict[str, int]:
    """Sum the known municipal populations by `cle`; a territory without any is absent, never 0."""
    sommes: dict[str, int] = defaultdict(int)
    for commune in communes:
        if "population" in commune:
            sommes[commune[cle]] += commune["population"]
    return sommes


def anciens_codes(fiches: list[Fiche], actuelles: dict[str, Fiche]) -> dict[str, str]:
    """Map the codes that files still carry to the commune that holds them: merged communes, Paris, Lyon, Marseille.

    The seat given by the current geography prevails over the history of codes.
    """
    table = {ancien: c["code"] for c in actuelles.values() for ancien in c.get("anciensCodes", [])}
    for fiche in fiches:
        if fiche["type"] != "commune-actuelle":
            table[fiche["code"]] = fiche.get("chefLieu") or fiche["commune"]
    return {ancien: actuel for ancien, actuel in table.items() if ancien not in actuelles}


def ecrire(nom: str, entetes: Ligne, lignes: Iterable[Ligne], cible: Path) -> int:
    """Write one level, sorted by code; None is an empty cell. Return the size in bytes."""
    texte = io.StringIO(newline="")
    ecrivain = csv.writer(texte, lineterminator="\n")
    ecrivain.writerow(entetes)
    ecrivain.writerows(sorted(lignes))
    octets = texte.getvalue().encode("utf-8")
    if nom.endswith(".gz"):
        octets = gzip.compress(octets, compresslevel=9, mtime=0)
    (cible / nom).write_bytes(octets)
    return len(octets)


def convertir(dossier: Path, cible: Path = CIBLE) -> dict[str, int]:
    """Write the five files into `cible`; return their sizes in bytes."""
    lus = {n: json.loads((dossier / "data" / f"{n}.json").read_text("utf-8")) for n in
           ("regions", "departements", "epci", "communes")}  # fmt: skip
    actuelles = {c["code"]: c for c in lus["communes"] if c["type"] == "commune-actuelle"}
    par_departement = populations(actuelles.values(), "departement")
    par_region = populations(actuelles.values(), "region")
    epci_de = {m["code"]: e["code"] for e in lus["epci"] for m in e["membres"]}
    niveaux: dict[str, tuple[Ligne, list[Ligne]]] = {
        "regions.csv": (
            ("code", "nom", "complement", "zone", "population"),
            [(r["code"], r["nom"], complement("region", r), r["zone"], par_region.get(r["code"]))
             for r in lus["regions"]],
        ),
        "departements.csv": (
            ("code", "nom", "complement", "region", "population"),
            [(d["code"], d["nom"], complement("departement", d), d["region"], par_departement.get(d["code"]))
             for d in lus["departements"]],
        ),
        "epci.csv.gz": (
            ("code", "nom", "nature", "population"),
            [(e["code"], e["nom"], e["type"], e["populationMunicipale"]) for e in lus["epci"]],
        ),
        "communes.csv.gz": (
            ("code", "nom", "departement", "epci", "population", "codes_postaux"),
            [(c["code"], c["nom"], c["departement"], epci_de.get(c["code"]), c.get("population"),
              " ".join(sorted(c.get("codesPostaux", [])))) for c in actuelles.values()],
        ),
        "anciens_codes.csv.gz": (("code", "commune"), list(anciens_codes(lus["communes"], actuelles).items())),
    }  # fmt: skip
    cible.mkdir(parents=True, exist_ok=True)
    return {nom: ecrire(nom, entetes, lignes, cible) for nom, (entetes, lignes) in niveaux.items()}


def main() -> None:
    analyseur = argparse.ArgumentParser(description="Convertir le découpage administratif en données du produit.")
    analyseur.add_argument("dossier", type=Path, help="dossier du paquet extrait")
    for nom, taille in convertir(analyseur.parse_args().dossier).items():
        print(f"{nom} : {taille} octets")


if __name__ == "__main__":
    main()
