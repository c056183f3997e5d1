"""Short forms: what one types is kept without being sent, proposed back, and nobody's text is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.dossiers import actions, archives
from convenir.contrat.dossiers.actions import ActionEcrite, Demande, EcritEntreTemps
from convenir.contrat.dossiers.models import ActionProjet, Brouillon, Dossier, Financement
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_dossiers import INSTANT, dossier_depose, dossier_rempli

pytestmark = pytest.mark.django_db
R = Role
DISCRET = {"X-Requested-With": "convenir"}


@pytest.fixture
def dossier() -> Dossier:
    """A draft with an action on the welcome axis and two funders."""
    rempli = dossier_rempli()
    Financement.objects.create(dossier=rempli, nature="region", nom="Région fictive", base=20_000)
    return rempli


@pytest.fixture
def roles(dossier, gens):
    return gens(dossier.convention)


@pytest.fixture
def direction(roles):
    return roles[R.DIRECTION_STRUCTURE]


@pytest.fixture
def collegue(roles):
    return roles[R.COLLABORATION_STRUCTURE]


def adresse(dossier: Dossier, action: ActionProjet | None = None, axe: str = "accueil") -> str:
    reference = dossier.convention.reference
    if action:
        return reverse("dossiers:action", args=[reference, action.axe, action.pk])
    return reverse("dossiers:action_ajouter", args=[reference, axe])


def financements(dossier: Dossier) -> str:
    return reverse("dossiers:financements", args=[dossier.convention.reference])


def region(dossier: Dossier) -> Financement:
    return dossier.financements.get(nom="Région fictive")


def lire(qui, page: str) -> str:
    return qui.client.get(page).content.decode()


def garder(qui, page: str, **saisie: object):
    return qui.client.post(page, saisie, headers=DISCRET)


def commenter(roles, dossier: Dossier, cible: str) -> None:
    actions.commenter(roles[R.DEPARTEMENTAL].acteur, dossier, cible, "Précisez.", maintenant=INSTANT)


def test_une_action_a_moitie_remplie_se_garde_et_se_reprend(dossier, direction):
    """Sans intitulé, elle ne peut pas être enregistrée : ce qui est écrit attend dans le formulaire."""
    page, projet = adresse(dossier), reverse("dossiers:projet", args=[dossier.convention.reference])
    lu = garder(direction, page, intitule="", moyens="Un tuteur par poste", nouvelle="on", lue="").json()
    assert lu["message"].startswith("Brouillon gardé à ")
    assert (lu["ecrites"], lu["refusees"], lu["conflits"]) == ({}, {}, [])
    assert dossier.actions.count() == 1
    ouvert = lire(direction, page)
    for attendu in ("Un tuteur par poste", "est repris ci-dessous", "Abandonner ce brouillon", " checked"):
        assert attendu in ouvert
    assert "Votre brouillon d’action" in lire(direction, projet)
    assert "est repris" not in lire(direction, adresse(dossier, axe="formation"))
    envoi = {"intitule": "Tutorat fictif", "moyens": "Un tuteur par poste", "lue": ""}
    assert direction.client.post(page, envoi).status_code == 302
    assert dossier.actions.get(intitule="Tutorat fictif").moyens == "Un tuteur par poste"
    assert not Brouillon.objects.exists()
    assert "est repris" not in lire(direction, page)


def test_garder_ne_change_pas_l_action_et_n_est_lu_que_de_son_auteur(dossier, direction, collegue, roles):
    action = dossier.actions.get()
    page = adresse(dossier, action)
    ActionProjet.objects.filter(pk=action.pk).update(nouvelle=True)
    garder(direction, page, intitule="Accueil récrit", lue=action.lecture)
    action.refresh_from_db()
    assert (action.intitule, action.version, action.nouvelle) == ("Accueil fictif", 1, True)
    sienne = lire(direction, page)
    assert "Accueil récrit" in sienne
    assert " checked" not in sienne, "la case décochée reste décochée"
    assert "Accueil récrit" not in lire(collegue, page)
    assert "Accueil fictif" in lire(collegue, page)
    assert garder(roles[R.DEPARTEMENTAL], page, intitule="x", lue="").status_code == 403
    garder(direction, page, intitule="Accueil récrit deux fois", lue=action.lecture)
    assert Brouillon.objects.get().saisie == {"intitule": "Accueil récrit deux fois"}
    entrees = Entree.objects.filter(objet_type="dossiers.dossier", objet_id=str(dossier.pk))
    assert [e.acte for e in entrees] == ["dossiers.brouillon"] * 2


def test_un_brouillon_s_abandonne_et_lui_seul(dossier, direction, collegue):
    page, autre = adresse(dossier), adresse(dossier, axe="formation")
    for qui, ou in ((direction, page), (direction, autre), (collegue, page)):
        garder(qui, ou, intitule="À moitié", lue="")
    assert direction.client.post(page, {"abandonner": "oui"}).status_code == 302
    restants = set(Brouillon.objects.values_list("auteur", "cible"))
    assert restants == {(direction.utilisateur.pk, "projet.formation"), (collegue.utilisateur.pk, "projet.accueil")}
    assert dossier.actions.count() == 1


def test_le_second_qui_ecrit_une_action_voit_les_deux_textes(dossier, direction, collegue):
    action = dossier.actions.get()
    page, lue = adresse(dossier, action), action.lecture
    assert f'name="lue" value="{lue}"' in lire(direction, page)
    assert collegue.client.post(page, {"intitule": "Le premier", "lue": lue}).status_code == 302
    prevenu = garder(direction, page, intitule="Le second", lue=lue).json()
    assert "les deux textes" in prevenu["message"]
    assert "Quelqu’un d’autre a écrit depuis" in lire(direction, page)
    reponse = direction.client.post(page, {"intitule": "Le second", "lue": lue})
    assert reponse.status_code == 400
    for attendu in ("Le premier", "Le second", str(collegue.utilisateur), f'name="lue" value="{action.pk}-2"'):
        assert attendu in reponse.content.decode()
    action.refresh_from_db()
    assert action.intitule == "Le premier"
    assert Brouillon.objects.count() == 1, "rien n'est perdu tant que rien n'est enregistré"
    assert direction.client.post(page, {"intitule": "Le second", "lue": f"{action.pk}-2"}).status_code == 302
    action.refresh_from_db()
    assert (action.intitule, action.version, action.modifiee_par) == ("Le second", 3, direction.utilisateur)
    assert direction.client.post(page, {"intitule": "Le second", "lue": lue}).status_code == 302, "le même texte"


def test_une_action_retiree_entre_temps_garde_le_texte_a_l_ecran(dossier, direction, collegue):
    action = dossier.actions.get()
    page = adresse(dossier, action)
    actions.retirer_action(collegue.acteur, action)
    assert direction.client.get(page).status_code == 404
    reponse = direction.client.post(page, {"intitule": "Écrit pendant ce temps", "lue": action.lecture})
    assert reponse.status_code == 400
    texte = reponse.content.decode()
    assert "a été retirée entre-temps" in texte
    assert f'action="{adresse(dossier)}"' in texte
    assert not dossier.actions.exists()
    envoi = {"intitule": "Écrit pendant ce temps", "lue": action.lecture}
    assert direction.client.post(adresse(dossier), envoi).status_code == 302
    assert dossier.actions.get().intitule == "Écrit pendant ce temps"


def test_un_montant_a_moitie_ecrit_se_garde_sans_changer_la_demande(dossier, direction):
    page = financements(dossier)
    garder(
        direction, page, nature="commune", nom="Ville fictive", base="12 50x", efforts="0", objet="Le loyer", lue=""
    )
    assert dossier.financements.count() == 2
    ouvert = lire(direction, page)
    for attendu in ('value="12 50x"', "Le loyer", "est repris ci-dessous", '<option value="commune" selected>'):
        assert attendu in ouvert
    ville = {"nature": "commune", "nom": "Ville fictive", "base": "12 500", "efforts": "0", "objet": "", "lue": ""}
    assert direction.client.post(page, ville).status_code == 302
    assert not Brouillon.objects.exists()
    assert "est repris" not in lire(direction, page)


def test_la_ligne_rouverte_a_son_propre_brouillon(dossier, direction, roles):
    assert garder(direction, financements(dossier_depose()), base="1", lue="").status_code == 404
    Convention.objects.filter(pk=dossier.convention_id).update(etat="depose")
    Dossier.objects.filter(pk=dossier.pk).update(depose_le=INSTANT.date())
    dossier = Dossier.objects.get(pk=dossier.pk)
    ligne, page = region(dossier), financements(dossier)
    for fermee in ({"ligne": ligne.pk}, {}):
        refus = garder(direction, page, base="1", efforts="0", lue="", **fermee)
        assert (refus.status_code, "ne se change plus" in refus.json()["message"]) == (403, True)
    assert garder(direction, adresse(dossier), intitule="x", lue="").status_code == 403
    assert not Brouillon.objects.exists()
    commenter(roles, dossier, f"financements.{ligne.pk}")
    garder(direction, page, ligne=ligne.pk, base="15 00", efforts="0", objet="", lue=ligne.lecture)
    assert Brouillon.objects.get().cible == f"financements.{ligne.pk}"
    assert 'value="15 00"' in lire(direction, page)
    ligne.refresh_from_db()
    assert ligne.base == 20_000
    envoi = {"ligne": ligne.pk, "base": "15 000", "efforts": "0", "objet": "", "lue": ligne.lecture}
    assert direction.client.post(page, envoi).status_code == 302
    assert not Brouillon.objects.exists()


def test_le_meme_financeur_ecrit_deux_fois_montre_la_ligne_avant_de_la_remplacer(dossier, direction, collegue):
    page = financements(dossier)
    garder(direction, page, nom="Région", lue="")
    envoi = {"nature": "region", "nom": "Région fictive", "base": "30 000", "efforts": "0", "objet": "", "lue": ""}
    reponse = direction.client.post(page, envoi)
    assert reponse.status_code == 400
    for attendu in ("20\u202f000,00", "est déjà dans la demande", 'value="30 000"'):
        assert attendu in reponse.content.decode()
    assert "en même temps que vous" not in reponse.content.decode(), "la ligne est peut-être la sienne"
    assert region(dossier).base == 20_000
    lue = region(dossier).lecture
    assert f'name="lue" value="{lue}"' in reponse.content.decode()
    autre = direction.client.post(page, envoi | {"nature": "etat", "nom": "État", "lue": lue})
    assert autre.status_code == 400, "ce n'est pas la ligne qui a été montrée"
    assert "est repris ci-dessous" not in autre.content.decode(), "le formulaire montre ce qui vient d'être envoyé"
    assert dossier.financements.get(nom="État").base == 100_000
    assert direction.client.post(page, envoi | {"lue": lue}).status_code == 302
    assert (region(dossier).base, region(dossier).modifiee_par) == (30_000, direction.utilisateur)
    with pytest.raises(EcritEntreTemps):
        actions.demander_financement(collegue.acteur, dossier, Demande("region", "Région fictive", 1, 0), lue=lue)
    assert region(dossier).base == 30_000


def test_un_brouillon_vise_ce_que_la_structure_peut_ecrire_et_reste_court(dossier, direction):
    def essayer(cible: str, texte: str = "x") -> None:
        actions.garder(direction.acteur, dossier, cible, {"intitule": texte}, lue="", maintenant=INSTANT)

    ailleurs = dossier_rempli()
    for cible in ("suivi.suivi", f"projet.action.{ailleurs.actions.get().pk}"):
        with pytest.raises(ActionRefusee):
            essayer(cible)
    with pytest.raises(EntreeInvalide, match="dépasse"):
        essayer("projet.accueil", "x" * 20_001)
    assert not Brouillon.objects.exists()


def test_ce_qui_se_retire_ou_s_elimine_n_a_plus_de_brouillon(dossier, direction, collegue):
    action = dossier.actions.get()
    for cible in (f"projet.action.{action.pk}", f"financements.{region(dossier).pk}", "projet.formation"):
        actions.garder(direction.acteur, dossier, cible, {"objet": "x"}, lue="", maintenant=INSTANT)
    actions.retirer_action(collegue.acteur, action)
    actions.retirer_financement(collegue.acteur, region(dossier))
    assert Brouillon.objects.get().cible == "projet.formation"
    archives.effacer(dossier.convention.reference)
    assert not Brouillon.objects.exists()


def test_deux_actions_qui_se_suivent_gardent_leurs_brouillons_a_part(dossier, direction):
    """Enregistrer l'une ne jette pas le brouillon de l'autre."""
    action = dossier.actions.get()
    garder(direction, adresse(dossier), intitule="À ajouter", lue="")
    garder(direction, adresse(dossier, action), intitule="À récrire", lue=action.lecture)
    ecrite = ActionEcrite("accueil", "Récrite")
    actions.ecrire_action(direction.acteur, dossier, ecrite, maintenant=INSTANT, action=action)
    assert Brouillon.objects.get().saisie == {"intitule": "À ajouter"}


def test_la_page_de_depot_dit_les_brouillons_qui_ne_partiront_pas(dossier, direction, collegue):
    page = reverse("dossiers:deposer", args=[dossier.convention.reference])
    assert "sans l’enregistrer" not in lire(direction, page)
    garder(direction, adresse(dossier), intitule="À moitié", lue="")
    garder(direction, adresse(dossier, axe="formation"), intitule="À moitié", lue="")
    garder(direction, financements(dossier), nom="À moitié", lue="")
    lue = lire(direction, page)
    for attendu in ("2\u00a0brouillons dans le projet", "1\u00a0brouillon dans les financements"):
        assert attendu in lue
    assert "Déposer la demande auprès de" in lue
    assert "sans l’enregistrer" not in lire(collegue, page)


def test_retirer_ou_confirmer_garde_le_financeur_qui_s_ecrit(dossier, direction):
    """Sans script, les autres boutons de la page portent ce qui est tapé : il revient en brouillon."""
    page, ligne = financements(dossier), region(dossier)
    ajout = {
        "nature": "autre",
        "organisation": "",
        "nom": "Fondation fictive",
        "base": "1 2OO",
        "efforts": "0",
        "objet": "",
    }
    assert 'form="ajout"' in lire(direction, page)
    direction.client.post(page, ajout | {"confirmer": "oui", "vue": str(ligne.pk)})
    assert "Fondation fictive" in lire(direction, page)
    retirer = reverse("dossiers:financement_retirer", args=[dossier.convention.reference, ligne.pk])
    direction.client.post(retirer, ajout | {"nom": "Fondation corrigée"})
    assert not dossier.financements.filter(pk=ligne.pk).exists()
    assert Brouillon.objects.get().saisie["nom"] == "Fondation corrigée"
    assert "1 2OO" in lire(direction, page)


def test_retirer_sans_rien_taper_ne_garde_aucun_brouillon(dossier, direction):
    vide = {"nature": "etat", "organisation": "", "nom": "", "base": "0", "efforts": "0", "objet": ""}
    retirer = reverse("dossiers:financement_retirer", args=[dossier.convention.reference, region(dossier).pk])
    direction.client.post(retirer, vide)
    assert not Brouillon.objects.exists()
    assert dossier.financements.count() == 1
