"""The sections, pieces and axes are those of the texts."""

from __future__ import annotations

from datetime import date

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


def test_sections_d_une_etti_r5132_10_7_chacune_a_son_alinea():
    sections = {s.code: s for s in referentiel.sections("ETTI", JOUR)}
    assert set(codes("EI")) - set(sections) == {"branche", "salaires"}
    assert set(sections) - set(codes("EI")) == {"exclusivite"}
    alineas = {c: s.texte.removeprefix("R. 5132-10-7, ") for c, s in sections.items()}
    assert alineas == {
        "porteur": "1° a", "publics": "1° b", "accompagnement": "1° c", "autres_conventions": "1° d",
        "territoire": "1° e", "exclusivite": "1° f et g", "moyens": "2°", "postes": "3°", "engagements": "4°",
        "offres": "5°", "aides": "6°", "suivi": "7°",
    }  # fmt: skip
    assert not any(s.doute for s in sections.values()), "le texte a été lu"


def test_eiti_comme_une_ei_sans_les_items_de_marche_a_confirmer():
    assert set(codes("EI")) - set(codes("EITI")) == {"branche", "salaires"}
    assert all(s.doute for s in referentiel.sections("EITI", JOUR))
    assert all("5 septembre 2018" in s.texte for s in referentiel.sections("EITI", JOUR)), "L. 5132-4 ne les nomme pas"


def test_sections_d_une_ai_r5132_12_sept_alineas_et_l_accueil():
    sections = {s.code: s for s in referentiel.sections("AI", JOUR)}
    assert not any(s.doute for s in sections.values())
    assert "salaires" not in sections, "R. 5132-12 ne demande ni la rémunération ni la durée du travail"
    assert (sections["suivi"].texte, sections["aides"].texte) == ("R. 5132-12, 7°", "R. 5132-12, 6°")
    accueil = [c for c in referentiel.champs("AI", JOUR).values() if c.code == "moyens.accueil"]
    assert accueil
    assert "moyens.accueil" not in referentiel.champs("ACI", JOUR)


def test_le_dernier_alinea_d_une_ei_est_le_neuvieme_celui_d_un_aci_le_septieme():
    textes = {c: {s.code: s.texte for s in referentiel.sections(c, JOUR)}["suivi"] for c in ("EI", "ACI")}
    assert textes == {"EI": "R. 5132-2, 9°", "ACI": "R. 5132-28, 7°"}


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
