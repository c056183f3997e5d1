"""Se connecter, changer d'organisation, tenir son compte."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from convenir.socle.comptes import actes
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory, connecter
from tests.factories_socle import OrganisationFactory

pytestmark = pytest.mark.django_db
CONNEXION = "comptes:connexion"
NOUVEAU = "Quatre-Chemins-2027?"


def se_connecter(client: Client, email: str, mot_de_passe: str = MOT_DE_PASSE, **plus: str):
    return client.post(reverse(CONNEXION), {"email": email, "password": mot_de_passe, **plus})


def test_sans_connexion_une_page_renvoie_a_la_connexion_puis_revient(client):
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    voulue = reverse("comptes:mon_compte")
    assert client.get(voulue).url == f"{reverse(CONNEXION)}?next={voulue}"
    page = client.get(reverse(CONNEXION), {"next": voulue}).content.decode()
    assert f'name="next" value="{voulue}"' in page
    assert se_connecter(client, utilisateur.email, next=voulue).url == voulue


def test_l_adresse_se_saisit_dans_n_importe_quelle_casse(client):
    utilisateur = UtilisateurFactory(email="nadia@exemple.invalid", mot_de_passe=MOT_DE_PASSE)
    assert se_connecter(client, "  Nadia@Exemple.INVALID ").status_code == 302
    assert client.session["_auth_user_id"] == str(utilisateur.pk)


def test_adresse_et_mot_de_passe_faux_se_refusent_pareillement(client):
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    desactive = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE, est_actif=False)
    essais = [(utilisateur.email, "faux"), ("inconnue@exemple.invalid", "faux"), (desactive.email, MOT_DE_PASSE)]
    for email, mot_de_passe in essais:
        reponse = se_connecter(client, email, mot_de_passe)
        assert reponse.status_code == 200
        assert "Adresse ou mot de passe inconnus" in reponse.content.decode()


def test_un_champ_vide_est_dit_en_tete_et_relie(client):
    page = client.post(reverse(CONNEXION), {"email": "", "password": "x"}).content.decode()
    assert '<a href="#id_email">Adresse électronique</a>' in page
    assert 'aria-describedby="id_email_helptext id_email_error"' in page
    assert 'id="id_email_error"' in page
    assert "Erreur : Connexion" in page


def test_une_redirection_vers_un_autre_site_est_ignoree(client):
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    assert se_connecter(client, utilisateur.email, next="https://ailleurs.invalid/").url == reverse("portail:accueil")


def test_apres_dix_echecs_la_connexion_est_bloquee_et_le_dit(client, settings):
    settings.AXES_ENABLED = True
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    statuts = [se_connecter(client, utilisateur.email, "faux").status_code for _ in range(10)]
    assert statuts == [200] * 9 + [429]
    reponse = se_connecter(client, utilisateur.email)
    assert reponse.status_code == 429
    assert "Connexion bloquée un quart d’heure" in reponse.content.decode()
    autre = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    assert se_connecter(client, autre.email).status_code == 302


def test_une_connexion_reussie_remet_les_echecs_a_zero(client, settings):
    settings.AXES_ENABLED = True
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    for _ in range(2):
        for _ in range(9):
            assert se_connecter(client, utilisateur.email, "faux").status_code == 200
        assert se_connecter(client, utilisateur.email).status_code == 302
        client.logout()


def test_se_deconnecter_demande_un_envoi():
    connecte = connecter(AdhesionFactory())
    assert connecte.client.get(reverse("comptes:deconnexion")).status_code == 405
    assert connecte.client.post(reverse("comptes:deconnexion")).url == reverse(CONNEXION)
    assert "_auth_user_id" not in connecte.client.session


def test_chaque_reponse_porte_le_numero_de_sa_requete(client):
    un, deux = (client.get(reverse(CONNEXION), headers={"x-requete-id": "choisi"}) for _ in range(2))
    assert len(un["X-Requete-Id"]) == 32
    assert un["X-Requete-Id"] != deux["X-Requete-Id"]


def test_on_change_d_organisation_parmi_les_siennes():
    premiere = AdhesionFactory()
    porteur = OrganisationFactory(nom="Association fictive du Pré")
    seconde = AdhesionFactory(
        utilisateur=premiere.utilisateur, organisation=porteur, role=Role.DIRECTION_STRUCTURE, debut=date(2022, 1, 1)
    )
    connecte = connecter(premiere)
    page = connecte.client.get(reverse("comptes:mon_compte")).content.decode()
    assert page.index("Organisation en cours") < page.index("Agir pour cette organisation")
    reponse = connecte.client.post(reverse("comptes:changer_organisation"), {"adhesion": seconde.pk})
    assert reponse.url == reverse("portail:accueil")
    assert connecte.client.get(reverse("comptes:mon_compte")).wsgi_request.acteur.organisation == porteur


@pytest.mark.parametrize("cle", ["", "abc", "autre"])
def test_on_ne_prend_pas_l_adhesion_d_une_autre(cle):
    d_une_autre = AdhesionFactory()
    connecte = connecter(AdhesionFactory())
    envoi = {"adhesion": d_une_autre.pk if cle == "autre" else cle}
    reponse = connecte.client.post(reverse("comptes:changer_organisation"), envoi)
    assert reponse.status_code == 403
    assert connecte.client.get(reverse("comptes:mon_compte")).wsgi_request.acteur.adhesion == connecte.adhesion


def test_changer_d_organisation_demande_le_jeton_du_formulaire():
    adhesion = AdhesionFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(adhesion.utilisateur, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("comptes:changer_organisation"), {"adhesion": adhesion.pk}).status_code == 403
    assert client.get(reverse("comptes:changer_organisation")).status_code == 405


def test_changer_son_mot_de_passe():
    connecte = connecter(AdhesionFactory(utilisateur=UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)))
    envoi = {"actuel": MOT_DE_PASSE, "nouveau": NOUVEAU, "confirmation": NOUVEAU}
    reponse = connecte.client.post(reverse("comptes:mot_de_passe"), envoi)
    assert reponse.url == reverse("comptes:mon_compte")
    connecte.utilisateur.refresh_from_db()
    assert connecte.utilisateur.check_password(NOUVEAU)
    assert connecte.client.get(reverse("comptes:mon_compte")).status_code == 200
    entree = Entree.objects.get(acte=actes.MOT_DE_PASSE_CHANGE)
    assert (entree.charge.avant, entree.charge.apres) == (None, None)


@pytest.mark.parametrize(
    ("envoi", "message"),
    [
        ({"actuel": "faux", "nouveau": NOUVEAU, "confirmation": NOUVEAU}, "pas votre mot de passe actuel"),
        ({"actuel": MOT_DE_PASSE, "nouveau": NOUVEAU, "confirmation": "autre"}, "diffèrent"),
        ({"actuel": MOT_DE_PASSE, "nouveau": "court", "confirmation": "court"}, "trop faible"),
    ],
)
def test_un_changement_de_mot_de_passe_refuse_dit_pourquoi(envoi, message):
    connecte = connecter(AdhesionFactory(utilisateur=UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)))
    page = connecte.client.post(reverse("comptes:mot_de_passe"), envoi).content.decode()
    assert message in page
    connecte.utilisateur.refresh_from_db()
    assert connecte.utilisateur.check_password(MOT_DE_PASSE)


def test_un_compte_sans_adhesion_le_lit_sur_sa_page(client):
    client.force_login(UtilisateurFactory(), backend="django.contrib.auth.backends.ModelBackend")
    assert "aucune donnée ne vous est ouverte" in client.get(reverse("comptes:mon_compte")).content.decode()
