"""The conversion of the npm package: same package, same bytes; unknown populations stay unknown."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
from pathlib import Path

import pytest

OUTIL = Path(__file__).resolve().parents[3] / "outils" / "convertir_geographie.py"
REGIONS = [{"code": "84", "nom": "Auvergne-Rhône-Alpes", "typeLiaison": 1, "zone": "metro"}]
DEPARTEMENTS = [
    {"code": "69", "nom": "Rhône", "region": "84", "typeLiaison": 2, "zone": "metro"},
    {"code": "01", "nom": "Ain", "region": "84", "typeLiaison": 5, "zone": "metro"},
]
EPCI = [{"code": "200046977", "nom": "Métropole", "type": "MET69", "populationMunicipale": 10,
         "membres": [{"code": "69123"}]}]  # fmt: skip


def commune(code, **autres):
    return {"code": code, "nom": code, "departement": code[:2], "region": "84", "type": "commune-actuelle", **autres}


COMMUNES = [
    commune("69123", population=7, codesPostaux=["69002", "69001"], anciensCodes=["69999"]),
    commune("69000", population=3),
    commune("01001"),
    commune("69381", type="arrondissement-municipal", commune="69123"),
    commune("01015", type="commune-deleguee", chefLieu="01001"),
]


@pytest.fixture
def convertir():
    spec = importlib.util.spec_from_file_location("convertir_geographie", OUTIL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.convertir


def paquet(dossier, communes=COMMUNES):
    (dossier / "data").mkdir(parents=True)
    for nom, contenu in (("regions", REGIONS), ("departements", DEPARTEMENTS), ("epci", EPCI), ("communes", communes)):
        (dossier / "data" / f"{nom}.json").write_text(json.dumps(contenu), "utf-8")
    return dossier


def lignes(fichier):
    octets = fichier.read_bytes()
    texte = (gzip.decompress(octets) if fichier.suffix == ".gz" else octets).decode()
    return list(csv.DictReader(texte.splitlines()))


def test_conversion(tmp_path, convertir):
    convertir(paquet(tmp_path / "p"), tmp_path / "c")

    departements = {d["code"]: d for d in lignes(tmp_path / "c" / "departements.csv")}
    assert departements["69"]["population"] == "10"
    assert departements["69"]["complement"] == "du Rhône"
    assert departements["01"]["population"] == ""
    lyon = next(c for c in lignes(tmp_path / "c" / "communes.csv.gz") if c["code"] == "69123")
    assert (lyon["epci"], lyon["codes_postaux"]) == ("200046977", "69001 69002")
    anciens = {a["code"]: a["commune"] for a in lignes(tmp_path / "c" / "anciens_codes.csv.gz")}
    assert anciens == {"69999": "69123", "69381": "69123", "01015": "01001"}


def test_meme_paquet_memes_octets(tmp_path, convertir):
    convertir(paquet(tmp_path / "p"), tmp_path / "un")
    convertir(paquet(tmp_path / "q", communes=COMMUNES[::-1]), tmp_path / "deux")

    for fichier in (tmp_path / "un").iterdir():
        assert fichier.read_bytes() == (tmp_path / "deux" / fichier.name).read_bytes(), fichier.name
