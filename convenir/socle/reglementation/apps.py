"""Declaration of the application."""

from django.apps import AppConfig


class ReglementationConfig(AppConfig):
    """The law as data: dated parameters, texts, names of institutions, local parameters."""

    name = "convenir.socle.reglementation"
    verbose_name = "Textes et paramètres"
