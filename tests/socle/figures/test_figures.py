"""Toutes les figures : dans leur cadre, lisibles sans couleur, dites en mots, identiques à chaque dessin."""

from __future__ import annotations

import importlib.util
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.socle.commun.francais import nombre
from convenir.socle.figures import (
    ElementLegende,
    Figure,
    Legende,
    Negociation,
    PartPublic,
    ResultatPasse,
    Voix,
    barre_mini,
    negociation,
    publics_priorites,
)
from convenir.socle.figures.chasses import GRAS, MAIGRE
from convenir.socle.figures.styles import ECRAN, IMPRESSION
from convenir.socle.figures.textes import couper, largeur_texte, tronquer
from convenir.socle.figures.toile import Format, Toile
from tests.socle.figures.lecture import Lu, verifier

RACINE = Path(__file__).resolve().parents[3]
CSS = RACINE / "convenir/restitution/portail/static/convenir/convenir.css"


def _galerie() -> list[Figure]:
    spec = importlib.util.spec_from_file_location("galerie", RACINE / "outils/galerie_figures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.toutes())


FIGURES = {figure.legende.cle: figure for figure in _galerie()}


@pytest.fixture(params=sorted(FIGURES))
def figure(request: pytest.FixtureRequest) -> Figure:
    return FIGURES[request.param]


def test_aucun_texte_ne_deborde_ni_ne_recouvre_un_autre(figure: Figure) -> None:
    for svg in (figure.large, figure.etroit, figure.impression):
        verifier(svg)


def test_titre_et_valeurs_sont_dits(figure: Figure) -> None:
    for svg in (figure.large, figure.etroit, figure.impression):
        lu = Lu(svg)
        assert lu.titre == figure.titre
        assert lu.description == figure.description
        assert lu.racine.get("role") == "img"
        ids = lu.racine.get("aria-labelledby", "").split()
        assert all(lu.racine.find(f".//*[@id='{i}']") is not None for i in ids)


def test_chaque_nombre_dessine_est_dit(figure: Figure) -> None:
    """Hors graduations et noms, tout nombre écrit dans le dessin se retrouve dans la description."""
    dits = figure.description.replace("\u00a0", " ")
    for texte in Lu(figure.large).racine.iter("{http://www.w3.org/2000/svg}text"):
        if texte.get("class") in ("t-r t-n", "t-b t-n", "t-n t-i"):
            for nombre in re.findall(r"\d[\d\u202f]*(?:,\d+)?", texte.text or ""):
                entier = nombre.removesuffix(",0")
                assert re.search(rf"(?<![\d,]){re.escape(entier)}0*(?!\d)", dits) or nombre in dits, (nombre, dits)


def test_impression_sans_couleur(figure: Figure) -> None:
    for couleur in re.findall(r"#[0-9a-f]{6}", figure.impression):
        assert couleur[1:3] == couleur[3:5] == couleur[5:7], couleur


def test_identifiants_uniques_entre_les_trois_dessins() -> None:
    tout = "".join(f"{f.large}{f.etroit}{f.impression}{f.legende.html}" for f in FIGURES.values())
    ids = re.findall(r' id="([^"]+)"', tout)
    assert len(ids) == len(set(ids))
    for cible in re.findall(r"url\(#([^)]+)\)", tout):
        assert cible in ids


def test_memes_donnees_memes_octets() -> None:
    assert {cle: f.html for cle, f in FIGURES.items()} == {f.legende.cle: f.html for f in _galerie()}


def test_chaque_classe_a_sa_regle_dans_la_feuille() -> None:
    feuille = CSS.read_text("utf-8")
    classes = set().union(*(Lu(f.large).classes() | Lu(f.etroit).classes() for f in FIGURES.values()))
    for classe in classes - {"cv-fig"}:
        assert re.search(rf"\.{classe}\b", feuille), classe
    assert "url(#" not in feuille


def test_deux_mains_pour_chaque_classe() -> None:
    assert ECRAN.keys() == IMPRESSION.keys()


@pytest.mark.parametrize(("valeur", "objectif"), [(77, 80), (0, 80), (100, 0), (None, 50), (10**9, 100), (5, None)])
def test_barre_mini_tient_dans_la_cellule(valeur: int | None, objectif: int | None) -> None:
    svg = barre_mini(valeur, objectif, cle="mini")
    lu = Lu(svg)
    assert (lu.largeur, lu.hauteur) == (104, 12)
    assert all(0 <= g <= d <= 104 and 0 <= h <= b <= 12 for g, h, d, b in lu.formes())
    assert 'aria-hidden="true"' in svg


def test_legende_muette_et_echappee() -> None:
    html = Legende("essai", (ElementLegende("disque", "<b> & “x”"),)).html
    assert 'aria-hidden="true"' in html
    assert "&lt;b&gt; &amp;" in html
    assert "style=" not in html


def test_une_cle_douteuse_est_refusee() -> None:
    with pytest.raises(ValueError, match="Clé de figure"):
        Toile(Format("l", 100), 'a" onload="x')


def test_une_coordonnee_impossible_est_refusee() -> None:
    with pytest.raises(ValueError, match="impossible"):
        Toile(Format("l", 100), "a").disque(float("nan"), 0, 1, "resultat")


@pytest.mark.parametrize(("police", "table"), [("Inter-Regular.otf", MAIGRE), ("Inter-Bold.otf", GRAS)])
def test_la_table_des_chasses_majore_la_police_livree(police: str, table: dict[float, str]) -> None:
    from fontTools.ttLib import TTFont

    fonte = TTFont(RACINE / "convenir/socle/documents/polices" / police)
    signes, chasses, unite = fonte.getBestCmap(), fonte["hmtx"], fonte["head"].unitsPerEm
    for largeur, lettres in table.items():
        for lettre in lettres:
            if ord(lettre) in signes:
                assert chasses[signes[ord(lettre)]][0] / unite <= largeur + 1e-9, lettre


@given(st.text(max_size=80), st.floats(20, 400), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_couper_tient_dans_la_place(texte: str, place: float, lignes: int) -> None:
    coupees = couper(texte, place, lignes=lignes)
    assert len(coupees) <= lignes
    assert all(largeur_texte(ligne) <= place for ligne in coupees)
    assert largeur_texte(tronquer(texte, place)) <= place


def test_un_gabarit_ecrit_la_figure_sans_l_echapper_ni_s_y_fier() -> None:
    """Le dessin passe tel quel ; un texte hostile des données, lui, a été échappé par le dessin."""
    from django.template import Context, Engine

    piege = '<script>alert(1)</script>"&'
    figure = publics_priorites([PartPublic(piege, 12, 15)], cle="piege", titre=piege)
    gabarit = Engine().from_string("{{ figure.html }}{{ figure.large }}{{ figure.legende.html }}")
    html = gabarit.render(Context({"figure": figure}))
    assert html.count("<svg") >= 3
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_une_unite_en_toutes_lettres_ne_recouvre_pas_sa_marque_et_ne_se_repete_pas_sur_l_axe() -> None:
    """Le mot d'une valeur au bout de l'échelle se lit à côté de sa marque."""
    quoi = Negociation(resultats=(ResultatPasse(2026, Decimal(4)),))
    figure = negociation(quoi, cle="mots", titre="Permis obtenus", ecrire=lambda v: f"{v} personnes", largeur=690)
    for svg in (figure.large, figure.etroit):
        lu = Lu(svg)
        (valeur,) = [t for t in lu.textes() if t.mots == "4 personnes" and t.bas < 60]
        assert all(valeur.gauche >= droite or haut > valeur.bas for _, haut, droite, _ in lu.formes())
        assert [t.mots for t in lu.textes() if t.mots.endswith("personnes")] == ["4 personnes"] * 2


def test_les_valeurs_d_un_axe_ne_se_touchent_jamais() -> None:
    """Sur un téléphone, « 750 » laisse sa place à « 1 000 par an »."""
    quoi = Negociation(voix=(Voix("Structure", "structure", (Decimal(900),)),), convenu=Decimal(900))
    figure = negociation(quoi, cle="axe", titre="Jeunes reçus", ecrire=lambda v: f"{nombre(v)} par an", largeur=690)
    for svg in (figure.large, figure.etroit, figure.impression):
        verifier(svg)
        mots = {"0", "250", "500", "750", f"{nombre(1000)} par an"}
        axe = sorted((t for t in Lu(svg).textes() if t.mots in mots), key=lambda t: t.gauche)
        assert {axe[0].mots, axe[-1].mots} == {"0", f"{nombre(1000)} par an"}
        assert all(suivant.gauche - avant.droite >= 5 for avant, suivant in pairwise(axe))
