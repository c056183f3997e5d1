"""Persons present and hired: one person once at each level, breakdowns, eligibility, training."""

from datetime import date
from decimal import Decimal

from tests.mesure.indicateurs.fabrique import Registre, lire

FIN = date(2026, 1, 15)


def test_une_personne_dans_deux_siae_compte_une_fois_dans_le_departement(tmp_path):
    r = Registre()
    for structure, departement in ((1, "035"), (2, "035"), (3, "022")):
        a = r.annexe(structure, departement=departement)
        p = r.personne("meme", pph=100 + structure)
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), None, structure=structure), 2025, structure)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        presents = {
            cle: lire(calcul, *cle).get("iae.publics.presents", "2025").valeur
            for cle in (("siae", "1-ACI"), ("siae", "2-ACI"), ("departement", "35"), ("departement", "22"))
        }
        aci = lire(calcul, "departement", "35").get("iae.publics.presents", "2025", "categorie", "ACI").valeur
    assert list(presents.values()) == [1, 1, 1, 1]
    assert aci == 1


def test_deux_categories_chacune_une_fois(tmp_path):
    # The same person in an ACI and an AI of one département: 1 in all, 1 in each category.
    r = Registre()
    for structure, mesure in ((1, "ACI_DC"), (2, "AI_DC")):
        a = r.annexe(structure, mesure=mesure)
        p = r.personne("meme", pph=100 + structure)
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), None, structure=structure, mesure=mesure), 2025, 5)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "departement", "35")
    assert v.get("iae.publics.presents", "2025").valeur == 1
    assert [x.valeur for x in v.modalites("iae.publics.presents", "2025", "categorie")] == [1, 1]


def test_present_veut_dire_au_moins_une_heure(tmp_path):
    r = Registre()
    a = r.annexe()
    for heures in (0, "0.5"):
        p = r.personne()
        r.mois(a, p, r.contrat(p, date(2025, 1, 1), None), 2025, 1, heures)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        assert lire(calcul, "siae", "1-ACI").get("iae.publics.presents", "2025").valeur == 1


def test_moyenne_des_mois_clos(tmp_path):
    # Closed: January to March. Present: 2, 1, 0. Mean: 3 / 3 = 1. April is entered but not closed: left out.
    r = Registre()
    a = r.annexe()
    for mois in ((1, 2), (1, 4)):
        p = r.personne()
        c = r.contrat(p, date(2025, 1, 1), None)
        for m in mois:
            r.mois(a, p, c, 2025, m)
    with r.calculer(tmp_path, 2025, extraction=date(2025, 4, 20)) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    moyenne = v.get("iae.publics.presents_moyenne", "2025")
    assert (moyenne.numerateur, moyenne.denominateur, moyenne.valeur) == (3, 3, Decimal("1.000000"))
    assert [v.get("iae.publics.presents", f"2025-{m:02d}").valeur for m in (1, 2, 3)] == [2, 1, 0]
    assert v.get("iae.publics.presents", "2025-04").statut == "manquant"


def test_decoupages_et_parts(tmp_path):
    # Born in 1999: 26 in 2025, not under 26; in 2000: 25; in 1975: 50.
    r = Registre()
    a = r.annexe()
    for sexe, naissance, rsa, niveau, duree in (
        ("F", "1999-12", "OUI-M", "50", "3"), ("H", "2000-01", "OUI-NM", "70", "4"), ("H", "1975-12", "NON", "0", "2"),
    ):  # fmt: skip
        p = r.personne(
            sexe=sexe, naissance=naissance, salarie_adr_qpv_type="QP" if sexe == "F" else "NQP",
            salarie_adr_is_zrr=sexe == "H", agrement=True,
        )  # fmt: skip
        c = r.contrat(
            p, date(2024, 1, 1), None, contrat_salarie_rsa=rsa, contrat_niveau_de_formation_code=niveau,
            contrat_salarie_pe_duree_code=duree, contrat_salarie_ass="false",
            # Either column says it (decision 0461).
            **{"contrat_beneficiaire_rqth" if rsa == "NON" else "contrat_salarie_rqth": "true"},
        )  # fmt: skip
        r.mois(a, p, c, 2025, 1)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "siae", "1-ACI")

    def lu(ventilation, modalite):
        return v.get("iae.publics.presents", "2025", ventilation, modalite).valeur

    assert [lu("sexe", "femme"), lu("sexe", "homme"), lu("age", "moins_26"), lu("age", "50_et_plus")] == [1, 2, 1, 1]
    assert [lu("niveau_formation", n) for n in ("cap_bep", "infra_cap", "non_certifiante")] == [1, 1, 1]
    assert [lu(p, "oui") for p in ("rsa", "ass", "rqth", "zus_qpv", "zrr_frr")] == [2, 0, 3, 1, 2]
    assert [lu("inscription", m) for m in ("12_23_mois", "24_mois_et_plus")] == [1, 1]
    part = v.get("iae.publics.part", "2025", "rsa", "oui")
    assert (part.numerateur, part.denominateur, part.valeur) == (2, 3, Decimal("66.666667"))
    assert v.get("iae.publics.presents", "2025", "aah", "oui").statut == "manquant"  # column not delivered


