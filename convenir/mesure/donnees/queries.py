"""Reads of the deliveries and of what they brought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from convenir.mesure.donnees import policies
from convenir.mesure.donnees.annexes.corrections import CorrectionAnnexe, lire_valeur_annexe
from convenir.mesure.donnees.controle.connexion import connexion
from convenir.mesure.donnees.entrepots import EntrepotMl, entrepots_ml
from convenir.mesure.donnees.models import (
    SOURCES_ML,
    AnnexeLue,
    Correction,
    CorrespondanceDeSource,
    DepartementCouvert,
    FichierRecu,
    Livraison,
)
from convenir.mesure.donnees.states import EtatLivraison
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.mesure.donnees.vigueur import Partie, dans_les_departements, relation, repartir
from convenir.mesure.reprise import a_neuf
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Structure

__all__ = ["EntrepotMl", "SourceCourante", "entrepots_ml"]


@dataclass(frozen=True)
class SourceCourante:
    """The records of a view in one delivery that holds somewhere, and where they come from.

    Attributes:
        motif: glob of their Parquet files.
        sha256: SHA-256 of the file as received.
        sha256_copie: SHA-256 of its pseudonymised copy.
        colonnes: columns that the file really had; the others are empty in the records.
        remplaces: départements of the delivery where another one holds.
        tenus: départements where this one holds; None = wherever no other does, for a delivery without territory.
        anterieures: earlier deliveries that hold elsewhere, the latest first.
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
    remplaces: frozenset[str] = frozenset()
    tenus: frozenset[str] | None = None
    anterieures: tuple[SourceCourante, ...] = ()

    @property
    def toutes(self) -> tuple[SourceCourante, ...]:
        """Every delivery that holds somewhere for this view, the latest first."""
        return (self, *self.anterieures)

    @property
    def parties(self) -> list[Partie]:
        """The same, as the relation of the records in force needs them."""
        return [Partie(s.motif, s.remplaces) for s in self.toutes]

    @property
    def relation(self) -> str:
        """SQL relation of the records in force."""
        return relation(self.vue, self.parties)


def correspondances(acteur: Acteur) -> QuerySet[CorrespondanceDeSource]:
    """Return the mappings of the exports of the organisation of a person."""
    return CorrespondanceDeSource.objects.filter(organisation=acteur.auteur.organisation_id)


def derniere_correspondance(acteur: Acteur) -> CorrespondanceDeSource | None:
    """Return the mapping of the last deposit of the organisation of a person that had one."""
    dernier = Livraison.objects.filter(organisation=acteur.auteur.organisation_id, correspondance__isnull=False)
    livraison = dernier.select_related("correspondance").order_by("-recue_le", "-pk").first()
    return livraison.correspondance if livraison else None


def livraisons_visibles(acteur: Acteur) -> QuerySet[Livraison]:
    """Return the deliveries that a person may read, report and files included.

    A mission locale reads its own, and no other. What lies in a private space is read by nobody else: neither the
    State, nor the administration, nor the machine's own commands.
    """
    if policies.depose_pour_sa_mission_locale(acteur):
        return Livraison.objects.filter(organisation=acteur.organisation, source__in=SOURCES_ML)
    if acteur.peut(Capacite.VOIR_LIVRAISONS):
        return Livraison.objects.filter(prive=False)
    return Livraison.objects.none()


def livraisons(acteur: Acteur) -> QuerySet[Livraison]:
    """Return the deliveries that a person may read, with their counts of lines, the latest first."""
    return _comptees(livraisons_visibles(acteur)).order_by("-recue_le", "-pk")


def _comptees(livraisons: QuerySet[Livraison]) -> QuerySet[Livraison]:
    return livraisons.defer("rapport", "tetes").annotate(
        lues=Sum("fichiers__lignes_lues"), a_lecart=Sum("fichiers__quarantaine")
    )


def sources_courantes() -> dict[str, SourceCourante]:
    """Return the records in force by view: in each département, those of the last delivery that covers it.

    Two SQL queries.
    """
    fichiers: dict[str, dict[int, FichierRecu]] = {}
    for fichier in (
        FichierRecu.objects.filter(livraison__etat=EtatLivraison.APPLIQUEE, conserve=True)
        .exclude(livraison__source__in=SOURCES_ML)
        .select_related("livraison")
        .defer("livraison__rapport")
    ):
        fichiers.setdefault(fichier.vue, {})[fichier.livraison_id] = fichier
    couvertures = _couvertures()
    return {vue: _source(recus, couvertures) for vue, recus in fichiers.items()}


def _couvertures() -> dict[int, dict[str, datetime]]:
    couvertures: dict[int, dict[str, datetime]] = {}
    lignes = DepartementCouvert.objects.filter(livraison__etat=EtatLivraison.APPLIQUEE)
    for livraison, departement, depuis in lignes.values_list("livraison", "departement", "depuis"):
        couvertures.setdefault(livraison, {})[departement] = depuis
    return couvertures


