# ruff: noqa: E501 - one record a line
"""The whole catalogue over two départements: no masked count, nor the count under a masked rate, can be found back."""

from decimal import Decimal
from itertools import pairwise

import pytest

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from convenir.mesure.indicateurs.secret.publication import comptes_de, masquer, relations
from convenir.mesure.indicateurs.secret.suppression import supprimer
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from tests.mesure.secret.attaque import intervalles

PRES = 1e-6
DEPARTEMENT, ML_A, ML_B = ("departement", "44"), ("ml", "A"), ("ml", "B")
PARENTS = {ML_A: DEPARTEMENT, ML_B: DEPARTEMENT}


def valeur(indicateur, n, d=None, ventilation="", modalite="", periode="2025"):
    v = Decimal(n) if d is None else Decimal(100 * n) / d
    return Valeur(indicateur, ventilation, modalite, periode, Decimal(n), d and Decimal(d), v, "disponible")


def masquees(*territoires, parents=PARENTS, **choix):
    rendues = masquer(
        [Valeurs.de(*t, valeurs) for t, valeurs in territoires], catalogue_ml("2026"), parents, 5, **choix
    )
    return {(t.code, v.indicateur, v.modalite, v.periode) for t in rendues for v in t if v.statut == "secret"}


def test_un_taux_dont_le_denominateur_est_publie_se_masque_avec_son_numerateur():
    lues = [
        valeur("RES03", 40),
        valeur("RES03b", 3),
        valeur("TX01", 3, 40),
        valeur("TX09", 9, 40),
        valeur("RES03x", 9),
    ]
    assert masquees((ML_A, lues)) == {("A", "RES03b", "", "2025"), ("A", "TX01", "", "2025")}


def test_un_numerateur_qui_nest_imprime_que_sous_sa_part_est_compte_aussi():
    # ACT08 is 3 of 40 youths in contact: the rate alone gives the count.
    assert masquees((ML_A, [valeur("ACT01", 40), valeur("ACT08", 3, 40)])) == {("A", "ACT08", "", "2025")}


def test_un_financement_par_jeune_rendrait_un_compte_masque():
    lues = [valeur("ACT07", 3), valeur("MOY04", 90000), valeur("MOY06", 90000, 3)]
    assert masquees((ML_A, lues)) == {("A", "ACT07", "", "2025"), ("A", "MOY06", "", "2025")}


def test_les_entreprises_et_les_parrains_ne_sont_pas_des_jeunes():
    assert masquees((ML_A, [valeur("ENT04", 2), valeur("ENT06", 1), valeur("ENT03", 3)])) == set()


def test_un_niveau_ne_rend_pas_lautre():
    # 30 in the département less 27 at B would give 3 back; B goes with A, since the département is of more use.
    lus = [(DEPARTEMENT, [valeur("ACT01", 30)]), (ML_A, [valeur("ACT01", 3)]), (ML_B, [valeur("ACT01", 27)])]
    assert masquees(*lus) == {("A", "ACT01", "", "2025"), ("B", "ACT01", "", "2025")}


def test_un_mois_ne_se_retrouve_pas_par_le_cumul():
    mois = dict(zip([f"2025-{m:02d}" for m in range(1, 7)], [20, 9, 3, 30, 12, 25], strict=True))
    lues, cumul = [], 0
    for periode, n in mois.items():
        cumul += n
        lues += [valeur("RES02", n, periode=periode), valeur("RES02", cumul, periode=f"{periode}-cumul")]
    lues += [valeur("RES02", cumul), valeur("RES02", 32, periode="2025-T1"), valeur("RES02", 67, periode="2025-T2")]
    caches = {periode for _, _, _, periode in masquees((ML_A, lues))}
    assert "2025-03" in caches
    # March is also the difference of two cumulative figures, and of the quarter and its two other months.
    assert caches & {"2025-02-cumul", "2025-03-cumul"}
    assert caches & {"2025-01", "2025-02", "2025-T1"}
    comptes = comptes_de([Valeurs.de(*ML_A, lues)], catalogue_ml("2026"))
    lies = relations(comptes, catalogue_ml("2026"), {})
    for bas, haut in intervalles(comptes, {c for c in comptes if c[1][3] in caches}, lies).values():
        assert haut - bas >= 4 - PRES


