# ruff: noqa: E501 - a SQL clause stays on its line
"""Each invariant meets a figure that breaks it: the calculation stops and names the indicator and the territory."""

import pytest

from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.releves_ml import calcul as module
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.invariants import InvariantRompu, verifier
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import YAN, ZOE, A, tables

# What is written over one figure: its indicator, its territory, its period, its breakdown, its new value.
LIEU = """t = (SELECT t FROM territoires WHERE niveau = '{0}' AND code = '{1}')
    AND i = (SELECT i FROM codes WHERE indicateur = '{2}')
    AND c = (SELECT c FROM cases WHERE periode = '{3}' AND ventilation = '{4}' AND modalite = '{5}')"""


@pytest.fixture
def fausser(tmp_path, monkeypatch):
    """Compute the two missions locales of annexe 2, one figure being changed just before it is checked."""

    def calculer(
        niveau: str, code: str, indicateur: str, valeur: str, *, periode="2012", ventilation=("", "")
    ) -> None:
        lieu = LIEU.format(niveau, code, indicateur, periode, *ventilation)

        def changer_puis_verifier(base, cat, cases) -> None:
            avant = base.execute(f"SELECT count(*) FROM calculees WHERE {lieu} AND n <> ({valeur})").fetchone()
            assert avant == (1,), "the figure to change is not there, or would not change"
            base.execute(f"UPDATE calculees SET n = {valeur} WHERE {lieu}")
            verifier(base, cat, cases)

        monkeypatch.setattr(module, "verifier", changer_puis_verifier)
        # The région and France are read, as if these two missions locales were all there is.
        monkeypatch.setattr(
            module, "perimetre", lambda *_: PerimetreCharge(frozenset({"35"}), frozenset({"53"}), True, {})
        )
        calculer_ml(ecrire(tmp_path, tables()), [2012]).__exit__()

    return calculer


def test_rien_narrete_un_calcul_juste(tmp_path):
    calculer_ml(ecrire(tmp_path, tables()), [2012]).__exit__()


@pytest.mark.parametrize(
    ("indicateur", "periode", "parent"),
    [("ACT02", "2012", "ACT01"), ("ACT02", "2012-01", "ACT01"), ("ACT04a", "2012", "ACT04"), ("RES03b4", "2012", "RES03b"),
     ("ACT12a", "2012-12-31", "ACT12"), ("ENT01a", "2012-T1", "ENT01")],
)  # fmt: skip
def test_un_dont_qui_depasse_son_parent(fausser, indicateur, periode, parent):
    with pytest.raises(
        InvariantRompu, match=rf"{indicateur} .*, ml A, {periode} : 9 contre .* dépasse {parent}, dont"
    ):
        fausser("ml", "A", indicateur, "9", periode=periode)


def test_des_dont_exclusifs_dont_la_somme_nest_pas_le_tout(fausser):
    with pytest.raises(
        InvariantRompu, match=r"RES02 .*, ml A, 2012 : 3 contre 2 ; il n'est pas la somme de RES02a et"
    ):
        fausser("ml", "A", "RES02", "3")


@pytest.mark.parametrize(("indicateur", "decoupage"), [("ACT01", ("sexe", "homme")), ("ACT06", ("age", "16_17"))])
def test_des_modalites_exclusives_dont_la_somme_depasse_le_tout(fausser, indicateur, decoupage):
    with pytest.raises(InvariantRompu, match=rf"{indicateur} .*, ml A, 2012 : .* moins que la somme de ses modalités"):
        fausser("ml", "A", indicateur, "7", ventilation=decoupage)


PROPOSITIONS = ["ACT08", "ACT08a", "ACT08b", "ACT08c", "ACT09", "ACT09a", "ACT09b", "ACT10", "ACT10a", "ACT10b"]


@pytest.mark.parametrize("valeur", ["d + 1", "-1"])
@pytest.mark.parametrize("indicateur", ["TX01", *PROPOSITIONS])
def test_une_part_hors_de_zero_a_cent(fausser, indicateur, valeur):
    with pytest.raises(InvariantRompu, match=rf"{indicateur} .*, ml A, 2012 : .* sort de 0 à 100 %"):
        fausser("ml", "A", indicateur, valeur)


def test_une_proposition_hors_de_tout_contact_ne_fait_pas_depasser_cent(tmp_path):
    """Yan is met in February and has a proposition in May, when nobody met him; Zoé has hers the day she is phoned."""
    lues = tables()
    lues["actualite"] = [
        {**ZOE, "actualite_id": 1, "date_evt": "2012-01-10", "type": "telephone"},
        {**YAN, "actualite_id": 2, "date_evt": "2012-02-01", "type": "entretien_individuel"},
    ]
    lues["proposition"] = [
        {**qui, "proposition_id": n, "date_prop": jour, "domaine": "social", "theme": "sante"}
        for n, (qui, jour) in enumerate(((ZOE, "2012-01-10"), (YAN, "2012-05-02")))
    ]
    dossier = ecrire(tmp_path, lues)
    parts = calculer(dossier, 2012)
    assert [parts[(*A, "ACT09", "", "", p)]["valeur"] for p in ("2012", "2012-01")] == ["50.000000", "100.000000"]
    assert parts[(*A, "ACT09", "", "", "2012-05")]["statut"] == "non_calculable"
    # Of the one youth in interview: a ratio, no longer a share, and nothing is refused.
    autres = calculer(dossier, 2012, propositions__denominateur="ACT02")
    assert autres[(*A, "ACT09", "", "", "2012")]["valeur"] == "100.000000"


@pytest.mark.parametrize(
    ("niveau", "code", "compte"),
    # Zoé is known in A and in B: three files, two persons. Three is too many for the département and for all above it,
    # though it is no more than the sum of the missions locales: only the pairs of neighbouring levels can tell.
    [("departement", "35", 4), ("region", "53", 3), ("region", "53", 4), ("france", "FR", 3), ("france", "FR", 4)],
)  # fmt: skip
def test_un_compte_de_personnes_qui_depasse_la_somme_de_letage_du_dessous(fausser, niveau, code, compte):
    with pytest.raises(
        InvariantRompu, match=rf"ACT01 .*, {niveau} {code}, 2012 : {compte} contre [23] ; il dépasse la somme"
    ):
        fausser(niveau, code, "ACT01", str(compte))


@pytest.mark.parametrize(
    ("niveau", "code", "indicateur", "valeur"),
    [("site", "A1", "ACT01", 3), ("ml", "A", "RES02", 40), ("departement", "35", "RES02", 40), ("region", "53", "ACT02a", 9)],
)  # fmt: skip
def test_un_territoire_qui_depasse_celui_qui_le_contient(fausser, niveau, code, indicateur, valeur):
    with pytest.raises(InvariantRompu, match=rf"{indicateur} .*, {niveau} {code}, .* : "):
        fausser(niveau, code, indicateur, str(valeur))
