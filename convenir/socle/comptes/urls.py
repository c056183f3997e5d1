"""URLs of the accounts."""

from django.urls import path

from convenir.socle.comptes import views

app_name = "comptes"
urlpatterns = [
    path("connexion/", views.Connexion.as_view(), name="connexion"),
    path("deconnexion/", views.Deconnexion.as_view(), name="deconnexion"),
    path("organisation/", views.changer_organisation, name="changer_organisation"),
    path("mon-compte/", views.mon_compte, name="mon_compte"),
    path("mon-compte/mot-de-passe/", views.changer_mot_de_passe, name="mot_de_passe"),
    path("", views.liste, name="liste"),
    path("adhesions/<int:pk>/fin/", views.terminer_adhesion, name="terminer_adhesion"),
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/nouvelle/", views.inviter, name="inviter"),
    path("invitations/<int:pk>/annuler/", views.annuler_invitation, name="annuler_invitation"),
    path("invitation/<str:jeton>/", views.accepter_invitation, name="accepter_invitation"),
]
