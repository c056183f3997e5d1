"""Addresses of the files, under /dossiers/."""

from django.urls import path, re_path

from convenir.contrat.dossiers.views import dossier, financements, instruction, liste, pieces, projet
from convenir.contrat.dossiers.views.commun import REFERENCE

app_name = "dossiers"
D = rf"^{REFERENCE}/"
AXE = r"(?P<axe>[a-z0-9_]+)"

urlpatterns = [
    path("", liste.liste, name="liste"),
    path("export.csv", liste.exporter, name="exporter"),
    path("nouveau/", liste.nouveau, name="nouveau"),
    path("referentiel/", liste.referentiel_compte, name="referentiel"),
    path("referentiel/export.csv", liste.referentiel_exporter, name="referentiel_exporter"),
    re_path(rf"{D}$", dossier.dossier, name="dossier"),
    re_path(rf"{D}ouvrir/$", liste.ouvrir, name="ouvrir"),
    re_path(rf"{D}sections/(?P<code>[a-z0-9_]+)/$", dossier.section, name="section"),
    re_path(rf"{D}financements/$", financements.financements, name="financements"),
    re_path(
        rf"{D}financements/(?P<cle>[0-9]+)/retirer/$", financements.financement_retirer, name="financement_retirer"
    ),
    re_path(rf"{D}financeurs/(?P<cle>[0-9]+)/$", dossier.projection, name="projection"),
    re_path(rf"{D}pieces/$", pieces.pieces, name="pieces"),
    re_path(rf"{D}pieces/(?P<cle>[0-9]+)/$", pieces.piece, name="piece"),
    re_path(rf"{D}pieces/(?P<cle>[0-9]+)/retirer/$", pieces.piece_retirer, name="piece_retirer"),
    re_path(rf"{D}projet/$", projet.projet, name="projet"),
    re_path(rf"{D}projet/{AXE}/ajouter/$", projet.action, name="action_ajouter"),
    re_path(rf"{D}projet/{AXE}/(?P<cle>[0-9]+)/$", projet.action, name="action"),
    re_path(rf"{D}projet/actions/(?P<cle>[0-9]+)/retirer/$", projet.action_retirer, name="action_retirer"),
    re_path(rf"{D}deposer/$", instruction.deposer, name="deposer"),
    re_path(rf"{D}demander/$", instruction.demander, name="demander"),
    re_path(rf"{D}demandes/(?P<cle>[0-9]+)/abandonner/$", instruction.abandonner_demande, name="abandonner_demande"),
    re_path(rf"{D}complet/$", instruction.complet, name="complet"),
    re_path(rf"{D}rendre/$", instruction.rendre, name="rendre"),
    re_path(rf"{D}rejeter/$", instruction.rejeter, name="rejeter"),
    re_path(rf"{D}questions/(?P<champ>[a-z0-9_.]+)/commenter/$", instruction.commenter, name="commenter"),
    re_path(rf"{D}commentaires/(?P<cle>[0-9]+)/repondre/$", instruction.repondre, name="repondre"),
    re_path(
        rf"{D}commentaires/(?P<cle>[0-9]+)/retirer/$", instruction.retirer_commentaire, name="retirer_commentaire"
    ),
    re_path(rf"{D}accuses/(?P<rang>[0-9]+)\.pdf$", dossier.accuse, name="accuse"),
]
