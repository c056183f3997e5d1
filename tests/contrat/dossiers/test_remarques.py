"""A remark on an axis or on the line of a funder: it reopens that, and everything else stays closed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import passer
from convenir.contrat.dossiers import actions, queries
from convenir.contrat.dossiers.actions import ActionEcrite, Demande, Saisie
from convenir.contrat.dossiers.models import ActionProjet, Commentaire, Dossier, Financement, PresentationLibre
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Tache
from tests.factories_dossiers import INSTANT, JOUR, dossier_depose

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def dossier() -> Dossier:
    """A filed file: a text on the training axis, an action on the welcome axis, two funders."""
    depose = dossier_depose()
    PresentationLibre.objects.create(dossier=depose, axe="formation", texte="Le permis.", modifiee_le=INSTANT)
    Financement.objects.create(dossier=depose, nature="region", nom="Région fictive", base=20_000)
    return depose


@pytest.fixture
def roles(dossier, gens):
    return gens(dossier.convention)


@pytest.fixture
def direction(roles):
    return roles[R.DIRECTION_STRUCTURE]


@pytest.fixture
def ddets(roles):
    return roles[R.DEPARTEMENTAL]


def commenter(ddets, dossier: Dossier, cible: str) -> Commentaire:
    return actions.commenter(ddets.acteur, dossier, cible, "Précisez.", maintenant=INSTANT)


def region(dossier: Dossier) -> Financement:
    return dossier.financements.get(nom="Région fictive")


def attendues(dossier: Dossier) -> list[str]:
    siennes = Tache.objects.filter(faite_le=None, organisation=dossier.convention.organisation)
    return list(siennes.values_list("code", flat=True))


def test_un_commentaire_rouvre_un_axe_et_lui_seul(dossier, direction, ddets):
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        actions.ecrire_librement(direction.acteur, dossier, {"formation": Saisie("x", 1)}, maintenant=INSTANT)
    remarque = commenter(ddets, dossier, "projet.formation")
    assert remarque.avant == "Le permis."
    assert queries.axes_ouverts(dossier) == {"formation"}
    assert queries.champs_ouverts(dossier) == frozenset()
    assert queries.lignes_ouvertes(dossier) == frozenset()
    assert attendues(dossier) == ["dossier.repondre"]
    ecrit = {"formation": Saisie("Le permis et le CACES.", 1)}
    assert actions.ecrire_librement(direction.acteur, dossier, ecrit, maintenant=INSTANT).ecrites == {"formation": 2}
    ajoutee = actions.ecrire_action(
        direction.acteur, dossier, ActionEcrite("formation", "CACES fictif"), maintenant=INSTANT
    )
    for fermes in ({"accueil": Saisie("x")}, {"formation": Saisie("y", 2), "accueil": Saisie("x")}):
        with pytest.raises(ActionRefusee, match="rouvrir un axe"):
            actions.ecrire_librement(direction.acteur, dossier, fermes, maintenant=INSTANT)
    actions.retirer_action(direction.acteur, ajoutee)
    actions.repondre(direction.acteur, remarque, "C'est fait.", maintenant=INSTANT)
    assert attendues(dossier) == []
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        actions.ecrire_librement(direction.acteur, dossier, {"formation": Saisie("z", 2)}, maintenant=INSTANT)
    assert dossier.presentations.get().texte == "Le permis et le CACES."


def test_une_action_d_un_axe_ferme_ne_se_change_ni_ne_se_deplace(dossier, direction, ddets):
    commenter(ddets, dossier, "projet.formation")
    fermee = dossier.actions.get(axe="accueil")
    for axe in ("accueil", "formation"):
        with pytest.raises(ActionRefusee, match="rouvrir un axe"):
            actions.ecrire_action(
                direction.acteur, dossier, ActionEcrite(axe, "Autre"), maintenant=INSTANT, action=fermee
            )
        fermee.refresh_from_db()
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        actions.retirer_action(direction.acteur, fermee)
    ActionProjet.objects.filter(pk=fermee.pk).update(a_confirmer=True, origine="dossier 2024")
    assert actions.confirmer_les_actions(direction.acteur, dossier, [fermee.pk]) == 0
    assert dossier.actions.get().intitule == "Accueil fictif"


def test_un_commentaire_rouvre_la_ligne_d_un_financeur_et_elle_seule(dossier, direction, ddets):
    corrigee = Demande("region", "Région fictive", 15_000, 1_000)
    with pytest.raises(ActionRefusee, match="peut la rouvrir"):
        actions.demander_financement(direction.acteur, dossier, corrigee)
    remarque = commenter(ddets, dossier, f"financements.{region(dossier).pk}")
    assert "20\u202f000" in remarque.avant
    assert queries.lignes_ouvertes(dossier) == {region(dossier).pk}
    assert queries.axes_ouverts(dossier) == frozenset()
    actions.demander_financement(direction.acteur, dossier, corrigee)
    assert (region(dossier).base, region(dossier).efforts) == (15_000, 1_000)
    autre = dossier.convention.service
    for fermee in (
        Demande("etat", "État", 1, 0),
        Demande("commune", "Ville fictive", 1, 0),
        Demande("region", "Région fictive", 1, 0, organisation=autre),
    ):
        with pytest.raises(ActionRefusee, match="peut la rouvrir"):
            actions.demander_financement(direction.acteur, dossier, fermee)
    with pytest.raises(ActionRefusee, match="ne se change plus"):
        actions.retirer_financement(direction.acteur, region(dossier))
    actions.repondre(direction.acteur, remarque, "", maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="peut la rouvrir"):
        actions.demander_financement(direction.acteur, dossier, corrigee)
    assert dossier.financements.get(nom="État").base == 100_000


@pytest.fixture
def permis(dossier) -> ActionProjet:
    """An action of the training axis, beside the text of the axis and another action."""
    ActionProjet.objects.create(dossier=dossier, axe="formation", intitule="CACES fictif", ecrite_le=INSTANT)
    return ActionProjet.objects.create(dossier=dossier, axe="formation", intitule="Permis fictif", ecrite_le=INSTANT)


def test_un_commentaire_rouvre_une_action_et_elle_seule(dossier, permis, direction, ddets):
    """Ni l'action voisine, ni le texte de l'axe, ni une action de plus, ni un autre axe, ni le plan."""
    remarque = commenter(ddets, dossier, f"projet.action.{permis.pk}")
    assert remarque.avant == "Permis fictif"
    assert queries.actions_ouvertes(dossier) == {permis.pk}
    assert (queries.axes_ouverts(dossier), queries.lignes_ouvertes(dossier)) == (frozenset(), frozenset())
    assert not queries.plan_ouvert(dossier)
    voisine = dossier.actions.get(intitule="CACES fictif")

    def ecrire(axe: str, action: ActionProjet | None, intitule: str = "Permis B fictif") -> None:
        ecrite = ActionEcrite(axe, intitule)
        actions.ecrire_action(direction.acteur, dossier, ecrite, maintenant=INSTANT, action=action)

    for axe, action in (("formation", voisine), ("formation", None), ("accueil", permis), ("accueil", None)):
        with pytest.raises(ActionRefusee, match="rouvrir un axe ou une action"):
            ecrire(axe, action)
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        actions.ecrire_librement(direction.acteur, dossier, {"formation": Saisie("x", 1)}, maintenant=INSTANT)
    for action in (permis, voisine):
        with pytest.raises(ActionRefusee):
            actions.retirer_action(direction.acteur, action)
    ecrire("formation", permis)
    assert sorted(dossier.actions.values_list("axe", "intitule")) == [
        ("accueil", "Accueil fictif"), ("formation", "CACES fictif"), ("formation", "Permis B fictif"),
    ]  # fmt: skip
    assert dossier.presentations.get().texte == "Le permis."
    actions.repondre(direction.acteur, remarque, "", maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        ecrire("formation", permis, "Autre")


def test_un_commentaire_rouvre_le_plan_de_financement_entier_et_lui_seul(dossier, permis, direction, ddets):
    remarque = commenter(ddets, dossier, "financements.plan")
    assert remarque.avant.startswith("État : Missions de base : 100\u202f000,00")
    assert "Région fictive : " in remarque.avant
    assert queries.lignes_ouvertes(dossier) == set(dossier.financements.values_list("pk", flat=True))
    assert (
        queries.axes_ouverts(dossier) == queries.champs_ouverts(dossier) == queries.actions_ouvertes(dossier) == set()
    )
    actions.demander_financement(direction.acteur, dossier, Demande("commune", "Ville fictive", 7_000, 0))
    actions.demander_financement(direction.acteur, dossier, Demande("etat", "État", 90_000, 0))
    actions.retirer_financement(direction.acteur, region(dossier))
    assert dict(dossier.financements.values_list("nom", "base")) == {"État": 90_000, "Ville fictive": 7_000}
    ecrite, saisie = ActionEcrite("formation", "Autre"), {"porteur.objet_social": Saisie("Autre", 9)}
    with pytest.raises(ActionRefusee, match="rouvrir un axe"):
        actions.ecrire_action(direction.acteur, dossier, ecrite, maintenant=INSTANT, action=permis)
    with pytest.raises(ActionRefusee, match="ne se change plus"):
        actions.enregistrer(direction.acteur, dossier, saisie, maintenant=INSTANT)
    actions.repondre(direction.acteur, remarque, "", maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="peut la rouvrir"):
        actions.demander_financement(direction.acteur, dossier, Demande("etat", "État", 1, 0))
    with pytest.raises(ActionRefusee, match="ne se change plus"):
        actions.retirer_financement(direction.acteur, dossier.financements.get(nom="État"))
    permis.refresh_from_db()
    assert (permis.intitule, dossier.financements.get(nom="État").base) == ("Permis fictif", 90_000)


def test_ce_qui_attend_une_reponse_ne_se_retire_pas(dossier, permis, direction, ddets):
    """Sinon la remarque n'aurait plus de page où lui répondre."""
    for cible in ("projet.formation", f"projet.action.{permis.pk}", "financements.plan",
                  f"financements.{region(dossier).pk}"):  # fmt: skip
        commenter(ddets, dossier, cible)
    with pytest.raises(ActionRefusee, match="Répondez d'abord"):
        actions.retirer_action(direction.acteur, permis)
    with pytest.raises(ActionRefusee, match="Répondez d'abord"):
        actions.retirer_financement(direction.acteur, region(dossier))
    page = direction.client.get(reverse("dossiers:projet", args=[dossier.convention.reference])).content.decode()
    assert page.count("Modifier<") == 2
    assert page.count("Retirer<") == 1
    for remarque in dossier.commentaires.all():
        actions.repondre(direction.acteur, remarque, "", maintenant=INSTANT)
    assert dossier.actions.count() == 3


