"""Analysis of the results and recommendations."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.suivi.actions import suites
from convenir.contrat.suivi.models import Preconisation
from convenir.contrat.suivi.presentation import PageSuivi
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Tache
from tests.contrat.suivi.outils import JOUR, MAINTENANT
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def structure_et_gens():
    structure = StructureFactory(categorie="ACI")
    return structure, acteurs_par_role(structure)


@pytest.fixture
def roles(convention, gens):
    return {role: c.acteur for role, c in gens(convention).items()}


def test_des_objectifs_non_atteints_demandent_causes_et_solutions(roles, convention):
    ddets = roles[R.DEPARTEMENTAL]
    with pytest.raises(EntreeInvalide, match="au moins une cause"):
        suites.analyser(ddets, convention, {"issue": "non_atteint", "solutions": "x"}, maintenant=MAINTENANT)
    champs = {"issue": "non_atteint", "contexte": "Une usine a fermé", "solutions": "Un nouveau partenaire"}
    analyse = suites.analyser(ddets, convention, champs, maintenant=MAINTENANT)
    assert "préconisations" in analyse.proposition
    atteint = suites.analyser(ddets, convention, {"issue": "atteint"}, maintenant=MAINTENANT)
    assert "renforcer le partenariat" in atteint.proposition


def suivante_de(convention: Convention, debut: int) -> Convention:
    """La convention de trois ans qui renouvelle celle-ci."""
    return convention_en_cours(structure=convention.structure, service=convention.service, debut=date(debut, 1, 1),
                               fin=date(debut + 3, 1, 1), renouvelle=convention)  # fmt: skip


@pytest.fixture
def preconisation(roles, convention) -> Preconisation:
    champs = {"issue": "non_atteint", "contexte": "Une usine a fermé", "solutions": "Un nouveau partenaire"}
    analyse = suites.analyser(roles[R.DEPARTEMENTAL], convention, champs, maintenant=MAINTENANT)
    return suites.preconiser(roles[R.DEPARTEMENTAL], analyse, {"libelle": "Recruter un encadrant", "horizon": 2029})


def test_une_preconisation_se_suit_dans_la_convention_suivante(roles, convention, preconisation):
    ddets, suivante = roles[R.DEPARTEMENTAL], suivante_de(convention, 2028)
    (vue,) = PageSuivi(suivante, ddets, JOUR).analyses
    assert [p.libelle for p in vue.preconisations.all()] == ["Recruter un encadrant"]
    with pytest.raises(EntreeInvalide, match="abandonnée"):
        suites.suivre(ddets, preconisation, "abandonnee", "", maintenant=MAINTENANT)
    suivie = suites.suivre(ddets, preconisation, "faite", "Arrivé en mars", maintenant=MAINTENANT)
    assert suivie.etat == "faite"


def test_ouverte_elle_passe_a_la_convention_d_apres_et_close_elle_n_y_passe_plus(roles, convention, preconisation):
    ddets = roles[R.DEPARTEMENTAL]
    derniere = suivante_de(suivante_de(convention, 2028), 2031)
    assert [a.convention for a in PageSuivi(derniere, ddets, JOUR).analyses] == [convention]
    suites.suivre(ddets, preconisation, "faite", "Arrivé en mars", maintenant=MAINTENANT)
    assert PageSuivi(derniere, ddets, JOUR).analyses == []


def test_elle_est_due_l_annee_dite_et_le_reste_tant_qu_elle_est_ouverte(roles, convention, preconisation):
    suivante = suivante_de(convention, 2028)

    def dues(annee: int) -> list[tuple[date | None, str]]:
        lues = PageSuivi(suivante, roles[R.DEPARTEMENTAL], date(annee, 3, 1)).echeances
        return [(e.obligation.date, e.obligation.libelle) for e in lues if "Préconisation" in e.obligation.libelle]

    assert dues(2028) == []
    attendue = [(date(2029, 12, 31), "Préconisation : Recruter un encadrant")]
    assert dues(2029) == dues(2030) == attendue


def test_a_la_fin_de_son_annee_le_service_dit_ce_qu_il_en_est(roles, convention, preconisation):
    def ouvertes() -> list[Tache]:
        return list(Tache.objects.filter(code="suivi.preconisation", faite_le=None))

    passer_le_jour(date(2029, 6, 1), maintenant=MAINTENANT)
    assert ouvertes() == []
    for jour in (date(2029, 12, 20), date(2030, 1, 5)):
        passer_le_jour(jour, maintenant=MAINTENANT)
        (tache,) = ouvertes()
        assert (tache.organisation, tache.echeance) == (convention.service, date(2029, 12, 31))
    suites.suivre(roles[R.DEPARTEMENTAL], preconisation, "faite", "Arrivé", maintenant=MAINTENANT)
    assert ouvertes() == []
    passer_le_jour(date(2030, 1, 6), maintenant=MAINTENANT)
    assert ouvertes() == []


def test_la_negociation_qui_suit_part_de_ce_que_laisse_la_precedente(structure_et_gens):
    structure, gens = structure_et_gens
    service = gens[R.DEPARTEMENTAL].adhesion.organisation
    convention = convention_en_cours(
        structure=structure, service=service, debut=date(2025, 1, 1), fin=date(2028, 1, 1)
    )
    suivante = suivante_de(convention, 2028)

    def lue(role: Role) -> str:
        adresse = reverse("objectifs:negociation", args=[suivante.reference, 2028])
        return gens[role].client.get(adresse).content.decode()

    assert "Ce que laisse la convention précédente" not in lue(R.DIRECTION_STRUCTURE)
    ddets = gens[R.DEPARTEMENTAL].acteur
    champs = {"issue": "atteint", "partenariat": "Dix personnes de plus"}
    analyse = suites.analyser(ddets, convention, champs, maintenant=MAINTENANT)
    suites.preconiser(ddets, analyse, {"libelle": "Recruter un encadrant", "horizon": 2029})
    for attendu in ("Ce que laisse la convention précédente", "renforcer le partenariat", "Dix personnes de plus",
                    "À réaliser en 2029 : Recruter un encadrant"):  # fmt: skip
        assert attendu in lue(R.DIRECTION_STRUCTURE)
    assert "Dix personnes de plus" not in lue(R.MEMBRE_CDIAE), "qui ne lit pas les conventions ne lit pas leur analyse"
