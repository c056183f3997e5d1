"""Exits, worked by hand, one rule at a time (décisions, § 6)."""

from datetime import date
from decimal import Decimal

import pytest

from convenir.mesure.indicateurs.parametres import MotifLocal
from convenir.socle.commun.francais import pourcent
from tests.mesure.indicateurs.fabrique import Registre, lire

EXTRACTION = date(2026, 1, 15)


def calculer(r: Registre, dossier, **options):
    with r.calculer(dossier, 2025, extraction=EXTRACTION, **options) as calcul:
        code = calcul.base.execute("SELECT min(siae) FROM siae").fetchall()[0][0]
        return lire(calcul, "siae", code)


def une_sortie(debut, fin, *, mesure="ACI_DC", heures="100", motif="3", avant=0):
    """One person, one contract, hours in the last month of the stay, and `avant` hours the year before."""
    r = Registre()
    a, p = r.annexe(mesure=mesure), r.personne()
    c = r.contrat(p, debut, fin, mesure=mesure, motif=motif)
    if heures is not None:
        r.mois(a, p, c, fin.year, fin.month, heures)
    if avant:
        a = r.annexe(mesure=mesure, annee=2024)
        r.mois(a, p, c, 2024, 12, avant)
    return r


def compte(v, nom):
    return v.get(f"iae.sorties.{nom}", "2025").valeur


def test_exactement_trois_mois_ne_suffit_pas(tmp_path):
    # 1 January to 31 March: three calendar months, and the rule asks strictly more.
    v = calculer(une_sortie(date(2025, 1, 1), date(2025, 3, 31)), tmp_path)
    assert (compte(v, "constatees"), compte(v, "examinees")) == (1, 0)
    assert v.get("iae.sorties.exclues", "2025", "motif_exclusion", "duree").valeur == 1
    assert v.get("iae.sorties.taux_dynamique", "2025").texte == "non calculable"


def test_trois_mois_et_un_jour_suffit(tmp_path):
    v = calculer(une_sortie(date(2025, 1, 1), date(2025, 4, 1)), tmp_path)
    assert compte(v, "examinees") == 1


def test_fevrier_compte_comme_un_mois_entier(tmp_path):
    # 1 February to 30 April is three calendar months (89 days): excluded; to 1 May it is one day more.
    assert compte(calculer(une_sortie(date(2025, 2, 1), date(2025, 4, 30)), tmp_path), "examinees") == 0
    assert compte(calculer(une_sortie(date(2025, 2, 1), date(2025, 5, 1)), tmp_path), "examinees") == 1


def test_la_duree_est_lunion_des_contrats_sans_double_compte(tmp_path):
    # 1 Jan–28 Feb and 1 Feb–31 March overlap in February: union = 90 days = three months exactly: excluded.
    r = Registre()
    a, p = r.annexe(), r.personne()
    r.contrat(p, date(2025, 1, 1), date(2025, 2, 28))
    c = r.contrat(p, date(2025, 2, 1), date(2025, 3, 31), motif="3")
    r.mois(a, p, c, 2025, 3)
    assert compte(calculer(r, tmp_path), "examinees") == 0


def test_deux_sejours_separes_sajoutent(tmp_path):
    # Two months in 2024 and two in 2025, in the same SIAE: four months in all.
    r = Registre()
    a, p = r.annexe(), r.personne()
    r.contrat(p, date(2024, 3, 1), date(2024, 4, 30), motif="7")
    c = r.contrat(p, date(2025, 3, 1), date(2025, 4, 30), motif="3")
    r.mois(a, p, c, 2025, 4)
    assert compte(calculer(r, tmp_path), "examinees") == 1


def test_un_contrat_le_lendemain_nest_pas_une_sortie(tmp_path):
    r = Registre()
    a, p = r.annexe(), r.personne()
    c = r.contrat(p, date(2025, 1, 1), date(2025, 6, 30), motif="7")
    r.contrat(p, date(2025, 7, 1), None)
    r.mois(a, p, c, 2025, 6)
    assert compte(calculer(r, tmp_path), "constatees") == 0


