"""The API of the conventions: what the pages say, for programs; the same rights, a fixed number of SQL queries."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Position
from convenir.contrat.suivi.models import AnalyseDeResultats, Bilan, Engagement, Moyen, Preconisation
from convenir.restitution.api import actions
from convenir.restitution.commandes.principal import main
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import (
    INSTANT,
    TERMES,
    AnnexeFinanciereFactory,
    CpoFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)
from tests.factories_dossiers import dossier_depose
from tests.factories_objectifs import negociation
from tests.factories_socle import ConseilDepartementalFactory, DepartementFactory, ServiceNationalFactory

pytestmark = pytest.mark.django_db


def lecteur(role: Role = Role.NATIONAL, organisation=None):
    """A reader and the way to ask the API under their membership."""
    personne = connecter(AdhesionFactory(organisation=organisation or ServiceNationalFactory(), role=role))
    entete = {"authorization": f"Bearer {actions.creer_jeton(personne.acteur, 'essai')[1]}"}

    def lire(chemin: str, statut: int = 200, **parametres: object) -> dict:
        reponse = Client().get(f"/api/v1/{chemin}", parametres, headers=entete)
        assert reponse.status_code == statut, reponse.content.decode()
        return json.loads(reponse.content)

    return lire


def a_deux_versions():
    """A running convention and an avenant of July, signed, with a post and a half more."""
    convention = convention_en_cours()
    version = VersionFactory(
        convention=convention, nature="avenant", numero=1, rang=1, effet=date(2026, 7, 1), etat="signee",
        signee_le=date(2026, 6, 20), termes=TERMES.__class__(**{**TERMES.__dict__, "postes": Decimal("13.5")}),
    )  # fmt: skip
    AnnexeFinanciereFactory(version=version, postes=Decimal("13.5"))
    return convention


def test_les_termes_d_un_jour_sont_ceux_de_la_version_qui_a_pris_effet():
    convention, lire = a_deux_versions(), lecteur()
    avant = lire(f"conventions/{convention.reference}", date="2026-06-30")
    apres = lire(f"conventions/{convention.reference}", date="2026-07-01")
    assert (avant["version"]["rang"], avant["termes"]["postes"]) == (0, "12.000000")
    assert (apres["version"]["libelle"], apres["termes"]["postes"]) == ("Avenant n° 1", "13.500000")
    assert apres["termes"]["montant_socle"] == "322933.50"
    assert apres["termes"]["taux_dynamique"] == "62.000000"
    assert apres["annexes"][0]["montant_total"] == "322933.50"
    assert lire(f"conventions/{convention.reference}", date="2025-12-31")["termes"] is None
    assert [v["rang"] for v in apres["versions"]] == [0, 1]


def test_les_versions_disent_ce_que_chacune_change_et_la_difference_entre_deux():
    convention, lire = a_deux_versions(), lecteur()
    initiale, avenant = lire(f"conventions/{convention.reference}/versions")["versions"]
    assert initiale["precedente"] is None
    assert {c["chemin"] for c in initiale["changements"]} >= {"postes", "taux_durable"}
    assert avenant["precedente"] == 0
    changement = {
        "chemin": "postes", "libelle": "Postes d'insertion", "avant": "12.000000", "apres": "13.500000",
        "ecart": "+\u202f1,50\u00a0ETP",
    }  # fmt: skip
    assert avenant["changements"] == [changement]
    assert lire(f"conventions/{convention.reference}/difference")["changements"] == [changement]
    inverse = lire(f"conventions/{convention.reference}/difference", de=1, vers=0)
    assert (inverse["changements"][0]["avant"], inverse["de"]["rang"]) == ("13.500000", 1)
    assert "rang 7" in lire(f"conventions/{convention.reference}/difference", 404, vers=7)["erreur"]


def test_la_liste_se_filtre_se_trie_et_se_pagine_comme_a_l_ecran():
    ici = convention_en_cours()
    AnnexeFinanciereFactory(version=ici.versions.get(), postes=Decimal("12.25"))
    ailleurs = convention_en_preparation("en_negociation")
    cpo = CpoFactory(etat="en_cours")
    lire = lecteur()
    toutes = lire("conventions", annee=2026)
    assert (toutes["total"], toutes["pages"], toutes["annee"]) == (3, 1, 2026)
    assert {c["reference"] for c in toutes["conventions"]} == {ici.reference, ailleurs.reference, cpo.reference}
    assert lire("conventions", vue="instruction")["conventions"][0]["etat_libelle"] == "En négociation"
    assert [c["reference"] for c in lire("conventions", categorie="ML")["conventions"]] == [cpo.reference]
    premiere = lire("conventions", tri="-postes", annee=2026)["conventions"][0]
    assert (premiere["reference"], premiere["postes_de_lannee"]) == (ici.reference, "12.250000")
    assert lire("conventions", q=ici.reference)["total"] == 1


def test_les_droits_sont_dans_la_requete():
    convention, autre = a_deux_versions(), convention_en_cours()
    brouillon = convention_en_preparation(structure=convention.structure, debut=date(2029, 1, 1), fin=date(2030, 1, 1))
    directeur = lecteur(Role.DIRECTION_STRUCTURE, convention.structure.porteur)
    lues = {c["reference"] for c in directeur("conventions")["conventions"]}
    assert lues == {convention.reference, brouillon.reference}
    for suite in ("", "/versions", "/difference", "/objectifs", "/suivi"):
        assert "périmètre" in directeur(f"conventions/{autre.reference}{suite}", 404)["erreur"]
    financeur = lecteur(Role.FINANCEUR, ConseilDepartementalFactory(departement=convention.departement))
    assert financeur(f"conventions/{brouillon.reference}", 404)
    assert {c["reference"] for c in financeur("conventions")["conventions"]} == {convention.reference}


def test_une_position_que_l_autre_n_a_pas_ouverte_ne_se_lit_pas_par_un_programme():
    jeu = negociation()
    objectif = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, objectif, "proposition", "24")
    chemin = f"conventions/{jeu.convention.reference}/objectifs"

    def positions(lire) -> list[str]:
        lus = {o["indicateur"]: o for o in lire(chemin, annee=2026)["objectifs"]}
        return [p["valeur"] for p in lus["iae.sorties.taux_durable"]["positions"]]

    directeur = lecteur(Role.DIRECTION_STRUCTURE, jeu.convention.organisation)
    assert positions(directeur) == []
    assert Position.objects.get().ouverte_le is None, "lire par l'API n'ouvre rien"
    assert positions(lecteur(Role.DEPARTEMENTAL, jeu.convention.service)) == ["24.000000"]
    jeu.dire(jeu.directeur, objectif, "accord")
    Position.objects.filter(rang=1).update(ouverte_le=jeu.maintenant)
    lu = directeur(chemin, annee=2026)["objectifs"]
    assert [(o["etat"], o["cible"]) for o in lu if o["positions"]] == [("convenu", "24.000000")]
    assert directeur(chemin, annee=2031)["objectifs"] == []


def test_le_suivi_d_une_convention():
    convention = convention_en_cours()
    Moyen.objects.create(convention=convention, annee=2026, nature="dla", libelle="Appui", fournisseur="DLA fictif",
                         quantite=Decimal(3), unite="journées")  # fmt: skip
    Engagement.objects.create(convention=convention, annee=2027, partie="Agence", nature="orientations", nombre=20)
    lire = lecteur()
    tout = lire(f"conventions/{convention.reference}/suivi")
    assert (tout["moyens"][0]["quantite"], tout["engagements"][0]["nombre"]) == ("3.00", 20)
    assert lire(f"conventions/{convention.reference}/suivi", annee=2026)["engagements"] == []


def test_le_suivi_dit_pourquoi_un_bilan_est_rendu_et_quels_comptes_lui_manquent():
    convention = convention_en_cours()
    Bilan.objects.create(
        convention=convention, annee=2026, etat="bilan_depose", ouvert_le=INSTANT, depose_le=date(2027, 3, 1),
        echeance=date(2027, 2, 15), motif="Dites les heures", sans_compte_rendu="Le département clôt en juin",
        compte_rendu_attendu_le=date(2027, 6, 30),
    )  # fmt: skip
    Bilan.objects.create(convention=convention, annee=2027, ouvert_le=INSTANT)
    remis, ouvert = lecteur()(f"conventions/{convention.reference}/suivi")["bilans"]
    assert remis == {
        "annee": 2026, "etat": "bilan_depose", "depose_le": "2027-03-01", "echeance": "2027-02-15",
        "depot": "en retard", "motif_du_renvoi": "Dites les heures",
        "sans_compte_rendu": "Le département clôt en juin", "compte_rendu_attendu_le": "2027-06-30",
    }  # fmt: skip
    assert (ouvert["sans_compte_rendu"], ouvert["compte_rendu_attendu_le"]) == ("", None)


def test_le_suivi_donne_l_analyse_des_resultats_et_ses_preconisations_a_qui_lit_la_page():
    avant = convention_en_cours(debut=date(2023, 1, 1), fin=date(2026, 1, 1))
    suite = {"structure": avant.structure, "renouvelle": avant}
    convention = convention_en_cours(**suite, debut=date(2026, 1, 1), fin=date(2029, 1, 1))
    analyse = AnalyseDeResultats.objects.create(
        convention=avant, issue="non_atteint", contexte="Fermeture d'une usine", solutions="Former", faite_le=INSTANT
    )
    Preconisation.objects.create(analyse=analyse, libelle="Recruter", horizon=2027, porteur="La structure")
    chemin = f"conventions/{convention.reference}/suivi"
    lue = lecteur(Role.DIRECTION_STRUCTURE, avant.structure.porteur)(chemin)["analyses"]
    assert lue == lecteur()(chemin, annee=2028)["analyses"]
    assert {nom: lue[0][nom] for nom in ("convention", "issue", "causes", "solutions", "preconisations")} == {
        "convention": avant.reference, "issue": "non_atteint", "solutions": "Former",
        "causes": {"contexte": "Fermeture d'une usine", "difficultes": "", "organisation": "", "publics": ""},
        "preconisations": [
            {"libelle": "Recruter", "horizon": 2027, "porteur": "La structure", "etat": "ouverte", "suite": ""}
        ],
    }  # fmt: skip
    assert lecteur(Role.DIRECTION_STRUCTURE, convention_en_cours().structure.porteur)(chemin, 404)
    Convention.objects.filter(pk=convention.pk).update(etat="en_negociation")
    assert lecteur()(chemin)["analyses"] == [], "avant la signature, la page ne les montre pas ici"


def test_un_dossier_et_la_projection_d_un_financeur():
    ei = convention_en_preparation(structure__categorie="EI", debut=date(2027, 1, 1), fin=date(2030, 1, 1))
    dossier = dossier_depose(convention=ei)
    conseil = ConseilDepartementalFactory(departement=dossier.convention.departement)
    dossier.financements.create(nature="departement", nom="Département fictif", organisation=conseil, base=50_000)
    lire, reference = lecteur(), dossier.convention.reference
    assert lire("dossiers")["dossiers"][0]["reference"] == reference
    assert lire("dossiers", etat="brouillon")["total"] == 0
    entier = lire(f"dossiers/{reference}")
    assert (entier["projection"], len(entier["financements"])) == (False, 2)
    assert {s["code"] for s in entier["sections"]} == {s.code for s in dossier.sections}
    projete = lecteur(Role.FINANCEUR, conseil)(f"dossiers/{reference}")
    assert projete["projection"]
    assert [f["nom"] for f in projete["financements"]] == ["Département fictif"]
    attendues = {s.code for s in dossier.sections if "departement" in s.pour}
    assert {s["code"] for s in projete["sections"]} == attendues
    assert attendues < {s.code for s in dossier.sections}, "les salaires d'une EI ne vont pas au département"
    autre = ConseilDepartementalFactory(departement=DepartementFactory(code="85", nom="Vendée fictive"))
    assert lecteur(Role.FINANCEUR, autre)(f"dossiers/{reference}", 404)


@pytest.mark.parametrize("chemin", ["conventions", "dossiers"])
def test_une_liste_se_lit_en_un_nombre_fixe_de_requetes(chemin):
    lire = lecteur()

    def requetes(nombre: int) -> int:
        for _ in range(nombre):
            dossier_depose()
        with CaptureQueriesContext(connection) as lues:
            lire(chemin)
        return len(lues)

    requetes(1)
    assert requetes(1) == requetes(6)


# ------------------------------------------------------------------------------------------ ligne de commande


def sortie(capsys, *mots: str, code: int = 0):
    capsys.readouterr()
    assert main(mots) == code
    return json.loads(capsys.readouterr().out)


def test_un_identifiant_asp_a_plusieurs_categories_est_une_commande_mal_employee(capsys):
    """Décisions, § 4: exit 2, naming them; --categorie, or the code of the SIAE, chooses."""
    aci = convention_en_cours(structure__id_asp=900002, structure__categorie="ACI")
    porteur = {"structure__porteur": aci.structure.porteur, "structure__departement": aci.departement}
    ei = convention_en_cours(structure__id_asp=900002, structure__categorie="EI", **porteur)
    assert main(["convention", "900002"]) == 2
    erreur = capsys.readouterr().err
    assert aci.reference in erreur
    assert ei.reference in erreur
    assert sortie(capsys, "convention", "900002", "--categorie", "EI")["reference"] == ei.reference
    assert sortie(capsys, "convention", "900002-ACI")["reference"] == aci.reference
    assert main(["convention", "900002", "--categorie", "ETTI"]) == 1
    assert "en ETTI" in capsys.readouterr().err


def test_les_dossiers_et_le_suivi_en_ligne_de_commande(capsys):
    dossier, convention = dossier_depose(), convention_en_cours()
    assert sortie(capsys, "dossiers", dossier.convention.reference)["etat"] == "depose"
    assert sortie(capsys, "dossiers", "--json")[0]["reference"] == dossier.convention.reference
    assert sortie(capsys, "suivi", convention.reference) == {
        "reference": convention.reference, "annee": None, "moyens": [], "engagements": [], "bilans": [],
        "analyses": [],
    }  # fmt: skip
    assert main(["suivi", "--csv"]) == 0
    assert convention.reference in capsys.readouterr().out
    assert main(["dossiers"]) == 0
    assert "Déposée" in capsys.readouterr().out
    assert main(["dossiers", "CONV-00"]) == 1
    assert main(["suivi", "CONV-00"]) == 1