def test_embauches_sans_les_contrats_qui_se_suivent(tmp_path):
    r = Registre()
    a = r.annexe()
    suivi, nouveau = r.personne(), r.personne()
    r.contrat(suivi, date(2024, 6, 1), date(2025, 2, 28))
    r.mois(a, suivi, r.contrat(suivi, date(2025, 3, 1), None), 2025, 3)
    r.contrat(nouveau, date(2025, 5, 1), None)  # hired, no hour entered yet
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert (v.get("iae.publics.embauches", "2025").valeur, v.get("iae.publics.presents", "2025").valeur) == (1, 1)


def test_eligibilite_parmi_les_embauches(tmp_path):
    # Hired: one with the RSA (level 1, self-referred), one of 55 with CAP and no RSA (two level-2 criteria).
    # Present but hired in 2024: counts nowhere here.
    r = Registre()
    a = r.annexe()
    for naissance, debut, rsa, niveau, orienteur in (
        ("1990-01", date(2025, 2, 1), "OUI-M", "40", "7"),
        ("1970-01", date(2025, 2, 1), "NON", "50", "3"),
        ("1970-01", date(2024, 2, 1), "OUI-M", "50", "8"),
    ):
        p = r.personne(naissance=naissance, agrement=rsa != "NON")
        c = r.contrat(
            p, debut, None, contrat_salarie_rsa=rsa, contrat_niveau_de_formation_code=niveau,
            contrat_orienteur_code=orienteur, contrat_salarie_ass="NON",
            contrat_salarie_aah="NON", contrat_salarie_pe_duree_code="1",
        )  # fmt: skip
        r.mois(a, p, c, 2025, 3)
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    parts = [v.get(f"iae.eligibilite.{c}", "2025").valeur for c in
             ("agrements", "critere_niveau_1", "criteres_niveau_2", "auto_prescription")]  # fmt: skip
    assert parts == [1, 50, 50, 50]


def test_formation(tmp_path):
    # 7 h 30 and 14 h: 21.50 h; one person of two formed; a training of 2024 counts for nothing.
    r = Registre()
    a = r.annexe()
    for jour, heures, minutes in ((date(2025, 3, 1), 7, 30), (date(2025, 4, 1), 14, 0), (date(2024, 4, 1), 100, 0)):
        if heures != 14:
            p = r.personne()
            c = r.contrat(p, date(2024, 1, 1), None)
            r.mois(a, p, c, 2025, 1)
        r.ajouter(
            "Formations", formation_id_for=r.numero(), formation_id_ctr=c, formation_date_debut=jour,
            formation_duree_heures=Decimal(heures), formation_duree_minutes=Decimal(minutes),
        )  # fmt: skip
    with r.calculer(tmp_path, 2025, extraction=FIN) as calcul:
        v = lire(calcul, "siae", "1-ACI")
    assert v.get("iae.formation.heures", "2025").valeur == Decimal("21.50")
    assert (v.get("iae.formation.personnes", "2025").valeur, v.get("iae.formation.part", "2025").valeur) == (1, 50)
