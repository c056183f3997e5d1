"""Les termes d'une version : typés, comparables, consolidés à toute date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.contrat.conventions.ecriture import comparer
from convenir.contrat.conventions.rules.consolidation import VersionDatee, rejouer, version_au
from convenir.contrat.conventions.rules.references import Reference
from convenir.contrat.conventions.rules.termes import (
    Chantier,
    Cofinancement,
    Ecrit,
    Termes,
    appliquer,
    depuis_json,
    differences,
    empreinte,
    en_json,
)
from tests.factories_conventions import TERMES

D = Decimal
nombres = st.none() | st.decimals(0, 1000, places=2)
taux = st.none() | st.decimals(0, 33, places=2)
textes = st.text(min_size=1, max_size=20)
cles = st.sampled_from(["1", "2", "3"])


@st.composite
def termes(draw: st.DrawFn) -> Termes:
    def liste(fabrique):
        return tuple(fabrique(cle) for cle in sorted(draw(st.sets(cles, max_size=2))))

    return Termes(
        postes=draw(nombres),
        montant_unitaire=draw(nombres),
        sorties_prevues=draw(st.none() | st.integers(0, 99)),
        taux_durable=draw(taux),
        taux_transition=draw(taux),
        taux_positives=draw(taux),
        cofinancements=liste(lambda c: Cofinancement(c, draw(textes), draw(nombres), draw(nombres))),
        chantiers=liste(lambda c: Chantier(c, draw(textes), draw(st.text(max_size=9)), "", draw(nombres))),
        axes=liste(lambda c: Ecrit(c, draw(textes))),
        sections=liste(lambda c: Ecrit(c, draw(textes))),
    )


@settings(max_examples=60, deadline=None)
@given(termes(), termes())
def test_la_difference_d_un_avenant_appliquee_a_la_version_precedente_donne_la_nouvelle(avant, apres):
    assert appliquer(avant, differences(avant, apres)) == apres
    assert differences(avant, avant) == ()


@settings(max_examples=60, deadline=None)
@given(termes())
def test_les_termes_reviennent_de_leur_json_sans_perte_et_gardent_leur_empreinte(t):
    assert depuis_json(en_json(t)) == t
    assert empreinte(depuis_json(en_json(t))) == empreinte(t)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(termes(), st.dates(date(2026, 1, 1), date(2028, 12, 31))), min_size=1, max_size=5),
       st.dates(date(2025, 12, 1), date(2029, 1, 31)))  # fmt: skip
def test_les_termes_consolides_a_toute_date_egalent_le_rejeu_des_versions(signees, jour):
    versions = [VersionDatee(rang, effet, t) for rang, (t, effet) in enumerate(signees)]
    en_vigueur = version_au(versions, jour)
    assert rejouer(versions, jour) == (en_vigueur.termes if en_vigueur else None)


def test_une_version_s_applique_des_le_jour_de_son_effet_et_la_derniere_signee_l_emporte():
    initiale, avenant, suivant = (
        VersionDatee(rang, date(2026, 7 if rang else 1, 1), Termes(postes=D(12 + rang))) for rang in range(3)
    )
    versions = [suivant, initiale, avenant]
    postes = {j: (t := rejouer(versions, j)) and t.postes for j in (date(2025, 12, 31), date(2026, 1, 1),
                                                                   date(2026, 6, 30), date(2026, 7, 1))}  # fmt: skip
    assert list(postes.values()) == [None, 12, 12, 14]
    assert version_au(versions, date(2026, 7, 1)) == suivant


def test_un_nombre_ecrit_autrement_n_est_pas_un_changement():
    assert differences(Termes(postes=D("1.50")), Termes(postes=D("1.5"))) == ()
    assert empreinte(Termes(postes=D("10.00"))) == empreinte(Termes(postes=D("10")))


def test_une_difference_ne_s_applique_qu_aux_termes_dont_elle_part():
    changements = differences(Termes(postes=D(12)), Termes(postes=D(14)))
    with pytest.raises(ValueError, match="ne vaut pas 12"):
        appliquer(Termes(postes=D(13)), changements)


def test_durable_transition_et_positives_font_les_sorties_dynamiques():
    assert TERMES.taux_dynamique == 62
    assert Termes(taux_durable=D(25)).taux_dynamique is None
    with pytest.raises(ValueError, match="100 %"):
        Termes(taux_durable=D(50), taux_transition=D(40), taux_positives=D(11))


def test_le_montant_socle_suit_l_arrondi_des_annexes():
    assert TERMES.montant_socle == D("287052.00")
    assert Termes(postes=D("15.5"), montant_unitaire=D("23921")).montant_socle == D("370775.50")
    assert Termes(postes=D(1)).montant_socle is None


def test_des_termes_impossibles_sont_refuses_en_nommant_le_terme():
    with pytest.raises(ValueError, match="Postes d'insertion"):
        Termes(postes=D(-1))
    with pytest.raises(ValueError, match="même clé"):
        Termes(axes=(Ecrit("1", "a"), Ecrit("1", "b")))
    with pytest.raises(ValueError, match="n'est pas un nombre"):
        depuis_json({"postes": "douze"})
    with pytest.raises(ValueError, match="n'est pas un terme"):
        depuis_json({"cofinancements": {"1": {"nom": "x"}}, "inconnu": "1"})


def test_les_termes_se_lisent_nombres_puis_axes_dans_l_ordre_du_texte():
    ecrits = tuple(Ecrit(cle, f"Action {cle}") for cle in ("ingenierie", "entreprises", "reperage"))
    lignes = comparer(Termes(), replace(TERMES, axes=ecrits))
    assert [x.est_un_texte for x in lignes] == sorted(x.est_un_texte for x in lignes)
    assert [x.apres for x in lignes if x.est_un_texte] == [
        "Action reperage",
        "Action entreprises",
        "Action ingenierie",
    ]
    assert lignes[-4].libelle == "Sorties dynamiques"


def test_une_reference_porte_departement_annee_categorie_et_ordre():
    assert str(Reference("2A", 2026, "ACI", 12)) == "CONV-2A-2026-ACI-0012"
