"""Snapshots of the missions locales: two ways, the same values, and what a territory may say."""

import hashlib

import pytest

from convenir.mesure.indicateurs import queries
from convenir.mesure.indicateurs.gel_ml.actions import calculer_missions_locales
from convenir.mesure.indicateurs.gel_ml.sources import AGREGATS, EntreesMl, SourceMl
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane, ValeursTerritoire
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.models import Entree
from tests.mesure.gel_ml.conftest import A, B

pytestmark = pytest.mark.usefixtures("reseau")
RESEAU = {A: "44", B: "44"}


def figer(*sources: SourceMl, reseau: dict[str, str] = RESEAU, sortie=None) -> Instantane:
    return calculer_missions_locales([2025], EntreesMl(sources, reseau), sortie=sortie)


def lue(instantane, niveau, code, indicateur, periode="2025", ventilation="", modalite=""):
    return queries.valeurs(instantane, niveau, code).get(indicateur, periode, ventilation, modalite)


def test_memes_donnees_memes_octets(enregistrements, tmp_path):
    premier = figer(SourceMl(enregistrements), sortie=tmp_path / "a.csv")
    second = figer(SourceMl(enregistrements), sortie=tmp_path / "b.csv")
    octets = (tmp_path / "a.csv").read_bytes()
    assert octets == (tmp_path / "b.csv").read_bytes()
    assert premier.pk == second.pk
    assert premier.sha256 == hashlib.sha256(octets).hexdigest()
    assert (premier.dispositif, premier.annees, premier.perimetre["grilles"]) == ("ml", [2025], {"2025": "2026"})
    assert premier.chemin_valeurs.exists()
    assert Entree.objects.filter(acte="indicateurs.calculer").count() == 1
    assert queries.instantane_courant(2025, "ml") == premier
    assert queries.instantane_courant(2025) is None
    assert any(p["a_confirmer"] for p in premier.parametres["2025"].values())


def test_les_deux_voies_nourrissent_les_memes_valeurs_et_disent_laquelle(enregistrements, agregats):
    par_enregistrements = figer(SourceMl(enregistrements))
    distincts = lue(par_enregistrements, "departement", "44", "ACT01")
    chacune = {ml: lue(par_enregistrements, "ml", ml, "ACT01") for ml in (A, B)}
    par_agregats = figer(SourceMl(agregats, AGREGATS))
    sommes = lue(par_agregats, "departement", "44", "ACT01")
    for ml in (A, B):
        autre = lue(par_agregats, "ml", ml, "ACT01")
        assert (autre.valeur, autre.source) == (chacune[ml].valeur, "agregats")
        assert chacune[ml].source == "enregistrements"
    # J5 has a file in both: once when the records are there, twice when only the figures crossed.
    assert sommes.valeur == chacune[A].valeur + chacune[B].valeur == distincts.valeur + 1
    assert (distincts.source, sommes.source) == ("enregistrements", "somme")
    assert par_agregats.perimetre["sommes"] == ["departement 44"]
    assert par_enregistrements.perimetre["sommes"] == []


def test_une_somme_refait_le_taux_et_ne_compte_que_ce_qui_se_lit(agregats):
    instantane = figer(SourceMl(agregats, AGREGATS))
    taux = [lue(instantane, "ml", ml, "TX04") for ml in (A, B)]
    du_departement = lue(instantane, "departement", "44", "TX04")
    assert du_departement.numerateur == sum(t.numerateur for t in taux)
    assert du_departement.denominateur == sum(t.denominateur for t in taux)
    attendu = (100 * du_departement.numerateur / du_departement.denominateur).quantize(du_departement.valeur)
    assert du_departement.valeur == attendu
    # B does not use the module Entreprise: the département reads A alone.
    assert lue(instantane, "ml", B, "ENT03").statut == "non_exploitable"
    assert lue(instantane, "departement", "44", "ENT03").valeur == lue(instantane, "ml", A, "ENT03").valeur
    # A mission locale without staff declared: the département has no total.
    assert lue(instantane, "departement", "44", "ACT02", "2025-02").est_disponible
    assert lue(instantane, "region", "52", "ACT01").statut == "manquant"
    assert instantane.perimetre["message"].startswith("n. d.")


def test_une_mission_locale_absente_decouvre_son_departement(enregistrements):
    instantane = figer(SourceMl(enregistrements), reseau={**RESEAU, "ML04499": "44"})
    assert instantane.perimetre["missions_locales_absentes"] == ["ML04499"]
    assert lue(instantane, "departement", "44", "ACT01").statut == "manquant"
    assert lue(instantane, "ml", A, "ACT01").est_disponible


