"""Prévenir sans tempête de courriels : un au plus par personne et par période, regroupé, idempotent."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from convenir.restitution.commandes.principal import main
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree
from convenir.socle.taches import actes
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.genres import TACHE, Rythme, declarer
from convenir.socle.taches.models import Envoi, Notification, Preference
from convenir.socle.taches.notifications import Fait, choisir, envoyer, preferences_de, prevenir
from convenir.socle.taches.rules import periode
from tests.factories_comptes import AdhesionFactory, Connecte, connecter
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LUNDI = datetime(2026, 11, 23, 9, 5, tzinfo=PARIS)
URGENT = declarer("essai.urgent", "Fait urgent d'essai", Rythme.IMMEDIAT)


@pytest.fixture
def agente() -> Connecte:
    return connecter(AdhesionFactory())


def dire(personne: Connecte, cle: str = "1", genre: str = TACHE, **precisions) -> int:
    fait = Fait(genre, cle, f"Fait {cle}", "Ce qui suit.", "/structures/")
    return prevenir(fait, personne.adhesion.organisation, {personne.role}, **precisions)


@pytest.mark.parametrize(
    ("rythme", "instant", "attendue"),
    [
        ("immediat", LUNDI, "2026-11-23T09:00"),
        ("immediat", LUNDI.replace(minute=15), "2026-11-23T09:15"),
        ("quotidien", LUNDI, "2026-11-23"),
        ("quotidien", LUNDI.replace(hour=6), None),
        ("hebdomadaire", LUNDI, "2026-S48"),
        ("hebdomadaire", LUNDI.replace(hour=6), None),
        ("hebdomadaire", LUNDI + timedelta(days=6, hours=-8), "2026-S48"),
        ("jamais", LUNDI, None),
    ],
)
def test_periode_d_un_courriel(rythme, instant, attendue):
    assert periode(rythme, instant) == attendue


def test_le_meme_fait_n_est_dit_qu_une_fois(agente):
    dire(agente)
    dire(agente)
    assert Notification.objects.count() == 1


def test_ni_l_auteur_ni_un_autre_role_ni_une_autre_structure(agente):
    assert dire(agente, sauf=agente.utilisateur) == 0
    assert prevenir(Fait(TACHE, "2", "Fait"), agente.adhesion.organisation, {Role.SIGNATAIRE}) == 0
    structure, autre = StructureFactory(), StructureFactory()
    suivie = connecter(
        AdhesionFactory(organisation=structure.porteur, role=Role.COLLABORATION_STRUCTURE, structures=[structure])
    )
    assert dire(suivie, structure=structure) == 1
    assert dire(suivie, "3", structure=autre) == 0


def test_un_courriel_regroupe_et_un_seul_par_periode(agente):
    dire(agente, "1")
    dire(agente, "2")
    assert envoyer(LUNDI).courriels == 1
    [message] = mail.outbox
    assert message.to == [agente.utilisateur.email]
    assert message.body.count("Fait ") == 2
    assert "/structures/" in message.body
    assert "préférences" in message.body or reverse("taches:preferences") in message.body
    dire(agente, "3")
    assert envoyer(LUNDI + timedelta(hours=3)).courriels == 0
    assert envoyer(LUNDI + timedelta(days=1)).courriels == 1
    assert len(mail.outbox) == 2
    assert "Fait 1" not in mail.outbox[1].body
    assert Envoi.objects.count() == 2


def recevoir(agente: Connecte, *faits: Fait) -> mail.EmailMessage:
    """Dire des faits à une personne, et rendre le courriel qui en part."""
    for fait in faits:
        prevenir(fait, agente.adhesion.organisation, {agente.role})
    envoyer(LUNDI)
    [message] = mail.outbox
    return message


def test_le_courriel_dit_d_abord_ce_qui_attend_puis_ce_qui_s_est_passe_structure_par_structure(agente, settings):
    settings.ADRESSE_PUBLIQUE, settings.DONNEES_FICTIVES = "https://convenir.invalid", False
    avance = declarer("essai.avance", "Une convention d'essai avance")
    message = recevoir(
        agente,
        Fait(avance, "1", "Atelier fictif : avis rendu", "", "/conventions/A/"),
        Fait(avance, "2", "Jardins fictifs : accord sur « Emploi durable »", "", "/objectifs/J/2027/#objectif-1"),
        Fait(TACHE, "3", "Atelier fictif : signer l’acte", "L’État signe en dernier.", "/conventions/A/"),
        Fait(avance, "4", "Jardins fictifs : accord sur « Sorties positives »", "", "/objectifs/J/2027/#objectif-3"),
    )
    nom = str(agente.adhesion.organisation).upper()
    assert (
        message.subject == "Convenir : 1\u00a0point vous attend, 3\u00a0nouvelles (Atelier fictif et Jardins fictifs)"
    )
    assert message.body == (
        f"""Bonjour {agente.utilisateur.nom_complet},

CE QUI VOUS ATTEND, {nom}

Atelier fictif
- signer l’acte. L’État signe en dernier.
  https://convenir.invalid/conventions/A/

CE QUI S’EST PASSÉ, {nom}

Atelier fictif
- avis rendu
  https://convenir.invalid/conventions/A/

Jardins fictifs
- accord sur « Emploi durable »
- accord sur « Sorties positives »
  https://convenir.invalid/objectifs/J/2027/

Ce message regroupe ce qui s’est passé depuis le précédent. Choisir ce qui vous est envoyé, et quand :
https://convenir.invalid/notifications/preferences/

