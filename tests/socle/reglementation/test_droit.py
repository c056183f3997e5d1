"""Le droit à une date : succession, reconduction, renvoi, territoire, ajouts qui ne récrivent rien."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.periodes import Periode
from convenir.socle.reglementation.catalogue import avec_reconduction, catalogue
from convenir.socle.reglementation.definitions import ValeurDeclaree
from convenir.socle.reglementation.droit import (
    Ajout,
    DefinitionLocale,
    ParametreInconnu,
    Reglementation,
    ValeurAbsente,
)

FICHIERS = Reglementation(catalogue())
EI = "iae.socle.EI"


def ajout(debut: date, valeur: str, *, code: str = EI, cle: int = 1, **champs: object) -> Ajout:
    annuelle = catalogue().parametres[code].revision_annuelle
    declaree = ValeurDeclaree(
        debut, Decimal(valeur), "Recueil d'essai", date(2026, 3, 1), reference="Arrêté d'essai", ajout=cle
    )
    declaree = avec_reconduction(declaree, revision_annuelle=annuelle)
    return Ajout(cle, code, declaree, datetime(2026, 3, 1, tzinfo=UTC), "Camille Fictive", "", "essai", **champs)  # type: ignore[arg-type]


def locale(departement: str = "69", motif: str = "6", debut: date = date(2024, 1, 1)) -> DefinitionLocale:
    periode = Periode(debut, date(2025, 1, 1))
    return DefinitionLocale(1, departement, motif, periode, "Retraités", "CDIAE", date(2023, 12, 1), "relevé n° 4")


def test_une_valeur_dit_tout_d_elle() -> None:
    v = FICHIERS.valeur(EI, date(2023, 6, 1))
    assert (v.valeur, v.unite, v.texte) == (Decimal(12081), "€ par ETP et par an", "Arrêté du 28 juillet 2023")
    assert v.debut == date(2023, 5, 1)
    assert v.fin == date(2024, 1, 1)
    assert v.publie_le == date(2023, 8, 17)
    assert v.retard == 108
    assert v.source.startswith("https://")
    assert not v.a_confirmer


def test_un_montant_revu_chaque_annee_est_reconduit_l_annee_suivante() -> None:
    assert not FICHIERS.valeur(EI, date(2025, 12, 31)).a_confirmer
    suivant = FICHIERS.valeur(EI, date(2026, 1, 1))
    assert (suivant.valeur, suivant.reconduit, suivant.a_confirmer) == (Decimal(13304), True, True)
    assert "2026" in suivant.pourquoi
    assert suivant.debut == date(2025, 1, 1)


@pytest.mark.parametrize("categorie", ["ETTI", "AI", "ACI"])
def test_les_autres_categories_sont_reconduites_des_2025(categorie: str) -> None:
    assert not FICHIERS.valeur(f"iae.socle.{categorie}", date(2024, 12, 31)).a_confirmer
    assert FICHIERS.valeur(f"iae.socle.{categorie}", date(2025, 1, 1)).reconduit


def test_sans_revision_annuelle_une_valeur_dure() -> None:
    v = FICHIERS.valeur("iae.objectifs.dynamique", date(2026, 1, 1))
    assert (v.nombre, v.reconduit, v.a_confirmer) == (Decimal(60), False, False)


def test_une_valeur_absente_n_est_pas_zero() -> None:
    assert FICHIERS.valeur_ou_rien("iae.socle.ACI", date(2014, 6, 30)) is None
    with pytest.raises(ValeurAbsente, match="30"):
        FICHIERS.valeur("iae.socle.ACI", date(2014, 6, 30))
    assert FICHIERS.valeur_ou_rien("iae.bilan.date_limite", date(2026, 1, 1)) is None


def test_un_code_inconnu_propose_ses_voisins() -> None:
    with pytest.raises(ParametreInconnu, match=r"iae\.socle\.ACI"):
        FICHIERS.valeur("iae.socle.ACII", date(2026, 1, 1))


def test_un_texte_n_est_pas_un_nombre() -> None:
    with pytest.raises(TypeError):
        FICHIERS.nombre("iae.sorties.six_mois_exactement", date(2026, 1, 1))


def test_mayotte_a_ses_montants_et_non_ceux_du_reste() -> None:
    assert FICHIERS.nombre(EI, date(2023, 6, 1), territoire="976") == 9120
    assert FICHIERS.nombre(EI, date(2023, 6, 1), territoire="69") == 12081
    assert FICHIERS.valeur_ou_rien(EI, date(2019, 1, 1), territoire="976") is None
    assert FICHIERS.valeur("iae.objectifs.durable", date(2023, 1, 1), territoire="976").nombre == 25


def test_un_renvoi_suit_l_autre_parametre_jusque_dans_ses_doutes() -> None:
    prison = FICHIERS.valeur("iae.socle.penitentiaire.EI", date(2026, 5, 1))
    assert (prison.code, prison.nombre, prison.reconduit) == ("iae.socle.penitentiaire.EI", 13304, True)
    assert FICHIERS.nombre("iae.socle.penitentiaire.EI", date(2021, 12, 31)) == 6593
    assert FICHIERS.nombre("iae.socle.penitentiaire.EI", date(2022, 1, 1)) == 11087


def test_une_valeur_ajoutee_clot_la_precedente_a_sa_date_d_effet() -> None:
    droit = Reglementation(catalogue(), [ajout(date(2026, 1, 1), "13500")])
    assert droit.valeur(EI, date(2025, 12, 31)).nombre == 13304
    assert droit.valeur(EI, date(2025, 12, 31)).fin == date(2026, 1, 1)
    nouvelle = droit.valeur(EI, date(2026, 1, 1))
    assert (nouvelle.nombre, nouvelle.reconduit, nouvelle.texte) == (13500, False, "Arrêté d'essai")
    assert droit.valeur(EI, date(2027, 1, 1)).reconduit
    assert droit.nombre("iae.socle.penitentiaire.EI", date(2026, 2, 1)) == 13500, "le milieu pénitentiaire suit"


def test_une_valeur_ajoutee_entre_deux_s_arrete_a_la_suivante() -> None:
    droit = Reglementation(catalogue(), [ajout(date(2024, 6, 1), "12300")])
    assert [droit.nombre(EI, j) for j in (date(2024, 5, 31), date(2024, 10, 31), date(2024, 11, 1))] == [
        12218, 12300, 12459,
    ]  # fmt: skip


def test_a_la_meme_date_l_ajout_remplace_et_les_deux_restent_dans_l_histoire() -> None:
    droit = Reglementation(catalogue(), [ajout(date(2025, 1, 1), "13305")])
    assert droit.nombre(EI, date(2025, 6, 1)) == 13305
    histoire = [(li.declaree.valeur, li.etat) for li in droit.histoire(EI) if li.declaree.debut == date(2025, 1, 1)]
    assert histoire == [(Decimal(13305), "en_vigueur"), (Decimal(13304), "remplacee")]


def test_un_ajout_retire_ne_compte_plus_et_reste_dans_l_histoire() -> None:
    retire = ajout(date(2026, 1, 1), "99999", retire_le=datetime(2026, 3, 2, tzinfo=UTC), retire_par="Camille")
    droit = Reglementation(catalogue(), [retire])
    assert droit.nombre(EI, date(2026, 6, 1)) == 13304
    assert next(li.etat for li in droit.histoire(EI)) == "retiree"
    assert droit.version == FICHIERS.version


def test_un_ajout_sans_parametre_est_signale_et_ne_casse_rien() -> None:
    perdu = replace(ajout(date(2026, 1, 1), "1"), code="iae.disparu.code")
    droit = Reglementation(catalogue(), [perdu])
    assert droit.orphelins == (perdu,)
    assert droit.version == FICHIERS.version


def test_la_version_change_avec_chaque_valeur_en_vigueur() -> None:
    versions = {
        FICHIERS.version,
        Reglementation(catalogue(), [ajout(date(2026, 1, 1), "13500")]).version,
        Reglementation(catalogue(), [ajout(date(2026, 1, 1), "13501")]).version,
        Reglementation(catalogue(), (), lambda: [locale()]).version,
    }
    assert len(versions) == 4
    assert Reglementation(catalogue()).version == FICHIERS.version


def test_une_definition_locale_vaut_dans_son_departement_et_sa_periode() -> None:
    droit = Reglementation(catalogue(), (), lambda: [locale()])
    code = "iae.sorties.motif.6"
    lue = droit.valeur(code, date(2024, 6, 1), territoire="69")
    assert (lue.valeur, lue.a_confirmer, lue.portee) == ("positive", False, "Département 69")
    assert "CDIAE" in lue.texte
    assert droit.valeur(code, date(2024, 6, 1)).valeur == "autre"
    assert droit.valeur(code, date(2024, 6, 1), territoire="38").valeur == "autre"
    assert droit.valeur(code, date(2025, 1, 1), territoire="69").valeur == "autre"
    assert droit.motifs_positifs_locaux("69", date(2024, 12, 31)) == {"6"}
    assert droit.motifs_positifs_locaux("69", date(2025, 1, 1)) == set()


@given(
    debuts=st.lists(st.dates(date(2010, 1, 1), date(2030, 12, 31)), max_size=8, unique=True),
    jour=st.dates(date(2005, 1, 1), date(2035, 12, 31)),
)
def test_ajouter_ne_change_rien_avant_la_date_d_effet(debuts: list[date], jour: date) -> None:
    ajouts = [ajout(d, str(10_000 + i), cle=i + 1) for i, d in enumerate(debuts)]
    droit = Reglementation(catalogue(), ajouts)
    avant, apres = FICHIERS.valeur_ou_rien(EI, jour), droit.valeur_ou_rien(EI, jour)
    plus_recents = [d for d in debuts if d <= jour and (avant is None or d >= avant.debut)]
    if plus_recents:
        assert apres is not None
        assert apres.debut == max(plus_recents)
    else:
        assert (apres and apres.valeur) == (avant and avant.valeur)


@given(jour=st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_les_segments_se_suivent_sans_se_recouvrir(jour: date) -> None:
    for code in catalogue().parametres:
        porteurs = [s for s in FICHIERS.chronique(code) if s.periode.contient(jour)]
        assert len(porteurs) <= 1
        veille = FICHIERS.chronique(code).au(jour - timedelta(days=1))
        if porteurs and veille and porteurs[0].valeur.debut < jour:
            assert veille.valeur.valeur == porteurs[0].valeur.valeur
