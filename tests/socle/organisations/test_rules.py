"""Comparison of a delivery with what is known: pure, without order, saying what forbids to record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.organisations.normalisation import mots_cherches, normaliser
from convenir.socle.organisations.rules import CATEGORIES, Cle, Reperes, StructureLue, comparer, defauts, etat_lu
from tests.factories_socle import siret_fictif

REPERES = Reperes(
    communes={"69123": "69123", "69381": "69123", "01004": "01004"},
    noms={"69123": "Lyon", "01004": "Ambérieu-en-Bugey"},
    departement_de={"69123": "69", "01004": "01"},
    departements={"69", "01", "38"},
)
SAINE = StructureLue(
    900_002, "ACI", "Les Jardins de l'Étape", siret_fictif(1), siret_fictif(2), "9220", "8899B", "69123", "69"
)
lignes = st.builds(
    StructureLue,
    id_asp=st.integers(1, 6),
    categorie=st.sampled_from(CATEGORIES),
    denomination=st.sampled_from(["Alpha", "Bêta", "Gamma"]),
    siret_actualise=st.sampled_from(["", siret_fictif(1), siret_fictif(2)]),
    commune_code=st.sampled_from(["", "69123", "69381", "01004", "99999"]),
    departement_code=st.sampled_from(["69", "01", "38"]),
)
livraisons = st.lists(lignes, max_size=12, unique_by=lambda x: x.cle)
JOUR = date(2026, 11, 20)


def appliquer(connues, comparaison):
    """State after a delivery, as the database would hold it."""
    apres = connues | comparaison.a_creer
    apres |= {cle: replace(connues[cle], **ecarts) for cle, ecarts in comparaison.a_modifier.items()}
    return apres | {cle: replace(connues[cle], suivie_jusquau=JOUR) for cle in comparaison.a_terminer}


@given(livraisons, livraisons)
def test_la_meme_livraison_deux_fois_ne_change_plus_rien(avant, livraison):
    connues = appliquer({}, comparer({}, avant, REPERES, None))
    apres = appliquer(connues, comparer(connues, livraison, REPERES, None))

    assert not comparer(apres, livraison, REPERES, None).effets


@given(st.data(), livraisons, livraisons)
def test_l_ordre_des_lignes_ne_compte_pas(data, avant, livraison):
    connues = appliquer({}, comparer({}, avant, REPERES, None))
    melangee = data.draw(st.permutations(livraison))

    assert comparer(connues, melangee, REPERES, None).effets == comparer(connues, livraison, REPERES, None).effets


@given(livraisons, livraisons)
def test_une_livraison_complete_laisse_suivies_les_seules_structures_qu_elle_contient(avant, livraison):
    connues = appliquer({}, comparer({}, avant, REPERES, None))
    apres = appliquer(connues, comparer(connues, livraison, REPERES, REPERES.departements))

    assert set(connues) <= set(apres)
    assert {cle for cle, etat in apres.items() if etat.suivie_jusquau is None} == {x.cle for x in livraison}


def test_sans_couverture_dite_seuls_les_departements_de_la_livraison_voient_finir_des_structures():
    ailleurs = replace(SAINE, id_asp=1, departement_code="38", commune_code="")
    voisine = replace(SAINE, id_asp=2)
    connues = {x.cle: etat_lu(x, REPERES) for x in (SAINE, ailleurs, voisine)}

    assert comparer(connues, [SAINE], REPERES, None).a_terminer == [Cle(2, "ACI")]
    assert comparer(connues, [SAINE], REPERES, set()).a_terminer == []
    assert comparer(connues, [SAINE], REPERES, {"38"}).a_terminer == [Cle(1, "ACI")]


def test_seuls_les_champs_changes_sont_dits():
    connues = {SAINE.cle: etat_lu(SAINE, REPERES)}

    ecarts = comparer(connues, [replace(SAINE, code_naf="7830Z")], REPERES, None).a_modifier

    assert ecarts == {SAINE.cle: {"code_naf": "7830Z"}}


def test_un_ancien_code_donne_la_commune_actuelle_et_un_inconnu_est_dit():
    assert etat_lu(replace(SAINE, commune_code="69381"), REPERES).commune_id == "69123"
    comparaison = comparer({}, [replace(SAINE, commune_code="99999")], REPERES, None)
    assert comparaison.effets.sans_commune == ["900002-ACI"]
    assert comparaison.a_creer[SAINE.cle].commune_id is None


def test_sans_departement_celui_de_la_commune_vaut():
    assert etat_lu(replace(SAINE, departement_code=""), REPERES).departement_id == "69"


@pytest.mark.parametrize(
    ("change", "attendu"),
    [
        ({"categorie": "FDI"}, "catégorie « FDI » inconnue"),
        ({"id_asp": 0}, "identifiant ASP « 0 »"),
        ({"denomination": "  "}, "dénomination vide"),
        ({"denomination": "x" * 201}, "dépasse 200 caractères"),
        ({"siret_signature": "12345678900012"}, "siret_signature « 12345678900012 »"),
        ({"siret_actualise": "123 456"}, "n'est pas un SIRET"),
        ({"departement_code": "069"}, "département « 069 » inconnu"),
        ({"departement_code": "", "commune_code": ""}, "département «  » inconnu"),
    ],
)
def test_ce_qui_ne_peut_pas_etre_enregistre_est_refuse_en_nommant_la_structure(change, attendu):
    fautive = replace(SAINE, **change)

    assert attendu in " ".join(defauts(fautive, REPERES))
    with pytest.raises(EntreeInvalide, match=f"Structure {fautive.code}"):
        comparer({}, [fautive], REPERES, None)


def test_une_ligne_repetee_compte_une_fois_deux_lignes_differentes_sont_refusees():
    assert defauts(SAINE, REPERES) == []
    assert comparer({}, [SAINE, SAINE], REPERES, None).effets.crees == ["900002-ACI"]
    with pytest.raises(EntreeInvalide, match="donnée deux fois"):
        comparer({}, [SAINE, replace(SAINE, denomination="Autre")], REPERES, None)


def test_un_refus_ne_noie_pas_le_lecteur():
    fautives = [replace(SAINE, id_asp=i, denomination="") for i in range(1, 50)]

    with pytest.raises(EntreeInvalide) as refus:
        comparer({}, fautives, REPERES, None)

    assert str(refus.value).splitlines()[-1] == "… et 29 autre(s) structure(s) à corriger."


@given(st.text())
def test_normaliser_est_stable_et_ne_garde_que_lettres_et_chiffres(texte):
    une_fois = normaliser(texte)

    assert normaliser(une_fois) == une_fois
    assert set(une_fois) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("  L'Étape-Sud ", ["l", "etape", "sud"]),
        ("Cœur d'Œuvre", ["coeur", "d", "oeuvre"]),
        ("123 456 789 00012", ["12345678900012"]),
        ("123\u00a0456\u202f789", ["123456789"]),
        ("900002-ACI", ["900002", "aci"]),
        ("  ", []),
        ("%_", []),
    ],
)
def test_mots_cherches(texte, mots):
    assert mots_cherches(texte) == mots