def test_les_enregistrements_priment_sur_les_agregats(enregistrements, agregats, tmp_path):
    troisieme = tmp_path / "troisieme.csv"
    texte = agregats.read_text()
    entete, *lignes = texte.splitlines()
    autre = [ligne.replace(B, "ML04403") for ligne in lignes if ligne.startswith(f"ml,{B}")]
    fausses = [ligne.replace(",disponible", ",manquant") for ligne in lignes if ligne.startswith(f"ml,{A}")]
    troisieme.write_text("\n".join([entete, *fausses, *autre]) + "\n")
    reseau = {**RESEAU, "ML04403": "44"}
    instantane = figer(SourceMl(troisieme, AGREGATS), SourceMl(enregistrements), reseau=reseau)
    un, deux, trois = (lue(instantane, "ml", ml, "ACT01") for ml in (A, B, "ML04403"))
    assert (un.source, deux.source, trois.source) == ("enregistrements", "enregistrements", "agregats")
    departement = lue(instantane, "departement", "44", "ACT01")
    assert (departement.source, departement.valeur) == ("somme", un.valeur + deux.valeur + trois.valeur)


def test_une_livraison_remplacee_ne_compte_plus(enregistrements, agregats):
    tout = SourceMl(enregistrements)
    entier = figer(tout)
    a_seule = SourceMl(enregistrements, couverture={A: [2025]})
    b_agregee = SourceMl(agregats, AGREGATS, couverture={B: [2025]})
    instantane = figer(a_seule, b_agregee)
    assert [lue(instantane, "ml", ml, "ACT01").source for ml in (A, B)] == ["enregistrements", "agregats"]
    # The records still hold B, replaced since: their own total of the département is not used.
    departement = lue(instantane, "departement", "44", "ACT01")
    assert departement.source == "somme"
    assert departement.valeur == lue(entier, "departement", "44", "ACT01").valeur + 1
    seule = figer(a_seule, reseau={A: "44"})
    assert lue(seule, "departement", "44", "ACT01").valeur == lue(seule, "ml", A, "ACT01").valeur


def test_ce_que_lisent_les_pages(enregistrements, reseau, django_assert_num_queries):
    instantane = figer(SourceMl(enregistrements))
    voulus = [("ml", A), ("departement", "44"), ("region", "52"), ("site", f"{A}-S1")]
    with django_assert_num_queries(1):
        lues = queries.valeurs_de_plusieurs([instantane], voulus)
    assert lues["ml", A].get("ACT01", "2025").unite == "personnes"
    assert lues["site", f"{A}-S1"].get("ACT01", "2025").est_disponible
    assert len(lues["ml", A].serie("ACT01", annee=2025)) == 12
    chiffre = ChiffreMissionLocale.objects.get(mission_locale=reseau[0], annee=2025, indicateur="ACT01")
    assert chiffre.lue.valeur == lues["ml", A].get("ACT01", "2025").valeur
    stock = ChiffreMissionLocale.objects.get(mission_locale=reseau[0], annee=2025, indicateur="ACT11")
    assert stock.periode == "2025-12-31"


def test_une_annee_recalculee_seule_laisse_aux_pages_les_autres(agregats, tmp_path):
    entete, *lignes = agregats.read_text("utf-8").splitlines()
    deux_ans = sorted({*lignes, *(ligne.replace(",2025", ",2024") for ligne in lignes)})
    agregats.write_text("\n".join([entete, *deux_ans]) + "\n", "utf-8")
    entrees = EntreesMl([SourceMl(agregats, AGREGATS)], RESEAU)
    ensemble = calculer_missions_locales([2024, 2025], entrees)
    seule = calculer_missions_locales([2025], entrees, sortie=tmp_path / "a.csv")
    assert (seule.pk, queries.annees_calculees("ml")) == (ensemble.pk, [2025, 2024])
    periodes = {ligne.split(",")[5][:4] for ligne in (tmp_path / "a.csv").read_text("utf-8").splitlines()[1:]}
    assert periodes == {"2025"}
    assert calculer_missions_locales([2025], entrees, grille="2026").annees == [2025]


def test_un_instantane_d_un_dispositif_laisse_l_autre(enregistrements):
    autre = Instantane.objects.create(
        sha256="0" * 64, annees=[2025], premiere_annee=2025, derniere_annee=2025, arrete_au="2025-12-31"
    )
    ValeursTerritoire.objects.create(instantane=autre, niveau="siae", code="1-ACI", annee=2025, contenu={})
    figer(SourceMl(enregistrements))
    assert ValeursTerritoire.objects.filter(instantane=autre).exists()


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [("a;b\n1;2\n", "ne se lit pas"), (None, "Aucune donnée")],
)
def test_une_entree_fautive_se_dit(tmp_path, contenu, mots):
    sources = []
    if contenu is not None:
        (tmp_path / "faux.csv").write_text(contenu)
        sources.append(SourceMl(tmp_path / "faux.csv", AGREGATS))
    with pytest.raises(EntreeInvalide, match=mots):
        figer(*sources)
    assert not Instantane.objects.exists()
