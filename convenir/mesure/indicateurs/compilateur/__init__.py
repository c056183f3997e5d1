"""Catalogue in, one sqlglot tree per source out: flags at the finest level, sums by level, then values."""

from convenir.mesure.indicateurs.compilateur.arbre import Requete, compiler, compiler_bilan

__all__ = ["Requete", "compiler", "compiler_bilan"]
