"""URLs of the accounts."""

from django.urls import path

from convenir.socle.comptes.views import gestion, invitations, oubli, session

app_name = "comptes"
urlpatterns = [
    path("connexion/", session.Connexion.as_view(), name="connexion"),
    path("deconnexion/", session.Deconnexion.as_view(), name="deconnexion"),
    path("mot-de-passe-oublie/", oubli.demander, name="mot_de_passe_oublie"),
    path("nouveau-mot-de-passe/<str:cle>/<str:jeton>/", oubli.choisir, name="nouveau_mot_de_passe"),
    path("organisation/", session.changer_organisation, name="changer_organisation"),
    path("mon-compte/", session.mon_compte, name="mon_compte"),
    path("mon-compte/mot-de-passe/", session.changer_mot_de_passe, name="mot_de_passe"),
    path("", gestion.liste, name="liste"),
    path("<int:pk>/etat/", gestion.etat_du_compte, name="etat_du_compte"),
    path("adhesions/<int:pk>/fin/", gestion.terminer_adhesion, name="terminer_adhesion"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/nouvelle/", invitations.inviter, name="inviter"),
    path("invitations/<int:pk>/annuler/", invitations.annuler_invitation, name="annuler_invitation"),
    path("invitation/<str:jeton>/", invitations.accepter_invitation, name="accepter_invitation"),
]
