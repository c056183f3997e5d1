# ruff: noqa: E501 - one record a line
"""Tables absent or empty, folders that cannot be read, figures that contradict one another, the invented network."""

import csv
from dataclasses import replace

import pytest

from convenir.mesure.donnees.generateur_ml import generer_ml
from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.releves_ml import calcul as module
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.invariants import InvariantRompu
from convenir.socle.commun.erreurs import EntreeInvalide
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import YAN, A, D, tables


def test_une_table_vide_donne_zero(tmp_path):
    lues = calculer(ecrire(tmp_path, tables() | {"mise_en_relation": []}), 2012)
    assert lues[(*A, "ENT01", "", "", "2012")]["valeur"] == "0"
    assert lues[(*A, "ENT01", "sexe", "femme", "2012")]["valeur"] == "0"


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("mise_en_relation", ["ENT01", "ENT02", "TX07"]), ("parcours", ["ACT03", "ACT04", "RES03", "RES04", "MOY09"]),
        ("proposition", ["ACT08", "ACT10b"]), ("icare_rh", ["MOY01", "AX45"]), ("contexte_valeur", ["COUV1", "COUV4"]),
        ("actualite", ["ACT01", "ACT06", "ACT07", "ACT07m", "COUV1", "ACT08"]), ("situation", ["RES01", "RES03", "ACT07"]),
    ],
)  # fmt: skip
def test_une_table_absente_nest_jamais_zero(tmp_path, table, codes):
    sans = tables()
    del sans[table]
    lues = calculer(ecrire(tmp_path, sans), 2012)
    for code in codes:
        assert lues[(*A, code, "", "", "2012")]["statut"] == "manquant", code
        assert lues[(*A, code, "", "", "2012")]["valeur"] == ""


def test_la_mission_locale_manquante_est_celle_du_jeune_quand_il_nen_a_quune(tmp_path):
    sans = tables()
    for ligne in sans["situation"]:
        del ligne["ml_id"]
    lues = calculer(ecrire(tmp_path, sans), 2012)
    # Yan has one file: his training is kept. Zoé has two: her job belongs to neither.
    assert lues[(*A, "RES01a", "", "", "2012")]["valeur"] == "1"
    assert lues[(*A, "RES01b", "", "", "2012")]["valeur"] == "0"


def test_le_site_dune_autre_mission_locale_ne_compte_a_aucun_site(tmp_path):
    """One contact entered under a site that is not hers stops nothing: it counts at the mission locale, at no site."""
    autres = tables()
    autres["actualite"][4]["site_id"] = "A1"  # Zoé received at B, in November
    lues = calculer(ecrire(tmp_path, autres), 2012)
    assert lues[("ml", "B", "ACT01", "", "", "2012")]["valeur"] == "1"
    assert lues[("site", "A1", "ACT01", "", "", "2012-11")]["valeur"] == "0"
    assert (("ml", "B", "ACT01", "site", "A1", "2012")) not in lues


@pytest.mark.parametrize("sortie", ["2012-01-15", "2011-12-14"])
def test_une_sortie_avant_lentree_laisse_lentree(tmp_path, sortie):
    """The entry of the year counts, even if the exit is dated of the year before; the exit and the presence do not."""
    autres = tables()
    autres["parcours"] = [
        {**YAN, "parcours_id": 1, "dispositif": "CIVIS", "date_entree": "2012-02-01", "date_sortie": sortie}
    ]
    lues = calculer(ecrire(tmp_path, autres), 2012)
    assert [lues[(*A, c, "", "", "2012")]["valeur"] for c in ("ACT03", "ACT04", "RES03")] == ["1", "1", "0"]
    assert lues[(*A, "ACT11", "", "", "2012-12-31")]["valeur"] == "0"


