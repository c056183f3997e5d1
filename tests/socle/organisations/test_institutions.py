"""Dated names of institutions: data read strictly, a name on every day and in every territory."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.organisations.institutions import FICHIER, Territoire, lire_noms, noms_institutions
from convenir.socle.organisations.noms import institution_au
from convenir.socle.territoires.geographie_officielle import lire_niveau

REGIONS = {r["code"]: r for r in lire_niveau("regions.csv")}
TERRITOIRES = [
    Territoire(d["nom"], d["complement"], REGIONS[d["region"]]["zone"], d["region"], d["code"])
    for d in lire_niveau("departements.csv")
] + [Territoire(r["nom"], r["complement"], r["zone"], r["code"]) for r in REGIONS.values()]
ROLES = sorted({n.role for n in noms_institutions().noms})
PAR_CODE = {t.departement: t for t in TERRITOIRES if t.departement}
PAR_REGION = {t.region: t for t in TERRITOIRES if not t.departement}


@given(st.sampled_from(ROLES), st.dates(), st.sampled_from([*TERRITOIRES, Territoire()]))
def test_un_nom_existe_toujours_et_ne_laisse_aucun_repere(role, jour, territoire):
    forme = noms_institutions().forme(role, jour, territoire)

    assert forme.strip() == forme
    assert forme
    assert not set("{}") & set(forme)
    assert forme.count("(") == forme.count(")")


@given(st.sampled_from(ROLES), st.dates())
def test_un_nom_ne_change_que_le_jour_dit(role, jour):
    nom = institution_au(role, jour)

    assert nom.debut is None or nom.debut <= jour
    assert nom.fin is None or jour < nom.fin


@pytest.mark.parametrize(
    ("role", "departement", "jour", "attendu"),
    [
        ("service_departemental", "69", date(2008, 9, 1), "DDTEFP du Rhône"),
        ("service_departemental", "69", date(2014, 2, 5), "unité territoriale de la DIRECCTE, département du Rhône"),
        ("service_departemental", "01", date(2018, 2, 5), "unité départementale de la DIRECCTE, département de l'Ain"),
        ("service_departemental", "75", date(2021, 3, 1), "unité départementale de la DIRECCTE, département de Paris"),
        ("service_departemental", "40", date(2021, 4, 1), "DDETS des Landes"),
        ("service_departemental", "93", date(2026, 1, 1),
         "unité départementale de la DRIEETS, département de la Seine-Saint-Denis"),
        ("collectivite_departementale", "69", date(2014, 1, 1), "Conseil général du Rhône"),
        ("collectivite_departementale", "69", date(2026, 1, 1), "Conseil départemental du Rhône"),
        ("collectivite_departementale", "75", date(2026, 1, 1), "Ville de Paris"),
        ("collectivite_departementale", "67", date(2026, 1, 1), "Collectivité européenne d'Alsace (Bas-Rhin)"),
        ("commission_iae", "69", date(2024, 6, 30), "CDIAE du Rhône"),
        ("commission_iae", "69", date(2024, 7, 1),
         "commission de l'inclusion et de l'IAE du comité départemental pour l'emploi du Rhône"),
    ],
)  # fmt: skip
def test_noms_par_departement(role, departement, jour, attendu):
    assert noms_institutions().forme(role, jour, PAR_CODE[departement]) == attendu


@pytest.mark.parametrize(
    ("region", "jour", "attendu"),
    [
        ("53", date(2008, 9, 1), "DRTEFP de Bretagne"),
        ("53", date(2014, 1, 1), "DIRECCTE de Bretagne"),
        ("84", date(2014, 1, 1), "DIRECCTE (territoire actuel : Auvergne-Rhône-Alpes)"),
        ("84", date(2017, 1, 1), "DIRECCTE d'Auvergne-Rhône-Alpes"),
        ("84", date(2026, 1, 1), "DREETS d'Auvergne-Rhône-Alpes"),
        ("11", date(2014, 1, 1), "DIRECCTE d'Île-de-France"),
        ("11", date(2026, 1, 1), "DRIEETS d'Île-de-France"),
        ("04", date(2014, 1, 1), "DIECCTE de La Réunion"),
        ("04", date(2026, 1, 1), "DEETS de La Réunion"),
    ],
)
def test_noms_par_region(region, jour, attendu):
    assert noms_institutions().forme("service_regional", jour, PAR_REGION[region]) == attendu


def test_sans_territoire_le_nom_s_arrete_avant_lui():
    assert institution_au("agence_paiement", date(2005, 1, 1)).sigle == "CNASEA"
    forme = noms_institutions().forme("service_departemental", date(2014, 1, 1), Territoire())
    assert forme == "unité territoriale de la DIRECCTE"


def test_un_role_inconnu_est_refuse():
    with pytest.raises(KeyError):
        institution_au("prefecture", date(2026, 1, 1))


ENTREE = """
  - role: essai
    sigle: E
    nom: essai
    modele: "E {complement}"
    debut:
    fin:
    source: "Un texte"
    verifie_le: 2026-01-01
    a_confirmer: true