def test_un_commentaire_vise_ce_que_le_dossier_contient_et_une_seule_fois(dossier, direction, ddets, gens):
    ailleurs = dossier_depose().financements.get()
    action = dossier_depose().actions.get()
    for cible in ("projet.ml_1", "projet", f"financements.{ailleurs.pk}", "financements.x", "suivi.inconnue",
                  f"projet.action.{action.pk}", "projet.action.x", "projet.action."):  # fmt: skip
        with pytest.raises(EntreeInvalide, match="une question, un axe ou un financement"):
            commenter(ddets, dossier, cible)
    commenter(ddets, dossier, "projet.accueil")
    with pytest.raises(EntreeInvalide, match="attend déjà"):
        commenter(ddets, dossier, "projet.accueil")
    with pytest.raises(ActionRefusee):
        commenter(direction, dossier, "projet.formation")
    entrees = Entree.objects.filter(objet_type="dossiers.dossier", objet_id=str(dossier.pk))
    assert [(e.acte, e.charge.apres) for e in entrees] == [("dossiers.commentaire", {"question": "projet.accueil"})]


def test_le_commentaire_retire_referme(dossier, ddets):
    actions.retirer_commentaire(ddets.acteur, commenter(ddets, dossier, "projet.accueil"), maintenant=INSTANT)
    assert queries.axes_ouverts(dossier) == frozenset()


