"""What has outlived its utility in a département, the slips of a perimeter, what was eliminated."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from convenir.socle.archives import registre
from convenir.socle.archives.models import Bordereau, EtatBordereau, LigneBordereau
from convenir.socle.archives.rules import Article
from convenir.socle.archives.tableau import tableau
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.territoires.models import Departement

EN_COURS = (EtatBordereau.PREPARE, EtatBordereau.VISE)


def departements_tenus(acteur: Acteur) -> list[Departement]:
    """Return the départements whose archives this person keeps."""
    if not acteur.peut(Capacite.TENIR_ARCHIVES):
        return []
    tous = Departement.objects.select_related("region").order_by("pk")
    return [d for d in tous if acteur.perimetre.couvre_departement(d.pk, d.region_id)]


def bordereaux_visibles(acteur: Acteur) -> QuerySet[Bordereau]:
    """Return the slips of the départements whose archives this person keeps."""
    return Bordereau.objects.filter(departement__in=[d.pk for d in departements_tenus(acteur)]).select_related(
        "departement", "service"
    )


def echus(fonds: str, departement: str, jour: date) -> list[Article]:
    """Return the records of a fonds that have outlived their utility and are on no slip under way, nor done."""
    regle = tableau()[fonds]
    prises = set(
        LigneBordereau.objects.filter(fonds=fonds, bordereau__etat__in=[*EN_COURS, EtatBordereau.EXECUTE]).values_list(
            "cle", flat=True
        )
    )
    lus = registre.trouver(fonds).lister(departement, jour)
    return [a for a in lus if a.cle not in prises and regle.fin(a.clos_le) <= jour]


def elimination_de(fonds: str, cle: str) -> LigneBordereau | None:
    """Return the line by which a record was eliminated; None when it was not."""
    faites = LigneBordereau.objects.filter(fonds=fonds, cle=cle, bordereau__sens="elimination", faite_le__isnull=False)
    return faites.select_related("bordereau").first()