"""
TETE = """
redecoupage_des_regions:
  le: 2016-01-01
  regions: ["84"]
  source: "Loi"
noms:
"""


def test_une_entree_minimale_est_lue():
    (nom,) = lire_noms(TETE + ENTREE, "n.yaml").noms

    assert nom.imprimer(Territoire("Rhône", "du Rhône")) == "E du Rhône"
    assert nom.a_confirmer


SECONDE = ENTREE.replace("debut:", "debut: 2020-01-01")
ULTRAMARINE = ENTREE.replace("role: essai", "role: essai\n    zones: [drom]")


@pytest.mark.parametrize(
    ("corps", "attendus"),
    [
        (ENTREE.replace("    source:", "    sources:"), ["noms[1]", "clé inconnue « sources »"]),
        (ENTREE.replace('    source: "Un texte"\n', ""), ["noms[1]", "manque la clé « source »"]),
        (ENTREE.replace('"Un texte"', '""'), ["noms[1], source"]),
        (ENTREE.replace("debut:", "debut: 2020-02-31"), ["ligne", "« 2020-02-31 » n'est pas une date"]),
        (ENTREE.replace("debut:", "debut: hier"), ["noms[1], debut", "date attendue", "hier"]),
        (ENTREE.replace("a_confirmer: true", "a_confirmer: peut-être"), ["noms[1], a_confirmer"]),
        (ENTREE.replace("{complement}", "{ville}"), ["noms[1], modele"]),
        (ENTREE.replace("{complement}", "{complement"), ["noms[1], modele", "accolade"]),
        (ENTREE + "    role: essai\n", ["ligne", "« role » est écrite deux fois"]),
        (ENTREE.replace("role: essai", "role: essai\n    regions: 84"), ["noms[1], regions", "liste"]),
        (ENTREE.replace("fin:", "fin: 2020-01-01"), ["rôle essai", "couvrir tous les jours"]),
        (ENTREE.replace("fin:", "fin: 2019-01-01") + SECONDE, ["rôle essai", "doivent être la même"]),
        (ENTREE + ULTRAMARINE + ULTRAMARINE, ["rôle essai", "le même jour pour drom"]),
        ("  - [", ["n.yaml", "YAML"]),
        ("  - texte", ["noms[1]", "clés sont attendues"]),
    ],
)
def test_une_donnee_fautive_est_refusee_en_nommant_sa_place(corps, attendus):
    with pytest.raises(EntreeInvalide) as refus:
        lire_noms(TETE + corps, "n.yaml")

    for attendu in ("n.yaml", *attendus):
        assert attendu in str(refus.value)


def test_ce_qui_est_deduit_est_marque_a_confirmer():
    for entree in yaml.safe_load(FICHIER.read_text("utf-8"))["noms"]:
        doute = any(mot in entree["source"] for mot in ("déduit", "à vérifier"))
        assert entree["a_confirmer"] or not doute, entree["nom"]
