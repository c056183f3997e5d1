"""The same indicators without any nominative file, each saying which source feeds it."""

from datetime import date
from decimal import Decimal

import pytest

from convenir.mesure.indicateurs.catalogue_agregats import AgregatLu
from tests.mesure.indicateurs.fabrique import Registre, lire

FIN = date(2026, 1, 15)


def source(calcul, indicateur):
    requete = "SELECT DISTINCT source FROM valeurs WHERE indicateur = ? AND niveau = 'siae' AND statut = 'disponible'"
    return [ligne[0] for ligne in calcul.base.execute(requete, [indicateur]).fetchall()]


def test_export_des_annexes_seul(tmp_path):
    r = Registre()
    r.annexe(etp="20.40", debut=date(2025, 4, 1))
    r.lignes["ExportAnnexes"] = r.lignes.pop("AnnexeFinanciere")
    with r.calculer(tmp_path, 2025, extraction=FIN, vues=()) as calcul:
        v = lire(calcul, "siae", "1-ACI")
        assert source(calcul, "iae.etp.conventionnes") == ["ExportAnnexes"]
    assert v.get("iae.etp.conventionnes", "2025").valeur == Decimal("15.300000")
    for absent in ("iae.etp.realises", "iae.publics.presents", "iae.sorties.taux_dynamique", "iae.encadrement.etp"):
        assert v.get(absent, "2025").statut == "manquant"


def test_heures_par_annexe_et_par_mois(tmp_path):
    # 182 h in March over two lines: 182 / 1820 = 0.1 ETP a year, 1.2 that month.
    r = Registre()
    r.annexe(identifiant=7)
    for heures in ("91", "91"):
        r.ajouter("AnnexeMois", numero_annexe="ACI035250007", avenant=0, annee=2025, mois=3, heures=Decimal(heures))
    with r.calculer(tmp_path, 2025, extraction=FIN, vues=()) as calcul:
        v = lire(calcul, "siae", "1-ACI")
        assert source(calcul, "iae.etp.realises") == ["AnnexeMois"]
    assert v.get("iae.etp.realises", "2025").valeur == Decimal("0.1")
    assert v.get("iae.etp.realises", "2025-03").valeur == Decimal("1.2")
    assert v.get("iae.etp.mois_saisis", "2025").valeur == 1
    assert v.get("iae.publics.presents", "2025").statut == "manquant"


def test_suivi_de_la_dgefp_sans_aucun_mois(tmp_path):
    r = Registre()
    r.annexe(identifiant=7, etp="10", unitaire="20000")
    r.ajouter(
        "SuiviDgefp", annee=2025, numero_annexe="ACI035250007", type_aide="Aide au poste", etp_declares=Decimal("8.5")
    )
    with r.calculer(tmp_path, 2025, extraction=FIN, vues=()) as calcul:
        v = lire(calcul, "siae", "1-ACI")
        assert source(calcul, "iae.etp.realises") == ["SuiviDgefp"]
    assert v.get("iae.etp.realises", "2025").valeur == Decimal("8.5")
    assert v.get("iae.etp.taux_realisation", "2025").valeur == 85
    assert v.get("iae.aide.utilisee", "2025").valeur == 170_000
    assert v.get("iae.etp.realises", "2025-03").statut == "manquant"
    assert v.get("iae.etp.heures", "2025").statut == "manquant"


