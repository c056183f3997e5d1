"""The fonds of the deliveries: pseudonymised copies, eliminated on a slip once nothing in force reads them.

A slip is that of one département: a delivery that covers several of them is on none, and waits for a national service.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.queries import uuids_en_vigueur
from convenir.mesure.donnees.reception.copie import NOM_COPIE
from convenir.mesure.donnees.states import EtatLivraison, verifier
from convenir.socle.archives.registre import Fonds, ObjetDuJournal, declarer
from convenir.socle.archives.rules import Article, Fichier
from convenir.socle.commun.erreurs import ActionRefusee

CODE = "donnees.livraisons"
SUFFIXE = ".parquet"


def _livraisons() -> QuerySet[Livraison]:
    return Livraison.objects.filter(etat=EtatLivraison.APPLIQUEE).defer("rapport").prefetch_related("fichiers")


def _article(livraison: Livraison) -> Article:
    """Return a delivery and its copies; its year is that of the last day it knows."""
    recue = timezone.localdate(livraison.recue_le)
    fin = date((livraison.arrete_au or recue).year, 12, 31)
    copies = [f for f in livraison.fichiers.all() if f.sha256_copie]
    fichiers = tuple(Fichier(f.nom, f.sha256_copie, SUFFIXE, _taille(livraison, f.vue)) for f in copies)
    libelle = f"{livraison}, {livraison.nom}".rstrip(", ")
    return Article(str(livraison.uuid), libelle, min(recue, date(fin.year, 1, 1)), fin, fichiers)


def _taille(livraison: Livraison, vue: str) -> int:
    copie = livraison.dossier / vue / NOM_COPIE
    return copie.stat().st_size if copie.is_file() else 0


def lister(departement: str, avant: date) -> Iterable[Article]:
    """Return the deliveries of a département alone, of a year ended before a day, that nothing in force reads."""
    siennes = _livraisons().filter(departements=[departement]).exclude(uuid__in=uuids_en_vigueur())
    return [a for livraison in siennes.order_by("recue_le", "pk") if (a := _article(livraison)).clos_le < avant]


def lire(cle: str) -> Article | None:
    """Return a delivery as it is now; None once eliminated."""
    livraison = _livraisons().filter(uuid=cle).first()
    return _article(livraison) if livraison else None


def effacer(cle: str) -> Iterable[ObjetDuJournal]:
    """Erase the copies and the records of a delivery; what it was and the fingerprints of its files stay.

    Raises:
        ActionRefusee: it is in force again since the slip was visaed.
    """
    livraison = Livraison.objects.select_for_update().get(uuid=cle)
    if livraison.uuid in uuids_en_vigueur():
        raise ActionRefusee(f"« {livraison} » est en vigueur : ses enregistrements servent encore.")
    livraison.etat = verifier("eliminer", livraison.etat).vers
    livraison.rapport, livraison.tetes = {}, {}
    livraison.save(update_fields=["etat", "rapport", "tetes"])
    livraison.fichiers.update(conserve=False)
    dossier = livraison.dossier
    transaction.on_commit(lambda: shutil.rmtree(dossier, ignore_errors=True))
    return [("donnees.livraison", str(livraison.pk))]


declarer(Fonds(CODE, lister, lire, effacer))
