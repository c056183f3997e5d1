"""Addresses of the deliveries and of the corrections, under /donnees/."""

from django.urls import path

from convenir.mesure.donnees import views

app_name = "donnees"
urlpatterns = [
    path("", views.livraisons, name="livraisons"),
    path("deposer/", views.deposer, name="deposer"),
    path("<uuid:identifiant>/", views.livraison, name="livraison"),
    path("<uuid:identifiant>/appliquer/", views.appliquer, name="appliquer"),
    path("<uuid:identifiant>/abandonner/", views.abandonner, name="abandonner"),
    path("<uuid:identifiant>/remettre/", views.remettre, name="remettre"),
    path("<uuid:identifiant>/quarantaine.csv", views.quarantaine, name="quarantaine"),
    path("<uuid:identifiant>/oublier/", views.oublier, name="oublier"),
    path("<uuid:identifiant>/relancer/", views.relancer, name="relancer"),
    path("<uuid:identifiant>/correspondance/", views.correspondance, name="correspondance"),
    path("<uuid:identifiant>/correspondance.yaml", views.exporter, name="correspondance_yaml"),
    path("<uuid:identifiant>/correspondance/choisir/", views.choisir, name="choisir"),
    path("<uuid:identifiant>/correspondance/<slug:table>/", views.relier, name="relier"),
    path("correspondances/", views.correspondances, name="correspondances"),
    path("correspondances/<int:cle>/", views.correspondance_nommee, name="correspondance_nommee"),
    path("correspondances/<int:cle>.yaml", views.exporter_nommee, name="correspondance_nommee_yaml"),
    path("correspondances/<int:cle>/supprimer/", views.supprimer_correspondance, name="supprimer_correspondance"),
    path("format/missions-locales/", views.format_ml, name="format_ml"),
    path("format/<slug:table>.json", views.schema, name="schema"),
    path("corrections/structures/<int:cle>/", views.corriger_structure, name="corriger_structure"),
    path("corrections/annexes/<int:cle>/", views.corriger_annexe, name="corriger_annexe"),
    path("corrections/<int:cle>/lever/", views.lever, name="lever"),
]