def test_un_contrat_le_surlendemain_est_une_sortie(tmp_path):
    r = Registre()
    a, p = r.annexe(), r.personne()
    c = r.contrat(p, date(2025, 1, 1), date(2025, 6, 30), motif="7")
    r.contrat(p, date(2025, 7, 2), None)
    r.mois(a, p, c, 2025, 6)
    v = calculer(r, tmp_path)
    assert (compte(v, "constatees"), compte(v, "autre"), compte(v, "dynamique")) == (1, 1, 0)


def test_un_contrat_dans_une_autre_siae_nempeche_pas_la_sortie(tmp_path):
    r = Registre()
    a = r.annexe(1)
    r.annexe(2)
    p1, p2 = r.personne("meme"), r.personne("meme")
    c = r.contrat(p1, date(2025, 1, 1), date(2025, 6, 30), structure=1, motif="5")
    r.contrat(p2, date(2025, 7, 1), None, structure=2)
    r.mois(a, p1, c, 2025, 6)
    v = calculer(r, tmp_path)
    assert (compte(v, "constatees"), compte(v, "positive")) == (1, 1)


def test_une_sortie_par_personne_siae_et_annee_la_derniere(tmp_path):
    r = Registre()
    a, p = r.annexe(), r.personne()
    r.contrat(p, date(2025, 1, 1), date(2025, 4, 30), motif="7")
    c = r.contrat(p, date(2025, 6, 1), date(2025, 10, 31), motif="3")
    r.mois(a, p, c, 2025, 10)
    v = calculer(r, tmp_path)
    assert (compte(v, "constatees"), compte(v, "durable"), compte(v, "autre")) == (1, 1, 0)


def test_un_contrat_dont_la_fin_est_a_venir_nest_pas_termine(tmp_path):
    r = une_sortie(date(2025, 1, 1), date(2025, 12, 31))
    with r.calculer(tmp_path, 2025, extraction=date(2025, 12, 10)) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert (compte(v, "constatees"), compte(v, "examinees")) == (0, 0)
    assert v.get("iae.sorties.taux_dynamique", "2025").statut == "non_calculable"


@pytest.mark.parametrize(("heures", "examinee"), [("0", 0), ("0.99", 0), ("1", 1), (None, 0)])
def test_aci_au_moins_une_heure_dans_lannee_de_sortie(tmp_path, heures, examinee):
    v = calculer(une_sortie(date(2024, 9, 1), date(2025, 2, 15), heures=heures, avant=120), tmp_path)
    assert compte(v, "constatees") == 1
    assert compte(v, "examinees") == examinee
    assert v.get("iae.sorties.exclues", "2025", "motif_exclusion", "heures").valeur == 1 - examinee


@pytest.mark.parametrize("mesure", ["AI_DC", "ETTI_DC"])
@pytest.mark.parametrize(
    ("avant", "heures", "examinee"), [(0, "149.99", 0), (0, "150", 1), (120, "30", 1), (120, "29", 0)]
)
def test_ai_et_etti_cent_cinquante_heures_depuis_lentree(tmp_path, mesure, avant, heures, examinee):
    # Two weeks in 2025 are enough: these categories have no minimum stay, and hours of the year before count.
    v = calculer(une_sortie(date(2024, 12, 1), date(2025, 1, 14), mesure=mesure, heures=heures, avant=avant), tmp_path)
    assert compte(v, "examinees") == examinee


def test_eiti_aucun_minimum(tmp_path):
    assert (
        compte(
            calculer(une_sortie(date(2025, 1, 6), date(2025, 1, 8), mesure="EITI_DC", heures=None), tmp_path),
            "examinees",
        )
        == 1
    )


def test_le_retrait_sort_du_numerateur_et_du_denominateur(tmp_path):
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30))
    a, p = r.annexe(), r.personne()
    c = r.contrat(p, date(2025, 1, 1), date(2025, 6, 30), motif="17")
    r.mois(a, p, c, 2025, 6)
    v = calculer(r, tmp_path)
    assert (compte(v, "constatees"), compte(v, "examinees"), compte(v, "taux_dynamique")) == (2, 1, 100)
    assert v.get("iae.sorties.exclues", "2025", "motif_exclusion", "retrait").valeur == 1
    assert v.get("iae.sorties.taux_dynamique", "2025").exclus == 1


