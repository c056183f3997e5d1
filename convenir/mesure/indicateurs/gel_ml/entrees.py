"""What is in force: the record stores and aggregates of the missions locales, as the deliveries left them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.models import FichierRecu, Source
from convenir.mesure.donnees.moteur_ml import NOM_QUALITE
from convenir.mesure.donnees.queries import EntrepotMl, entrepots_ml
from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.gel_ml.sources import AGREGATS, ENREGISTREMENTS, EntreesMl, SourceMl, fin_connue
from convenir.mesure.indicateurs.releves_ml.regles import regles
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.reglementation import queries as reglementation

ANNEES = 3


def entrees_courantes() -> EntreesMl:
    """Return the deliveries of missions locales in force, the network that Convenir follows, and the law of today."""
    entrepots = entrepots_ml()
    fichiers = _fichiers([e.livraison_uuid for e in entrepots])
    suivies = MissionLocale.objects.filter(suivie_jusquau=None).values_list("code", "departement_id")
    return EntreesMl(
        [_source(e, fichiers.get(e.livraison_uuid, ())) for e in entrepots],
        dict(suivies),
        lire_regles=partial(regles, droit=reglementation.charger()),
    )


def annees_couvertes(entrees: EntreesMl) -> list[int]:
    """Return the last three years that a delivery covers."""
    toutes = {a for s in entrees.sources for annees in (s.couverture or {}).values() for a in annees}
    connues = sorted(a for a in toutes if any(s.arrete_au is None or a <= s.arrete_au.year for s in entrees.sources))
    return connues[-ANNEES:]


def _source(e: EntrepotMl, fichiers: tuple[Mapping[str, Any], ...]) -> SourceMl:
    if e.nature == Source.AGREGATS_ML:
        chemin = Path(e.motif())
        mesuree = e.dossier / NOM_QUALITE
        qualite = mesuree if mesuree.is_file() else None
        return SourceMl(chemin, AGREGATS, fichiers, _dernier_mois_agrege(e), e.couverture, qualite)
    return SourceMl(e.dossier, ENREGISTREMENTS, fichiers, _dernier_jour(e), e.couverture)


def _dernier_jour(e: EntrepotMl) -> date | None:
    """Return the end of the month of the last event, or the eve of the delivery when that month was not over.

    The delivery says its last day, contacts, propositions and paths together; one applied before it was kept has its
    contacts read again.
    """
    dernier = e.arrete_au or _un(e, f"SELECT max(date_evt) FROM read_parquet({texte(e.motif('actualite'))})")
    if not isinstance(dernier, date):
        return None
    return fin_connue(dernier, _livree_le(e))


def _dernier_mois_agrege(e: EntrepotMl) -> date | None:
    """Return the last day that aggregates know: what the delivery says, else their last month or their last year."""
    if e.arrete_au is not None:
        return fin_connue(e.arrete_au, _livree_le(e))
    lus = texte(e.motif())
    mois = _un(e, f"SELECT max(periode) FROM read_parquet({lus}) WHERE periode SIMILAR TO '[0-9]{{4}}-[0-9]{{2}}'")
    if mois:
        annee, rang = (int(m) for m in str(mois).split("-"))
        return fin_connue(date(annee, rang, 1), _livree_le(e))
    annee_lue = _un(e, f"SELECT max(left(periode, 4)) FROM read_parquet({lus})")
    return date(int(str(annee_lue)), 12, 31) if annee_lue else None


def _livree_le(e: EntrepotMl) -> date | None:
    return timezone.localdate(e.appliquee_le) if e.appliquee_le else None


def _un(e: EntrepotMl, requete: str) -> object:
    with tempfile.TemporaryDirectory(prefix="convenir-gel-") as debordement:
        base = connexion.ouvrir([e.dossier], Path(debordement))
        try:
            ligne = base.execute(requete).fetchone()
        finally:
            base.close()
    return ligne[0] if ligne else None


def _fichiers(livraisons: list[UUID]) -> dict[UUID, tuple[Mapping[str, Any], ...]]:
    """Return the files of each delivery, as a snapshot keeps them (one SQL query)."""
    trouves: dict[UUID, list[Mapping[str, Any]]] = {}
    lignes = FichierRecu.objects.filter(livraison__uuid__in=livraisons, conserve=True).order_by("vue", "nom")
    for uuid, vue, nom, recu, copie, lues in lignes.values_list(
        "livraison__uuid", "vue", "nom", "sha256_recu", "sha256_copie", "lignes_lues"
    ):
        fichier = {"vue": vue, "fichier": nom, "sha256": recu, "sha256_copie": copie, "lignes": lues}
        trouves.setdefault(uuid, []).append(fichier)
    return {uuid: tuple(fichiers) for uuid, fichiers in trouves.items()}
