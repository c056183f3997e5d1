"""Indicators: the catalogue, its compiler, frozen snapshots and the values pages read."""

from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    name = "convenir.mesure.indicateurs"
    label = "indicateurs"
    verbose_name = "Indicateurs"
