"""Moyens, objectifs et renouvellement : un objectif manqué dont le moyen n'est pas venu le dit."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import passer
from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.actions import moyens, suites
from convenir.contrat.suivi.actions.moyens import MoyenAccorde
from convenir.contrat.suivi.models import Moyen
from convenir.contrat.suivi.presentation import PageSuivi
from convenir.contrat.suivi.queries.resultats import moyens_qui_manquent, resultats_de
from convenir.contrat.suivi.rules.moyens import MoyenLu, mise_en_garde
from convenir.contrat.suivi.rules.renouvellement import Issue
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Tache
from tests.contrat.suivi.outils import JOUR, MAINTENANT
from tests.factories_conventions import convention_en_cours

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(convention, gens):
    return gens(convention)


@pytest.fixture
def ddets(roles):
    return roles[Role.DEPARTEMENTAL].acteur


def objectif(convention, libelle: str, issue: str = "", annee: int = 2025, explication: str = "") -> Objectif:
    return Objectif.objects.create(
        convention=convention, annee=annee, axe="formation", nature="qualitatif", libelle=libelle, etat="convenu",
        attendu="Ce qui est attendu", convenu_le=date(2025, 2, 1), seuil_partiel=80, issue=issue,
        explication=explication or ("Une raison fictive." if issue in {"partiellement", "non"} else ""),
        juge_le=date(2026, 3, 1) if issue else None, cree_le=MAINTENANT,
    )  # fmt: skip


def moyen(ddets, convention, sert: Objectif, etat: str = "manquer", libelle: str = "Formateur fictif") -> Moyen:
    accorde = MoyenAccorde(2025, "autre", libelle, "Région fictive", objectif=sert)
    lu = moyens.accorder(ddets, convention, accorde)
    motif = "prestataire indisponible" if etat == "manquer" else ""
    return moyens.passer_moyen(ddets, lu, etat, jour=JOUR, motif=motif)


def test_un_objectif_manque_dont_le_moyen_n_a_pas_ete_livre_le_dit(ddets, convention):
    manque = objectif(convention, "Heures de formation", "non")
    moyen(ddets, convention, manque)
    dit = resultats_de(convention).lignes[0].mise_en_garde
    assert dit == (
        "Objectif non atteint, mais un moyen promis n'a pas été livré : "
        "Formateur fictif (Région fictive, prestataire indisponible)."
    )
    vue = PageSuivi(convention, ddets, JOUR)
    assert vue.mises_en_garde == [("Heures de formation, 2025", dit)]


def test_un_objectif_atteint_ou_un_moyen_livre_ne_dit_rien(ddets, convention):
    moyen(ddets, convention, objectif(convention, "Atteint quand même", "atteint"))
    moyen(ddets, convention, objectif(convention, "Manqué, moyen venu", "non"), "livrer")
    assert [r.mise_en_garde for r in resultats_de(convention).lignes] == ["", ""]
    assert moyens_qui_manquent(list(convention.objectifs.all())) == {}


def test_un_objectif_atteint_en_partie_le_dit_autrement():
    assert mise_en_garde([MoyenLu("A", "B", "promis")], en_partie=True).startswith("Objectif atteint en partie")


def test_un_objectif_pas_encore_juge_previent_que_son_moyen_manque(ddets, convention):
    a_juger = objectif(convention, "Heures de formation")
    moyen(ddets, convention, a_juger)
    assert "S’il n’est pas atteint" in moyens_qui_manquent([a_juger])[a_juger.pk][0]
    assert "S’il n’est pas atteint" in PageSuivi(convention, ddets, JOUR).mises_en_garde[0][1]


def test_la_page_des_objectifs_le_dit_aussi(roles, ddets, convention):
    manque = objectif(convention, "Heures de formation", "non")
    moyen(ddets, convention, manque)
    adresse = reverse("objectifs:negociation", args=[convention.reference, 2025])
    page = roles[Role.DEPARTEMENTAL].client.get(adresse).content.decode()
    assert "mais un moyen promis n&#x27;a pas été livré" in page


def test_un_moyen_ne_sert_pas_l_objectif_d_une_autre_convention(ddets, convention):
    ailleurs = objectif(convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1)), "Ailleurs")
    with pytest.raises(EntreeInvalide, match="une autre convention"):
        moyen(ddets, convention, ailleurs)


@pytest.mark.parametrize(
    ("issues", "attendue", "chemin"),
    [
        (["atteint", "atteint"], Issue.ATTEINT, "Partenariat renforcé"),
        (["atteint", "non"], Issue.NON_ATTEINT, "Analyse des causes"),
        (["atteint", "partiellement"], Issue.A_APPRECIER, "À apprécier ensemble"),
        (["atteint", ""], Issue.A_APPRECIER, "À apprécier ensemble"),
        ([], Issue.A_APPRECIER, "À apprécier ensemble"),
    ],
)
def test_atteints_un_partenariat_renforce_non_atteints_l_analyse_des_causes(convention, issues, attendue, chemin):
    for rang, issue in enumerate(issues):
        objectif(convention, f"Objectif {rang}", issue)
    resultats = resultats_de(convention)
    assert (resultats.issue, resultats.chemin) == (attendue, chemin)


def test_le_dernier_resultat_d_un_objectif_est_celui_qui_compte(convention):
    objectif(convention, "Heures de formation", "non", 2025)
    objectif(convention, "Heures de formation", "atteint", 2026)
    resultats = resultats_de(convention)
    assert resultats.issue == Issue.ATTEINT
    assert resultats.phrase == "1\xa0objectif : 1\xa0atteint."


def test_l_analyse_part_des_resultats_et_se_propose_au_renouvellement(roles, ddets, convention):
    manque = objectif(convention, "Heures de formation", "non", explication="Aucun organisme proche.")
    moyen(ddets, convention, manque)
    passer(Acteur.systeme("Essai"), convention, "engager_renouvellement", jour=JOUR, maintenant=MAINTENANT)
    tache = Tache.objects.get(code="suivi.analyser")
    assert "Analyse des causes" in tache.pourquoi
    client, adresse = roles[Role.DEPARTEMENTAL].client, reverse("suivi:analyse", args=[convention.reference])
    page = client.get(adresse).content.decode()
    assert '<option value="non_atteint" selected>' in page
    assert "Aucun organisme proche." in page
    assert "mais un moyen promis" in page
    suivi = client.get(reverse("suivi:convention", args=[convention.reference])).content.decode()
    assert "Analyse des causes." in suivi
    champs = {"issue": "non_atteint", "difficultes": "Moyen non livré", "solutions": "Un autre formateur"}
    suites.analyser(ddets, convention, champs, maintenant=MAINTENANT)
    assert not Tache.objects.filter(code="suivi.analyser", faite_le=None).exists()


def test_le_formulaire_d_un_moyen_propose_les_objectifs_de_la_convention(roles, convention):
    vise = objectif(convention, "Heures de formation")
    client, adresse = roles[Role.DEPARTEMENTAL].client, reverse("suivi:moyen_ajouter", args=[convention.reference])
    assert "Heures de formation, 2025" in client.get(adresse).content.decode()
    saisie = {
        "annee": 2025, "nature": "autre", "libelle": "Formateur", "fournisseur": "Région", "objectif": vise.pk,
    }  # fmt: skip
    assert client.post(adresse, saisie).status_code == 302
    lu = Moyen.objects.get()
    assert (lu.objectif, lu.objectif_servi) == (vise, "Heures de formation")


def test_le_suivi_coute_autant_de_requetes_pour_un_objectif_ou_pour_dix(
    ddets, convention, django_assert_max_num_queries
):
    def page() -> None:
        vue = PageSuivi(Convention.objects.get(pk=convention.pk), ddets, JOUR)
        assert vue.mises_en_garde
        assert vue.resultats.phrase

    moyen(ddets, convention, objectif(convention, "Objectif", "non"))
    with django_assert_max_num_queries(40) as une:
        page()
    pour_un = len(une)
    for rang in range(9):
        moyen(ddets, convention, objectif(convention, f"Objectif {rang}", "non"))
    with django_assert_max_num_queries(pour_un):
        page()