@pytest.mark.parametrize("page", ["projet", "financements"])
def test_une_reponse_sans_changement_ne_montre_pas_deux_fois_le_texte(dossier, direction, ddets, page):
    for cible in ("projet.accueil", f"financements.{region(dossier).pk}"):
        actions.repondre(direction.acteur, commenter(ddets, dossier, cible), "Rien à changer.", maintenant=INSTANT)
    lue = ddets.client.get(reverse(f"dossiers:{page}", args=[dossier.convention.reference])).content.decode()
    assert lue.count("Rien à changer.") == 1
    assert "Texte au moment du commentaire" not in lue


def test_rendre_la_demande_ferme_les_commentaires_par_ou_que_l_on_passe(dossier, direction, ddets):
    remarque = commenter(ddets, dossier, f"financements.{region(dossier).pk}")
    passer(ddets.acteur, dossier.convention, "renvoyer", jour=JOUR, maintenant=INSTANT, motif="Le projet a changé")
    remarque.refresh_from_db()
    assert remarque.leve_le == INSTANT
    assert attendues(dossier) == ["dossier.corriger"]


def test_la_page_du_projet_n_ouvre_que_l_axe_commente(dossier, direction, ddets, roles):
    reference = dossier.convention.reference
    projet = reverse("dossiers:projet", args=[reference])
    lue = ddets.client.get(projet).content.decode()
    assert lue.count("Commenter et rouvrir cet axe") == 4
    envoi = reverse("dossiers:commenter", args=[reference, "projet.formation"])
    assert ddets.client.post(envoi, {"texte": "Quel permis ?"})["Location"] == f"{projet}#formation"
    page = direction.client.get(projet).content.decode()
    formation = page[page.index('id="formation"') : page.index('id="territoire"')]
    assert page.count("<textarea") == 2, "le texte de l'axe et la réponse au service"
    for attendu in ("Quel permis ?", 'name="t-formation"', "Ajouter une action", "Renvoyer cette réponse au service"):
        assert page.count(attendu) == formation.count(attendu) == 1
    assert "1\u00a0axe rouvert" in direction.client.get(dossier.get_absolute_url()).content.decode()
    envoye = {"t-formation": "Le permis B.", "v-t-formation": "1", "t-accueil": "x", "v-t-accueil": "0"}
    direction.client.post(projet, {**envoye, "enregistrer": "formation"})
    assert dict(dossier.presentations.values_list("axe", "texte")) == {"formation": "Le permis B."}
    remarque = dossier.commentaires.get()
    direction.client.post(reverse("dossiers:repondre", args=[reference, remarque.pk]), {"texte": "Le B."})
    assert "<textarea" not in direction.client.get(projet).content.decode()
    relue = ddets.client.get(projet).content.decode()
    assert "Texte au moment du commentaire" in relue
    assert "Le B." in relue
    assert "Commenter et rouvrir" not in roles[R.NATIONAL].client.get(projet).content.decode()


