"""Control of eligibility (R. 5132-1-12 to -16): a draw anyone makes again, two delays, an adverse decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from convenir.contrat.conventions.actions import Projet, notifier, recevoir_recours, repondre_au_recours
from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.documents.lettres import lettre_de_decision
from convenir.contrat.conventions.models import Convention, Decision
from convenir.contrat.conventions.rules.termes import Cofinancement
from convenir.contrat.suivi.actions import controles
from convenir.contrat.suivi.actions.controles import Resultat
from convenir.contrat.suivi.models import Controle
from convenir.contrat.suivi.queries.controles import departement_a_informer
from convenir.contrat.suivi.rules.controle import Etape, tirer, tirer_embauches
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.docx import texte_du_docx
from convenir.socle.taches.models import Tache
from tests.contrat.conventions.outils import fichier
from tests.contrat.suivi.outils import JOUR, MAINTENANT
from tests.factories_conventions import TERMES, convention_en_cours
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
R = Role
PROJET = Projet(
    faits="Preuves absentes", articles="Code du travail, R. 5132-1-12 à R. 5132-1-16", signataire="Camille Fictive",
    qualite="Directrice départementale", prise_le=JOUR, voies="Recours dans les deux mois.", delegue=True,
    fondement="Arrêté du 3 janvier 2026", mention_algorithmique=True, montant=Decimal("4500.00"),
    effet_du=date(2026, 4, 15), effet_au=date(2026, 7, 15),
)  # fmt: skip
COFINANCES = replace(TERMES, cofinancements=(Cofinancement("1", "Département fictif", Decimal(2)),))


@pytest.fixture
def convention() -> Convention:
    return convention_en_cours(COFINANCES, debut=date(2025, 1, 1), fin=date(2028, 1, 1))


@pytest.fixture
def personnes(convention, gens):
    return gens(convention)


@pytest.fixture
def roles(personnes):
    return {role: c.acteur for role, c in personnes.items()}


@pytest.fixture
def campagne(roles, convention):
    for _ in range(4):
        StructureFactory(departement=convention.departement)
    return controles.tirer_echantillon(
        roles[R.DEPARTEMENTAL], convention.departement, 2025, "graine fictive", 2, maintenant=MAINTENANT
    )


def test_un_tirage_se_refait_depuis_ce_qui_est_publie(campagne, roles, convention):
    tirees = {c.structure.code for c in campagne.controles.all()}
    assert set(tirer(campagne.graine, campagne.population, campagne.taille)) == tirees
    with pytest.raises(EntreeInvalide, match="une fois"):
        controles.tirer_echantillon(
            roles[R.DEPARTEMENTAL], convention.departement, 2025, "autre graine", 2, maintenant=MAINTENANT
        )


def test_deux_delais_de_six_semaines_avant_une_decision_defavorable(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.first()
    with pytest.raises(ActionRefusee, match="Notifiez"):
        controles.avancer(ddets, controle, "suivre", jour=date(2026, 1, 5))
    controles.avancer(ddets, controle, "notifier", jour=date(2026, 1, 5))
    assert controle.premier_delai == date(2026, 2, 16)
    with pytest.raises(ActionRefusee, match="16/02/2026"):
        controles.avancer(ddets, controle, "suivre", jour=date(2026, 2, 16))
    controles.avancer(ddets, controle, "suivre", jour=date(2026, 2, 17))
    assert controle.second_delai == date(2026, 3, 31)
    defavorable = Resultat(conforme=False, personnes=3, motif="Preuves absentes", projet=PROJET)
    with pytest.raises(ActionRefusee, match="deux délais"):
        controles.decider(ddets, controle, defavorable)
    controles.avancer(ddets, controle, "suivre", jour=date(2026, 4, 1))
    with pytest.raises(EntreeInvalide, match="motifs"):
        controles.decider(ddets, controle, Resultat(conforme=False, personnes=3))
    controle.refresh_from_db()
    assert controles.decider(ddets, controle, Resultat(conforme=False, motif="Preuves tardives")).decision is None
    with pytest.raises(ActionRefusee, match="clos"):
        controles.decider(ddets, controle, defavorable)


@pytest.fixture
def a_decider(campagne, convention):
    """Le contrôle de la structure de la convention, ses deux délais passés."""
    controle, _ = Controle.objects.get_or_create(campagne=campagne, structure=convention.structure)
    Controle.objects.filter(pk=controle.pk).update(
        etape="decision", notifie_le=date(2026, 1, 5), premier_delai=date(2026, 2, 16), second_delai=date(2026, 3, 31)
    )
    controle.refresh_from_db()
    return controle


def test_r_5132_1_12_suspendre_et_rembourser_est_une_decision_notifiee_ouverte_au_recours(
    a_decider, roles, convention
):
    ddets = roles[R.DEPARTEMENTAL]
    clos = controles.decider(ddets, a_decider, Resultat(False, 3, "Preuves absentes", PROJET))
    decision = clos.decision
    assert (clos.etape, clos.resultat, decision.convention, decision.genre) == (
        "clos", "non_conforme", convention, "controle",
    )  # fmt: skip
    assert decision.algorithmique, "le tirage est un calcul : la mention est due"
    assert "notifier la décision" in Tache.objects.get(code="conventions.notifier").libelle
    lettre = texte_du_docx(produits.rendus(lettre_de_decision(decision), MAINTENANT)["docx"].octets)
    for attendu in ("auto-prescription", "15 avril 2026", "14 juillet 2026", "4 500,00", "L. 311-3-1",
                    "Recours dans les deux mois", "Arrêté du 3 janvier 2026"):  # fmt: skip
        assert attendu in lettre.replace("\u202f", " ").replace("\xa0", " "), attendu
    notifier(ddets, decision, jour=date(2026, 4, 14), preuve=fichier(), maintenant=MAINTENANT)
    recevoir_recours(ddets, decision, "Les preuves existent", jour=date(2026, 5, 1))
    repondre_au_recours(ddets, decision, accueilli=True, reponse="Preuves reçues", jour=date(2026, 5, 20),
                        maintenant=MAINTENANT)  # fmt: skip
    decision.refresh_from_db()
    assert decision.rapportee
    assert Convention.objects.get(pk=convention.pk).etat == "en_cours"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"voies": " "}, "les voies et délais de recours"),
        ({"articles": ""}, "les articles appliqués"),
        ({"fondement": ""}, "la délégation de signature"),
        ({"mention_algorithmique": False}, "L. 311-3-1"),
        ({"effet_du": None, "effet_au": None, "montant": None}, "ce qui est suspendu ou repris"),
        ({"effet_du": date(2026, 4, 1)}, "ne commence pas avant"),
        ({"effet_au": date(2026, 4, 15)}, "finit après"),
    ],
)
def test_une_decision_de_controle_incomplete_ne_clot_rien(a_decider, roles, change, message):
    with pytest.raises(EntreeInvalide, match=message):
        controles.decider(roles[R.DEPARTEMENTAL], a_decider, Resultat(False, 3, "Absentes", replace(PROJET, **change)))
    a_decider.refresh_from_db()
    assert (a_decider.etape, Decision.objects.count()) == ("decision", 0)


def test_sans_convention_connue_la_decision_attend_sa_reprise(campagne, roles, convention):
    autre = campagne.controles.exclude(structure=convention.structure).first()
    Controle.objects.filter(pk=autre.pk).update(etape="decision")
    autre.refresh_from_db()
    with pytest.raises(ActionRefusee, match="reprenez-la d'abord"):
        controles.decider(roles[R.DEPARTEMENTAL], autre, Resultat(False, 3, "Preuves absentes", PROJET))


def test_la_base_refuse_une_suspension_hors_controle_et_un_controle_sans_mesure(convention):
    commun = {"convention": convention, "faits": "f", "articles": "a", "signataire": "s", "qualite": "q",
              "voies": "v", "prise_le": JOUR}  # fmt: skip
    for faute, nom in (
        ({"genre": "reprise_sommes", "montant": 1, "effet_du": JOUR}, "decision_suspension"),
        ({"genre": "controle", "algorithmique": True}, "decision_controle"),
        ({"genre": "controle", "montant": 1}, "decision_controle"),
    ):
        with pytest.raises(IntegrityError, match=nom), transaction.atomic():
            Decision.objects.create(**commun, **faute)


def test_r_5132_1_16_le_departement_qui_cofinance_est_informe_du_remboursement(a_decider, roles):
    ddets = roles[R.DEPARTEMENTAL]
    with pytest.raises(ActionRefusee, match="Aucun remboursement"):
        controles.informer_le_cofinanceur(ddets, a_decider, jour=JOUR)
    clos = controles.decider(ddets, a_decider, Resultat(False, 3, "Preuves absentes", PROJET))
    assert departement_a_informer(clos) == "Département fictif"
    with pytest.raises(EntreeInvalide, match="décision prise"):
        controles.informer_le_cofinanceur(ddets, clos, jour=date(2026, 4, 9))
    assert controles.informer_le_cofinanceur(ddets, clos, jour=JOUR).cofinanceur_informe_le == JOUR
    assert departement_a_informer(clos) == ""


def test_un_controle_conforme_se_clot_des_les_justificatifs(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.first()
    with pytest.raises(ActionRefusee, match="justificatifs"):
        controles.decider(ddets, controle, Resultat(True))
    with pytest.raises(ActionRefusee, match="Notifiez d'abord"):
        controles.avancer(ddets, controle, "repondre", jour=JOUR)
    controles.avancer(ddets, controle, "notifier", jour=JOUR)
    controles.avancer(ddets, controle, "repondre", jour=JOUR)
    with pytest.raises(EntreeInvalide):
        controles.decider(ddets, controle, Resultat(True, projet=PROJET))
    assert controles.decider(ddets, controle, Resultat(True)).resultat == "conforme"


def test_la_structure_ne_controle_pas(campagne, roles):
    with pytest.raises(ActionRefusee):
        controles.avancer(roles[R.DIRECTION_STRUCTURE], campagne.controles.first(), "notifier", jour=JOUR)


def test_les_embauches_se_tirent_une_fois_avant_la_notification_sans_aucun_nom(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.select_related("structure").first()
    controles.tirer_embauches(ddets, controle, 40, 6)
    assert controle.auto_prescriptions == 40
    assert controle.embauches == tirer_embauches("graine fictive", controle.structure.code, 40, 6)
    with pytest.raises(ActionRefusee, match="une fois"):
        controles.tirer_embauches(ddets, controle, 40, 6)
    autre = campagne.controles.exclude(pk=controle.pk).get()
    controles.avancer(ddets, autre, "notifier", jour=JOUR)
    with pytest.raises(ActionRefusee, match="notifié"):
        controles.tirer_embauches(ddets, autre, 40, 6)


def test_une_decision_ne_compte_pas_plus_d_embauches_que_le_tirage(campagne, roles):
    ddets, controle = roles[R.DEPARTEMENTAL], campagne.controles.select_related("structure").first()
    controles.tirer_embauches(ddets, controle, 10, 2)
    Controle.objects.filter(pk=controle.pk).update(etape="decision")
    controle.refresh_from_db()
    with pytest.raises(EntreeInvalide, match="2 embauches"):
        controles.decider(ddets, controle, Resultat(False, 3, "Preuves absentes"))


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


def test_la_page_part_du_constat_decide_et_montre_la_decision(a_decider, personnes, convention):
    client, page = personnes[R.DEPARTEMENTAL].client, reverse("suivi:controle", args=[a_decider.pk])
    Controle.objects.filter(pk=a_decider.pk).update(etape=Etape.JUSTIFICATIFS, repondu_le=None)
    assert "Clore ce contrôle" not in client.get(page).content.decode(), "rien n'est encore à décider"
    Controle.objects.filter(pk=a_decider.pk).update(etape=Etape.DECISION)
    lue = client.get(page).content.decode()
    assert "n’ont pas été produits avant la fin du 16\xa0février\xa02026" in lue, "les faits partent du contrôle"
    assert convention.reference in lue
    champs = {"resultat": "non_conforme", "personnes": "2", "motif": "Preuves absentes", "remboursement": "812,40"}
    refusee = client.post(page, champs)
    assert refusee.status_code == 400
    assert "Il manque\N{NO-BREAK SPACE}: les articles appliqués, le signataire" in refusee.content.decode()
    complet = champs | {"articles": PROJET.articles, "signataire": "Camille Fictive", "qualite": "Directrice",
                        "voies": "Deux mois."}  # fmt: skip
    assert client.post(page, complet).status_code == 302
    lue = client.get(page).content.decode()
    assert "812,40" in lue
    assert "Notification à enregistrer" in lue
    assert reverse("conventions:decision", args=[convention.reference, Decision.objects.get().pk]) in lue
    assert "Département fictif cofinance les postes" in lue
    client.post(reverse("suivi:cofinanceur_informe", args=[a_decider.pk]))
    assert "Département fictif cofinance les postes" not in client.get(page).content.decode()


def test_une_graine_entouree_d_espaces_se_refait_depuis_ce_qui_est_publie(roles, convention):
    for _ in range(12):
        StructureFactory(departement=convention.departement)
    campagne = controles.tirer_echantillon(
        roles[R.DEPARTEMENTAL], convention.departement, 2024, "  graine ", 5, maintenant=MAINTENANT
    )
    tires = {c.structure.code for c in campagne.controles.select_related("structure")}
    assert tires == set(tirer(campagne.graine, campagne.population, campagne.taille))


def test_la_premiere_reponse_de_la_structure_garde_son_jour(campagne, roles):
    service, controle = roles[R.DEPARTEMENTAL], campagne.controles.first()
    controles.avancer(service, controle, "notifier", jour=JOUR)
    controles.avancer(service, controle, "repondre", jour=JOUR)
    with pytest.raises(ActionRefusee, match="déjà enregistrée"):
        controles.avancer(service, controle, "repondre", jour=JOUR + timedelta(days=3))


def test_deux_agents_decident_du_meme_controle_le_second_est_prevenu(a_decider, roles):
    lu_par_le_second = Controle.objects.get(pk=a_decider.pk)
    controles.decider(roles[R.DEPARTEMENTAL], a_decider, Resultat(conforme=False, motif="Preuves tardives"))
    defavorable = Resultat(conforme=False, personnes=3, motif="Preuves absentes", projet=PROJET)
    with pytest.raises(ActionRefusee, match="clos"):
        controles.decider(roles[R.DEPARTEMENTAL], lu_par_le_second, defavorable)
    assert not Decision.objects.exists()
