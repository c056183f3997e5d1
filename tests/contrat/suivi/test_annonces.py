"""Chaque acte du suivi prévient les parties qu'il concerne, une fois, jamais son auteur ; le courriel se lit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.suivi import actes, states
from convenir.contrat.suivi.actions import bilans, bureau, controles, financeurs, moyens, suites
from convenir.contrat.suivi.annonces import ANNONCES, CONTROLES
from convenir.contrat.suivi.models import EcheanceBilan
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature
from convenir.socle.taches.models import Notification
from convenir.socle.taches.notifications import envoyer
from tests.contrat.suivi.outils import JOUR, MAINTENANT, QUAND, convention_du_service, deposer
from tests.contrat.suivi.test_controles import PROJET
from tests.factories_comptes import AdhesionFactory, acteurs_par_role
from tests.factories_socle import OrganisationFactory, StructureFactory

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def structure():
    return StructureFactory(categorie="ACI")


@pytest.fixture
def roles(structure):
    return acteurs_par_role(structure)


@pytest.fixture
def convention(structure, roles):
    return convention_du_service(structure, roles)


DECIDE = "décision prise après le contrôle de l’éligibilité"


def defavorable() -> controles.Resultat:
    return controles.Resultat(conforme=False, personnes=3, motif="Preuves absentes", projet=PROJET)


def dites(personne) -> list[str]:
    """Ce qui est dit à une personne depuis la dernière lecture, sans le nom de la structure."""
    siennes = Notification.objects.filter(destinataire=personne.utilisateur).order_by("pk")
    lues = [n.libelle.split(" : ", 1)[-1] for n in siennes]
    siennes.delete()
    return lues


def test_un_bilan_depose_rendu_depose_de_nouveau_puis_examine_previent_chaque_fois_l_autre_partie(roles, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    bilan = bilans.ouvrir_bilan(direction.acteur, convention, 2025, maintenant=MAINTENANT)
    deposer(roles[R.DIRECTION_STRUCTURE].acteur, bilan)
    assert dites(agente) == ["bilan d’activité déposé"]
    assert dites(direction) == [], "l'auteur sait ce qu'il vient de faire"
    apres = {"jour": JOUR, "maintenant": MAINTENANT + timedelta(hours=1)}
    bilans.passer_bilan(agente.acteur, bilan, "renvoyer", motif="Encadrement à préciser.", **apres)
    rendu = Notification.objects.get(destinataire=direction.utilisateur)
    assert rendu.texte == "Corrigez-le, puis déposez-le de nouveau. Encadrement à préciser."
    assert rendu.url == bilan.get_absolute_url()
    assert dites(roles[R.COLLABORATION_STRUCTURE]) == ["bilan d’activité rendu"]
    deposer(roles[R.DIRECTION_STRUCTURE].acteur, bilan, maintenant=MAINTENANT + timedelta(hours=2))
    assert dites(agente) == ["bilan d’activité déposé"]
    bilans.passer_bilan(agente.acteur, bilan, "accepter", **QUAND)
    assert dites(direction)[-1] == "bilan d’activité examiné"


def test_l_agent_en_charge_n_apprend_le_depot_que_par_sa_tache(roles, convention):
    agente = roles[R.DEPARTEMENTAL]
    bureau.designer(agente.acteur, convention, agente.utilisateur, None, jour=JOUR)
    dites(agente)
    direction = roles[R.DIRECTION_STRUCTURE].acteur
    deposer(direction, bilans.ouvrir_bilan(direction, convention, 2025, maintenant=MAINTENANT))
    assert dites(agente) == ["examiner le bilan 2025"]


def test_la_date_fixee_et_son_rappel_sont_une_seule_annonce(roles, convention):
    EcheanceBilan.objects.create(departement=convention.departement, annee=2025, echeance=date(2026, 5, 2),
                                 fixee_le=MAINTENANT, fixee_par="x")  # fmt: skip
    direction = roles[R.DIRECTION_STRUCTURE]
    for jour in (JOUR, JOUR + timedelta(days=1)):
        passer_le_jour(jour, maintenant=MAINTENANT)
    assert dites(direction).count("bilan d’activité à déposer") == 1
    passer_le_jour(date(2026, 5, 3), maintenant=MAINTENANT)
    assert "bilan en retard" in dites(direction)


def test_moyens_engagements_ecarts_analyse_et_preconisations_se_disent(roles, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    moyen = moyens.accorder(agente.acteur, convention, moyens.MoyenAccorde(2026, "dla", "Appui", "DLA fictif"))
    moyens.passer_moyen(agente.acteur, moyen, "manquer", jour=JOUR, motif="prestataire indisponible")
    assert "prestataire indisponible" in Notification.objects.order_by("pk").last().texte
    assert dites(direction) == ["moyen accordé", "moyen non livré"]
    pris = moyens.EngagementPris(2026, "orientations", "", nombre=20)
    moyens.s_engager(roles[R.FRANCE_TRAVAIL].acteur, convention, pris)
    assert dites(direction) == dites(agente) == ["engagement inscrit"]
    bilan = bilans.ouvrir_bilan(direction.acteur, convention, 2025, maintenant=MAINTENANT)
    bilan.chiffres.filter(code="presents").update(extranet=Decimal(40), structure=Decimal(41))
    bilans.trancher(agente.acteur, bilan.chiffres.get(code="presents"), motif="Une entrée en décembre",
                    decision="structure", maintenant=MAINTENANT)  # fmt: skip
    dit = Notification.objects.filter(destinataire=direction.utilisateur).get()
    assert dit.texte == (
        "Personnes présentes dans l'année, 2025 : celui de la structure est retenu. Une entrée en décembre"
    )
    analyse = suites.analyser(agente.acteur, convention, {"issue": "atteint"}, maintenant=MAINTENANT)
    suivie = suites.preconiser(agente.acteur, analyse, {"libelle": "Recruter", "horizon": 2029})
    suites.suivre(agente.acteur, suivie, "faite", "Arrivé", maintenant=MAINTENANT)
    assert dites(direction)[1:] == ["résultats analysés", "préconisation inscrite", "suite donnée à une préconisation"]


def test_l_annexe_et_le_compte_rendu_se_disent_au_financeur(roles, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    nature = {"nature": Nature.COLLECTIVITE, "departement": convention.departement}
    conseil = OrganisationFactory(nom="Département fictif", **nature)
    financeur = AdhesionFactory(organisation=conseil, role=R.FINANCEUR)
    annexe = financeurs.annexer(agente.acteur, convention, conseil, {"annee": 2026, "prevu": Decimal(1000)})
    assert dites(financeur) == ["votre annexe 2026"]
    assert dites(direction) == ["annexe d’un financeur écrite"]
    financeurs.rendre_compte(direction.acteur, annexe, Decimal(1000), "", **QUAND)
    assert dites(financeur) == ["compte rendu financier 2026"]
    assert dites(agente) == ["compte rendu financier rendu"]


def test_une_contestation_previent_le_service_puis_la_structure(roles, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    chiffre = bureau.ChiffreConteste(
        "iae.etp.realises", "2025", "ETP réalisés", "11,20", "12,00", "Deux mois manquent"
    )
    contestation = bureau.contester(direction.acteur, convention.structure, chiffre, maintenant=MAINTENANT)
    assert dites(agente) == ["conteste « ETP réalisés »"]
    bureau.passer_contestation(agente.acteur, contestation, "maintenir", reponse="Vérifié", maintenant=MAINTENANT)
    assert Notification.objects.get(destinataire=direction.utilisateur).texte == "Chiffre maintenu. Vérifié"


def test_chaque_etape_d_un_controle_previent_la_structure_concernee(roles, structure):
    """Sans convention connue : le contrôle porte sur la structure."""
    agente, direction, maintenant = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE], MAINTENANT
    ailleurs = AdhesionFactory(organisation=StructureFactory().porteur, role=R.DIRECTION_STRUCTURE)
    tirage = (structure.departement, 2025, "graine fictive", 10)
    campagne = controles.tirer_echantillon(agente.acteur, *tirage, maintenant=maintenant)
    controle = campagne.controles.get(structure=structure)
    assert dites(direction) == ["tirée au sort pour le contrôle de l’éligibilité"]
    controles.tirer_embauches(agente.acteur, controle, 3, 3)
    controles.avancer(agente.acteur, controle, "notifier", jour=date(2026, 1, 6))
    demande = Notification.objects.get(destinataire=direction.utilisateur)
    assert demande.texte.replace("\u00a0", " ") == (
        "Année 2025. Rangs de votre liste à justifier : 1, 2, 3. Produisez-les avant la fin du 17 février 2026."
    )
    controles.avancer(agente.acteur, controle, "repondre", jour=date(2026, 2, 10))
    demande.refresh_from_db()
    assert demande.lue_le is not None, "ce qui est reçu n'est plus attendu"
    controles.avancer(agente.acteur, controle, "suivre", jour=date(2026, 2, 11))
    controles.avancer(agente.acteur, controle, "observer", jour=date(2026, 3, 1))
    controles.avancer(agente.acteur, controle, "suivre", jour=date(2026, 3, 2))
    controles.decider(agente.acteur, controle, controles.Resultat(conforme=False, motif="Preuves absentes"))
    assert Notification.objects.order_by("pk").last().texte == "Année 2025. Preuves absentes"
    dits = dites(direction)
    assert dits == [CONTROLES[nom].libelle for nom in CONTROLES if nom not in ("tirer", "conforme")]
    assert dites(agente) == dites(ailleurs) == []


def test_un_controle_conforme_se_dit_et_une_decision_ne_se_dit_pas_deux_fois(roles, structure, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    for annee, resultat in ((2025, controles.Resultat(conforme=True)), (2026, defavorable())):
        tirage = (structure.departement, annee, "graine fictive", 10)
        campagne = controles.tirer_echantillon(agente.acteur, *tirage, maintenant=MAINTENANT)
        controle = campagne.controles.get(structure=structure)
        for acte, jour in (("notifier", 6), ("repondre", 7), ("suivre", 8), ("observer", 9), ("suivre", 10)):
            controles.avancer(agente.acteur, controle, acte, jour=date(2026, 1, jour))
        dites(direction)
        controles.decider(agente.acteur, controle, resultat)
        attendu = "contrôle de l’éligibilité clos, conforme" if annee == 2025 else DECIDE
        assert dites(direction) == [attendu]


def test_aucun_passage_du_suivi_n_est_tu():
    """Chaque ligne des tables d'états est journalisée et a son annonce ; les contestations ont la leur."""
    for table, prefixe in ((states.BILAN, "bilan"), (states.MOYEN, "moyen")):
        for nom in table:
            assert f"{prefixe}_{nom}" in ANNONCES, nom
    assert {*actes.BILAN, *actes.MOYENS} == {*states.BILAN, *states.MOYEN}


def test_une_semaine_de_suivi_tient_dans_un_courriel_par_jour(roles, convention):
    agente, direction = roles[R.DEPARTEMENTAL], roles[R.DIRECTION_STRUCTURE]
    for rang in range(12):
        moyens.accorder(agente.acteur, convention, moyens.MoyenAccorde(2026, "dla", f"Appui {rang}", "DLA fictif"))
    matin = timezone.localtime().replace(hour=8, minute=0)
    envoyer(matin)
    envoyer(matin + timedelta(minutes=5))
    siens = [m for m in mail.outbox if m.to == [direction.utilisateur.email]]
    assert [m.subject for m in siens] == [f"Convenir : 12\u00a0nouvelles ({convention.nom_de_la_partie})"]
    assert siens[0].body.count("- moyen accordé. Appui") == 12
    assert siens[0].body.count(f"/suivi/{convention.reference}/") == 1, "une adresse pour tout ce qui y mène"
