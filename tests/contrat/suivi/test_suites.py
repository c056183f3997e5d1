"""Funders' accounts, analysis and recommendations, control of eligibility."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.actions import suites
from convenir.contrat.suivi.actions.suites import Decision
from convenir.contrat.suivi.models import Controle
from convenir.contrat.suivi.presentation import PageSuivi
from convenir.contrat.suivi.rules.controle import tirer, tirer_embauches
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.docx import texte_du_docx
from convenir.socle.organisations.models import Nature
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import OrganisationFactory, StructureFactory

pytestmark = pytest.mark.django_db
R = Role
MAINTENANT = datetime(2026, 4, 10, 9, tzinfo=UTC)
JOUR = date(2026, 4, 10)


@pytest.fixture
def convention() -> Convention:
    return convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))


@pytest.fixture
def roles(convention, gens):
    return {role: c.acteur for role, c in gens(convention).items()}


def test_un_compte_rendu_explique_tout_ecart_au_plan(roles, convention):
    champs = {"financeur": "Département fictif", "annee": 2025, "prevu": Decimal(10_000), "objectifs": "Allocataires"}
    annexe = suites.annexer(roles[R.DEPARTEMENTAL], convention, champs)
    with pytest.raises(EntreeInvalide, match="xpliquez"):
        suites.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), " ", jour=JOUR)
    rendue = suites.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), "Un poste vacant", jour=JOUR)
    assert "\u22121" in rendue.ecart
    conforme = suites.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(10_000), "", jour=JOUR)
    assert conforme.ecart == "conforme au plan de financement"
    with pytest.raises(EntreeInvalide, match="déjà"):
        suites.annexer(roles[R.DEPARTEMENTAL], convention, champs)
    with pytest.raises(ActionRefusee):
        suites.annexer(roles[R.DIRECTION_STRUCTURE], convention, champs | {"annee": 2026})


def test_l_annexe_d_un_financeur_et_son_compte_rendu_font_un_document(roles, convention):
    region = OrganisationFactory(nom="Région fictive", nature=Nature.COLLECTIVITE)
    commun = {"convention": convention, "annee": 2025, "nature": "local", "cree_le": MAINTENANT, "seuil_partiel": 80}
    Objectif.objects.create(libelle="Permis passés", attendu_par=region, unite="personnes", axe="formation",
                            etat="convenu", cible=10, convenu_le=JOUR, **commun)  # fmt: skip
    Objectif.objects.create(libelle="Pour un autre", axe="formation", **commun)
    champs = {"financeur": "Région fictive", "annee": 2025, "prevu": Decimal(10_000), "responsabilites": "Le CléA."}
    annexe = suites.annexer(roles[R.DEPARTEMENTAL], convention, champs)

    def lu() -> tuple[str, list[str]]:
        (ecrit,) = [e for e in produits.ecrits_de(convention, JOUR) if e.cle == f"financeur-{annexe.pk}"]
        deux = [produits.rendus(ecrit.composer(), ecrit.instant) for _ in range(2)]
        assert deux[0]["docx"].sha256 == deux[1]["docx"].sha256
        assert deux[0]["pdf"].sha256 == deux[1]["pdf"].sha256
        return texte_du_docx(deux[0]["docx"].octets), list(deux[0])

    avant, formats = lu()
    assert sorted(formats) == ["docx", "pdf"]
    for attendu in ("Annexe de Région fictive, 2025", "Permis passés : 10", "Le CléA.", "n. d."):
        assert attendu in avant
    assert "Pour un autre" not in avant
    suites.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), "Un poste vacant", jour=JOUR)
    apres, _ = lu()
    assert "Un poste vacant" in apres
    assert "9\u202f000,00" in apres
    assert "n. d." not in apres


def test_un_financeur_ne_lit_pas_l_annexe_d_un_autre(roles, convention):
    financeur = roles[R.FINANCEUR]
    commun = {"annee": 2025, "prevu": Decimal(10_000), "responsabilites": "Le CléA."}
    sien = {"financeur": financeur.organisation.nom, "organisation": financeur.organisation}
    sienne = suites.annexer(roles[R.DEPARTEMENTAL], convention, commun | sien)
    autre = suites.annexer(roles[R.DEPARTEMENTAL], convention, commun | {"financeur": "Région fictive"})

    def lues(acteur) -> list[bool]:
        return [
            produits.GENRE.lire(acteur, f"{convention.reference}/financeur-{a.pk}") is None for a in (sienne, autre)
        ]

    assert lues(financeur) == [True, False]
    assert lues(roles[R.DEPARTEMENTAL]) == lues(roles[R.DIRECTION_STRUCTURE]) == [True, True]


def test_des_objectifs_non_atteints_demandent_causes_et_solutions(roles, convention):
    ddets = roles[R.DEPARTEMENTAL]
    with pytest.raises(EntreeInvalide, match="au moins une cause"):
        suites.analyser(ddets, convention, {"issue": "non_atteint", "solutions": "x"}, maintenant=MAINTENANT)
    champs = {"issue": "non_atteint", "contexte": "Une usine a fermé", "solutions": "Un nouveau partenaire"}
    analyse = suites.analyser(ddets, convention, champs, maintenant=MAINTENANT)
    assert "préconisations" in analyse.proposition
    atteint = suites.analyser(ddets, convention, {"issue": "atteint"}, maintenant=MAINTENANT)
    assert "renforcer le partenariat" in atteint.proposition


def test_une_preconisation_se_suit_dans_la_convention_suivante(roles, convention):
    ddets = roles[R.DEPARTEMENTAL]
    analyse = suites.analyser(ddets, convention, {"issue": "a_apprecier"}, maintenant=MAINTENANT)
    preconisation = suites.preconiser(ddets, analyse, {"libelle": "Recruter un encadrant", "horizon": 2029})
    suivante = convention_en_cours(structure=convention.structure, service=convention.service, debut=date(2028, 1, 1),
                                   fin=date(2031, 1, 1), renouvelle=convention)  # fmt: skip
    (vue,) = PageSuivi(suivante, ddets, JOUR).analyses
    assert [p.libelle for p in vue.preconisations.all()] == ["Recruter un encadrant"]
    with pytest.raises(EntreeInvalide, match="abandonnée"):
        suites.suivre(ddets, preconisation, "abandonnee", "")
    assert suites.suivre(ddets, preconisation, "faite", "Arrivé en mars").etat == "faite"


@pytest.fixture
def campagne(roles, convention):
    for _ in range(4):
        StructureFactory(departement=convention.departement)
    return suites.tirer_echantillon(
        roles[R.DEPARTEMENTAL], convention.departement, 2025, "graine fictive", 2, maintenant=MAINTENANT
    )


def test_un_tirage_se_refait_depuis_ce_qui_est_publie(campagne, roles, convention):
    tirees = {c.structure.code for c in campagne.controles.all()}
    assert set(tirer(campagne.graine, campagne.population, campagne.taille)) == tirees
    with pytest.raises(EntreeInvalide, match="une fois"):
        suites.tirer_echantillon(
            roles[R.DEPARTEMENTAL], convention.departement, 2025, "autre graine", 2, maintenant=MAINTENANT
        )


def test_deux_delais_de_six_semaines_avant_une_decision_defavorable(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.first()
    with pytest.raises(ActionRefusee, match="Notifiez"):
        suites.avancer(ddets, controle, "suivre", jour=date(2026, 1, 5))
    suites.avancer(ddets, controle, "notifier", jour=date(2026, 1, 5))
    assert controle.premier_delai == date(2026, 2, 16)
    with pytest.raises(ActionRefusee, match="16/02/2026"):
        suites.avancer(ddets, controle, "suivre", jour=date(2026, 2, 16))
    suites.avancer(ddets, controle, "suivre", jour=date(2026, 2, 17))
    assert controle.second_delai == date(2026, 3, 31)
    defavorable = Decision(
        "non_conforme", 3, date(2026, 4, 15), date(2026, 7, 15), Decimal("4500.00"), motif="Preuves absentes"
    )
    with pytest.raises(ActionRefusee, match="deux délais"):
        suites.decider(ddets, controle, defavorable)
    suites.avancer(ddets, controle, "suivre", jour=date(2026, 4, 1))
    with pytest.raises(EntreeInvalide, match="motifs"):
        suites.decider(ddets, controle, Decision("non_conforme", 3))
    controle.refresh_from_db()
    assert suites.decider(ddets, controle, defavorable).etape == "clos"
    with pytest.raises(ActionRefusee, match="clos"):
        suites.decider(ddets, controle, defavorable)


def test_un_controle_conforme_se_clot_des_les_justificatifs(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.first()
    with pytest.raises(ActionRefusee, match="justificatifs"):
        suites.decider(ddets, controle, Decision("conforme"))
    with pytest.raises(ActionRefusee, match="Notifiez d'abord"):
        suites.avancer(ddets, controle, "repondre", jour=JOUR)
    suites.avancer(ddets, controle, "notifier", jour=JOUR)
    suites.avancer(ddets, controle, "repondre", jour=JOUR)
    with pytest.raises(EntreeInvalide):
        suites.decider(ddets, controle, Decision("conforme", remboursement=Decimal(10)))
    assert suites.decider(ddets, controle, Decision("conforme")).resultat == "conforme"


def test_la_structure_ne_controle_pas(campagne, roles):
    with pytest.raises(ActionRefusee):
        suites.avancer(roles[R.DIRECTION_STRUCTURE], campagne.controles.first(), "notifier", jour=JOUR)


def test_les_embauches_se_tirent_une_fois_avant_la_notification_sans_aucun_nom(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.select_related("structure").first()
    suites.tirer_embauches(ddets, controle, 40, 6)
    assert controle.auto_prescriptions == 40
    assert controle.embauches == tirer_embauches("graine fictive", controle.structure.code, 40, 6)
    with pytest.raises(ActionRefusee, match="une fois"):
        suites.tirer_embauches(ddets, controle, 40, 6)
    autre = campagne.controles.exclude(pk=controle.pk).get()
    suites.avancer(ddets, autre, "notifier", jour=JOUR)
    with pytest.raises(ActionRefusee, match="notifié"):
        suites.tirer_embauches(ddets, autre, 40, 6)


def test_une_decision_ne_compte_pas_plus_d_embauches_que_le_tirage(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.select_related("structure").first()
    suites.tirer_embauches(ddets, controle, 10, 2)
    Controle.objects.filter(pk=controle.pk).update(etape="decision")
    controle.refresh_from_db()
    with pytest.raises(EntreeInvalide, match="2 embauches"):
        suites.decider(ddets, controle, Decision("non_conforme", 3, motif="Preuves absentes"))


@given(st.integers(1, 300), st.integers(1, 50))
def test_le_tirage_d_une_structure_est_dans_sa_liste_et_se_refait(effectif, taille):
    tires = tirer_embauches("graine", "100001-ACI", effectif, taille)
    assert tires == sorted(set(tires)) == tirer_embauches("graine", "100001-ACI", effectif, taille)
    assert len(tires) == min(effectif, taille)
    assert set(tires) <= set(range(1, effectif + 1))


def test_deux_structures_ne_tirent_pas_les_memes_rangs():
    assert tirer_embauches("graine", "100001-ACI", 200, 20) != tirer_embauches("graine", "100002-ACI", 200, 20)
    with pytest.raises(EntreeInvalide, match="rien à tirer"):
        tirer_embauches("graine", "100001-ACI", 0, 5)
