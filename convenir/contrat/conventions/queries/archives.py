"""The fonds of the acts: conventions over, their pieces handed over to the Archives; never eliminated here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EtatConvention
from convenir.socle.archives.registre import Fonds, declarer
from convenir.socle.archives.rules import Article, Fichier

CODE = "conventions.actes"
E = EtatConvention


def closes() -> QuerySet[Convention]:
    """Return the conventions that are over: ended, terminated, refused."""
    return Convention.objects.filter(etat__in=[E.EXPIRE, E.RESILIE, E.REFUSE])


def cloture(convention: Convention) -> date:
    """Return the day from which utility is counted: the end of its term, or the decision that ended it before."""
    return convention.dernier_jour if convention.etat == E.EXPIRE else convention.etat_depuis


def _article(convention: Convention) -> Article:
    fichiers = tuple(Fichier(p.nom, p.sha256, p.suffixe, p.taille) for p in convention.pieces.all())
    libelle = f"Convention {convention.reference}, {convention.nom_de_la_partie}"
    fin = cloture(convention)
    return Article(convention.reference, libelle, min(convention.debut, fin), fin, fichiers)


def _conventions() -> QuerySet[Convention]:
    liees = ("structure__porteur", "mission_locale__organisation")
    return closes().select_related(*liees).prefetch_related("pieces").order_by("reference")


def lister(departement: str, avant: date) -> Iterable[Article]:
    """Return the conventions of a département closed before a day, with the pieces of each."""
    toutes = _conventions().filter(departement=departement)
    return [a for c in toutes if (a := _article(c)).clos_le < avant and a.fichiers]


def lire(cle: str) -> Article | None:
    """Return a convention and its pieces."""
    convention = _conventions().filter(reference=cle).first()
    return _article(convention) if convention else None


declarer(Fonds(CODE, lister, lire))