def test_une_personne_suivie_dans_deux_regions_compte_une_fois_en_france(tmp_path, monkeypatch):
    """Zoé has files at A and B (Ille-et-Vilaine) and at C (Loire-Atlantique), Yan at A: a person once at each level."""
    trois = tables()
    ailleurs = {"jeune_id": "zoe", "ml_id": "C"}
    trois["structure"].append({"ml_id": "C", "region_code": "52", "dept_code": "44", "module_entreprise": "true"})
    trois["jeune"].append({**ailleurs, "sexe": "F", "naissance_mois": "1993-06-01"})
    trois["actualite"].append(
        {**ailleurs, "actualite_id": 9, "date_evt": "2012-06-11", "type": "entretien_individuel"}
    )
    # As if these two départements and régions were all there is.
    tout = PerimetreCharge(frozenset({"35", "44"}), frozenset({"53", "52"}), True, {})
    monkeypatch.setattr(module, "perimetre", lambda *_: tout)
    lues = calculer(ecrire(tmp_path, trois), 2012)

    def a(niveau: str, territoire: str, *codes: str) -> list[str]:
        return [lues[(niveau, territoire, c, "", "", "2012")]["valeur"] for c in codes]

    # Contacts and interviews: persons. First interviews and individual interviews: summed.
    codes = ("ACT01", "ACT02", "ACT02a", "ACT06")
    assert a("departement", "35", *codes) == a("region", "53", *codes) == ["2", "2", "2", "1"]
    assert a("ml", "C", *codes) == a("departement", "44", *codes) == a("region", "52", *codes) == ["1", "1", "1", "1"]
    assert a("france", "FR", *codes) == ["2", "2", "3", "2"]
    assert lues[("france", "FR", "ACT01", "sexe", "femme", "2012")]["valeur"] == "1"
    assert lues[("france", "FR", "ACT01", "", "", "2012-06")]["valeur"] == "1"


def test_une_commune_dans_deux_ressorts_compte_dans_chacun(tmp_path):
    """Zoé lives in a commune that A and B both claim: of the zone for each, once in the département."""
    deux = tables()
    deux["zone_ml"].append({"ml_id": "B", "commune_code": "35238", "date_debut": "2000-01-01"})
    deux["jeune_etat"][2]["commune_code"] = "35238"
    deux["contexte_valeur"] += [
        {"territoire_type": t, "territoire_code": c, "code_contexte": "ANO_16_25", "annee": 2012, "valeur": v}
        for t, c, v in (("ml", "B", "10"), ("departement", "35", "50"))
    ]
    lues = calculer(ecrire(tmp_path, deux), 2012)
    couverts = [lues[(*t, "COUV1", "", "", "2012")] for t in (A, ("ml", "B"), D)]
    assert [(x["numerateur"], x["denominateur"]) for x in couverts] == [("1", "40"), ("1", "10"), ("1", "50")]


@pytest.mark.parametrize(
    ("debut", "fin", "residents"), [("2012-07-01", "", "1"), ("2000-01-01", "2012-01-01", "1"), ("2000-01-01", "2011-12-31", "0")]
)  # fmt: skip
def test_une_commune_est_du_ressort_toute_annee_ou_elle_lest_un_jour(tmp_path, debut, fin, residents):
    datees = tables()
    datees["zone_ml"] = [{"ml_id": "A", "commune_code": "35238", "date_debut": debut, "date_fin": fin}]
    assert calculer(ecrire(tmp_path, datees), 2012)[(*A, "COUV1", "", "", "2012")]["numerateur"] == residents


def test_un_dossier_sans_jeune_est_refuse(tmp_path):
    sans = tables()
    del sans["jeune"]
    with pytest.raises(EntreeInvalide, match="n'a pas de table « jeune »"):
        calculer_ml(ecrire(tmp_path, sans), [2012])
    with pytest.raises(EntreeInvalide, match="La table jeune est vide"):
        calculer_ml(ecrire(tmp_path / "vide", tables() | {"jeune": []}), [2012])
    with pytest.raises(EntreeInvalide, match="n'est pas un dossier"):
        calculer_ml(tmp_path / "absent", [2012])


def test_une_valeur_illisible_et_une_grille_inconnue_sont_refusees(tmp_path):
    fautives = tables()
    fautives["actualite"][0]["date_evt"] = "10/01/2012"
    with pytest.raises(EntreeInvalide, match="type attendu"):
        calculer_ml(ecrire(tmp_path, fautives), [2012])
    with pytest.raises(EntreeInvalide, match="2012, 2026"):
        calculer_ml(ecrire(tmp_path, tables()), [2012], grille="1999")


