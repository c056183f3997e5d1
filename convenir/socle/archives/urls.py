"""Addresses of the public archives, under /archives/."""

from django.urls import path

from convenir.socle.archives import views

app_name = "archives"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("preparer/<str:departement>/<str:fonds>/", views.preparer, name="preparer"),
    path("<int:cle>/", views.bordereau, name="bordereau"),
    path("<int:cle>/bordereau.csv", views.exporter_la_liste, name="exporter_la_liste"),
    path("<int:cle>/versement.zip", views.exporter, name="exporter"),
    path("<int:cle>/visa.pdf", views.visa, name="visa"),
    path("<int:cle>/viser/", views.viser, name="viser"),
    path("<int:cle>/refuser/", views.refuser, name="refuser"),
    path("<int:cle>/executer/", views.executer, name="executer"),
]
