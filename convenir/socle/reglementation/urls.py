"""URLs of « Textes et paramètres »."""

from django.urls import URLPattern

app_name = "reglementation"
urlpatterns: list[URLPattern] = []
