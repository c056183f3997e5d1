"""What putting a delivery in force changes, compared with what is in force now; thresholds that ask for a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from django.utils import timezone

from convenir.mesure.donnees import parametres, queries
from convenir.mesure.donnees.annexes.enregistrement import ComparaisonAnnexes, comparer_annexes
from convenir.mesure.donnees.annexes.lecture import (
    AnnexeDuFichier,
    Geographie,
    lire_annexes,
    lire_structures,
    structures_de_lexport,
)
from convenir.mesure.donnees.annexes.rules import departement_de
from convenir.mesure.donnees.annexes.surcharges import Surcharge, corriger_lectures
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.effets_ml import EffetsMl, contenu_ml, effets_ml, seuil
from convenir.mesure.donnees.models import SOURCES_ML, AnnexeLue, Livraison, Source
from convenir.mesure.donnees.preparation import Preparation
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.organisations.actions import comparer_structures
from convenir.socle.organisations.models import Structure
from convenir.socle.organisations.perimetre import Perimetre
from convenir.socle.organisations.reseau import Reseau
from convenir.socle.organisations.rules import Effets, StructureLue
from convenir.socle.territoires.models import Departement
from convenir.socle.territoires.queries import communes_actuelles

VUES_REFERENTES = ("Structure", "AnnexeFinanciere")


@dataclass
class Contenu:
    """Structures and annexes of a delivery, corrections applied, and the départements they cover.

    `structures` is None when the delivery brings nothing to compare (monthly rows alone, for instance); `nommees` are
    then the ASP ids its lines name. `couverts` are the départements where an absence is an end. Of missions locales:
    `reseau` is what the tables say of them, `annees` the years brought by each, `arrete_au` the last day known.
    """

    structures: list[StructureLue] | None = None
    annexes: list[AnnexeDuFichier] = field(default_factory=list)
    sans_lieu: list[int] = field(default_factory=list)
    apportes: set[str] = field(default_factory=set)
    couverts: set[str] = field(default_factory=set)
    surcharge: Surcharge = field(default_factory=Surcharge)
    nommees: set[int] = field(default_factory=set)
    reseau: Reseau | None = None
    annees: dict[str, list[int]] = field(default_factory=dict)
    arrete_au: date | None = None

    def restreindre(self, departements: Collection[str]) -> None:
        """Keep what lies in some départements alone."""
        self.apportes &= set(departements)
        self.couverts &= set(departements)
        if self.structures is not None:
            self.structures = [s for s in self.structures if s.departement_code in self.couverts]
            gardees = {s.id_asp for s in self.structures}
            self.annexes = [
                a for a in self.annexes if a.id_structure_asp in gardees or departement_de(a.numero) in self.couverts
            ]

    @property
    def couverture(self) -> Perimetre:
        """Perimeter in which an absence is an end."""
        return Perimetre.departement(*self.couverts)


def geographie() -> Geographie:
    """Return the official geography, as the placing of structures needs it."""
    return Geographie(frozenset(Departement.objects.values_list("code", flat=True)), communes_actuelles())


def lire_contenu(preparation: Preparation, jour: date) -> Contenu:
    """Read back the structures and annexes of a prepared delivery; a view not delivered comes from those in force."""
    geo = geographie()
    contenu = a_neuf(lambda fils: _lire(preparation, geo, fils))
    if contenu.structures is not None:
        contenu.apportes = {s.departement_code for s in contenu.structures}
    elif preparation.source == Source.FLUXIAE:
        contenu.apportes = _departements_nommes(contenu.nommees) or queries.departements_en_vigueur()
    if preparation.source not in SOURCES_ML:
        contenu.couverts = couverture(contenu.apportes, parametres.part_nationale(jour))
    if contenu.structures is not None:
        contenu.surcharge = corriger_lectures(
            contenu.structures, contenu.annexes, queries.corrections_non_levees(), jour, geo
        )
    return contenu


def _lire(preparation: Preparation, geo: Geographie, fils: int | None) -> Contenu:
    """Read the records, in a database of its own."""
    contenu = Contenu()
    if preparation.source in SOURCES_ML:
        return Contenu(**contenu_ml(preparation, fils))
    courantes = queries.sources_courantes()
    with connexion([dossier_entrepot()], preparation.dossier / ".debordement", fils) as base:
        if preparation.source not in (Source.FLUXIAE, Source.EXPORT_ANNEXES):
            vue = next(iter(preparation.vues))
            lignes = base.execute(
                f"SELECT DISTINCT departement FROM {parquet(preparation.motif(vue))} WHERE departement <> ''"
            ).fetchall()
            contenu.apportes = {code for (code,) in lignes}
            return contenu
        relations = _relations(preparation, {vue: courante.relation for vue, courante in courantes.items()})
        if relations is None:
            contenu.nommees = _structures_nommees(base, preparation)
            return contenu
        contenu.annexes = lire_annexes(base, relations[1])
        contenu.structures, contenu.sans_lieu = lire_structures(base, relations[0], contenu.annexes, geo)
    return contenu


def _structures_nommees(base: duckdb.DuckDBPyConnection, preparation: Preparation) -> set[int]:
    """Return the ASP ids of the structures that the contracts and the monthly states of a delivery name."""
    nommees: set[int] = set()
    if "ContratMission" in preparation.vues:
        lues = f"SELECT DISTINCT contrat_id_structure FROM {parquet(preparation.motif('ContratMission'))}"
        nommees |= {structure for (structure,) in base.execute(lues).fetchall()}
    if "EtatMensuelIndiv" in preparation.vues:
        lues = f"SELECT DISTINCT emi_afi_id FROM {parquet(preparation.motif('EtatMensuelIndiv'))}"
        annexes = {annexe for (annexe,) in base.execute(lues).fetchall()}
        connues = AnnexeLue.objects.values_list("id_annexe", "id_structure_asp").distinct()
        nommees |= {structure for annexe, structure in connues if annexe in annexes}
    return nommees


def _departements_nommes(structures: set[int]) -> set[str]:
    connues = Structure.objects.values_list("id_asp", "departement_id")
    return {departement for id_asp, departement in connues if id_asp in structures}


def couverture(apportes: set[str], part: Decimal) -> set[str]:
    """Return the départements a delivery covers: those it brings, or all of them when it is national.

    Args:
        apportes: codes of the départements of its structures.
        part: share (0 to 1) of the régions above which a delivery of several régions is national.
    """
    regions = dict(Departement.objects.values_list("code", "region"))
    presentes = {regions[code] for code in apportes if code in regions}
    nationale = len(presentes) > max(Decimal(1), part * len(set(regions.values())))
    return set(regions) if nationale else apportes & set(regions)


def _relations(preparation: Preparation, courantes: dict[str, str]) -> tuple[str, str] | None:
    """Return the relations of the structures and of the annexes, or None if neither is delivered."""
    if preparation.source == Source.EXPORT_ANNEXES:
        motif = preparation.motif("ExportAnnexes")
        return structures_de_lexport(motif), parquet(motif)
    if not preparation.vues & set(VUES_REFERENTES):
        return None
    structures, annexes = (
        parquet(preparation.motif(v)) if v in preparation.vues else courantes.get(v) for v in VUES_REFERENTES
    )
    return (structures, annexes) if structures and annexes else None


@dataclass
class EffetsLivraison:
    """Structures and annexes created, changed, ended; thresholds reached."""

    structures: Effets = field(default_factory=Effets)
    annexes: ComparaisonAnnexes = field(default_factory=ComparaisonAnnexes)
    seuils: list[dict[str, Any]] = field(default_factory=list)

    def comptes(self) -> dict[str, int]:
        """Return the numbers of the report, structures and annexes together."""
        return {
            cle: len(getattr(self.structures, cle)) + len(getattr(self.annexes, cle))
            for cle in ("crees", "modifies", "termines")
        }

    def par_objet(self) -> dict[str, dict[str, int]]:
        """Return the same numbers, structures and annexes apart."""
        return {
            objet: {cle: len(getattr(effets, cle)) for cle in ("crees", "modifies", "termines")}
            for objet, effets in (("structures", self.structures), ("annexes", self.annexes))
        }

    def details(self, limite: int) -> dict[str, Any]:
        """Return the codes and numbers by kind of object, at most `limite` of each."""
        return {
            "structures": {
                "crees": self.structures.crees[:limite],
                "modifies": self.structures.modifies[:limite],
                "termines": self.structures.termines[:limite],
                "sans_commune": self.structures.sans_commune[:limite],
            },
            "annexes": {
                "crees": [_nom(a) for a in self.annexes.crees[:limite]],
                "modifies": [_nom(a) for a in self.annexes.modifies[:limite]],
                "termines": self.annexes.numeros_termines[:limite],
            },
        }


def _nom(annexe: AnnexeDuFichier) -> str:
    return f"{annexe.numero}A{annexe.avenant}M{annexe.modification}"


def calculer_effets(preparation: Preparation, contenu: Contenu, part_max: Decimal) -> EffetsLivraison | EffetsMl:
    """Compare a prepared delivery with what is in force, and write nothing.

    Args:
        preparation: the delivery.
        contenu: its structures and annexes.
        part_max: share (0 to 1) above which a disappearance asks for a reason.
    """
    if preparation.source in SOURCES_ML:
        return effets_ml(preparation, contenu.reseau, part_max)
    effets = EffetsLivraison()
    if contenu.structures is not None:
        effets.structures = comparer_structures(contenu.structures, couverture=contenu.couverture)
        effets.annexes = comparer_annexes(contenu.annexes, contenu.couverts)
        suivies = Structure.objects.suivies().filter(departement__in=contenu.couverts).count()
        perdues = len(effets.structures.termines)
        _seuil(effets, "structures", ("structure suivie", "structures suivies"), suivies, perdues, part_max)
        versions, perdues = ("version d'annexe", "versions d'annexes"), len(effets.annexes.termines)
        _seuil(effets, "annexes", versions, effets.annexes.connues, perdues, part_max)
    _seuils_de_lignes(effets, preparation, contenu, part_max)
    _seuils_dage(effets, preparation, contenu)
    return effets


def _seuil(
    effets: EffetsLivraison, code: str, quoi: tuple[str, str], avant: int, perdus: int, part_max: Decimal
) -> None:
    if avant and perdus > part_max * avant:
        effets.seuils.append(seuil(code, quoi, avant, perdus, part_max))


def _seuils_de_lignes(effets: EffetsLivraison, preparation: Preparation, contenu: Contenu, part_max: Decimal) -> None:
    avant = queries.lignes_en_vigueur(preparation.vues, contenu.couverts)
    for fichier in preparation.fichiers:
        if fichier.conserve and not fichier.vue.startswith("Ref"):
            nombre_avant = avant.get(fichier.vue, 0)
            quoi = (f"ligne de la vue {fichier.vue}", f"lignes de la vue {fichier.vue}")
            _seuil(effets, f"lignes.{fichier.vue}", quoi, nombre_avant, nombre_avant - fichier.acceptees, part_max)


def _seuils_dage(effets: EffetsLivraison, preparation: Preparation, contenu: Contenu) -> None:
    """Ask for a reason before going back in time, where the delivery would hold."""
    courantes = queries.livraisons_en_vigueur(preparation.source, contenu.couverts)
    if not courantes:
        return
    courante = max(courantes, key=lambda c: c.date_extraction.timestamp() if c.date_extraction else 0)
    date_lue = preparation.date_extraction
    if date_lue and courante.date_extraction and date_lue < courante.date_extraction:
        message = (
            f"Cette livraison, extraite le {en_mots(timezone.localdate(date_lue))}, est plus ancienne que celle en "
            f"vigueur, extraite le {en_mots(timezone.localdate(courante.date_extraction))}."
        )
        effets.seuils.append({"code": "plus_ancienne", "message": message})
    elif Livraison.objects.filter(empreinte=preparation.empreinte, appliquee_le__isnull=False).exists():
        message = "Ces fichiers ont déjà été appliqués, puis remplacés par une livraison plus récente."
        effets.seuils.append({"code": "deja_remplacee", "message": message})
