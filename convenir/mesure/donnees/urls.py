"""Addresses of the deliveries, under /donnees/."""

from django.urls import path

from convenir.mesure.donnees import views

app_name = "donnees"
urlpatterns = [path("", views.livraisons, name="livraisons")]