def test_une_part_qui_depasse_son_tout_arrete_le_calcul(tmp_path, monkeypatch):
    cat = module.catalogue_ml("2012")
    # A wrong definition: contacts told to be a part of the first interviews.
    faux = replace(cat, indicateurs=cat.indicateurs | {"ACT01": replace(cat.indicateurs["ACT01"], parent="ACT02a")})
    monkeypatch.setattr(module, "catalogue_ml", lambda _: faux)
    with pytest.raises(InvariantRompu, match=r"ACT01 \(Jeunes en contact\), departement 35.*dépasse ACT02a"):
        calculer_ml(ecrire(tmp_path, tables()), [2012])


@pytest.mark.parametrize("grille", ["2012", "2026", "rpe-2025"])
def test_un_taux_depend_des_parametres_de_ses_termes(grille):
    cat = module.catalogue_ml(grille).indicateurs
    assert "ml.emploi_durable.duree_mois" in cat["TX02"].parametres
    assert "ml.jdi.fenetre_mois" in cat["TX06"].parametres
    for i in cat.values():
        for terme in filter(None, (i.numerateur, i.denominateur)):
            assert not terme.indicateur or set(cat[terme.indicateur].parametres) <= set(i.parametres), i.code


def _fausse(cat, code, **champs):
    return replace(cat, indicateurs=cat.indicateurs | {code: replace(cat.indicateurs[code], **champs)})


def _sexes_qui_se_recouvrent(cat):
    sexe = cat.ventilations["sexe"]
    modalites = tuple(replace(m, expression="sexe = 'F' OR sexe = 'H'") for m in sexe.modalites)
    return replace(cat, ventilations=cat.ventilations | {"sexe": replace(sexe, modalites=modalites)})


def _renouvellement_a_lenvers(cat):
    taux = cat.indicateurs["TX04"]
    return _fausse(cat, "TX04", borne=True, numerateur=taux.denominateur, denominateur=taux.numerateur)


@pytest.mark.parametrize(
    ("fausser", "faute"),
    [
        (_sexes_qui_se_recouvrent, r"ACT01.*2012 : .* contre .*moins que la somme de ses modalités"),
        (lambda cat: _fausse(cat, "RES02", partition=("RES02a",)), "RES02 .*n'est pas la somme de RES02a"),
        (_renouvellement_a_lenvers, "TX04 .*sort de 0 à 100 %"),
    ],
)
def test_chaque_invariant_rompu_arrete_le_calcul_et_nomme_lindicateur(tmp_path, monkeypatch, fausser, faute):
    faux = fausser(module.catalogue_ml("2012"))
    monkeypatch.setattr(module, "catalogue_ml", lambda _: faux)
    with pytest.raises(InvariantRompu, match=faute):
        calculer_ml(ecrire(tmp_path, tables()), [2012])


def test_le_departement_ne_compte_le_module_que_la_ou_il_sert(tmp_path):
    sans = tables()
    sans["structure"][0]["module_entreprise"] = "false"
    lues = calculer(ecrire(tmp_path, sans), 2012)
    assert lues[(*D, "ENT03", "", "", "2012")]["statut"] == "non_exploitable"
    assert lues[(*A, "ENT04", "", "", "2012")]["valeur"] == "1"  # contacts were entered all the same


@pytest.mark.parametrize(("annee", "region"), [(2025, "94"), (2012, "94")])
def test_le_reseau_invente_rend_ses_totaux(tmp_path, annee, region):
    """The totals are added up from arrays by the generator, not from the files."""
    generer_ml(tmp_path, annee=annee, region=region, graine=5, erreurs=0, echelle=0.3)
    lues = calculer(tmp_path, annee)
    comparees = 0
    with (tmp_path / "verite.csv").open(encoding="utf-8") as fichier:
        for ligne in csv.DictReader(fichier):
            cle = tuple(
                ligne[c] for c in ("niveau", "code_territoire", "indicateur", "ventilation", "modalite", "periode")
            )
            lue = lues.get(cle)  # type: ignore[call-overload]
            if ligne["niveau"] == "france" or lue is None or lue["statut"] == "non_exploitable":
                continue
            assert lue["numerateur"] == ligne["valeur"], cle
            comparees += 1
    assert comparees > 150
