import json
from collections import Counter

import pytest

from convenir.mesure.donnees.generateur.fautes_semees import PLANS
from tests.mesure.donnees.generateur.conftest import Livraison


@pytest.fixture(scope="module")
def semees(fautive: Livraison) -> list[dict[str, str]]:
    lues: list[dict[str, str]] = json.loads((fautive.dossier / "fautes.json").read_text(encoding="utf-8"))
    return lues


def test_each_kind_of_each_view_is_planted(semees: list[dict[str, str]]) -> None:
    attendues = {(vue, plan.genre) for vue, plans in PLANS.items() for plan in plans}
    attendues |= {(vue, "motif_inconnu") for vue in ("ContratMission", "EtatMensuelIndiv")}
    assert {(f["vue"], f["genre"]) for f in semees} == attendues


def test_rate_is_about_what_was_asked(fautive: Livraison, saine: Livraison) -> None:
    vue = "EtatMensuelIndiv"
    ajoutees = fautive.resume.lignes[vue] - saine.resume.lignes[vue]
    # One fault out of five is a pair of rows.
    assert 0.018 < ajoutees / saine.resume.lignes[vue] < 0.030


def test_each_fault_is_at_its_line(fautive: Livraison, semees: list[dict[str, str]]) -> None:
    textes = {vue: fautive.texte(vue) for vue in {f["vue"] for f in semees}}
    for f in semees:
        texte = textes[f["vue"]]
        ligne = texte[int(f["ligne"]) - 1]
        if f["colonne"]:
            rang = texte[1].split("|").index(f["colonne"])
            assert ligne.split("|")[rang] == f["valeur"].rstrip("\n"), f
        else:
            assert texte.count(ligne) == 2, f


def test_fin_counts_rows_and_not_broken_lines(fautive: Livraison) -> None:
    sauts = Counter(
        f["vue"] for f in json.loads((fautive.dossier / "fautes.json").read_text()) if f["genre"] == "saut_de_ligne"
    )
    assert sauts["Structure"] >= 1
    texte = fautive.texte("Structure")
    assert texte[-2].startswith(f"FIN{len(texte) - 4 - sauts['Structure']}|")


def test_sound_rows_are_those_of_the_same_world_without_faults(
    fautive: Livraison, saine: Livraison, semees: list[dict[str, str]]
) -> None:
    """Planted rows taken away, the files differ by the unknown reasons alone."""
    for vue in ("EtatMensuelIndiv", "Formations", "Salarie", "ContratMission"):
        plantees = {int(f["ligne"]) for f in semees if f["vue"] == vue and f["genre"] != "motif_inconnu"}
        reste = [t for n, t in enumerate(fautive.texte(vue), start=1) if n not in plantees]
        sans_motif = [t.replace("|177|77|", "|#|") for t in reste[2:-2]]
        attendues = saine.texte(vue)[2:-2]
        differentes = sum(a != b for a, b in zip(sans_motif, attendues, strict=True))
        assert differentes == sum(f["vue"] == vue and f["genre"] == "motif_inconnu" for f in semees)


def test_totals_do_not_move_but_for_the_unknown_reasons(fautive: Livraison, saine: Livraison) -> None:
    champs = (
        "etp_mois_conventionnes",
        "aide_allouee",
        "heures_travaillees",
        "embauches",
        "salaries",
        "sorties_constatees",
    )
    assert [[v[c] for c in champs] for v in fautive.verite()] == [[v[c] for c in champs] for v in saine.verite()]
    assert sum(int(v["motif_inconnu"]) for v in fautive.verite()) > 0
    assert sum(int(v["motif_inconnu"]) for v in saine.verite()) == 0
