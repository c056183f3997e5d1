"""Reads of the deliveries and of what they brought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from convenir.mesure.donnees.annexes.corrections import CorrectionAnnexe, lire_valeur_annexe
from convenir.mesure.donnees.controle.connexion import connexion, parquet, texte
from convenir.mesure.donnees.models import AnnexeLue, Correction, FichierRecu, Livraison, Source
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.mesure.reprise import a_neuf
from convenir.socle.organisations.models import Structure


@dataclass(frozen=True)
class SourceCourante:
    """The records in force of a view, and where they come from.

    Attributes:
        motif: glob of their Parquet files.
        sha256: SHA-256 of the file as received.
        sha256_copie: SHA-256 of its pseudonymised copy.
        colonnes: columns that the file really had; the others are empty in the records.
    """

    vue: str
    motif: str
    livraison_uuid: UUID
    fichier: str
    sha256: str
    sha256_copie: str
    date_extraction: datetime | None
    lignes: int
    colonnes: tuple[str, ...]


def livraisons() -> QuerySet[Livraison]:
    """Return every delivery with its counts of lines, the latest first."""
    return (
        Livraison.objects.defer("rapport")
        .annotate(lues=Sum("fichiers__lignes_lues"), a_lecart=Sum("fichiers__quarantaine"))
        .order_by("-recue_le", "-pk")
    )


def sources_courantes() -> dict[str, SourceCourante]:
    """Return the records in force by view: for each, those of the delivery applied last (one SQL query)."""
    fichiers = (
        FichierRecu.objects.filter(livraison__etat=EtatLivraison.APPLIQUEE, conserve=True)
        .select_related("livraison")
        .defer("livraison__rapport")
        .order_by("livraison__appliquee_le", "livraison__pk")
    )
    return {fichier.vue: _source(fichier) for fichier in fichiers}


def _source(fichier: FichierRecu) -> SourceCourante:
    livraison = fichier.livraison
    return SourceCourante(
        vue=fichier.vue,
        motif=str(livraison.dossier / fichier.vue / "enregistrements" / "**" / "*.parquet"),
        livraison_uuid=livraison.uuid,
        fichier=fichier.nom,
        sha256=fichier.sha256_recu,
        sha256_copie=fichier.sha256_copie,
        date_extraction=fichier.date_extraction,
        lignes=fichier.acceptees,
        colonnes=tuple(fichier.colonnes),
    )


def livraison_en_vigueur(source: str) -> Livraison | None:
    """Return the delivery of a source applied last, or None."""
    appliquees = Livraison.objects.filter(source=source, etat=EtatLivraison.APPLIQUEE)
    return appliquees.order_by("-appliquee_le", "-pk").first()


def uuids_en_vigueur() -> set[UUID]:
    """Return the deliveries that bring at least one of the views in force (one SQL query)."""
    return {courante.livraison_uuid for courante in sources_courantes().values()}


def departements_couverts() -> frozenset[str]:
    """Return the codes of the départements present in the FluxIAE delivery in force, or in the annexe exports."""
    codes: set[str] = set()
    for source in (Source.FLUXIAE, Source.EXPORT_ANNEXES):
        courante = livraison_en_vigueur(source)
        codes |= set(courante.departements) if courante else set()
    return frozenset(codes)


def lignes_en_vigueur(departements: Collection[str] | None) -> dict[str, int]:
    """Return the number of records in force by view; for the aggregated views, in these départements only."""
    comptes = {}
    agregees = {"BilanAnnexe", "SuiviDgefp", "ExportAnnexes", "AnnexeMois"}
    for vue, courante in sources_courantes().items():
        if departements is None or vue not in agregees:
            comptes[vue] = courante.lignes
            continue
        codes = ", ".join(map(texte, sorted(departements))) or "''"
        requete = f"SELECT count(*) FROM {parquet(courante.motif)} WHERE departement IN ({codes})"
        comptes[vue] = a_neuf(partial(_compter, requete))
    return comptes


def _compter(requete: str, fils: int | None) -> int:
    with connexion([dossier_entrepot()], dossier_entrepot() / ".travail", fils) as base:
        return int(base.execute(requete).fetchall()[0][0])


def annexes_de(structure: Structure, annee: int) -> list[AnnexeLue]:
    """Return the annexes of a structure in effect in a year, the retained version of each, by start (one query)."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    retenues = AnnexeLue.objects.filter(structure=structure, retenue=True, debut__lte=fin, fin_incluse__gte=debut)
    return list(retenues.select_related("convention", "livraison").order_by("debut", "numero", "avenant"))


def versions_de(structure: Structure) -> QuerySet[AnnexeLue]:
    """Return every version of the annexes of a structure, history included."""
    return AnnexeLue.objects.filter(structure=structure).select_related("convention", "livraison")


def corrections_non_levees() -> QuerySet[Correction]:
    """Return the corrections not lifted yet, in force or run out since the last import."""
    return Correction.objects.filter(levee_le=None).select_related("structure", "annexe").order_by("faite_le", "pk")


def corrections_dannexes(jour: date | None = None) -> list[CorrectionAnnexe]:
    """Return the corrections of annexes in force on a day, for `requetes_sql.annexes_retenues`."""
    jour = jour or timezone.localdate()
    return [
        CorrectionAnnexe(c.annexe.id_annexe, c.annexe.id_avenant, c.champ, lire_valeur_annexe(c.champ, c.valeur))
        for c in corrections_non_levees().filter(annexe__isnull=False, jusquau__gte=jour)
        if c.annexe is not None
    ]


def corrections_de(structure: Structure, jour: date | None = None) -> QuerySet[Correction]:
    """Return the corrections in force on a structure and on its annexes."""
    jour = jour or timezone.localdate()
    return corrections_non_levees().filter(Q(structure=structure) | Q(annexe__structure=structure), jusquau__gte=jour)