def test_bilan_de_lasp(tmp_path):
    r = Registre()
    for rang, femmes in ((7, 4), (8, 2)):
        r.annexe(rang, identifiant=rang)
        r.ajouter(
            "BilanAnnexe", annee=2025, numero_annexe=f"ACI03525{rang:04d}", salaries=10, femmes=femmes,
            sorties_examinees=5 if rang == 7 else 0, sorties_durable=2 if rang == 7 else 0,
            sorties_transition=1 if rang == 7 else 0, sorties_positives=1 if rang == 7 else 0,
        )  # fmt: skip
    with r.calculer(tmp_path, 2025, extraction=FIN, vues=()) as calcul:
        v, w, d = lire(calcul, "siae", "7-ACI"), lire(calcul, "siae", "8-ACI"), lire(calcul, "departement", "35")
        assert source(calcul, "iae.publics.presents") == ["BilanAnnexe"]
    assert v.get("iae.publics.presents", "2025").valeur == 10
    assert v.get("iae.publics.part", "2025", "sexe", "femme").valeur == 40
    assert v.get("iae.sorties.taux_dynamique", "2025").valeur == 80
    assert v.get("iae.sorties.autre", "2025").valeur == 1
    assert w.get("iae.sorties.taux_dynamique", "2025").statut == "non_calculable"
    assert d.get("iae.publics.presents", "2025").valeur == 20
    assert d.get("iae.publics.presents", "2025", "sexe", "homme").statut == "manquant"  # column not in the file


def test_les_vues_nominatives_priment_sur_le_bilan(tmp_path):
    r = Registre()
    a, p = r.annexe(identifiant=7), r.personne()
    r.mois(a, p, r.contrat(p, date(2025, 1, 1), None), 2025, 1)
    r.ajouter("BilanAnnexe", annee=2025, numero_annexe="ACI035250007", salaries=99, sorties_examinees=99)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert (v.get("iae.publics.presents", "2025").valeur, v.get("iae.sorties.examinees", "2025").valeur) == (1, 0)


def test_un_agregat_importe_tient_lieu_de_national(tmp_path):
    r = Registre()
    r.annexe()
    agregats = (
        AgregatLu("", "iae.sorties.taux_dynamique", 2025, Decimal("54.25"), Decimal(217), Decimal(400)),
        AgregatLu("ACI", "iae.sorties.taux_dynamique", 2025, Decimal("49.5")),
        AgregatLu("", "iae.sorties.taux_dynamique", 2024, Decimal("11")),
    )
    with r.calculer(tmp_path, 2025, extraction=FIN, agregats=agregats) as calcul:
        v = lire(calcul, "france", "FR")
    lu = v.get("iae.sorties.taux_dynamique", "2025")
    assert (lu.valeur, lu.numerateur, lu.denominateur) == (Decimal("54.250000"), 217, 400)
    assert v.get("iae.sorties.taux_dynamique", "2025", "categorie", "ACI").valeur == Decimal("49.5")
    assert v.get("iae.etp.conventionnes", "2025").statut == "manquant"


@pytest.mark.parametrize("retire", ["ContratMission", "Salarie", "Formations", "EtatMensuelIndiv"])
def test_une_vue_absente_se_dit_manquante_et_le_reste_tient(tmp_path, retire):
    r = Registre()
    a, p = r.annexe(), r.personne()
    r.mois(a, p, r.contrat(p, date(2025, 1, 1), date(2025, 8, 31), motif="3"), 2025, 1)
    r.lignes.pop(retire, None)
    vues = tuple({"ContratMission", "EtatMensuelIndiv", "Salarie", "Formations"} - {retire})
    with r.calculer(tmp_path, 2025, extraction=FIN, vues=vues) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    attendus = {
        "ContratMission": ["iae.sorties.constatees", "iae.publics.embauches"],
        "Salarie": [],
        "Formations": ["iae.formation.personnes", "iae.formation.heures"],
        "EtatMensuelIndiv": ["iae.etp.realises", "iae.publics.presents", "iae.sorties.taux_dynamique"],
    }[retire]
    assert [v.get(code, "2025").statut for code in attendus] == ["manquant"] * len(attendus)
    assert v.get("iae.etp.conventionnes", "2025").valeur == 10
    sexe = v.get("iae.publics.presents", "2025", "sexe", "femme").statut
    assert (sexe == "manquant") == (retire in {"Salarie", "EtatMensuelIndiv"})
