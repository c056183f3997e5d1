"""« À faire » et notifications : chaque acte donne son tour à la bonne personne et prévient les parties, une fois."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from convenir.contrat.conventions import suites
from convenir.contrat.conventions.actions import (
    AvisRendu,
    Lettre,
    SignatureRecue,
    engager_manquement,
    mettre_en_signature,
    notifier,
    observer,
    passer,
    recevoir_recours,
    refuser,
    relancer,
    rendre_avis,
    repondre_au_recours,
    retirer_de_la_signature,
    signer,
)
from convenir.contrat.conventions.annonces import ANNONCES
from convenir.contrat.conventions.attendus import AUTEUR, Code, accorder
from convenir.contrat.conventions.models import Convention, Manquement, Signature
from convenir.contrat.conventions.states import TRANSITIONS
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.actions import terminer
from convenir.socle.taches.models import Notification, Tache
from convenir.socle.taches.notifications import envoyer
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, TITULAIRE, fichier, monde, tout_signer
from tests.contrat.conventions.test_decisions import PROJET
from tests.factories_comptes import AdhesionFactory
from tests.factories_conventions import TERMES, VersionFactory, convention_en_cours
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def m():
    return monde()


@pytest.fixture
def adhesion(m):
    return AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)


@pytest.fixture
def agent(adhesion):
    return adhesion.utilisateur


@pytest.fixture
def directrice(m):
    return AdhesionFactory(organisation=m.structure.porteur, role=Role.DIRECTION_STRUCTURE).utilisateur


def ouvertes(**champs) -> set[tuple[str, str]]:
    lues = Tache.objects.filter(faite_le=None, code__startswith="conventions.", **champs)
    return {(t.code, t.organisation.nom) for t in lues.select_related("organisation")}


def a_l_avis(m) -> Convention:
    convention = m.convention()
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    return convention


def a_signer(m) -> Convention:
    convention = a_l_avis(m)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    return Convention.objects.get(pk=convention.pk)


def test_chaque_passage_de_la_table_dit_qui_il_previent():
    assert set(TRANSITIONS) <= set(ANNONCES)


def test_la_tache_suit_l_etat_de_l_instruction_a_l_avis_et_se_ferme_quand_il_change(m):
    convention = m.convention()
    assert ouvertes() == {(Code.SOUMETTRE, m.service.nom)}
    assert Tache.objects.get(faite_le=None).echeance == date(2026, 3, 20), "deux mois après le dépôt"
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    assert ouvertes() == {(Code.AVIS, m.service.nom)}
    assert Tache.objects.get(faite_le=None).echeance == date(2026, 2, 20), "un mois pour l'avis"
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    assert ouvertes() == {(Code.SIGNATURE, m.service.nom)}


def test_chaque_partie_signe_a_son_tour_l_etat_apres_toutes_les_autres(m):
    convention = a_signer(m)
    assert ouvertes() == {(Code.SIGNER, m.structure.porteur.nom), (Code.SIGNER, m.agence.nom)}
    tout_signer(convention.versions.get())
    assert ouvertes() == {("conventions.lot", m.service.nom)}, "signée : reste son annexe à saisir dans l'extranet"
    faites = Tache.objects.filter(code=Code.SIGNER, organisation=m.service)
    assert faites.count() == 1, "l'État a eu son tour, une fois"


def test_la_tache_revient_au_referent_ou_a_son_suppleant_s_il_est_parti(m, agent):
    autre = AdhesionFactory(organisation=m.service, role=Role.DEPARTEMENTAL)
    convention = m.convention()
    Convention.objects.filter(pk=convention.pk).update(referent=autre.utilisateur, suppleant=agent)
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    assert Tache.objects.get(faite_le=None).destinataire == autre.utilisateur
    assert Notification.objects.filter(destinataire=autre.utilisateur, genre="taches.tache").count() == 1
    autre.utilisateur.est_actif = False
    autre.utilisateur.save()
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    assert Tache.objects.get(faite_le=None).destinataire == agent


def test_les_parties_sont_prevenues_une_fois_jamais_l_auteur_de_l_acte(m, adhesion, directrice):
    convention = m.convention()
    Notification.objects.all().delete()
    acteur = acteur_de(adhesion.utilisateur, choisie=adhesion.pk)
    passer(acteur, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    dites = list(Notification.objects.values_list("destinataire", "genre"))
    assert dites == [(directrice.pk, "conventions.avancement")]
    assert "soumise à l’avis" in Notification.objects.get().libelle


def test_dix_actes_d_un_jour_font_un_seul_courriel_par_personne(m, agent, directrice, mailoutbox):
    convention = a_l_avis(m)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    assert Notification.objects.filter(destinataire=directrice).count() > 3
    matin = timezone.localtime().replace(hour=9)
    envoyer(matin)
    envoyer(matin)
    a_qui = [c.to[0] for c in mailoutbox]
    assert sorted(a_qui) == sorted({agent.email, directrice.email}), "un courriel par personne, pas un de plus"


def test_un_acte_a_signer_n_est_dit_qu_une_fois_meme_si_d_autres_signent_entre_temps(m, directrice):
    convention = a_signer(m)
    agence = Signature.objects.get(partie="france_travail")
    recue = SignatureRecue(JOUR, "papier", TITULAIRE, fichier(), attestee=True)
    signer(SYSTEME, agence, recue, maintenant=INSTANT)
    siennes = Notification.objects.filter(destinataire=directrice, cle__startswith="signature-")
    assert siennes.count() == 1
    assert convention.nom_de_la_partie in siennes.get().libelle


def test_le_courriel_ne_dit_plus_a_signer_ce_qui_l_est_deja_quand_il_part(m, agent, directrice, mailoutbox):
    """Deux actes sont remis et relancés le même jour ; un seul est signé avant que le courriel parte."""
    signe = a_signer(m)
    autre = StructureFactory(porteur=m.structure.porteur, departement=m.structure.departement)
    attendu = a_signer(replace(m, structure=autre))
    siennes = {s.version.convention_id: s for s in Signature.objects.filter(partie="structure")}
    for signature in siennes.values():
        relancer(SYSTEME, signature, jour=JOUR)
    recue = SignatureRecue(JOUR, "papier", TITULAIRE, fichier(), attestee=True)
    signer(SYSTEME, siennes[signe.pk], recue, maintenant=INSTANT)
    envoyer(timezone.localtime().replace(hour=9))
    corps = "\n".join(c.body for c in mailoutbox if c.to == [directrice.email])
    assert corps.count("acte à signer. Il attend votre signature.") == 1
    assert corps.count("votre signature est attendue. ") == 1
    ce_qui_attend = corps.split("CE QUI S’EST PASSÉ")[0]
    assert attendu.get_absolute_url() in ce_qui_attend
    assert signe.get_absolute_url() not in ce_qui_attend


def test_un_acte_retire_de_la_signature_n_est_plus_a_signer_pour_personne(m, directrice, mailoutbox):
    convention = a_signer(m)
    retirer_de_la_signature(SYSTEME, convention, motif="Montant à revoir", jour=JOUR, maintenant=INSTANT)
    envoyer(timezone.localtime().replace(hour=9))
    corps = "\n".join(c.body for c in mailoutbox if c.to == [directrice.email])
    assert "acte retiré de la signature. Montant à revoir" in corps
    assert "acte à signer" not in corps


def test_relancer_previent_vraiment_la_personne_qui_signe_une_fois_par_jour(m, directrice):
    a_signer(m)
    structure = Signature.objects.get(partie="structure")
    dite = relancer(SYSTEME, structure, jour=JOUR + timedelta(days=8))
    assert dite.prevenues == 1
    assert dite.phrase.startswith("La relance part à 1\xa0personne")
    relancer(SYSTEME, structure, jour=JOUR + timedelta(days=8))
    siennes = Notification.objects.filter(destinataire=directrice, genre="conventions.relance")
    assert siennes.count() == 1, "deux relances du même jour ne font qu'un message"
    relancer(SYSTEME, structure, jour=JOUR + timedelta(days=9))
    assert siennes.count() == 2


def test_relancer_qui_n_a_pas_de_compte_le_dit_et_l_etat_n_est_pas_relance_avant_son_tour(m):
    a_signer(m)
    dite = relancer(SYSTEME, Signature.objects.get(partie="france_travail"), jour=JOUR)
    assert dite.prevenues == 0
    assert "n'a de compte : écrivez-lui" in dite.phrase
    with pytest.raises(ActionRefusee, match="pas encore son tour"):
        relancer(SYSTEME, Signature.objects.get(partie="etat"), jour=JOUR)


def test_le_manquement_attend_d_abord_l_employeur_un_mois_puis_le_service(m, directrice):
    convention = convention_en_cours(structure=m.structure, service=m.service)
    lettre = Lettre("Faits", "R. 5132-5", JOUR, "1A 234")
    engager_manquement(SYSTEME, convention, lettre, maintenant=INSTANT)
    assert ouvertes() == {(Code.OBSERVER, m.structure.porteur.nom)}
    assert Tache.objects.get(faite_le=None).echeance == date(2026, 2, 20)
    assert Notification.objects.get(destinataire=directrice).genre == "conventions.decision"
    observer(SYSTEME, Manquement.objects.get(), "Nous avons embauché.", jour=JOUR + timedelta(days=3))
    assert ouvertes() == {(Code.DECIDER, m.service.nom)}


def test_sans_reponse_le_mois_passe_le_service_decide(m):
    convention = convention_en_cours(structure=m.structure, service=m.service)
    engager_manquement(SYSTEME, convention, Lettre("Faits", "R. 5132-5", JOUR, "1A"), maintenant=INSTANT)
    convention.refresh_from_db()
    accorder(convention, jour=date(2026, 2, 20), maintenant=INSTANT)
    assert ouvertes() == {(Code.DECIDER, m.service.nom)}


def test_une_decision_se_notifie_dans_le_delai_et_un_recours_se_repond_avant_que_le_silence_vaille_rejet(m):
    convention = m.convention()
    decision = refuser(SYSTEME, convention, PROJET, maintenant=INSTANT)
    tache = Tache.objects.get(faite_le=None)
    assert (tache.code, tache.echeance) == (Code.NOTIFIER, date(2026, 2, 17))
    notifier(SYSTEME, decision, jour=date(2026, 2, 5), preuve=fichier(), maintenant=INSTANT)
    assert ouvertes() == set()
    recevoir_recours(SYSTEME, decision, "Réexamen", jour=date(2026, 3, 1))
    tache = Tache.objects.get(faite_le=None)
    assert (tache.code, tache.echeance, tache.risque) == (Code.RECOURS, date(2026, 5, 1), 2)
    repondre_au_recours(SYSTEME, decision, accueilli=False, reponse="Rien de neuf", jour=date(2026, 3, 9),
                        maintenant=INSTANT)  # fmt: skip
    assert ouvertes() == set()


def test_accorder_deux_fois_n_ecrit_rien_de_plus_et_repare_une_tache_fermee_a_tort(m):
    convention = a_l_avis(m)
    convention.refresh_from_db()
    assert accorder(convention, jour=JOUR, maintenant=INSTANT) == 0
    terminer(m.service, Code.AVIS, convention.reference, auteur=AUTEUR, maintenant=INSTANT)
    assert accorder(convention, jour=JOUR, maintenant=INSTANT) == 1
    assert ouvertes() == {(Code.AVIS, m.service.nom)}


def test_un_avenant_prepare_a_la_main_a_sa_tache_datee_de_l_arrete(m):
    convention = convention_en_cours(structure=m.structure, service=m.service)
    convention.etat = "avenant_en_preparation"
    convention.save()
    VersionFactory(convention=convention, nature="avenant", numero=1, rang=1, effet=date(2027, 1, 1),
                   termes=replace(TERMES, sorties_prevues=40))  # fmt: skip
    accorder(convention, jour=date(2026, 11, 3), maintenant=INSTANT)
    tache = Tache.objects.get(faite_le=None)
    assert (tache.code, tache.echeance) == (Code.AVENANT, date(2027, 5, 31))


def test_ce_qui_suit_un_acte_attend_qu_il_soit_complet_et_disparait_avec_lui(monkeypatch):
    vus: list[str] = []
    monkeypatch.setattr(suites, "_SUITES", [lambda faits: vus.extend(f.nom for f in faits)])
    un = suites.Evenement("un", None, SYSTEME, JOUR, INSTANT)
    deux = suites.Evenement("deux", None, SYSTEME, JOUR, INSTANT)

    @suites.acte
    def dedans() -> None:
        suites.signaler(un)

    @suites.acte
    def dehors(echoue: bool = False) -> None:
        dedans()
        suites.signaler(deux)
        assert vus == [], "rien avant la fin de l'acte le plus large"
        if echoue:
            raise ValueError("échec")

    with pytest.raises(ValueError, match="échec"):
        dehors(echoue=True)
    assert vus == []
    dehors()
    assert vus == ["un", "deux"]