@pytest.fixture(scope="module")
def petit_reseau(tmp_path_factory):
    """The tiny world, its youths multiplied so that small and larger counts stand side by side."""
    dossier = tmp_path_factory.mktemp("reseau")
    en_plus = {"jeune": [], "jeune_etat": [], "actualite": [], "situation": [], "parcours": []}
    for n in range(36):
        ml, jeune = ("ML04401", "ML08501")[n % 2], f"K{n}"
        commun = {"jeune_id": jeune, "ml_id": ml}
        en_plus["jeune"].append({**commun, "sexe": "FH"[n % 5 == 0], "naissance_mois": f"200{3 + n % 4}-01-01"})
        en_plus["jeune_etat"].append(
            {**commun, "date_debut": "2024-01-01", "niveau": ("V", "IV", "VI")[n % 3], "diplome_obtenu": n % 2 == 0}
        )
        en_plus["actualite"].append(
            {
                **commun,
                "actualite_id": f"B{n}",
                "site_id": f"{ml}-S1",
                "date_evt": f"2025-{1 + n % 2:02d}-07",
                "type": "entretien_individuel",
            }
        )
        if n % 3 == 0:
            en_plus["situation"].append(
                {
                    **commun,
                    "situation_id": f"X{n}",
                    "categorie": ("EMPLOI", "FORMATION")[n % 2],
                    "contrat": "CDI",
                    "date_debut": f"2025-{1 + n % 2:02d}-10",
                }
            )
        if n % 4 == 0:
            en_plus["parcours"].append(
                {
                    **commun,
                    "parcours_id": f"Y{n}",
                    "dispositif": ("CEJ", "PACEA")[n % 8 == 0],
                    "date_entree": f"2025-{1 + n % 2:02d}-15",
                }
            )
    generer_mini_ml(dossier, en_plus=en_plus)
    with calculer_ml(dossier, [2025], mois=2) as calcul:
        lignes = calcul.base.execute(
            "SELECT niveau, code, indicateur, ventilation, modalite, periode, numerateur, denominateur, valeur, statut "
            "FROM valeurs WHERE niveau IN ('ml', 'departement')"
        ).fetchall()
        return lignes, calcul.catalogues[2025]


def _decimal(texte):
    return None if texte is None or texte == "" else Decimal(texte)


def test_le_catalogue_entier_resiste_a_un_lecteur_qui_resout(petit_reseau):
    lignes, cat = petit_reseau
    par_territoire = {}
    for niveau, code, i, v, m, p, n, d, valeur_lue, statut in lignes:
        lue = Valeur(i, v, m, p, _decimal(n), _decimal(d), _decimal(valeur_lue), statut)
        par_territoire.setdefault((niveau, code), []).append(lue)
    territoires = [Valeurs.de(*t, lues) for t, lues in par_territoire.items()]
    parents = {("ml", "ML04401"): ("departement", "44"), ("ml", "ML08501"): ("departement", "85")}
    comptes = comptes_de(territoires, cat)
    lies = relations(comptes, cat, parents)
    caches = supprimer(comptes, lies, 5)
    assert {c for c, n in comptes.items() if 0 < n < 5} <= caches
    assert len(caches) < len(comptes) / 2
    for i, lus in _par_famille(caches, lies):
        for cellule, (bas, haut) in intervalles(comptes, lus, lies).items():
            assert haut - bas >= 4 - PRES, (i, cellule, comptes[cellule])


def _par_famille(caches, lies):
    """Masked counts that relations tie together: what is deduced of one owes nothing to the others."""
    groupe = {c: c for c in caches}

    def racine(c):
        while groupe[c] != c:
            c = groupe[c]
        return c

    for r in lies:
        liees = [c for c in (r.total, *r.parts) if c in groupe]
        for a, b in pairwise(liees):
            groupe[racine(a)] = racine(b)
    familles = {}
    for c in caches:
        familles.setdefault(racine(c), set()).add(c)
    return familles.items()
