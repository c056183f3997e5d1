"""The fonds of the applications: eliminated on a slip, once their convention is over and their utility past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from convenir.contrat.conventions.queries.archives import closes, cloture
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.archives.registre import Fonds, ObjetDuJournal, declarer
from convenir.socle.archives.rules import Article, Fichier

CODE = "dossiers.demande"
CONTENU = ("reponses", "commentaires", "actions", "presentations", "financements", "brouillons", "demandes", "accuses",
           "pieces")  # fmt: skip


def _dossiers() -> QuerySet[Dossier]:
    liees = ("convention__structure__porteur", "convention__mission_locale__organisation")
    return Dossier.objects.filter(convention__in=closes()).select_related(*liees).prefetch_related("pieces")


def _article(dossier: Dossier) -> Article:
    convention = dossier.convention
    fichiers = tuple(Fichier(p.nom, p.sha256, p.suffixe, p.taille) for p in dossier.pieces.all())
    libelle = f"Dossier de demande {convention.reference}, {convention.nom_de_la_partie}"
    ouvert = timezone.localdate(dossier.ouvert_le)
    fin = cloture(convention)
    return Article(convention.reference, libelle, min(ouvert, fin), fin, fichiers)


def lister(departement: str, avant: date) -> Iterable[Article]:
    """Return the files of the conventions of a département closed before a day, and not emptied yet."""
    pleins = _dossiers().filter(convention__departement=departement, reponses__isnull=False).distinct()
    return [a for d in pleins.order_by("convention__reference") if (a := _article(d)).clos_le < avant]


def lire(cle: str) -> Article | None:
    """Return a file as it is now; None once emptied."""
    dossier = _dossiers().filter(convention__reference=cle, reponses__isnull=False).first()
    return _article(dossier) if dossier else None


def effacer(cle: str) -> Iterable[ObjetDuJournal]:
    """Erase what a file says: answers, remarks, project, funding asked, pieces. Its dates and its reference stay."""
    dossier = Dossier.objects.select_for_update().get(convention__reference=cle)
    for nom in CONTENU:
        getattr(dossier, nom).all().delete()
    return [("dossiers.dossier", str(dossier.pk))]


declarer(Fonds(CODE, lister, lire, effacer))
