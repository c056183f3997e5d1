"""Rules of the negotiation, on cases checked by hand against the texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.contrat.objectifs import rules
from convenir.contrat.objectifs.phrases import ecrire
from convenir.contrat.objectifs.rules import Coup, Evolution, Issue, Regle, Situation
from convenir.contrat.objectifs.states import AVEC_VALEUR, CLOS, TOUR, TRANSITIONS, Etat, Genre, Partie, possibles
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide

D = Decimal
ETAT, STRUCTURE = Partie.ETAT, Partie.STRUCTURE


def coup(genre: str, partie: str, valeur: str | None = None) -> Coup:
    return Coup(Genre(genre), partie, None if valeur is None else D(valeur))


# The three exchanges of the mock-up on the positive exits: 17, 14, 16, then the agreement.
TROIS_TOURS = (
    coup("proposition", ETAT, "17"),
    coup("contre_proposition", STRUCTURE, "14"),
    coup("contre_proposition", ETAT, "16"),
)


def test_chacun_son_tour_jusqu_a_l_accord():
    assert rules.rejouer([]).etat == Etat.OUVERT
    assert [rules.rejouer(TROIS_TOURS[:n]).etat for n in (1, 2, 3)] == [
        Etat.A_LA_STRUCTURE, Etat.A_L_ETAT, Etat.A_LA_STRUCTURE,
    ]  # fmt: skip
    assert rules.rejouer([*TROIS_TOURS, coup("accord", STRUCTURE)]) == Situation(Etat.CONVENU, D("16"))


def test_on_ne_repond_pas_a_sa_propre_proposition():
    with pytest.raises(ActionRefusee, match="à la structure de répondre"):
        rules.rejouer([*TROIS_TOURS, coup("accord", ETAT)])


def test_la_structure_peut_commencer():
    assert rules.rejouer([coup("proposition", STRUCTURE, "20"), coup("accord", ETAT)]).cible == D("20")


def test_refus_d_entrer_dans_la_negociation():
    """Instruction 2011/4 : « Des SIAE refusent-elles d'entrer dans la négociation des objectifs emploi ? »"""
    assert rules.rejouer([coup("refus", STRUCTURE)]).etat == Etat.REFUSE
    assert rules.rejouer([TROIS_TOURS[0], coup("refus", STRUCTURE)]).etat == Etat.REFUSE


def test_desaccord_consigne_dans_les_mots_de_chacun():
    consigne = [TROIS_TOURS[0], coup("desaccord", STRUCTURE, "14")]
    assert rules.rejouer(consigne).etat == Etat.DESACCORD
    assert rules.rejouer([*consigne, coup("desaccord", ETAT, "17")]).etat == Etat.DESACCORD
    with pytest.raises(ActionRefusee, match="déjà consignée"):
        rules.rejouer([*consigne, coup("desaccord", STRUCTURE, "13")])


def test_un_objectif_clos_se_rouvre():
    rouvert = [*TROIS_TOURS, coup("accord", STRUCTURE), coup("reouverture", ETAT)]
    assert rules.rejouer(rouvert) == Situation(Etat.A_L_ETAT)
    assert rules.rejouer([*rouvert, coup("contre_proposition", ETAT, "18")]).etat == Etat.A_LA_STRUCTURE
    assert rules.rejouer([*rouvert, coup("accord", ETAT)]).cible == D("14")


def test_rien_a_accepter_apres_un_refus_rouvert():
    with pytest.raises(ActionRefusee, match="rien à accepter"):
        rules.rejouer([coup("refus", STRUCTURE), coup("reouverture", STRUCTURE), coup("accord", STRUCTURE)])


def test_un_avis_ne_change_pas_le_tour():
    assert rules.rejouer([TROIS_TOURS[0], coup("avis", Partie.FRANCE_TRAVAIL, "15")]).etat == Etat.A_LA_STRUCTURE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 100)), max_size=12))
def test_toute_suite_permise_mene_a_un_etat_coherent(choix):
    """Whatever is played: agreed exactly when there is a target, open exactly when it is someone's turn."""
    joues: list[Coup] = []
    ou = Situation()
    for rang, cote, valeur in choix:
        partie = ETAT if cote else STRUCTURE
        coups = possibles(partie, ou.etat)
        if not coups:
            continue
        genre = coups[rang % len(coups)].genre
        essai = Coup(genre, partie, D(valeur) if genre in AVEC_VALEUR else None)
        try:
            ou = rules.suivant(ou, joues, essai)
        except ActionRefusee:
            continue
        joues.append(essai)
    assert rules.rejouer(joues) == ou
    assert (ou.cible is not None) == (ou.etat == Etat.CONVENU)
    assert (ou.etat in TOUR) == (ou.etat not in CLOS and ou.etat != Etat.OUVERT)
    # The way back: without its last move, the sequence is still one that the table allows.
    rules.rejouer(joues[:-1])


def test_chaque_etat_a_une_sortie():
    assert {e for t in TRANSITIONS for e in t.depuis} == set(Etat)


def test_contenu_d_une_position():
    with pytest.raises(EntreeInvalide, match="Valeur proposée"):
        rules.verifier_contenu(Genre.PROPOSITION, None, "", "Parce que", qualitatif=False)
    with pytest.raises(EntreeInvalide, match="raisons"):
        rules.verifier_contenu(Genre.REFUS, None, "", "  ", qualitatif=False)
    with pytest.raises(EntreeInvalide, match="attendu"):
        rules.verifier_contenu(Genre.PROPOSITION, None, "", "Parce que", qualitatif=True)
    rules.verifier_contenu(Genre.ACCORD, None, "", "", qualitatif=False)