def test_la_page_des_financements_n_ouvre_que_la_ligne_commentee(dossier, direction, ddets):
    reference, ligne = dossier.convention.reference, region(dossier)
    page = reverse("dossiers:financements", args=[reference])
    ddets.client.post(
        reverse("dossiers:commenter", args=[reference, f"financements.{ligne.pk}"]), {"texte": "Pourquoi 20 000 ?"}
    )
    assert ddets.client.get(page).content.decode().count("Retirer ce commentaire") == 1
    lue = direction.client.get(page).content.decode()
    assert lue.count("Enregistrer cette ligne") == 1
    assert "Pourquoi 20 000 ?" in lue
    assert "Enregistrer ce financeur" not in lue
    assert f'name="ligne" value="{ligne.pk}"' in lue
    fautive = direction.client.post(page, {"ligne": ligne.pk, "base": "-3", "efforts": "0", "objet": ""})
    assert fautive.status_code == 400
    assert f'href="#l-{ligne.pk}-base"' in fautive.content.decode()
    etat = dossier.financements.get(nom="État")
    refusee = direction.client.post(page, {"ligne": etat.pk, "base": "1", "efforts": "0", "objet": ""})
    assert refusee.status_code == 400
    envoi = {"ligne": ligne.pk, "base": "18 000,50", "efforts": "0", "objet": "Le permis"}
    assert direction.client.post(page, envoi).status_code == 302
    ligne.refresh_from_db()
    etat.refresh_from_db()
    assert (f"{ligne.base:.2f}", ligne.objet, etat.base) == ("18000.50", "Le permis", 100_000)
    assert "1\u00a0ligne rouverte" in direction.client.get(dossier.get_absolute_url()).content.decode()


