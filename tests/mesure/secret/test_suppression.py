"""No masked count can be found back, and nothing is masked without a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.secret import Genre, Relation, supprimer
from tests.mesure.secret.attaque import intervalles

SEUIL, LARGEUR = 5, 4
PRES = 1e-6


def verifier(comptes, relations, seuil=SEUIL, largeur=LARGEUR):
    """Every masked count keeps an interval wide enough; small ones may be anything from 0 to `largeur`."""
    caches = supprimer(comptes, relations, seuil, largeur)
    primaires = {c for c, n in comptes.items() if 0 < n < seuil}
    assert primaires <= caches
    for cellule, (bas, haut) in intervalles(comptes, caches, relations).items():
        assert haut - bas >= largeur - PRES, (cellule, comptes[cellule], bas, haut)
        if cellule in primaires:
            assert bas <= PRES
            assert haut >= largeur - PRES
    return caches


def croise(lignes, colonnes, valeurs):
    """A table of two dimensions with its margins."""
    comptes = {(i, j): valeurs[i * colonnes + j] for i in range(lignes) for j in range(colonnes)}
    relations = []
    for i in range(lignes):
        comptes[i, "t"] = sum(comptes[i, j] for j in range(colonnes))
        relations.append(Relation((i, "t"), tuple((i, j) for j in range(colonnes))))
    for j in [*range(colonnes), "t"]:
        comptes["t", j] = sum(comptes[i, j] for i in range(lignes))
        relations.append(Relation(("t", j), tuple((i, j) for i in range(lignes))))
    return comptes, relations


def test_sans_petit_compte_rien_nest_masque():
    comptes, relations = croise(2, 2, [9, 0, 12, 30])
    assert verifier(comptes, relations) == set()


def test_une_marge_publiee_masque_un_second_compte():
    # 40 = 3 + 7 + 30: with 3 masked alone, 40 − 37 gives it back; the smallest of the others goes with it.
    comptes = {"total": 40, "a": 3, "b": 7, "c": 30}
    assert verifier(comptes, [Relation("total", ("a", "b", "c"))]) == {"a", "b"}


def test_un_petit_compte_dans_un_tableau_demande_un_rectangle():
    comptes, relations = croise(3, 3, [2, 20, 30, 25, 8, 40, 35, 45, 50])
    caches = verifier(comptes, relations)
    assert caches == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_un_dont_petit_se_masque_seul_et_son_reste_aussi_est_protege():
    # 3 of 100: the reader learns that it lies between 0 and 100.
    assert verifier({"tout": 100, "dont": 3}, [Relation("tout", ("dont",), Genre.PART)]) == {"dont"}
    # 98 of 100 would give 2 back by difference.
    assert verifier({"tout": 100, "dont": 98}, [Relation("tout", ("dont",), Genre.PART)]) == {"dont"}
    assert supprimer({"tout": 100, "dont": 98}, [Relation("tout", ("dont",), Genre.PART)], 5, restes=False) == set()


def test_un_dont_masque_ne_se_retrouve_pas_sous_un_parent_trop_petit():
    # The parent says that the part is at most 5: it may be anything from 0 to 4, which is enough.
    assert verifier({"tout": 7, "dont": 2}, [Relation("tout", ("dont",), Genre.PART)]) == {"dont"}


def test_une_chaine_de_niveaux_a_un_seul_enfant():
    comptes = {"ml": 3, "departement": 3, "region": 20, "autre": 17}
    relations = [Relation("departement", ("ml",)), Relation("region", ("departement", "autre"))]
    assert verifier(comptes, relations) == {"ml", "departement", "autre"}


def test_les_mois_bornent_lannee_de_personnes_distinctes():
    comptes = {"annee": 20, "m1": 18, "m2": 2}
    verifier(comptes, [Relation("annee", ("m1", "m2"), Genre.BORNE)])


def test_un_tout_petit_total_est_masque_avec_ses_parts():
    comptes, relations = croise(1, 2, [1, 2])
    assert {(0, 0), (0, 1), (0, "t")} <= verifier(comptes, relations)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.integers(2, 4).flatmap(
            lambda m: st.tuples(st.just(n), st.just(m), st.lists(st.integers(0, 25), min_size=n * m, max_size=n * m))
        )
    ),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 100)), max_size=3),
    st.sampled_from([(5, 4), (3, 2), (5, 6)]),
)
def test_aucun_compte_masque_ne_se_retrouve(tirage, donts, regle):
    lignes, colonnes, valeurs = tirage
    comptes, relations = croise(lignes, colonnes, valeurs)
    for rang, (i, j, pour_cent) in enumerate(donts):
        parent = (i % lignes, j % colonnes)
        comptes["dont", rang] = comptes[parent] * pour_cent // 100
        relations.append(Relation(parent, (("dont", rang),), Genre.PART))
    caches = verifier(comptes, relations, *regle)
    assert (
        not caches
        or any(0 < n < regle[0] for n in comptes.values())
        or any(0 < comptes[r.total] - comptes[r.parts[0]] < regle[0] for r in relations if r.genre == "part")
    )
    assert caches == supprimer(dict(reversed(comptes.items())), relations, *regle)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=12, max_size=12))
def test_aucun_masque_nest_inutile(valeurs):
    """Printing again any single count that is not small would narrow a masked one too much."""
    comptes, relations = croise(3, 4, valeurs)
    caches = supprimer(comptes, relations, SEUIL, LARGEUR)
    for cellule in [c for c in caches if not 0 < comptes[c] < SEUIL]:
        lus = intervalles(comptes, caches - {cellule}, relations)
        assert any(_immobile(comptes[c], bas, haut) for c, (bas, haut) in lus.items()), cellule


def _immobile(n, bas, haut):
    """A small count must be able to be anything from 0 to the width; another, to move by the width one way."""
    if 0 < n < SEUIL:
        return bas > PRES or haut < LARGEUR - PRES
    return n - bas < LARGEUR - PRES and haut - n < LARGEUR - PRES


@pytest.mark.parametrize("total_absent", [True, False])
def test_une_relation_incomplete_ne_lie_rien(total_absent):
    comptes = {"a": 3, "b": 9} if total_absent else {"total": 9}
    assert supprimer(comptes, [Relation("total", ("a", "b"))], SEUIL) == ({"a"} if total_absent else set())
