"""Les lectures offertes aux autres modules : forme, nombre de requêtes, erreurs."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.reglementation import actions, memoire, queries
from tests.socle.reglementation.factories import EI, saisie

pytestmark = pytest.mark.django_db
FORME = ["code", "date", "valeur", "unite", "texte", "source", "verifie_le", "a_confirmer", "historique"]


def test_un_parametre_a_exactement_la_forme_convenue() -> None:
    lu = queries.parametre("iae.socle.ACI", date(2025, 6, 1))
    assert list(lu) == FORME
    assert lu["valeur"] == "23921", "un montant est un texte"
    assert lu["date"] == "2025-06-01"
    assert lu["a_confirmer"] is True
    assert lu["historique"][0]["debut"] == "2014-07-01"
    assert lu["historique"][-1]["dernier_jour"] is None
    assert json.loads(json.dumps(lu)) == lu


def test_un_parametre_sans_valeur_a_cette_date_le_dit() -> None:
    lu = queries.parametre("iae.socle.ACI", date(2013, 1, 1))
    assert list(lu) == FORME
    assert (lu["valeur"], lu["texte"], lu["a_confirmer"]) == (None, "", True)
    assert lu["historique"]


def test_un_parametre_termine_n_est_pas_a_confirmer() -> None:
    assert queries.parametre("iae.eiti.plafond", date(2026, 1, 1))["a_confirmer"] is False
    assert queries.parametre("iae.bilan.date_limite", date(2026, 1, 1))["a_confirmer"] is True


def test_un_entier_reste_un_entier_et_un_texte_un_texte() -> None:
    assert queries.parametre("iae.objectifs.delai_ans", date(2025, 1, 1))["valeur"] == 3
    assert queries.parametre("iae.continuite.reprise", date(2025, 1, 1))["valeur"] == "09-30"


def test_une_lecture_coute_une_requete_et_le_lot_n_en_coute_pas_plus(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        droit = queries.charger()
        for code in droit.catalogue.parametres:
            droit.valeur_ou_rien(code, date(2025, 6, 1))
    with django_assert_num_queries(1):
        for departement in ("69", "38", "2A"):
            droit.motifs_positifs_locaux(departement, date(2025, 6, 1))


def test_une_requete_web_ne_lit_les_ajouts_qu_une_fois_et_voit_les_siens(django_assert_num_queries: Any) -> None:
    jour = date(2026, 6, 1)
    memoire.ouvrir()
    try:
        with django_assert_num_queries(1):
            assert queries.valeur(EI, jour).nombre == queries.valeur(EI, jour).nombre == 13304
        actions.ajouter_valeur(Acteur.systeme("Essai"), saisie())
        assert queries.valeur(EI, jour).nombre == 13500
    finally:
        memoire.fermer()
    with django_assert_num_queries(2):
        assert queries.valeur(EI, jour).nombre == queries.valeur(EI, jour).nombre


@pytest.mark.parametrize(
    ("categorie", "jour", "options", "attendu"),
    [
        ("ACI", date(2024, 11, 1), {}, 23921),
        ("ACI", date(2024, 11, 1), {"territoire": "976"}, 18070),
        ("ACI", date(2019, 1, 1), {"penitentiaire": True}, 12119),
        ("AI", date(2012, 1, 1), {}, None),
        ("EITI", date(2025, 1, 1), {}, None),
        ("AI", date(2025, 1, 1), {"penitentiaire": True}, None),
    ],
    ids=str,
)
def test_le_montant_socle_d_une_categorie_s_il_en_est_un(categorie, jour, options, attendu) -> None:
    lu = queries.montant_socle(categorie, jour, **options)
    assert (lu and lu.nombre) == attendu


def test_les_textes_applicables_changent_avec_la_date() -> None:
    def codes(jour: date) -> set[str]:
        return {t.code for t in queries.textes_applicables(jour)}

    assert "arrete-2023-07-28" in codes(date(2023, 6, 1))
    assert "arrete-2023-07-28" not in codes(date(2024, 1, 1))
    assert "instruction-2014-2" not in codes(date(2014, 2, 4))
    assert "instruction-2014-2" in codes(date(2014, 2, 5))
    assert "decret-2024-560" in codes(date(2026, 1, 1))
    assert "regle-par-defaut" not in codes(date(2026, 1, 1))


def test_un_texte_dit_ce_qu_il_remplace() -> None:
    assert queries.texte("arrete-2021-12-21").nor == "MTRD2129488A"
    assert queries.texte("instruction-2011-4").nor == "ETSD1111622J"
    assert queries.texte("arrete-2014-03-06").remplace == ("arrete-2013-10-03",)
    with pytest.raises(queries.TexteInconnu):
        queries.texte("arrete-perdu")


def test_les_listes_de_reference() -> None:
    assert queries.referentiel("etats-annexe").element("PROVISOIRE").attributs["calculs"] == "oui"
    assert queries.referentiel("mesures-asp").element("FDI_DC").attributs["comptee"] == "non"
    assert len(queries.referentiel("categories-sortie").elements) == 5
    with pytest.raises(queries.ParametreInconnu):
        queries.referentiel("liste-perdue")
    with pytest.raises(KeyError):
        queries.referentiel("categories-sortie").element("perdue")


def test_une_institution_porte_le_nom_de_son_jour() -> None:
    assert queries.nom_institution("service_departemental", date(2014, 3, 1)) == "unité territoriale de la DIRECCTE"
    assert queries.nom_institution("service_departemental", date(2026, 3, 1)) == "DDETS"
    assert queries.nom_institution("france_travail", date(2020, 1, 1)) == "Pôle emploi"
