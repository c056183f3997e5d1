"""The sections, pieces and axes are those of the texts."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.contrat.dossiers import referentiel

JOUR = date(2026, 11, 2)


def codes(cadre: str) -> list[str]:
    return [s.code for s in referentiel.sections(cadre, JOUR)]


def test_sections_d_un_aci_r5132_28():
    assert codes("ACI") == [
        "porteur", "chantiers", "accompagnement", "autres_conventions", "territoire", "penitentiaire", "moyens",
        "postes", "engagements", "offres", "aides", "suivi",
    ]  # fmt: skip


def test_sections_d_une_ei_r5132_2_avec_la_branche_et_les_salaires():
    assert {"branche", "salaires"} <= set(codes("EI"))
    assert "chantiers" not in codes("EI")


@pytest.mark.parametrize("categorie", ["ETTI", "EITI"])
def test_ettI_et_eiti_comme_une_ei_sans_les_items_de_marche(categorie):
    assert set(codes("EI")) - set(codes(categorie)) == {"branche", "salaires"}
    assert all(s.doute for s in referentiel.sections(categorie, JOUR))


def test_ai_items_5_a_9_presumes_paralleles_et_a_confirmer():
    doutes = {s.code: bool(s.doute) for s in referentiel.sections("AI", JOUR)}
    assert {c for c, d in doutes.items() if d} == {"offres", "aides", "salaires", "suivi"}
    accueil = [c for c in referentiel.champs("AI", JOUR).values() if c.code == "moyens.accueil"]
    assert accueil
    assert "moyens.accueil" not in referentiel.champs("ACI", JOUR)


def test_mission_locale_cinq_axes():
    assert [c for c in codes("ML") if c.startswith("ml_axe")] == [f"ml_axe_{n}" for n in range(1, 6)]
    assert len(referentiel.axes("ML")) == 5


def test_siae_quatre_axes_et_un_referentiel_d_exemples():
    assert [a.code for a in referentiel.axes("ACI")] == ["accueil", "accompagnement", "formation", "territoire"]
    assert all(e.exemple for e in referentiel.elements())
    assert {e.axe for e in referentiel.elements()} == {a.code for c in ("ACI", "ML") for a in referentiel.axes(c)}


def test_base_et_efforts_sont_separes():
    for cadre in ("EI", "AI", "ACI", "ETTI", "EITI"):
        volets = {c.volet for c in referentiel.champs(cadre, JOUR).values()}
        assert volets == {"commun", "base", "efforts"}, cadre


def test_chaque_question_a_un_code_unique_et_chaque_section_une_source():
    for cadre in referentiel.CADRES:
        sections = referentiel.sections(cadre, JOUR)
        questions = [c.code for s in sections for c in s.champs]
        assert len(questions) == len(set(questions))
        assert all(s.texte and s.source.startswith("https://") for s in sections)