"""
    )


def test_un_fait_seul_est_l_objet_du_courriel(agente):
    message = recevoir(agente, Fait(TACHE, "1", "Atelier fictif : signer l’acte", "", "/conventions/A/"))
    assert message.subject == "Convenir : Atelier fictif : signer l’acte"


def test_un_long_courriel_garde_ce_qui_attend_et_compte_le_reste(agente):
    bruit = [Fait("essai.bruit", str(n), f"Atelier {n} : avance") for n in range(60)]
    message = recevoir(agente, *bruit, Fait(TACHE, "t", "Jardins fictifs : signer l’acte"))
    assert message.subject == "Convenir : 1\u00a0point vous attend, 60\u00a0nouvelles"
    assert "- signer l’acte" in message.body
    assert message.body.count(": avance") + message.body.count("- avance") == 39
    assert "Et 21\u00a0autres nouvelles, à lire avec celles-ci :" in message.body
    assert reverse("taches:notifications") in message.body


def test_immediat_un_par_quart_d_heure(agente):
    for n in range(30):
        dire(agente, str(n), URGENT)
    assert envoyer(LUNDI).phrase.startswith("1\u00a0courriel envoyé, 30\u00a0notifications")
    dire(agente, "30", URGENT)
    assert envoyer(LUNDI + timedelta(minutes=5)).courriels == 0
    assert envoyer(LUNDI + timedelta(minutes=10)).courriels == 1


def test_ce_qui_est_lu_ne_part_pas(agente):
    dire(agente)
    agente.client.post(reverse("taches:marquer_lues"))
    assert envoyer(LUNDI).courriels == 0


def test_qui_a_quitte_l_organisation_ne_recoit_plus_rien(agente):
    dire(agente)
    agente.adhesion.fin, agente.adhesion.fin_motif = LUNDI.date(), "Mutation"
    agente.adhesion.save()
    assert envoyer(LUNDI).courriels == 0


def test_un_serveur_muet_n_arrete_pas_les_autres(agente, monkeypatch):
    autre = connecter(AdhesionFactory())
    dire(agente)
    dire(autre)
    reel = mail.send_mail

    def parfois(sujet, corps, de, a, **k):
        if a == [agente.utilisateur.email]:
            raise OSError("muet")
        return reel(sujet, corps, de, a, **k)

    monkeypatch.setattr("convenir.socle.taches.notifications.send_mail", parfois)
    bilan = envoyer(LUNDI)
    assert (bilan.courriels, bilan.echecs) == (1, 1)
    monkeypatch.undo()
    assert envoyer(LUNDI + timedelta(minutes=1)).courriels == 1


def test_essai_n_envoie_rien(agente):
    dire(agente)
    assert envoyer(LUNDI, essai=True).courriels == 1
    assert not mail.outbox
    assert not Envoi.objects.exists()


def test_choisir_son_rythme_par_genre(agente):
    page = reverse("taches:preferences")
    assert "Une tâche vous est confiée" in agente.client.get(page).content.decode()
    rythmes = preferences_de(agente.utilisateur) | {TACHE: "hebdomadaire"}
    assert agente.client.post(page, rythmes).status_code == 302
    assert Preference.objects.get().rythme == Rythme.HEBDOMADAIRE
    assert Entree.objects.get(acte=actes.PREFERENCES).charge.apres == {TACHE: "hebdomadaire"}
    choisir(agente.acteur, {TACHE: "jamais"})
    dire(agente)
    assert envoyer(LUNDI).courriels == 0
    refus = agente.client.post(page, rythmes | {TACHE: "chaque minute"})
    assert refus.status_code == 400


def test_une_tache_confiee_previent_la_personne(agente):
    confiee = Proposition(
        "essai.tache", "1", "Relire l'annexe", agente.adhesion.organisation, destinataire=agente.utilisateur
    )
    for _ in range(2):
        proposer(confiee, auteur=Auteur.systeme("Essai"), maintenant=LUNDI)
    assert [n.libelle for n in Notification.objects.filter(destinataire=agente.utilisateur)] == ["Relire l'annexe"]


def test_page_en_un_nombre_fixe_de_requetes(agente, django_assert_max_num_queries):
    for n in range(40):
        dire(agente, str(n))
    with django_assert_max_num_queries(8):
        page = agente.client.get(reverse("taches:notifications")).content.decode()
    assert "40\u00a0notifications non lues" in page
    assert page.count("cv-quoi") == 25


def test_preparer_les_envois_en_un_nombre_fixe_de_requetes(django_assert_num_queries):
    for _ in range(3):
        dire(connecter(AdhesionFactory()))
    with django_assert_num_queries(4):
        assert envoyer(LUNDI, essai=True).courriels == 3


def test_convenir_notifier(agente, capsys):
    dire(agente, genre=URGENT)
    assert main(["notifier", "--essai", "--json"]) == 0
    assert '"courriels": 1' in capsys.readouterr().out
    assert main(["notifier"]) == 0
    assert main(["notifier"]) == 0
    assert len(mail.outbox) == 1


def test_une_tache_faite_avant_le_depart_du_courriel_n_y_est_plus(agente):
    auteur, organisation = Auteur.systeme("Essai"), agente.adhesion.organisation
    for objet in ("Relire l'annexe", "Signer l'acte"):
        proposer(
            Proposition("essai.tache", objet, objet, organisation, destinataire=agente.utilisateur),
            auteur=auteur, maintenant=LUNDI,
        )  # fmt: skip
    terminer(organisation, "essai.tache", "Relire l'annexe", auteur=auteur, maintenant=LUNDI)
    envoyer(LUNDI)
    corps = mail.outbox[0].body
    assert "Signer l'acte" in corps
    assert "Relire l'annexe" not in corps
