"""Indicators of missions locales computed elsewhere, imported as one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from tests.factories_socle import MissionLocaleFactory

pytestmark = pytest.mark.django_db
ENTETE = "niveau,code_territoire,indicateur,ventilation,modalite,periode,numerateur,denominateur,valeur,statut"
SAINES = [
    "ml,ML04401,ACT01,,,2025,12,,12,disponible",
    "ml,ML04401,ACT01,sexe,femme,2025,7,,7,disponible",
    "ml,ML04401,ACT01,,,2025-03,4,,4,disponible",
    "ml,ML04401,ENT03,,,2025,,,,non_exploitable",
    "site,ML04401-S1,ACT01,,,2025,5,,5,disponible",
    "departement,44,ACT01,,,2025,12,,12,disponible",
]
FAUTES = {
    "indicateur_inconnu": ("ml,ML04401,ACT99,,,2025,1,,1,disponible", "indicateur", "n'est pas au catalogue"),
    "periode": ("ml,ML04401,ACT02,,,2025-13,1,,1,disponible", "periode", "forme attendue"),
    "statut": ("ml,ML04401,ACT02,,,2025,1,,1,connu", "statut", "Ce code n'est pas"),
    "valeur_absente": ("ml,ML04401,ACT02,,,2025,1,,,disponible", "valeur", "la valeur est absente"),
    "valeur_de_trop": ("ml,ML04401,ACT02,,,2025,1,,1,manquant", "valeur", "alors que le statut dit"),
    "effectif_a_virgule": ("ml,ML04401,ACT02,,,2025,1.5,,1.5,disponible", "valeur", "nombre entier"),
    "part_de_plus_de_cent": ("ml,ML04401,TX01,,,2025,3,2,150,disponible", "valeur", "de 0 à 100"),
    "part_fausse": ("ml,ML04401,TX01,,,2025,1,2,40,disponible", "valeur", "n'est pas celle que donnent"),
    "ventilation_seule": ("ml,ML04401,ACT02,sexe,,2025,1,,1,disponible", "modalite", "vont ensemble"),
    "mission_locale_inconnue": ("ml,ML99999,ACT02,,,2025,1,,1,disponible", "code_territoire", "n'est pas connue"),
    "texte": ("ml,ML04401,ACT02,,,2025,1,,un,disponible", "valeur", "pas un nombre"),
}


@pytest.fixture
def mission(geographie):
    return MissionLocaleFactory(code="ML04401", departement_id="44")


def fichier(tmp_path: Path, *lignes: str) -> Path:
    chemin = tmp_path / "valeurs.csv"
    chemin.write_text("\n".join([ENTETE, *lignes]) + "\n")
    return chemin


def test_les_indicateurs_se_deposent_seuls(tmp_path, mission, importer):
    rapport = importer(fichier(tmp_path, *SAINES))
    assert rapport.issue is Issue.APPLIQUEE
    assert rapport.quarantaine == 0
    assert rapport.avertissements_total == 1
    entrepot = queries.entrepots_ml()[0]
    assert entrepot.nature == Source.AGREGATS_ML
    assert entrepot.couverture == {"ML04401": (2025,)}
    assert entrepot.chemin.read_text().splitlines() == [ENTETE, *sorted(x for x in SAINES if "departement" not in x)]


@pytest.mark.parametrize("nom", sorted(FAUTES))
def test_une_valeur_fautive_est_mise_a_lecart(nom, tmp_path, mission, donnees, acteur):
    ligne, colonne, mots = FAUTES[nom]
    rapport = actions.essayer(fichier(tmp_path, *SAINES, ligne), acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.refus == []
    trouvees = [a for a in rapport.anomalies if mots in a["message"]]
    assert [(a["ligne"], a["colonne"]) for a in trouvees] == [(8, colonne)], rapport.anomalies
    assert rapport.quarantaine == 1


def test_une_cle_en_double_est_mise_a_lecart_meme_sans_ventilation(tmp_path, mission, donnees, acteur):
    double = "ml,ML04401,ACT01,,,2025,13,,13,disponible"
    rapport = actions.essayer(fichier(tmp_path, *SAINES, double), acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.quarantaine == 2
    assert "même clé" in rapport.anomalies[0]["message"]


def test_une_annee_remplace_la_meme_annee_seule(tmp_path, mission, importer):
    importer(fichier(tmp_path, "ml,ML04401,ACT01,,,2024,9,,9,disponible", *SAINES))
    importer(fichier(tmp_path, "ml,ML04401,ACT01,,,2025,14,,14,disponible"))
    neuf, ancien = queries.entrepots_ml()
    assert neuf.couverture == {"ML04401": (2025,)}
    assert ancien.couverture == {"ML04401": (2024,)}


def test_des_enregistrements_puis_des_indicateurs_se_partagent_les_annees(tmp_path, petit, importer):
    importer(petit)
    importer(fichier(tmp_path, *SAINES))
    neuf, ancien = queries.entrepots_ml()
    assert (neuf.nature, neuf.missions_de(2025)) == (Source.AGREGATS_ML, {"ML04401"})
    assert (ancien.nature, ancien.missions_de(2025), ancien.missions_de(2024)) == (
        Source.MISSIONS_LOCALES, {"ML08501"}, {"ML04401"},
    )  # fmt: skip


def test_enregistrements_et_indicateurs_ne_se_melangent_pas(petit, importer):
    (petit / "valeurs.csv").write_text("\n".join([ENTETE, *SAINES]) + "\n")
    rapport = importer(petit)
    assert rapport.issue is Issue.REFUSEE
    assert "déposez-les séparément" in rapport.refus[0]
    assert not Livraison.objects.exists()
