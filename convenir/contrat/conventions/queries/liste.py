"""The list of conventions: filtered, sorted, in a fixed number of SQL queries whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import StartsWith

from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Version
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.queries.recherche import NUMERO_SERRE, par_annexe, sans_blancs
from convenir.contrat.conventions.states import EN_SUSPENS, EN_VIGUEUR, EtatConvention, EtatVersion
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement

PAR_PAGE = 25
A_SIGNER = frozenset({EtatVersion.A_SIGNER, EtatVersion.PARTIELLEMENT_SIGNEE})
ETATS_DE_VUE: dict[str, frozenset[str]] = {
    "en_cours": frozenset(EN_VIGUEUR),
    "instruction": frozenset({"brouillon", "depose", "incomplet", "complet", "en_instruction", "en_negociation"}),
    "avis": frozenset({"soumis_avis", "avis_rendu"}),
    "a_signer": frozenset({"a_signer", "partiellement_signe"}),
    "closes": frozenset({"resilie", "expire", "refuse"}),
}
TOUS: frozenset[str] = frozenset(EtatConvention)
TRIS: dict[str, tuple[str, ...]] = {
    "partie": ("partie_nom", "reference"),
    "categorie": ("categorie", "partie_nom"),
    "debut": ("debut", "reference"),
    "fin": ("fin", "reference"),
    "etat": ("etat", "etat_depuis", "reference"),
    "depuis": ("etat_depuis", "reference"),
    "postes": ("postes", "reference"),
}
LUS = ("reference", "dispositif", "categorie", "departement_id", "debut", "fin", "etat", "etat_depuis", "numero_asp",
       "origine", "structure_id", "mission_locale_id")  # fmt: skip
PARTIES = ("structure__id_asp", "structure__categorie", "structure__denomination", "mission_locale__code",
           "mission_locale__nom")  # fmt: skip


@dataclass(frozen=True)
class Filtre:
    """What a person asked of the list; anything unknown is ignored."""

    q: str = ""
    vue: str = ""
    etat: str = ""
    categorie: str = ""
    departement: str = ""
    tri: str = "-debut"

    @classmethod
    def lire(cls, demande: Mapping[str, Any]) -> Filtre:
        """Read the parameters of an address."""
        tri = str(demande.get("tri", ""))
        categorie = str(demande.get("categorie", ""))
        return cls(
            q=str(demande.get("q", "")).strip()[:100],
            vue=v if (v := str(demande.get("vue", ""))) in ETATS_DE_VUE else "",
            etat=e if (e := str(demande.get("etat", ""))) in EtatConvention.values else "",
            categorie=categorie if categorie in {*Categorie.values, "ML"} else "",
            departement=str(demande.get("departement", ""))[:4],
            tri=tri if tri.removeprefix("-") in TRIS else "-debut",
        )

    @property
    def est_actif(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.q or self.vue or self.etat or self.categorie or self.departement)


def retenues(acteur: Acteur, filtre: Filtre) -> QuerySet[Convention]:
    """Return the conventions a person may see and asked for, bare: to count them."""
    return _retenir(conventions_visibles(acteur), filtre).order_by()


def filtrer(acteur: Acteur, filtre: Filtre, annee: int) -> QuerySet[Convention]:
    """Return the conventions a person may see and asked for, in the order asked for, with what a line prints.

    Args:
        annee: year whose annexe gives the posts shown; without one, those of the last signed terms do.
    """
    # Sans jointure ni tri de trop : cette sous-requête se calcule pour chaque ligne à trier, pas pour la seule page.
    lignes = retenues(acteur, filtre).annotate(
        partie_nom=Coalesce("structure__denomination", "mission_locale__nom"),
        postes=Coalesce(_postes_de_l_annexe(annee), _postes_des_termes()),
    )
    sens, champs = filtre.tri.startswith("-"), TRIS[filtre.tri.removeprefix("-")]
    premier = F(champs[0]).desc(nulls_last=True) if sens else F(champs[0]).asc(nulls_last=True)
    return lignes.only(*LUS).order_by(premier, *champs[1:])


def lignes_de_page(lignes: QuerySet[Convention]) -> QuerySet[Convention, dict[str, Any]]:
    """Read of each line what the page prints, and nothing else."""
    noms = ("pk", "reference", "categorie", "debut", "fin", "etat", "etat_depuis", "partie_nom", "postes")
    return lignes.values(*noms)


def avec_parties(lignes: QuerySet[Convention]) -> QuerySet[Convention]:
    """Read also the structure or the mission locale of each line, whose name alone the page prints."""
    return lignes.select_related("structure", "mission_locale").only(*LUS, *PARTIES)


def _postes_de_l_annexe(annee: int) -> Subquery:
    annexes = AnnexeFinanciere.objects.filter(convention=OuterRef("pk"), annee=annee)
    valables = annexes.exclude(etat__in=["historise", "rejete", "annule"])
    return Subquery(valables.order_by("-version_id", "-pk").values("postes")[:1])


def _postes_des_termes() -> Subquery:
    """Posts of the last signed terms, of those proposed before any is signed; those of a mission locale give none."""
    gardees = Version.objects.filter(convention=OuterRef("pk")).exclude(etat=EtatVersion.ABANDONNEE)
    signees_d_abord = gardees.order_by(F("signee_le").desc(nulls_last=True), "-rang")
    ecrits = Cast(KT("termes_json__postes"), DecimalField(max_digits=12, decimal_places=4))
    return Subquery(signees_d_abord.values(n=ecrits)[:1])


def _retenir(lignes: QuerySet[Convention], filtre: Filtre) -> QuerySet[Convention]:
    if filtre.q:
        structures = Structure.objects.rechercher(filtre.q).values("pk")
        trouvees = Q(structure__in=structures) | Q(mission_locale__nom__icontains=filtre.q)
        net = sans_blancs(filtre.q)
        numeros = Q(reference__contains=net) | Q(StartsWith(NUMERO_SERRE, net)) | par_annexe(filtre.q)
        lignes = lignes.filter(trouvees | numeros)
    if filtre.vue:
        lignes = lignes.filter(etat__in=ETATS_DE_VUE[filtre.vue])
    if filtre.etat:
        lignes = lignes.filter(etat=filtre.etat)
    if filtre.categorie:
        lignes = lignes.filter(categorie="" if filtre.categorie == "ML" else filtre.categorie)
    if filtre.departement:
        lignes = lignes.filter(departement=filtre.departement)
    return lignes


@dataclass(frozen=True)
class Comptes:
    """How many conventions there are by (département, state, category), and the names of the départements."""

    groupes: Mapping[tuple[str, str, str], int]
    departements: Mapping[str, str]

    @property
    def vues(self) -> dict[str, int]:
        """How many each view holds, `toutes` for all of them."""
        par_etat: Counter[str] = Counter()
        for (_, etat, _), n in self.groupes.items():
            par_etat[etat] += n
        return {vue: sum(par_etat[e] for e in etats) for vue, etats in ETATS_DE_VUE.items()} | {
            "toutes": par_etat.total()
        }

    def retenues(self, filtre: Filtre) -> int:
        """How many a filter without words keeps."""
        etats = ETATS_DE_VUE.get(filtre.vue, TOUS) & ({filtre.etat} if filtre.etat else TOUS)
        categorie = "" if filtre.categorie == "ML" else filtre.categorie
        return sum(
            n
            for (departement, etat, la_categorie), n in self.groupes.items()
            if etat in etats
            and (not filtre.categorie or la_categorie == categorie)
            and filtre.departement in {"", departement}
        )


def compter(acteur: Acteur) -> Comptes:
    """Count the conventions in sight, and name their départements, in two queries."""
    groupes = conventions_visibles(acteur).order_by().values_list("departement", "etat", "categorie")
    lus = {(departement, etat, categorie): n for departement, etat, categorie, n in groupes.annotate(n=Count("*"))}
    codes = {departement for departement, _, _ in lus}
    noms = Departement.objects.filter(pk__in=codes).order_by("pk").values_list("pk", "nom")
    return Comptes(lus, dict(noms))


@dataclass(frozen=True)
class EnSuspens:
    """The pending version of a convention: its state, the parties whose signature is awaited."""

    etat: str
    attendus: tuple[str, ...] = ()


def en_suspens(cles: Iterable[int]) -> dict[int, EnSuspens]:
    """Return the pending version of each convention that has one, by their keys, in one query."""
    demandees = list(cles)
    if not demandees:
        return {}
    versions = Version.objects.filter(convention__in=demandees, etat__in=EN_SUSPENS)
    attendue = Case(When(signatures__etat="attendue", then=F("signatures__partie")))
    lues: dict[int, EnSuspens] = {}
    for pk, etat, partie in versions.order_by("signatures__ordre").values_list("convention", "etat", attendue):
        deja = lues.get(pk, EnSuspens(etat))
        lues[pk] = EnSuspens(etat, (*deja.attendus, str(partie))) if partie and etat in A_SIGNER else deja
    return lues


def suivies(cles: Iterable[int]) -> set[int]:
    """Return the keys of the conventions whose renewal is asked for (`Convention.est_suivie`), in one query."""
    demandes = Convention.objects.filter(renouvelle__in=list(cles)).exclude(etat=EtatConvention.BROUILLON)
    return {pk for pk in demandes.values_list("renouvelle", flat=True) if pk is not None}
