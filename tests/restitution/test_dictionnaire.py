"""The data dictionary: one source for the page, the documents, the command; its examples really computed."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from django.urls import reverse
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from convenir.mesure.donnees.generateur_ml.mini import attendus_mini
from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from convenir.restitution.commandes.principal import main
from convenir.restitution.dictionnaire import documents, exemples
from convenir.restitution.dictionnaire.lecture import dictionnaire, entree
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.reglementation.catalogue import catalogue as catalogue_du_droit
from convenir.socle.reglementation.droit import Reglementation
from tests.restitution.textes_pdf import comme_l_etalon

JOUR = date(2026, 3, 1)
INSTANT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def droit():
    return Reglementation(catalogue_du_droit())


def plat(contenu: bytes) -> str:
    return " ".join(contenu.decode().replace("\xa0", " ").replace("\u202f", " ").split())


def test_les_exemples_sont_ceux_du_calcul():
    """The file beside the module holds what a calculation gives in each frame, who counts in it and what is read."""

    def avec_j1(lus: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        return {code: [{**e, "comptent": "J1" in e["comptent"]} for e in par_code] for code, par_code in lus.items()}

    ecrits = json.loads(exemples.FICHIER.read_text("utf-8"))
    assert avec_j1(ecrits) == avec_j1(exemples.tout_calculer(sans=["J1"]))


@pytest.mark.parametrize("grille", ["2012", "2026"])
def test_chaque_indicateur_a_un_exemple_qui_montre_quelque_chose(grille, droit):
    """A worked example that is zero or absent everywhere shows nothing of how the figure is counted."""
    for i in (x for x in catalogue_ml(grille).indicateurs.values() if x.montre):
        assert any(e.grille == grille and e.montre_quelque_chose for e in exemples.exemples(i.code)), i.code
        imprime = entree("ml", i.code, droit, JOUR).exemple
        assert imprime is not None
        assert (imprime.grille, imprime.montre_quelque_chose) == ("2026", True), i.code


def test_les_exemples_sont_aussi_les_valeurs_comptees_a_la_main():
    codes = (
        "ACT01",
        "ACT02",
        "ACT02a",
        "ACT06",
        "ACT07",
        "RES01",
        "RES01a",
        "RES01b",
        "RES01b1",
        "ENT01",
        "ENT02",
        "ENT05",
        "ENT06",
    )
    verifiees = 0
    for a in attendus_mini():
        for e in exemples.exemples(a.indicateur) if a.indicateur in codes else ():
            if (e.territoire, e.grille, e.statut) == (a.code, "2026", "disponible"):
                assert Decimal(e.numerateur) == a.numerateur, a
                verifiees += 1
    assert verifiees >= 15


def test_le_jeu_dessai_se_raconte_et_se_montre():
    assert any(p.startswith("J1 (A) femme, 21 ans") for p in exemples.histoire())
    (nom, colonnes, lignes), *_ = exemples.lignes_de(["actualite"], "ML08501")
    assert (nom, colonnes[0]) == ("actualite", "actualite_id")
    assert len(lignes) == 7
    assert "conseiller_id" not in colonnes


def test_chaque_indicateur_publie_a_son_entree(droit):
    codes = {e.code for e in dictionnaire("ml", droit, JOUR)}
    assert codes >= {
        i.code for g in ("2012", "2026", "rpe-2025") for i in catalogue_ml(g).indicateurs.values() if i.montre
    }
    assert {e.code for e in dictionnaire("iae", droit, JOUR)} == set(catalogue("iae").indicateurs)
    with pytest.raises(EntreeInvalide, match="n'existe pas"):
        dictionnaire("autre", droit, JOUR)


def test_une_entree_dit_tout(droit):
    e = entree("ml", "TX02", droit, JOUR)
    assert "÷" in e.formule
    assert "RES03b4 ÷ RES03" in e.formule
    e = entree("ml", "ACT07", droit, JOUR)
    assert any(p.code == "ml.jdi.fenetre_mois" and p.valeur == "5 mois" and p.a_confirmer for p in e.parametres)
    assert e.versions[0].version == 1
    assert e.exemples[0].comptent


def test_les_indicateurs_du_reseau_sont_declares_sans_etre_inventes(droit):
    lus = [e for e in dictionnaire("ml", droit, JOUR) if e.code.startswith("RPE")]
    assert len(lus) == 15
    assert all(e.a_confirmer for e in lus)
    assert all(not e.exemples for e in lus)


@pytest.mark.parametrize("dispositif", ["ml", "iae"])
def test_le_pdf_est_accessible_et_nomme_chaque_indicateur(droit, dispositif):
    octets = documents.ecrire(dispositif, "pdf", droit, INSTANT, fictif=True)
    lu = pypdf.PdfReader(io.BytesIO(octets))
    texte = "".join(p.extract_text() for p in lu.pages).replace("\n", "")
    assert "/StructTreeRoot" in lu.trailer["/Root"]
    assert all(e.code in texte for e in dictionnaire(dispositif, droit, JOUR))
    assert "DONNÉES FICTIVES" in texte


@pytest.mark.parametrize("dispositif", ["ml", "iae"])
def test_le_texte_du_pdf_est_celui_qui_a_ete_relu(droit, dispositif):
    octets = documents.ecrire(dispositif, "pdf", droit, INSTANT, fictif=True)
    comme_l_etalon(octets, Path(__file__).parent / "etalons" / f"dictionnaire-{dispositif}.txt")


def test_memes_definitions_memes_octets(droit):
    assert len({documents.ecrire("ml", "json", droit, INSTANT, fictif=True) for _ in range(2)}) == 1
    assert len({documents.ecrire("ml", "xlsx", droit, INSTANT, fictif=True) for _ in range(2)}) == 1


def test_le_classeur_a_une_ligne_par_indicateur(droit):
    octets = documents.ecrire("ml", "xlsx", droit, INSTANT, fictif=True)
    lignes = CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0).to_python()
    assert lignes[0][:3] == ["Code", "Famille", "Libellé"]
    assert [ligne[0] for ligne in lignes[1:]] == [e.code for e in dictionnaire("ml", droit, JOUR)]


@pytest.mark.django_db
def test_la_commande_ecrit_ou_dit(tmp_path, capsys):
    sortie = tmp_path / "dictionnaire.pdf"
    assert main(["dictionnaire", "--format", "pdf", "--sortie", str(sortie)]) == 0
    assert sortie.read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    assert main(["dictionnaire", "--format", "json", "--dispositif", "iae", "--date", "2026-03-01"]) == 0
    assert json.loads(capsys.readouterr().out)["dispositif"] == "iae"
    assert main(["dictionnaire", "--format", "xlsx"]) == 2
    assert "--sortie" in capsys.readouterr().err
    assert sys.stdout is not None


@pytest.mark.django_db
@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize("dispositif", ["ml", "iae"])
def test_l_api_dit_comme_la_commande(personnes, capsys, dispositif):
    assert main(["dictionnaire", "--format", "json", "--dispositif", dispositif, "--date", "2026-03-01"]) == 0
    adresse = f"/api/v1/dictionnaire/{dispositif}"
    lu = personnes[Role.ADMINISTRATION].client.get(adresse, {"date": "2026-03-01"}).json()
    assert lu == json.loads(capsys.readouterr().out)
    bref = personnes[Role.ADMINISTRATION].client.get("/api/v1/indicateurs", {"dispositif": dispositif}).json()
    assert [(d["code"], d["definition"]) for d in bref] == [(e["code"], e["definition"]) for e in lu["indicateurs"]]
    assert personnes[Role.ADMINISTRATION].client.get("/api/v1/dictionnaire/autre").status_code == 404


@pytest.mark.django_db
def test_on_cherche_sans_accent_et_on_ouvre_une_page(client):
    page = client.get(reverse("portail:dictionnaire"), {"q": "duree parcours"})
    assert "RES04" in page.content.decode()
    assert "ACT01" not in page.content.decode()
    assert "Aucun indicateur" in client.get(reverse("portail:dictionnaire"), {"q": "xyzxyz"}).content.decode()
    page = plat(client.get(reverse("portail:dictionnaire_indicateur", args=["ml", "ACT01"])).content)
    assert "Comptent au numérateur : J1, J2, J3, J4, J5" in page
    assert "J1 (A) femme, 21 ans" in page
    assert client.get(reverse("portail:dictionnaire_indicateur", args=["ml", "RIEN9"])).status_code == 404
    assert client.get(reverse("portail:dictionnaire"), {"dispositif": "x"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("dispositif", ["ml", "iae"])
def test_chaque_page_dit_la_formule_les_versions_et_qui_peut_voir(client, droit, dispositif):
    for e in dictionnaire(dispositif, droit, JOUR):
        lue = plat(client.get(reverse("portail:dictionnaire_indicateur", args=[dispositif, e.code])).content)
        assert "Qui peut le voir" in lue, e.code
        assert escape(" ".join(e.qui_voit.split())) in lue, e.code
        assert lue.count("<li>Version ") == len(e.versions), e.code
        assert escape(" ".join(e.formule.split())) in lue, e.code


@pytest.mark.django_db
def test_une_definition_qui_a_change_raconte_ses_versions(client):
    lue = plat(client.get(reverse("portail:dictionnaire_indicateur", args=["ml", "ACT04c"])).content)
    assert "Version 1, depuis le 1er janvier 2008 : Première définition." in lue
    assert "Version 2, depuis le 1er janvier 2017 : Le quartier prioritaire remplace la zone urbaine sensible" in lue
    assert "Version 3, depuis le 1er mars 2022" in lue
    assert "2012 : dont jeunes en zone urbaine sensible" in lue
    assert "2026 : dont jeunes en quartier prioritaire" in lue