def test_durable_plus_transition_plus_positive_egale_dynamique():
    """The target of the mock-up: 24 + 20 + 16 = 60."""
    assert rules.somme_dynamique({"durable": D("24"), "transition": D("20"), "positive": D("16")}) == D("60")
    assert rules.somme_dynamique({"durable": D("24"), "transition": D("20")}) is None
    with pytest.raises(EntreeInvalide, match="105"):
        rules.verifier_somme({"durable": D("60"), "transition": D("25"), "positive": D("20")})


def test_trois_ans_depuis_la_premiere_negociation():
    assert rules.echeance_nationale(date(2024, 11, 3), 3) == date(2027, 11, 3)
    assert rules.echeance_nationale(date(2024, 2, 29), 3) == date(2027, 3, 1)
    assert rules.echeance_nationale(None, 3) is None


def test_la_reference_nationale_avertit_et_ne_bloque_jamais():
    references = {"durable": D("25"), "dynamique": D("60")}
    taux = {"durable": D("24"), "transition": D("20"), "positive": D("16")}
    avertis = rules.avertissements(taux, references, date(2027, 11, 3), date(2026, 11, 27))
    assert [a.code for a in avertis] == ["durable"]
    assert "1\u00a0point" in avertis[0].texte
    assert "n’empêche rien" in avertis[0].texte
    passes = rules.avertissements(taux, references, date(2025, 11, 3), date(2026, 11, 27))
    assert [a.code for a in passes] == ["durable", "delai"]
    atteints = {"durable": D("25"), "transition": D("20"), "positive": D("15")}
    assert rules.avertissements(atteints, references, date(2025, 11, 3), date(2026, 11, 27)) == []


REGLE = Regle("hausse", D("80"))


@pytest.mark.parametrize(
    ("resultat", "cible", "borne", "attendue"),
    [
        ("60", "60", None, Issue.ATTEINT),
        ("59.99", "60", None, Issue.PARTIEL),
        ("48", "60", None, Issue.PARTIEL),
        ("47.9", "60", None, Issue.NON),
        ("57", "60", "57", Issue.ATTEINT),
        (None, "60", None, Issue.NON_JUGE),
        ("50", None, None, Issue.NON_JUGE),
        ("0", "0", None, Issue.ATTEINT),
    ],
)
def test_juger_par_sa_regle(resultat, cible, borne, attendue):
    lus = [None if v is None else D(v) for v in (resultat, cible, borne)]
    assert rules.juger(lus[0], lus[1], lus[2], REGLE) == attendue


def test_juger_quand_moins_vaut_mieux():
    regle = Regle("baisse", D("80"))
    assert [rules.juger(D(v), D("10"), None, regle) for v in ("10", "12.5", "12.6")] == [
        Issue.ATTEINT, Issue.PARTIEL, Issue.NON,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("etat", "avant", "apres", "attendue"),
    [
        (Etat.CONVENU, "60", "60.00", Evolution.IDENTIQUE),
        (Etat.CONVENU, "55", "60", Evolution.RELEVE),
        (Etat.CONVENU, "60", "55", Evolution.ABAISSE),
        (Etat.CONVENU, None, "55", Evolution.NOUVEAU),
        (Etat.REFUSE, "60", None, Evolution.REFUSE),
        (Etat.DESACCORD, "60", None, Evolution.DESACCORD),
        (Etat.A_L_ETAT, "60", None, Evolution.EN_COURS),
    ],
)
def test_repris_releve_abaisse_refuse(etat, avant, apres, attendue):
    lus = [None if v is None else D(v) for v in (avant, apres)]
    assert rules.evolution(etat, lus[0], lus[1]) == attendue


def test_etat_des_sorties_dynamiques():
    c, d, r, o = Etat.CONVENU, Etat.DESACCORD, Etat.REFUSE, Etat.A_L_ETAT
    assert rules.etat_des_trois([c, c, c]) == c
    assert rules.etat_des_trois([c, d, c]) == d
    assert rules.etat_des_trois([c, o, r]) == r
    assert rules.etat_des_trois([c, d, o]) == Etat.OUVERT
    assert rules.etat_des_trois([c, c]) == Etat.OUVERT


def test_bornes_et_trajectoire():
    rules.verifier_bornes(D("55"), D("60"), D("65"))
    with pytest.raises(EntreeInvalide, match="croissant"):
        rules.verifier_bornes(D("61"), D("60"), None)
    rules.verifier_trajectoire([(2027, D("58")), (2026, D("55"))], 2026, 2028)
    with pytest.raises(EntreeInvalide, match="2029 est hors"):
        rules.verifier_trajectoire([(2029, D("58"))], 2026, 2028)
    with pytest.raises(EntreeInvalide, match="une valeur"):
        rules.verifier_trajectoire([(2026, D("58")), (2026, D("59"))], 2026, 2028)
    with pytest.raises(EntreeInvalide, match="100"):
        rules.verifier_part(D("101"))


@pytest.mark.parametrize(("valeur", "unite", "ecrite"), [
    ("1", "personnes", "1 personne"), ("0", "personnes", "0 personne"), ("2", "personnes", "2 personnes"),
    ("1.5", "heures", "1,5 heure"), ("2.25", "heures", "2,25 heures"), ("1", "mois", "1 mois"), ("1", "ETP", "1 ETP"),
    ("1", "parcours", "1 parcours"), ("1", "nombre", "1"), ("1", "%", "1 %"),
])  # fmt: skip
def test_une_valeur_de_moins_de_deux_met_son_unite_au_singulier(valeur, unite, ecrite):
    assert ecrire(D(valeur), unite).replace("\u00a0", " ") == ecrite
