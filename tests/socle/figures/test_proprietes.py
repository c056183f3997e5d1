"""Quelles que soient les valeurs : dans le cadre, et toutes dans la description."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.socle.commun.francais import euros, nombre, pourcent
from convenir.socle.commun.periodes import Mois
from convenir.socle.figures import (
    Bande,
    BoiteTerritoire,
    Ecart,
    Etape,
    EtatSaisie,
    FamilleSorties,
    Figure,
    GenreAide,
    GenreFamille,
    LigneAide,
    MoisEtp,
    MotifSortie,
    Palier,
    PartPublic,
    PointAnnuel,
    SerieObjectif,
    Soustraction,
    barres_aide,
    barres_motifs,
    boites_comparaison,
    entonnoir_lignes,
    etapes,
    etp_mensuels,
    frise,
    paliers,
    publics_priorites,
    resultats_objectifs,
)
from convenir.socle.figures.echelles import Echelle, graduer, graduer_parts
from tests.socle.figures.lecture import verifier

PARTS = st.decimals(0, 150, places=1)
EUROS = st.decimals(0, 10**9, places=2)
ETPS = st.decimals(0, 3000, places=2)
MOTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=70)
EFFECTIFS = st.integers(0, 10**7)
OU_RIEN = st.none()
REGLAGES = settings(max_examples=40, deadline=None)


def controler(figure: Figure, *valeurs: str, recouvrements: bool = True) -> None:
    for svg in (figure.large, figure.etroit, figure.impression):
        lu = verifier(svg, recouvrements=recouvrements)
        assert all(valeur in lu.description for valeur in valeurs), (valeurs, lu.description)


points = st.builds(
    PointAnnuel, st.integers(1990, 2099), PARTS | OU_RIEN, PARTS | OU_RIEN, EFFECTIFS | OU_RIEN, EFFECTIFS | OU_RIEN
)
series = st.builds(SerieObjectif, MOTS, st.lists(points, min_size=1, max_size=3).map(tuple), PARTS | OU_RIEN)


@given(st.lists(series, max_size=5))
@REGLAGES
def test_objectifs(lignes: list[SerieObjectif]) -> None:
    dits = [pourcent(p.resultat) for s in lignes for p in s.points if p.resultat is not None]
    controler(resultats_objectifs(lignes, cle="x", titre="T"), *dits)


motifs = st.builds(MotifSortie, MOTS, EFFECTIFS | OU_RIEN)
familles = st.builds(
    FamilleSorties,
    MOTS,
    st.sampled_from(GenreFamille),
    st.lists(motifs, max_size=6).map(tuple),
    EFFECTIFS | OU_RIEN,
    PARTS,
)


@given(st.lists(familles, max_size=5))
@REGLAGES
def test_motifs(lignes: list[FamilleSorties]) -> None:
    dits = [nombre(m.effectif) for f in lignes for m in f.motifs if m.effectif is not None]
    controler(barres_motifs(lignes, cle="x", titre="T"), *dits)


@given(
    st.lists(st.tuples(ETPS | OU_RIEN, ETPS | OU_RIEN, st.sampled_from(EtatSaisie), st.booleans()), max_size=12),
    st.integers(1, 12),
)
@REGLAGES
def test_etp(valeurs: list[tuple[Decimal | None, Decimal | None, EtatSaisie, bool]], depart: int) -> None:
    mois = [
        MoisEtp(
            Mois(2025, 1).plus(depart + rang),
            v,
            c,
            etat,
            *((v * 0, v * 2) if v is not None and borne else (None, None)),
        )
        for rang, (v, c, etat, borne) in enumerate(valeurs)
    ]
    dits = [nombre(v, 2) for un in mois for v in (un.valeur, un.conventionne) if v is not None]
    controler(etp_mensuels(mois, cle="x", titre="T"), *dits, recouvrements=False)


@given(st.lists(st.builds(PartPublic, MOTS, PARTS | OU_RIEN, PARTS | OU_RIEN, EFFECTIFS | OU_RIEN), max_size=8))
@REGLAGES
def test_publics(lignes: list[PartPublic]) -> None:
    dits = [pourcent(ligne.part) for ligne in lignes if ligne.part is not None]
    controler(publics_priorites(lignes, cle="x", titre="T"), *dits)


@given(st.lists(st.tuples(MOTS, EUROS | OU_RIEN, st.sampled_from(GenreAide), st.booleans()), max_size=6))
@REGLAGES
def test_aide(valeurs: list[tuple[str, Decimal | None, GenreAide, bool]]) -> None:
    lignes = [
        LigneAide(mots, v, genre, *((v / 2, v * 2) if v is not None and borne else (None, None)))
        for mots, v, genre, borne in valeurs
    ]
    dits = [euros(v) for ligne in lignes for v in (ligne.montant, ligne.bas, ligne.haut) if v is not None]
    controler(barres_aide(lignes, cle="x", titre="T"), *dits)


boites = st.builds(
    lambda mots, effectif, quartiles: BoiteTerritoire(mots, effectif, *(sorted(quartiles) if quartiles else ())),
    MOTS, EFFECTIFS | OU_RIEN, st.lists(PARTS, min_size=3, max_size=3) | OU_RIEN,
)  # fmt: skip


@given(st.lists(boites, max_size=4), MOTS, PARTS | OU_RIEN, st.booleans())
@REGLAGES
def test_comparaison(lignes: list[BoiteTerritoire], nom: str, valeur: Decimal | None, en_pourcent: bool) -> None:
    figure = boites_comparaison(
        lignes, structure=nom, valeur=valeur, categorie="ACI", cle="x", titre="T", en_pourcent=en_pourcent
    )
    ecrire = pourcent if en_pourcent else lambda v: nombre(v, 1)
    dits = [ecrire(v) for b in lignes for v in (b.q1, b.mediane, b.q3) if v is not None]
    controler(figure, *(dits if valeur is not None else []))


@given(st.lists(st.builds(Ecart, MOTS, EFFECTIFS), max_size=6), EFFECTIFS, MOTS)
@REGLAGES
def test_entonnoir(ecarts: list[Ecart], reste: int, mots: str) -> None:
    depart = reste + sum(ecart.effectif for ecart in ecarts)
    tout = Soustraction(mots, depart, tuple(ecarts), mots, reste // 2)
    assert tout.reste == reste
    figure = entonnoir_lignes(tout, cle="x", titre="T")
    controler(figure, *([nombre(depart), nombre(reste)] if depart else []))


def test_une_soustraction_fausse_est_refusee() -> None:
    with pytest.raises(ValueError, match="Soustraction impossible"):
        entonnoir_lignes(Soustraction("Lues", 3, (Ecart("Trop", 4),), "Reste"), cle="x", titre="T")
    with pytest.raises(ValueError, match="Soustraction impossible"):
        entonnoir_lignes(Soustraction("Lues", 3, (), "Reste", 4), cle="x", titre="T")


jours = st.dates(date(2000, 1, 1), date(2026, 12, 31))


@given(st.lists(st.builds(Palier, jours, EUROS), max_size=8), jours, jours | OU_RIEN, st.sampled_from(["€", "%", "h"]))
@REGLAGES
def test_paliers(valeurs: list[Palier], jusquau: date, reconduit: date | None, unite: str) -> None:
    figure = paliers(valeurs, jusquau=jusquau, reconduit=reconduit, unite=unite, cle="x", titre="T", libelle="L")
    controler(figure, recouvrements=False)


@given(st.lists(st.builds(Etape, MOTS, EFFECTIFS, st.booleans()), max_size=7))
@REGLAGES
def test_etapes(lignes: list[Etape]) -> None:
    controler(etapes(lignes, cle="x", titre="T", total=("Total", "24 sur 84")), *[nombre(e.effectif) for e in lignes])


VIE = date(2026, 1, 1), date(2029, 1, 1)
JOURS = st.integers(0, (VIE[1] - VIE[0]).days - 1)
bandes = st.builds(
    lambda mots, depuis, duree, postes, ferme, suite: Bande(
        mots, VIE[0] + timedelta(depuis), VIE[0] + timedelta(depuis + duree), postes, ferme,
        VIE[0] + timedelta(depuis + duree + suite) if suite else None,
    ),
    MOTS, JOURS, st.integers(1, 1200), st.sampled_from(["", "12,00 ETP"]), st.booleans(), st.integers(0, 150),
)  # fmt: skip


@given(st.lists(bandes, max_size=10), JOURS)
@REGLAGES
def test_frise(lignes: list[Bande], depuis: int) -> None:
    """Whatever the versions and the day: in the frame, no text over another, every version said."""
    jour = VIE[0] + timedelta(depuis)
    figure = frise(lignes, debut=VIE[0], fin=VIE[1], jour=jour, cle="x", titre="T")
    controler(figure, *[b.libelle.strip() for b in lignes if b.libelle.isascii() and b.libelle.strip().isalnum()])


@given(st.lists(PARTS, max_size=5))
def test_les_parts_partagent_la_meme_echelle(valeurs: list[Decimal]) -> None:
    graduations = graduer_parts([float(v) for v in valeurs])
    assert graduations[0] == 0
    assert graduations[-1] == 60 if max([*valeurs, Decimal(0)]) <= 60 else graduations[-1] >= max(valeurs)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_les_graduations_encadrent(bas: float, etendue: float) -> None:
    graduations = graduer(bas, bas + etendue)
    assert 2 <= len(graduations) <= 8
    assert graduations == sorted(set(graduations))
    presque = 1e-6 * max(1, abs(bas) + etendue)
    assert graduations[0] <= bas + presque
    assert graduations[-1] >= bas + etendue - presque


def test_une_valeur_hors_echelle_reste_au_bord() -> None:
    echelle = Echelle(0, 60, 100, 400)
    assert echelle.place(Decimal(90)) == 400
    assert echelle.place(-3) == 100
    assert echelle.place(30) == 250