def _source(recus: dict[int, FichierRecu], couvertures: dict[int, dict[str, datetime]]) -> SourceCourante:
    """Return what holds for one view; a delivery that says no territory holds until the next one that says none."""
    depuis = {
        pk: couvertures.get(pk) or {"": f.livraison.appliquee_le or f.livraison.recue_le} for pk, f in recus.items()
    }
    tenues = [
        _dune_livraison(recus[pk], remplaces, frozenset(couvertures[pk]) - remplaces if pk in couvertures else None)
        for pk, remplaces in repartir(depuis).items()
    ]
    return replace(tenues[0], anterieures=tuple(tenues[1:]))


def _dune_livraison(fichier: FichierRecu, remplaces: frozenset[str], tenus: frozenset[str] | None) -> SourceCourante:
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
        remplaces=remplaces,
        tenus=tenus,
    )


def remplacements() -> dict[UUID, frozenset[str]]:
    """Return the deliveries that hold somewhere, each with the départements where another one holds for some view."""
    trouves: dict[UUID, frozenset[str]] = {}
    for courante in sources_courantes().values():
        for source in courante.toutes:
            trouves[source.livraison_uuid] = trouves.get(source.livraison_uuid, frozenset()) | source.remplaces
    return trouves


def _deja_en_vigueur_ml(empreinte: str) -> Livraison | None:
    candidate = Livraison.objects.filter(empreinte=empreinte, etat=EtatLivraison.APPLIQUEE).last()
    entieres = {e.livraison_uuid: e.couverture for e in entrepots_ml()}
    if candidate is None or not _intacte(candidate, entieres.get(candidate.uuid)):
        return None
    return candidate


def _intacte(livraison: Livraison, couverture: dict[str, tuple[int, ...]] | None) -> bool:
    """Tell whether no later delivery took anything of this one."""
    return couverture is not None and {c: list(a) for c, a in couverture.items()} == livraison.couverture


def derniere_appliquee() -> Livraison | None:
    """Return the ASP delivery applied last, or None; those of missions locales have their own pages and readers."""
    appliquees = _comptees(Livraison.objects.filter(etat=EtatLivraison.APPLIQUEE).exclude(source__in=SOURCES_ML))
    return appliquees.order_by("-appliquee_le", "-pk").first()


def uuids_en_vigueur() -> set[UUID]:
    """Return the deliveries that hold somewhere for at least one view, or for one mission locale."""
    return set(remplacements()) | {e.livraison_uuid for e in entrepots_ml()}


def livraisons_en_vigueur(source: str, departements: Collection[str] = ()) -> list[Livraison]:
    """Return the deliveries of a source that hold somewhere, the latest first.

    Args:
        departements: only those that hold in one of these; everywhere when empty.
    """
    remplaces = remplacements()
    tenues = Livraison.objects.filter(source=source, uuid__in=remplaces).prefetch_related("couverts")
    return [
        livraison
        for livraison in tenues.order_by("-appliquee_le", "-pk")
        if not departements
        or {c.departement_id for c in livraison.couverts.all()} - remplaces[livraison.uuid] & set(departements)
    ]


def deja_en_vigueur(source: str, empreinte: str) -> Livraison | None:
    """Return the delivery of the same files that holds wherever it covers, or None."""
    if source in SOURCES_ML:
        return _deja_en_vigueur_ml(empreinte)
    entieres = [uuid for uuid, remplaces in remplacements().items() if not remplaces]
    return Livraison.objects.filter(source=source, empreinte=empreinte, uuid__in=entieres).first()


def departements_en_vigueur() -> set[str]:
    """Return the codes of the départements that the deliveries in force bring."""
    return {d for codes in _departements_par_livraison().values() for d in codes}


def lignes_en_vigueur(vues: Collection[str], departements: Collection[str]) -> dict[str, int]:
    """Return the number of records of some views in force in some départements; a view nothing places is left out."""
    comptes, couverts, courantes = {}, _departements_par_livraison(), sources_courantes()
    for vue in sorted(set(vues) & courantes.keys()):
        courante = courantes[vue]
        seule = not courante.anterieures and not courante.remplaces
        if seule and couverts.get(courante.livraison_uuid, set()) <= set(departements):
            comptes[vue] = courante.lignes
        elif dedans := dans_les_departements(vue, courante.parties, departements):
            comptes[vue] = a_neuf(partial(_compter, f"SELECT count(*) FROM {dedans}"))
    return comptes


def _departements_par_livraison() -> dict[UUID, set[str]]:
    appliquees = Livraison.objects.filter(etat=EtatLivraison.APPLIQUEE)
    return {uuid: set(departements) for uuid, departements in appliquees.values_list("uuid", "departements")}


def _compter(requete: str, fils: int | None) -> int:
    with connexion([dossier_entrepot()], dossier_entrepot() / ".travail", fils) as base:
        return int(base.execute(requete).fetchall()[0][0])


def annexes_de(structure: Structure, annee: int) -> list[AnnexeLue]:
    """Return the annexes of a structure in effect in a year, the retained version of each, by start (one query)."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    retenues = AnnexeLue.objects.filter(structure=structure, retenue=True, debut__lte=fin, fin_incluse__gte=debut)
    return list(retenues.select_related("convention", "livraison").order_by("debut", "numero", "avenant"))


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
