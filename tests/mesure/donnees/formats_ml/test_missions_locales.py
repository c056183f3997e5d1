from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest

from convenir.mesure.donnees.formats import (
    Disposition,
    FormatInvalide,
    TypeColonne,
    lire_vues,
    tables_missions_locales,
)
from convenir.mesure.donnees.formats.arrow import schema_arrow
from convenir.mesure.donnees.formats.table_schema import table_schemas

TABLES = [
    "structure",
    "site",
    "zone_ml",
    "jeune",
    "jeune_etat",
    "actualite",
    "proposition",
    "parcours",
    "situation",
    "offre",
    "mise_en_relation",
    "entreprise",
    "contact_entreprise",
    "periode_entreprise",
    "parrain",
    "parrainage",
    "icare_rh",
    "icare_budget",
    "contexte_valeur",
]
TABLES_DE_JEUNES = (
    "jeune jeune_etat actualite proposition parcours situation mise_en_relation periode_entreprise parrainage"
)


def test_the_nineteen_tables_of_the_relational_schema_are_described():
    assert list(tables_missions_locales()) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_label_and_every_key_is_described(table):
    vue = tables_missions_locales()[table]
    assert vue.conservee
    assert vue.cle
    assert all(c.titre for c in vue.colonnes)
    assert all(vue.colonne(c) for c in vue.cle)


def test_only_a_table_without_structure_or_youth_refuses_a_delivery():
    assert [v.nom for v in tables_missions_locales().values() if v.principale] == ["structure", "jeune"]


@pytest.mark.parametrize("table", TABLES_DE_JEUNES.split())
def test_every_table_of_youths_carries_the_pseudonym_and_the_mission_locale(table):
    vue = tables_missions_locales()[table]
    assert vue.colonne("jeune_id").disposition is Disposition.PSEUDONYME
    assert vue.colonne("ml_id") is not None
    if table != "jeune":
        assert vue.cles_etrangeres["jeune"] == {"jeune_id": "jeune_id", "ml_id": "ml_id"}


def test_the_adviser_and_free_texts_are_dropped_on_entry():
    supprimees = {
        (v.nom, c.nom)
        for v in tables_missions_locales().values()
        for c in v.colonnes
        if c.disposition is Disposition.SUPPRIMER
    }
    assert supprimees == {("actualite", "conseiller_id"), ("proposition", "libelle")}
    assert "conseiller_id" not in schema_arrow(tables_missions_locales()["actualite"]).names


def test_every_reference_leads_to_a_key_of_the_same_type():
    vues = tables_missions_locales()
    for vue in vues.values():
        for cible, paires in vue.cles_etrangeres.items():
            assert set(paires.values()) <= set(vues[cible].cle), (vue.nom, cible)
            assert all(vue.colonne(a).type is vues[cible].colonne(b).type for a, b in paires.items())


def test_the_published_schema_is_json_and_says_what_a_file_must_hold():
    schemas = json.loads(json.dumps(table_schemas()))
    assert list(schemas) == TABLES
    parcours = schemas["parcours"]
    champs = {c["name"]: c for c in parcours["fields"]}
    assert parcours["primaryKey"] == ["parcours_id"]
    assert champs["date_entree"] == {
        "name": "date_entree", "title": "Entrée", "type": "date", "constraints": {"required": True},
    }  # fmt: skip
    assert re.match(champs["dispositif"]["constraints"]["pattern"], "AUTRE:GARANTIE_JEUNES")
    assert not re.match(champs["dispositif"]["constraints"]["pattern"], "CIVIS_AUTRE")
    assert champs["type_appui"]["constraints"] == {"enum": ["renforce", "projet"]}
    assert {"fields": ["jeune_id", "ml_id"], "reference": {"resource": "jeune", "fields": ["jeune_id", "ml_id"]}} in (
        parcours["foreignKeys"]
    )
    assert schemas["actualite"]["colonnesSupprimees"] == ["conseiller_id"]


def test_a_key_that_may_be_partly_empty_is_not_published_as_a_primary_key():
    assert "primaryKey" not in table_schemas()["icare_rh"]
    assert table_schemas()["contexte_valeur"]["primaryKey"][0] == "territoire_type"


def test_the_types_of_a_parquet_file():
    schema = schema_arrow(tables_missions_locales()["situation"])
    assert schema.field("date_debut").type == pa.date32()
    assert schema.field("date_saisie").type == pa.timestamp("ms")
    assert schema.field("heures_hebdo").type == pa.decimal128(18, 2)
    assert schema.field("qualifiante").type == pa.bool_()
    assert schema.field("jeune_id").type == pa.string()
    assert schema_arrow(tables_missions_locales()["jeune_etat"]).field("enfants").type == pa.int64()
    assert {c.type for v in tables_missions_locales().values() for c in v.colonnes} == set(TypeColonne) - {
        TypeColonne.DUREE
    }


@pytest.mark.parametrize("valeurs", ["[a, a]", "oui", "[oui, true]", "[1, 2]"])
def test_a_wrong_list_of_codes_is_refused(tmp_path, valeurs):
    fichier = tmp_path / "f.yaml"
    fichier.write_text(
        f"vues:\n  V:\n    contenu: x\n    conservee: true\n    colonnes:\n      a: {{valeurs: {valeurs}}}\n"
    )
    with pytest.raises(FormatInvalide, match=r"f\.yaml : V\.a : « valeurs »"):
        lire_vues(fichier)