@pytest.mark.parametrize("motif", ["777", None])
def test_motif_inconnu_au_denominateur_jamais_dynamique(tmp_path, motif):
    v = calculer(une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif=motif), tmp_path)
    assert (compte(v, "examinees"), compte(v, "motif_inconnu"), compte(v, "dynamique")) == (1, 1, 0)
    assert compte(v, "taux_dynamique") == 0
    assert v.get("iae.sorties.motif", "2025", "motif_sortie", motif or "non_renseigne").valeur == 1


def test_le_motif_du_suivi_mensuel_quand_le_contrat_ne_dit_rien(tmp_path):
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif=None)
    r.lignes["EtatMensuelIndiv"][-1]["emi_motif_sortie_code"] = "10"
    assert compte(calculer(r, tmp_path), "transition") == 1


def test_le_referentiel_de_la_livraison_prevaut(tmp_path):
    # Our table says that 7 is « autre »; the delivery's says « Sorties positives ».
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif="07")
    r.ajouter("RefCategorieSort", rcs_id=3, rcs_code="3", rcs_libelle="Sorties positives")
    r.ajouter("RefMotifSort", rms_id=70, rms_code="7", rms_libelle="Au chômage", rcs_id=3)
    v = calculer(r, tmp_path)
    assert (compte(v, "positive"), compte(v, "autre")) == (1, 0)


def test_un_code_de_deux_mesures_se_lit_par_son_identifiant(tmp_path):
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif="4")
    r.lignes["ContratMission"][-1]["contrat_motif_sortie_id"] = 42
    r.ajouter("RefCategorieSort", rcs_id=1, rcs_libelle="Emploi durable")
    r.ajouter("RefCategorieSort", rcs_id=5, rcs_libelle="Retrait des sorties constatées")
    r.ajouter("RefMotifSort", rms_id=41, rms_code="4", rms_libelle="Création", rcs_id=5)
    r.ajouter("RefMotifSort", rms_id=42, rms_code="4", rms_libelle="Création", rcs_id=1)
    assert compte(calculer(r, tmp_path), "durable") == 1


@pytest.mark.parametrize(
    ("debut", "fin", "positive"),
    [
        (date(2025, 6, 30), date(2026, 1, 1), 1),  # holds on the day of the exit
        (date(2025, 7, 1), date(2026, 1, 1), 0),  # adopted the day after
        (date(2024, 1, 1), date(2025, 6, 30), 0),  # ended the day before
    ],
)
def test_sortie_positive_locale_a_la_date_de_la_sortie(tmp_path, debut, fin, positive):
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif="7")
    v = calculer(r, tmp_path, locaux=(MotifLocal("35", "7", debut, fin), MotifLocal("22", "7", debut, fin)))
    assert (compte(v, "positive"), compte(v, "autre")) == (positive, 1 - positive)


def test_une_definition_locale_ne_degrade_pas_un_emploi(tmp_path):
    r = une_sortie(date(2025, 1, 1), date(2025, 6, 30), motif="3")
    v = calculer(r, tmp_path, locaux=(MotifLocal("35", "3", date(2020, 1, 1), date(2030, 1, 1)),))
    assert (compte(v, "durable"), compte(v, "positive")) == (1, 0)


def test_le_taux_porte_ses_termes(tmp_path):
    # 1 durable, 1 transition, 1 positive, 1 other, 1 unknown: 3 of 5 = 60 %.
    r = Registre()
    a = r.annexe()
    for motif in ("3", "10", "5", "7", "888"):
        p = r.personne()
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), date(2025, 6, 30), motif=motif), 2025, 6)
    v = calculer(r, tmp_path)
    taux = v.get("iae.sorties.taux_dynamique", "2025")
    assert (taux.numerateur, taux.denominateur, taux.valeur) == (3, 5, Decimal("60.000000"))
    assert (taux.texte, taux.effectif) == (pourcent(Decimal(60)), "3 sur 5")
