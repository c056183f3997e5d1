"""ETP, worked by hand: posts × months ÷ 12, hours ÷ hours of one ETP, one version per annexe and per month."""

from datetime import date
from decimal import Decimal

import pytest

from tests.mesure.indicateurs.fabrique import Registre, lire

FIN_2025 = date(2026, 1, 15)


def test_une_annexe_de_neuf_mois_compte_pour_neuf_douziemes(tmp_path):
    # 20.40 posts over 9 months: 20.40 × 9 / 12 = 15.30 annual ETP; 20.40 any month covered.
    r = Registre()
    r.annexe(etp="20.40", debut=date(2025, 4, 1))
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.etp.conventionnes", "2025").valeur == Decimal("15.300000")
    assert v.get("iae.etp.conventionnes", "2025-03").statut == "manquant"
    assert v.get("iae.etp.conventionnes", "2025-04").valeur == Decimal("20.400000")
    assert v.get("iae.etp.conventionnes", "2025-06-cumul").valeur == Decimal("5.100000")


def test_une_seule_version_par_annexe(tmp_path):
    # Same annexe read four times: replaced, rejected, VALIDE M1 and VALIDE M2. Only M2 (12 posts) counts.
    r = Registre()
    cle = r.annexe(etp="30", etat="HISTORISE")
    r.annexe(etp="99", etat="REJETE", identifiant=cle)
    r.annexe(etp="11", identifiant=cle, af_numero_avenant_modification=1)
    r.annexe(etp="12", identifiant=cle, af_numero_avenant_modification=2)
    r.annexe(etp="13", identifiant=cle, etat="PROVISOIRE", af_numero_avenant_modification=9)
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.etp.conventionnes", "2025").valeur == Decimal("12")


@pytest.mark.parametrize(("etats", "attendu"), [(("PROVISOIRE", "CLOTURE"), "10"), (("CLOTURE", "CLOTURE"), "20")])
def test_ordre_des_etats_quand_rien_nest_valide(tmp_path, etats, attendu):
    r = Registre()
    cle = r.annexe(etp="10", etat=etats[0], af_numero_avenant_modification=0)
    r.annexe(etp="20", etat=etats[1], identifiant=cle, af_numero_avenant_modification=1)
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.etp.conventionnes", "2025").valeur == Decimal(attendu)


def test_le_fdi_nest_jamais_compte(tmp_path):
    r = Registre()
    r.annexe(etp="10")
    r.annexe(mesure="FDI_DC", etp="500")
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        codes = {ligne[0] for ligne in calcul.base.execute("SELECT DISTINCT code FROM valeurs").fetchall()}
        assert "1-FDI" not in codes
        assert lire(calcul, "departement", "35").get("iae.etp.conventionnes", "2025").valeur == Decimal(10)


def test_heures_sur_heures_dun_etp_en_derniere_version(tmp_path):
    # 182.00 h then, corrected, 91.00 h in March: version 2 alone. 91 / 1820 = 0.05; that month × 12 = 0.60.
    r = Registre()
    a, p = r.annexe(), r.personne()
    c = r.contrat(p, date(2025, 1, 1), None)
    r.mois(a, p, c, 2025, 3, "182.00", version=1)
    r.mois(a, p, c, 2025, 3, "91.00", version=2)
    r.mois(a, p, c, 2025, 4, "182.00")
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.etp.realises", "2025").valeur == Decimal("0.150000")
    assert v.get("iae.etp.realises", "2025-03").valeur == Decimal("0.600000")
    assert v.get("iae.etp.realises", "2025-03-cumul").valeur == Decimal("0.050000")
    assert v.get("iae.etp.heures", "2025").valeur == Decimal("273.00")
    assert v.get("iae.etp.taux_realisation", "2025-03").valeur == Decimal("6.000000")


def test_heures_dun_etp_de_la_categorie_quand_lannexe_ne_dit_rien(tmp_path):
    r = Registre()
    a, p = r.annexe(mesure="EI_DC", heures_etp=None), r.personne()
    c = r.contrat(p, date(2025, 1, 1), None, mesure="EI_DC")
    r.mois(a, p, c, 2025, 1, "150.50")
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        # 150.50 / 1505 = 0.1
        assert lire(calcul, "siae", "1-EI").get("iae.etp.realises", "2025").valeur == Decimal("0.100000")


def test_arrondi_demi_superieur_a_six_decimales_sur_la_somme_exacte(tmp_path):
    # Two annexes of 1 hour each at 1 820: 2/1820 = 0.001098901… → 0.001099; 1/1820 = 0.000549450… → 0.000549 each:
    # rounding the parts first would give 0.001098.
    r = Registre()
    for debut, fin in ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 7, 1), date(2025, 12, 31))):
        a, p = r.annexe(debut=debut, fin=fin), r.personne()
        r.mois(a, p, r.contrat(p, debut, fin), 2025, debut.month, "1")
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.etp.realises", "2025").valeur == Decimal("0.001099")