def test_la_page_du_projet_n_ouvre_que_l_action_commentee(dossier, permis, direction, ddets):
    reference = dossier.convention.reference
    projet = reverse("dossiers:projet", args=[reference])
    assert ddets.client.get(projet).content.decode().count("Commenter et rouvrir cette action") == 3
    envoi = reverse("dossiers:commenter", args=[reference, f"projet.action.{permis.pk}"])
    assert ddets.client.post(envoi, {"texte": "Quel permis ?"})["Location"] == f"{projet}#action-{permis.pk}"
    page = direction.client.get(projet).content.decode()
    for attendu in (f'id="action-{permis.pk}"', "Quel permis ?", "Modifier<", "Renvoyer cette réponse au service"):
        assert page.count(attendu) == 1
    for ferme in ("Ajouter une action", "Retirer<", "Enregistrer le projet", "Chaque bouton enregistre"):
        assert ferme not in page
    assert page.count("<textarea") == 1, "la réponse au service"
    assert "1\u00a0action rouverte" in direction.client.get(dossier.get_absolute_url()).content.decode()
    modifier = direction.client.post(
        projet, {"aller": f"formation/{permis.pk}", "t-formation": "x", "v-t-formation": 1}
    )
    assert modifier["Location"] == reverse("dossiers:action", args=[reference, "formation", permis.pk])
    assert direction.client.post(modifier["Location"], {"intitule": "Permis B"}).status_code == 302
    voisine = dossier.actions.get(intitule="CACES fictif")
    fermee = reverse("dossiers:action", args=[reference, "formation", voisine.pk])
    assert direction.client.post(fermee, {"intitule": "Autre"}).status_code == 400
    permis.refresh_from_db()
    voisine.refresh_from_db()
    assert (permis.intitule, voisine.intitule) == ("Permis B", "CACES fictif")
    assert dossier.presentations.get().texte == "Le permis."


def test_le_formulaire_d_une_action_fermee_le_dit_des_l_ouverture(dossier, permis, direction, ddets):
    """Il s'ouvrait et ne refusait qu'à l'envoi. Envoyé trop tard, ce qui est écrit reste à l'écran."""
    reference = dossier.convention.reference
    projet = reverse("dossiers:projet", args=[reference])
    ajouter = reverse("dossiers:action_ajouter", args=[reference, "formation"])
    modifier = reverse("dossiers:action", args=[reference, "formation", permis.pk])
    for fermee in (ajouter, modifier):
        refusee = direction.client.get(fermee)
        assert refusee.status_code == 403
        for attendu in ("Le dossier est déposé", f'href="{projet}#formation"', "Revenir au projet"):
            assert attendu in refusee.content.decode()
        assert "<form method=" not in refusee.content.decode().partition("<main")[2]
        tardive = direction.client.post(fermee, {"intitule": "Écrit trop tard"})
        assert tardive.status_code == 400
        assert "Écrit trop tard" in tardive.content.decode()
    page = direction.client.get(projet).content.decode()
    assert "Ajouter une action" not in page
    assert "Modifier<" not in page
    commenter(ddets, dossier, f"projet.action.{permis.pk}")
    assert (direction.client.get(modifier).status_code, direction.client.get(ajouter).status_code) == (200, 403)
    commenter(ddets, dossier, "projet.formation")
    assert direction.client.get(ajouter).status_code == 200


