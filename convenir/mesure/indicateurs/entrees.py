"""What a calculation reads: the deliveries in force and Convenir's own knowledge, or a folder of records alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from glob import iglob
from pathlib import Path

from django.utils import timezone

from convenir.mesure.donnees.preparation import MANIFESTE, Preparation
from convenir.mesure.donnees.queries import SourceCourante, corrections_dannexes, sources_courantes
from convenir.mesure.indicateurs.calcul import Entrees, Geographie
from convenir.mesure.indicateurs.catalogue_agregats import AgregatLu
from convenir.mesure.indicateurs.loi import lecteur
from convenir.mesure.indicateurs.models import Agregat
from convenir.mesure.indicateurs.releves.lectures import COLONNES, VueLue
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.geographie_officielle import lire_niveau

VUES_LUES = {*COLONNES, "ExportAnnexes", "BilanAnnexe"}
# The régions that France counts; the collectivités d'outre-mer are in the geography without being régions.
ZONES_DE_FRANCE = {"metro", "drom"}


@cache
def geographie() -> Geographie:
    """Return the official geography that comes with Convenir: no database."""
    regions = list(lire_niveau("regions.csv"))
    return Geographie(
        {str(d["code"]): str(d["region"]) for d in lire_niveau("departements.csv")},
        {str(r["code"]): str(r["nom"]) for r in regions},
        frozenset(str(r["code"]) for r in regions if str(r["zone"]) not in ZONES_DE_FRANCE),
    )


def entrees_courantes() -> Entrees:
    """Return the deliveries in force, the structures as Convenir knows them, corrections and aggregates.

    Raises:
        EntreeInvalide: no delivery has been applied.
    """
    sources = sources_courantes()
    vues = {
        vue: lue for vue, source in sorted(sources.items()) if vue in VUES_LUES and (lue := _vue(source)) is not None
    }
    if not vues:
        raise EntreeInvalide("Aucune livraison n'est appliquée. Importez-en une avant de calculer les indicateurs.")
    dates = [s.date_extraction for source in sources.values() for s in source.toutes if s.date_extraction]
    return Entrees(
        vues,
        geographie(),
        lecteur(),
        timezone.localdate(max(dates)) if dates else None,
        rattachements(),
        corrections_dannexes(),
        [
            AgregatLu(a.categorie, a.indicateur, a.annee, a.valeur, a.numerateur, a.denominateur, a.niveau, a.code)
            for a in Agregat.objects.order_by("niveau", "code", "categorie", "indicateur", "annee")
        ],
    )


def _vue(source: SourceCourante) -> VueLue | None:
    """Return a view as the deliveries that hold bring it, or None when none of them has a record."""
    lues = [
        VueLue(
            s.vue, s.motif, s.fichier, s.sha256, s.sha256_copie, s.lignes, s.remplaces,
            livrees=_livrees(s.colonnes), tenus=s.tenus,
        )
        for s in source.toutes
        if _a_des_lignes(s.motif)
    ]  # fmt: skip
    vides = frozenset[str]().union(*(s.tenus or () for s in source.toutes if not _a_des_lignes(s.motif)))
    return replace(lues[0], anterieures=tuple(lues[1:]), sans_ligne=vides) if lues else None


def _livrees(colonnes: Iterable[str]) -> frozenset[str]:
    """Return the columns of the records that a file fed: the sex of a person is read in their title."""
    lues = frozenset(colonnes)
    return lues | {"sexe"} if "salarie_rci_libelle" in lues else lues


def _livrees_du_manifeste(dossier: Path) -> dict[str, frozenset[str]]:
    """Return the columns that the files of a delivery had, when its folder says so."""
    chemin = dossier / MANIFESTE
    if not chemin.exists():
        return {}
    return {f.vue: _livrees(f.colonnes) for f in Preparation.lire(dossier).fichiers}


def rattachements() -> dict[str, str]:
    """Return the département of every structure that Convenir knows (one query)."""
    structures = Structure.objects.values_list("id_asp", "categorie", "departement_id")
    return {f"{id_asp}-{categorie}": departement for id_asp, categorie, departement in structures}


def entrees_dun_dossier(dossier: Path, extraction: date | None = None) -> Entrees:
    """Return the records of a folder that holds one Parquet file, or one folder of records, per view.

    Args:
        dossier: `<Vue>.parquet`, or `<Vue>/enregistrements/**/*.parquet` as an applied delivery leaves it.
        extraction: day of the files; None = the month after the last one entered.

    Raises:
        EntreeInvalide: no view is there.
    """
    vues, livrees = {}, _livrees_du_manifeste(dossier)
    for vue in sorted(VUES_LUES):
        candidats = (dossier / f"{vue}.parquet", dossier / vue / "enregistrements" / "**" / "*.parquet")
        motif = next((str(c) for c in candidats if _a_des_lignes(str(c))), None)
        if motif:
            nom = Path(motif).name if motif.endswith(f"{vue}.parquet") else vue
            vues[vue] = VueLue(vue, motif, nom, livrees=livrees.get(vue))
    if not vues:
        raise EntreeInvalide(
            f"Le dossier {dossier.name} ne contient aucun enregistrement (par exemple {vue}.parquet)."
        )
    return Entrees(vues, geographie(), lecteur(), extraction)


def _a_des_lignes(motif: str) -> bool:
    return next(iglob(motif, recursive=True), None) is not None
