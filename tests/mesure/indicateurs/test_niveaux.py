"""Levels: France and a région only when covered, breakdown by category, spread by nearest rank."""

from datetime import date
from decimal import Decimal

from convenir.mesure.indicateurs.entrees import geographie
from convenir.mesure.indicateurs.perimetre import PerimetreCharge, perimetre
from tests.mesure.indicateurs.fabrique import REGIONS, Registre, lire

FIN = date(2026, 1, 15)


def test_region_couverte_france_non(tmp_path):
    r = Registre()
    for structure, departement in enumerate(("022", "029", "035", "056"), start=1):
        r.annexe(structure, departement=departement, etp="2.5")
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        bretagne, france = lire(calcul, "region", "53"), lire(calcul, "france", "FR")
        assert calcul.perimetre.message == "n. d. : seule la région Bretagne est chargée"
    assert bretagne.get("iae.etp.conventionnes", "2025").valeur == 10
    assert france.get("iae.etp.conventionnes", "2025").statut == "manquant"


def test_france_couverte_quand_toutes_les_regions_le_sont(tmp_path):
    r = Registre()
    for structure, departement in enumerate(sorted(REGIONS), start=1):
        r.annexe(structure, departement=f"0{departement}", etp="1")
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        assert calcul.perimetre.message == ""
        assert lire(calcul, "france", "FR").get("iae.etp.conventionnes", "2025").valeur == 5


def test_perimetre_de_toute_la_france_officielle():
    geo = geographie()
    reels = {d for d, r in geo.regions.items() if r not in geo.hors_compte}
    assert len(reels) == 101
    tout = perimetre(reels, geo.regions, geo.noms, geo.hors_compte)
    assert tout.france
    sans_la_guyane = perimetre(reels - {"973"}, geo.regions, geo.noms, geo.hors_compte)
    assert not sans_la_guyane.france
    assert len(sans_la_guyane.regions) == 17
    assert PerimetreCharge.de(tout.as_dict()) == tout
    assert "départements" in perimetre({"35", "44"}, geo.regions, geo.noms).message
    deux = perimetre({d for d, r in geo.regions.items() if r in {"53", "94"}}, geo.regions, geo.noms)
    assert deux.message == "n. d. : seules les régions Bretagne et Corse sont chargées"


def test_decoupage_par_categorie_a_partir_du_departement(tmp_path):
    r = Registre()
    r.annexe(1, etp="4")
    r.annexe(1, mesure="EI_DC", etp="3")
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        departement, siae = lire(calcul, "departement", "35"), lire(calcul, "siae", "1-EI")
    par_categorie = departement.modalites("iae.etp.conventionnes", "2025", "categorie")
    assert [(v.modalite, v.valeur) for v in par_categorie] == [("ACI", 4), ("EI", 3)]
    assert siae.get("iae.etp.conventionnes", "2025").valeur == 3
    assert siae.modalites("iae.etp.conventionnes", "2025", "categorie") == []


def test_dispersion_au_rang_le_plus_proche(tmp_path):
    # Rates 10, 20, 30, 40, 50 % (91 h a month = 0.05 ETP on 6, ...): nearest rank: q1 = 2nd, median = 3rd, q3 = 4th.
    r = Registre()
    for structure in range(1, 6):
        a, p = r.annexe(structure, etp="1"), r.personne()
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), None, structure=structure), 2025, 1, 182 * structure)
    r.annexe(9, etp="1")  # nothing entered: not in the spread
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        d = lire(calcul, "departement", "35").dispersion("iae.etp.taux_realisation", "2025", "ACI")
        assert lire(calcul, "departement", "35").dispersion("iae.etp.taux_realisation", "2025", "EI") is None
    assert d is not None
    assert (d.q1.valeur, d.mediane.valeur, d.q3.valeur, d.effectif) == (20, 30, 40, 5)


def test_niveau_de_lannexe(tmp_path):
    r = Registre()
    r.annexe(1, identifiant=7, etp="2", debut=date(2025, 1, 1), fin=date(2025, 6, 30))
    r.annexe(1, identifiant=8, etp="4", debut=date(2025, 7, 1))
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        annexes = {c: lire(calcul, "annexe", c) for c in ("ACI035250007A0M0", "ACI035250008A0M0")}
        total = lire(calcul, "siae", "1-ACI").get("iae.etp.conventionnes", "2025").valeur
    assert [a.get("iae.etp.conventionnes", "2025").valeur for a in annexes.values()] == [1, 2]
    assert total == Decimal(3)


def test_la_commune_dit_le_departement_avant_le_numero(tmp_path):
    r = Registre()
    r.annexe(1, departement="022")
    r.ajouter("Structure", structure_id_siae=1, structure_adresse_admin_code_insee="35238")
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        assert lire(calcul, "departement", "35").get("iae.etp.conventionnes", "2025").valeur == 10


def test_annees_par_defaut_les_trois_dernieres(tmp_path):
    r = Registre()
    for annee in range(2021, 2027):
        r.annexe(1, annee=annee)
    with r.calculer(tmp_path, extraction=date(2025, 6, 15)) as calcul:
        assert calcul.annees == [2025]
    from convenir.mesure.indicateurs.calcul import Entrees, Geographie, calculer_sans_ecrire
    from convenir.mesure.reprise import a_neuf
    from tests.mesure.indicateurs.fabrique import NOMS, parametres_de_test

    entrees = Entrees(
        r.ecrire(tmp_path), Geographie(REGIONS, NOMS), lambda a, m: parametres_de_test(a, m), date(2025, 6, 15)
    )
    with a_neuf(lambda fils: calculer_sans_ecrire((), entrees, fils=fils)) as calcul:
        assert calcul.annees == [2023, 2024, 2025]


def test_un_departement_illisible_nefface_pas_la_structure(tmp_path):
    # Département 99 does not exist: the SIAE keeps its figures, no département claims them.
    r = Registre()
    r.annexe(1, departement="099", etp="2")
    r.annexe(2, departement="035", etp="3")
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.etp.conventionnes", "2025").valeur == 2
        codes = calcul.base.execute("SELECT DISTINCT code FROM valeurs WHERE niveau = 'departement'").fetchall()
    assert codes == [("35",)]
