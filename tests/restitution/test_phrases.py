"""The sentences of a fiche stay French whatever the figures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.valeurs import Statut, Unite, Valeur
from convenir.restitution.fiches import assemblage, phrases
from convenir.restitution.fiches.lectures import AU_DESSOUS, AU_DESSUS, INSUFFISANTES, NON_DISTINGUABLE
from convenir.restitution.fiches.modele import FicheBilan, LigneObjectif, ResultatAnnuel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
PHRASES = ("objectifs", "sorties", "activite", "publics", "aide", "convention", "comparaison", "france")
ABSENCES = [Statut.NON_CALCULABLE, Statut.MANQUANT, Statut.NON_EXPLOITABLE, Statut.SECRET]
entiers = st.integers(0, 3000)
montants = st.decimals(0, 10_000_000, places=2)


@st.composite
def valeurs(draw, unite: str, nombres=entiers) -> Valeur:
    """A value of any status."""
    n = draw(st.none() | nombres)
    if n is None:
        return Valeur("x", "", "", "2025", None, None, None, draw(st.sampled_from(ABSENCES)), unite=unite)
    return Valeur("x", "", "", "2025", D(n), None, D(n), Statut.DISPONIBLE, unite=unite)


@st.composite
def taux(draw) -> Valeur:
    denominateur = draw(st.none() | entiers)
    if not denominateur:
        statut = Statut.MANQUANT if denominateur is None else Statut.NON_CALCULABLE
        return Valeur("x", "", "", "2025", None, None, None, statut, unite=Unite.POURCENT)
    n = draw(st.integers(0, denominateur))
    part = D(100 * n) / denominateur
    return Valeur("x", "", "", "2025", D(n), D(denominateur), part, Statut.DISPONIBLE, unite=Unite.POURCENT)


@st.composite
def lignes(draw) -> LigneObjectif:
    objectif = draw(st.none() | st.decimals("0.01", 100, places=2))
    mots = [AU_DESSUS, AU_DESSOUS, INSUFFISANTES, NON_DISTINGUABLE]
    lecture = draw(st.sampled_from(mots)) if objectif is not None else ""
    resultat = draw(taux())
    annuel = ResultatAnnuel(2025, resultat, objectif, peu=0 < (resultat.denominateur or 0) < 10)
    return LigneObjectif("dynamique", "Sorties dynamiques", (annuel,), None, lecture, None, total=True)


@st.composite
def variantes(draw) -> dict:
    """Fields that change in a fiche."""
    constatees, mois = draw(valeurs(Unite.PERSONNES)), draw(st.integers(0, 12))
    examinees = draw(st.integers(0, int(constatees.valeur or 0)))
    return {
        "objectifs": (draw(lignes()),),
        "constatees": constatees,
        "examinees": (replace(constatees, valeur=D(examinees), statut=Statut.DISPONIBLE),),
        "presents": (draw(valeurs(Unite.PERSONNES)), draw(valeurs(Unite.PERSONNES))),
        "embauches": (draw(valeurs(Unite.PERSONNES)),),
        "aide": {
            "allouee": draw(valeurs(Unite.EUROS, montants)),
            "utilisee": draw(valeurs(Unite.EUROS, montants)),
            "part_departement": draw(valeurs(Unite.POURCENT, st.decimals(0, 100, places=2))),
        },
        "activite": {
            "dernier_mois": mois,
            **{
                nom: draw(valeurs(Unite.ETP, montants))
                for nom in ("realises", "conventionnes", "projection")
            },
            "projection_basse": draw(valeurs(Unite.ETP, montants)),
            "projection_haute": draw(valeurs(Unite.ETP, montants)),
            "taux": draw(taux()),
        },
        "arretee_le": date(2025, max(mois, 1), 28),
    }  # fmt: skip


@pytest.fixture
def fiche(systeme, grande) -> FicheBilan:
    return assemblage.assembler(systeme, grande, 2025)


def est_francais(phrase: str) -> None:
    """Check what a reader would stumble on."""
    plat = phrase.replace("\xa0", " ").replace("\u202f", " ")
    assert "None" not in plat
    assert "nan" not in re.findall(r"\w+", plat.lower())
    assert "  " not in plat
    assert not re.search(
        r"[.,;:]\s*[.,;:]", plat.replace("n. d.", "nd").replace("s. s.", "ss").replace("n. e.", "ne")
    ), plat
    assert not re.search(r"\s[.,]", plat), plat
    assert plat == plat.strip()
    assert plat[0].isupper() or plat[0].isdigit() or plat[0] in "nsÀÉ", plat
    assert plat.endswith("."), plat
    assert not re.search(r"(?<![\d,. ])(?<!\d )\b[01] (?:sorties|personnes|salariés)\b(?! sort)", plat), plat
    assert not re.search(r"\b(?:[2-9]|\d{2,}) (?:sortie|personne|salarié)\b", plat), plat


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(variante=variantes())
def test_chaque_phrase_se_lit(fiche, variante):
    variante = dict(variante)
    variante["activite"] = replace(fiche.activite, **variante["activite"])
    changee = replace(fiche, **variante)
    for nom in PHRASES:
        phrase = getattr(phrases, nom)(changee)
        if phrase:
            est_francais(phrase)
    est_francais(phrases.detail_taux(changee.dynamique))


@pytest.mark.parametrize("code", ["100001-ACI", "100002-EI", "100002-ACI", "100003-AI", "100004-ETTI", "100005-ACI"])
def test_les_phrases_des_petites_structures(systeme, code):
    id_asp, _, categorie = code.partition("-")
    lue = assemblage.assembler(systeme, assemblage.trouver(systeme, int(id_asp), categorie), 2025)
    for phrase in [*(getattr(phrases, nom)(lue) for nom in PHRASES), *(phrases.alerte(a) for a in lue.alertes)]:
        est_francais(phrase)


def test_les_accords(systeme, fiche):
    lue = assemblage.assembler(systeme, assemblage.trouver(systeme, 100002, "ACI"), 2025)
    assert phrases.activite(lue).startswith("En 2025, 0,97\xa0ETP a été réalisé sur 1,13 conventionné, soit 86,4\xa0%")
    assert "aucune n’est écartée du calcul ; 2\xa0sorties sont examinées" in phrases.sorties(lue)
    assert "9,56\xa0ETP ont été réalisés sur 12,00 conventionnés" in phrases.activite(fiche)
    assert "1\xa0est écartée du calcul" in phrases.sorties(fiche)
    assert phrases.publics(fiche).endswith("dont 21\xa0embauchés dans l’année, 16 de plus qu’en 2024.")