def test_la_page_des_financements_ouvre_le_plan_commente(dossier, direction, ddets):
    reference, ligne = dossier.convention.reference, region(dossier)
    page = reverse("dossiers:financements", args=[reference])
    assert "Commenter et rouvrir le plan de financement" in ddets.client.get(page).content.decode()
    assert "Enregistrer ce financeur" not in direction.client.get(page).content.decode()
    envoi = reverse("dossiers:commenter", args=[reference, "financements.plan"])
    assert ddets.client.post(envoi, {"texte": "Qui d'autre ?"}).status_code == 302
    lue = direction.client.get(page).content.decode()
    for attendu in ("Qui d&#x27;autre ?", "Enregistrer ce financeur", "Renvoyer cette réponse au service"):
        assert attendu in lue
    assert lue.count("Retirer<") == 2
    ville = {"nature": "commune", "nom": "Ville fictive", "base": "7 000", "efforts": "0", "objet": ""}
    assert direction.client.post(page, ville).status_code == 302
    retirer = reverse("dossiers:financement_retirer", args=[reference, ligne.pk])
    direction.client.post(retirer)
    assert set(dossier.financements.values_list("nom", flat=True)) == {"État", "Ville fictive"}
    assert "1\u00a0plan rouvert" in direction.client.get(dossier.get_absolute_url()).content.decode()


def test_une_ligne_fautive_ne_remplit_pas_le_formulaire_d_ajout(dossier, direction, ddets):
    """Le plan et une ligne sont rouverts à la fois : deux formulaires, chacun garde ses erreurs."""
    ligne, page = region(dossier), reverse("dossiers:financements", args=[dossier.convention.reference])
    for cible in ("financements.plan", f"financements.{ligne.pk}"):
        commenter(ddets, dossier, cible)
    lue = direction.client.post(page, {"ligne": ligne.pk, "base": "-3", "efforts": "0", "objet": ""})
    assert lue.status_code == 400
    assert lue.content.decode().count('role="alert"') == 1
    assert 'name="nature"' in lue.content.decode()


@pytest.mark.parametrize("page", ["projet", "financements"])
def test_les_pages_lisent_un_nombre_fixe_de_requetes(dossier, direction, ddets, page, django_assert_max_num_queries):
    adresse = reverse(f"dossiers:{page}", args=[dossier.convention.reference])
    action = f"projet.action.{dossier.actions.get().pk}"
    cibles = ("projet.accueil", f"financements.{region(dossier).pk}", "financements.plan", action, "projet.formation",
              "projet.territoire")  # fmt: skip
    for cible in cibles[:3]:
        commenter(ddets, dossier, cible)
    with django_assert_max_num_queries(40) as deux:
        direction.client.get(adresse)
    ActionProjet.objects.create(dossier=dossier, axe="accueil", intitule="Livret fictif", ecrite_le=INSTANT)
    Financement.objects.create(dossier=dossier, nature="commune", nom="Ville fictive", base=1)
    for cible in cibles[3:]:
        commenter(ddets, dossier, cible)
    with django_assert_max_num_queries(len(deux)):
        direction.client.get(adresse)


def test_une_seconde_reponse_partie_en_meme_temps_n_efface_pas_la_premiere(dossier, direction, ddets):
    commenter(ddets, dossier, "projet.formation")
    une, autre = Commentaire.objects.get(), Commentaire.objects.get()
    actions.repondre(direction.acteur, une, "Le permis, dès mars.", maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="n'attend plus"):
        actions.repondre(direction.acteur, autre, "", maintenant=INSTANT)
    assert Commentaire.objects.get().reponse == "Le permis, dès mars."