def test_un_mois_sans_saisie_nest_pas_zero(tmp_path):
    r = Registre()
    a, p = r.annexe(), r.personne()
    r.mois(a, p, r.contrat(p, date(2025, 1, 1), None), 2025, 1)
    with r.calculer(tmp_path, 2025, extraction=date(2025, 5, 10)) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    # Extracted on 10 May: January to April are closed; one is entered, three are not.
    assert v.get("iae.etp.realises", "2025-02").statut == "manquant"
    assert v.get("iae.etp.realises", "2025-02").valeur is None
    assert (v.get("iae.etp.mois_saisis", "2025").valeur, v.get("iae.etp.mois_manquants", "2025").valeur) == (1, 3)
    assert v.get("iae.etp.mois_saisis", "2025").denominateur == 4
    assert v.get("iae.etp.realises", "2025-05-cumul").statut == "manquant"


def test_sans_aucune_saisie_le_taux_manque_et_ne_vaut_pas_zero(tmp_path):
    r = Registre()
    r.annexe()
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI").get("iae.etp.taux_realisation", "2025")
    assert (v.statut, v.valeur, v.texte) == ("manquant", None, "n.\u202fd.")


def test_saisie_sans_poste_conventionne_non_calculable(tmp_path):
    r = Registre()
    a, p = r.annexe(etp="0"), r.personne()
    r.mois(a, p, r.contrat(p, date(2025, 1, 1), None), 2025, 1)
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI").get("iae.etp.taux_realisation", "2025")
    assert (v.statut, v.valeur, v.texte) == ("non_calculable", None, "non calculable")


def test_le_milieu_penitentiaire_est_a_part(tmp_path):
    r = Registre()
    r.annexe(etp="10")
    r.annexe(mesure="ACI_MP", etp="3")
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        for niveau, code in (("siae", "1-ACI"), ("departement", "35")):
            v = lire(calcul, niveau, code)
            assert v.get("iae.etp.conventionnes", "2025").valeur == 10
            assert v.get("iae.etp.conventionnes", "2025", "milieu", "penitentiaire").valeur == 3


def test_aide_utilisee_plafonnee_annexe_par_annexe(tmp_path):
    # First half-year: 1 820 h = 1 ETP done, 0.5 agreed (1 post × 6 months): 0.5 × 20 000 = 10 000.
    # Second: 182 h = 0.1 ETP, 0.5 agreed: 2 000. The excess of one does not fill the other: 12 000, not 20 000.
    r = Registre()
    for mois, heures in ((1, "1820"), (7, "182")):
        a = r.annexe(
            etp="1", debut=date(2025, mois, 1), fin=date(2025, mois + 5, 30), af_montant_total_annuel=Decimal("10000")
        )
        p = r.personne()
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), None), 2025, mois, heures)
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.aide.utilisee", "2025").valeur == Decimal("12000.00")
    assert v.get("iae.aide.allouee", "2025").valeur == Decimal("20000.00")


def test_part_du_departement_et_annexe_a_cheval_sur_deux_annees(tmp_path):
    # 12 months from July 2024: 6 of 12 in 2025; 120 000.01 → 60 000.01 (half up), co-financed 6 000 → 3 000.
    r = Registre()
    r.annexe(
        debut=date(2024, 7, 1), fin=date(2025, 6, 30), af_montant_total_annuel=Decimal("120000.01"),
        af_mt_cofinance=Decimal(6000),
    )  # fmt: skip
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.aide.allouee", "2025").valeur == Decimal("60000.01")
    assert v.get("iae.aide.part_departement", "2025").valeur == Decimal("4.999999")


def test_objectifs_ponderes_et_objectif_non_saisi(tmp_path):
    # 30 exits at 60 % and 10 at 40 %: (30 × 60 + 10 × 40) / 40 = 55 %; the annexe left at 0 everywhere is not one.
    r = Registre()
    for structure, sorties, dynamique in ((1, 30, "60"), (1, 10, "40"), (1, 5, "0"), (2, 5, "0")):
        r.annexe(
            structure, af_nb_prev_sorties=sorties, af_taux_prev_sorties_dynamiques=Decimal(dynamique),
            af_taux_prev_sorties_durable=Decimal(dynamique) / 2,
        )  # fmt: skip
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.objectifs.dynamique", "2025").valeur == Decimal("55.000000")
        vide = lire(calcul, "siae", "2-ACI").get("iae.objectifs.dynamique", "2025")
        assert (vide.statut, vide.valeur) == ("manquant", None)


def test_encadrement_de_la_derniere_annexe_seule(tmp_path):
    r = Registre()
    for debut, fin, etp in ((1, 6, "2"), (7, 12, "3.5")):
        r.annexe(
            debut=date(2025, debut, 1), fin=date(2025, fin, 28),
            af_etp_encadrement_tech_accomp_sociop_annee_prec=Decimal(etp),
        )  # fmt: skip
    with r.calculer(tmp_path, 2025, extraction=FIN_2025) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.encadrement.etp", "2025").valeur == Decimal("3.5")
    assert v.get("iae.encadrement.etp_pour_10_etp", "2025").statut == "non_calculable"
