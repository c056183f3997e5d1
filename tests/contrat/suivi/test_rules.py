"""Rules of the follow-up, on cases worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.contrat.suivi.rules import bilan, calendrier, controle, moyens, renouvellement
from convenir.contrat.suivi.rules.moyens import LIVRE, NON_LIVRE, PROMIS, MoyenLu
from convenir.socle.commun.erreurs import EntreeInvalide


def test_le_bilan_a_six_rubriques_r5132_3():
    assert [r.code for r in bilan.RUBRIQUES] == [
        "moyens", "personnes", "suivi", "actions_sociales", "propositions", "retour_emploi",
    ]  # fmt: skip
    remplies = dict.fromkeys([r.code for r in bilan.RUBRIQUES], "x")
    assert bilan.rubriques_vides(remplies) == []
    assert [r.code for r in bilan.rubriques_vides(remplies | {"suivi": " "})] == ["suivi"]


def test_le_jour_de_l_echeance_est_a_temps():
    echeance = date(2026, 3, 31)
    assert bilan.depot(echeance, echeance) == bilan.Depot.A_TEMPS
    assert bilan.depot(date(2026, 4, 1), echeance) == bilan.Depot.EN_RETARD
    assert bilan.depot(echeance, None) == bilan.Depot.SANS_DATE
    assert bilan.delai_du_depot(date(2026, 4, 3), echeance).startswith("en retard de 3\u00a0jours")


def test_rapprochement_question_de_2011():
    deux = bilan.Ecart("sorties_examinees", "Sorties", D(35), D(37))
    une = bilan.Ecart("presents", "Présents", D(40), None)
    assert (deux.difference, une.difference) == (2, None)
    assert deux.a_trancher
    assert une.a_trancher


def test_deux_sources_egales_a_l_arrondi_concordent():
    assert bilan.Ecart("etp", "ETP", D("12.083333"), D("12.08")).concorde


REGLES = calendrier.Regles(None, (5, 31), (9, 30))


def test_calendrier_d_une_annee_de_convention_pluriannuelle():
    dues = calendrier.obligations(2026, date(2025, 1, 1), date(2028, 1, 1), REGLES)
    assert [(o.code, o.date) for o in dues] == [
        ("avenant", date(2026, 5, 31)),
        ("reprise", date(2026, 9, 30)),
        ("demande", date(2026, 12, 31)),
        ("bilan", None),
    ]
    assert dues[-1].a_fixer
    assert dues[-1].a_confirmer


def test_premiere_annee_ni_bilan_ni_avenant_annuel():
    assert [o.code for o in calendrier.obligations(2025, date(2025, 1, 1), date(2028, 1, 1), REGLES)] == ["demande"]


def test_derniere_annee_renouvellement():
    codes = [o.code for o in calendrier.obligations(2027, date(2025, 1, 1), date(2028, 1, 1), REGLES)]
    assert "renouvellement" in codes
    assert "demande" not in codes


def test_annee_d_apres_reste_le_bilan():
    dues = calendrier.obligations(2028, date(2025, 1, 1), date(2028, 1, 1), REGLES, bilan_fixe_au=date(2028, 4, 30))
    assert [(o.code, o.date) for o in dues] == [("bilan", date(2028, 4, 30))]


def test_un_objectif_manque_dit_le_moyen_non_livre():
    lus = [MoyenLu("Prestation DLA", "DLA 44", NON_LIVRE, "prestataire indisponible"), MoyenLu("Aide", "DDETS", LIVRE)]
    phrase = moyens.mise_en_garde(lus)
    assert phrase == (
        "Objectif non atteint, mais un moyen promis n'a pas été livré : Prestation DLA (DLA 44, "
        "prestataire indisponible)."
    )
    assert moyens.mise_en_garde(lus[1:]) == ""


def test_resume_des_moyens():
    lus = [MoyenLu("a", "x", LIVRE), MoyenLu("b", "x", LIVRE), MoyenLu("c", "x", PROMIS)]
    assert moyens.resume(lus) == "3\u00a0moyens : 2\u00a0livrés, 1\u00a0promis"


def test_ecart_au_plan_de_financement():
    assert moyens.ecart_financier(D("10000"), D("9000"))[0] == D("-1000")
    assert "\u221210,0\u00a0%" in moyens.ecart_financier(D("10000"), D("9000"))[1]
    assert "%" not in moyens.ecart_financier(D(0), D(500))[1]


@given(st.sets(st.integers(0, 9999).map(str), min_size=1, max_size=40), st.integers(1, 40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_un_tirage_se_refait_dans_n_importe_quel_ordre(population, taille):
    tire = controle.tirer("2026-44-graine", sorted(population), taille)
    assert tire == controle.tirer("2026-44-graine", sorted(population, reverse=True), taille)
    assert len(tire) == len(set(tire)) == min(taille, len(population))
    assert set(tire) <= population


def test_tirage_connu_refait_a_la_main():
    # printf '%s' 'graine|B' | sha256sum, etc. : les trois empreintes se rangent C, A, B.
    from hashlib import sha256

    attendu = sorted("ABC", key=lambda c: sha256(f"graine|{c}".encode()).hexdigest())
    assert controle.tirer("graine", ["A", "B", "C"], 2) == attendu[:2]
    with pytest.raises(EntreeInvalide):
        controle.tirer(" ", ["A"], 1)


def test_deux_delais_de_six_semaines_r5132_1_12():
    fin = controle.echeance(date(2026, 1, 5), 6)
    assert fin == date(2026, 2, 16)
    assert controle.refus_de_conclure("justificatifs", fin, date(2026, 2, 16), repondu=False)
    assert not controle.refus_de_conclure("justificatifs", fin, date(2026, 2, 17), repondu=False)
    assert not controle.refus_de_conclure("justificatifs", fin, date(2026, 1, 6), repondu=True)


def test_renouvellement_annexe_7():
    assert renouvellement.issue(["atteint", "atteint"]) == renouvellement.Issue.ATTEINT
    assert renouvellement.issue(["atteint", "non_atteint"]) == renouvellement.Issue.NON_ATTEINT
    assert renouvellement.issue(["atteint", "partiellement"]) == renouvellement.Issue.A_APPRECIER
    assert renouvellement.issue([]) == renouvellement.Issue.A_APPRECIER
    assert len(renouvellement.CAUSES) == 4
