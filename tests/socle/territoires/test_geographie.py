"""The official geography: complete, consistent, loaded once, never emptied."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from convenir.socle.journal.models import Entree
from convenir.socle.territoires.actions import charger_geographie
from convenir.socle.territoires.geographie_officielle import DOSSIER, lire_niveau
from convenir.socle.territoires.models import AncienCode, Commune, Departement, Epci, Region
from convenir.socle.territoires.queries import communes_actuelles

VOYELLES = "AEIOUYÉÈÊÎ"


def test_les_fichiers_fournis_ont_les_effectifs_de_la_geographie_2026():
    effectifs = {n: sum(1 for _ in lire_niveau(n)) for n in ("regions.csv", "departements.csv", "epci.csv.gz")}

    assert effectifs == {"regions.csv": 26, "departements.csv": 109, "epci.csv.gz": 1255}
    assert sum(1 for _ in lire_niveau("communes.csv.gz")) == 34_969


def test_les_fichiers_fournis_restent_petits_et_disent_leur_licence():
    assert sum(f.stat().st_size for f in DOSSIER.iterdir()) < 1_500_000
    licence = (DOSSIER / "LICENCE.md").read_text("utf-8")
    assert "Licence Ouverte 2.0" in licence
    assert "MIT" in licence


@pytest.mark.parametrize(
    ("code", "complement"),
    [
        ("01", "de l'Ain"), ("2A", "de la Corse-du-Sud"), ("28", "d'Eure-et-Loir"), ("40", "des Landes"),
        ("69", "du Rhône"), ("75", "de Paris"), ("84", "de Vaucluse"), ("95", "du Val-d'Oise"),
        ("34", "de l'Hérault"), ("68", "du Haut-Rhin"), ("974", "de La Réunion"),
        ("976", "de Mayotte"), ("977", "de Saint-Barthélemy"), ("989", "de l'île de Clipperton"),
    ],
)  # fmt: skip
def test_le_complement_de_nom_suit_l_usage(code, complement):
    assert {d["code"]: d["complement"] for d in lire_niveau("departements.csv")}[code] == complement


@pytest.mark.parametrize("fichier", ["regions.csv", "departements.csv"])
def test_aucun_complement_ne_bute_sur_une_voyelle(fichier):
    for territoire in lire_niveau(fichier):
        complement = territoire["complement"]
        assert complement.lower().endswith(territoire["nom"].lower())
        if complement.startswith(("de ", "du ")) and not complement.startswith(("de la ", "de l'")):
            assert territoire["nom"][0] not in VOYELLES, complement


@pytest.fixture
def geographie(db):
    return charger_geographie()


def test_charger_pose_tous_les_niveaux_puis_plus_rien(geographie):
    journal = Entree.objects.count()

    seconde = charger_geographie()

    assert geographie == {
        "regions": 26, "departements": 109, "epci": 1255, "communes": 34_969,
        "anciens_codes": AncienCode.objects.count(),
    }  # fmt: skip
    assert set(seconde.values()) == {0}
    assert Entree.objects.count() == journal


def test_les_territoires_s_emboitent(geographie):
    for departement in Departement.objects.annotate(somme=Sum("communes__population")):
        assert departement.population == departement.somme, departement
    for region in Region.objects.annotate(somme=Sum("departements__population")):
        assert region.population == region.somme, region
    assert Departement.objects.get(pk="984").population is None
    assert Commune.objects.filter(departement="75").count() == 1
    assert Epci.objects.filter(communes=None).count() == 0
    actuelles = communes_actuelles()
    assert actuelles["75112"] == "75056"
    assert actuelles["01001"] == "01001"


def test_recharger_repare_sans_rien_supprimer(geographie):
    Commune.objects.filter(pk="69123").update(nom="Lugdunum", population=1)
    Commune.objects.create(pk="00000", nom="Commune d'un autre millésime", departement_id="69")

    ecrits = charger_geographie()

    assert ecrits["communes"] == 1
    assert sum(ecrits.values()) == 1
    assert Commune.objects.get(pk="69123").nom == "Lyon"
    assert Commune.objects.filter(pk="00000").exists()
