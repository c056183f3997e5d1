"""The list of conventions: filtered, sorted, in a fixed number of SQL queries whatever their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Signature, Version
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.conventions.states import EN_SUSPENS, EN_VIGUEUR, EtatConvention, EtatVersion
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import Structure

PAR_PAGE = 50
ETATS_DE_VUE: dict[str, frozenset[str]] = {
    "en_cours": frozenset(EN_VIGUEUR),
    "instruction": frozenset({"brouillon", "depose", "incomplet", "complet", "en_instruction", "en_negociation"}),
    "avis": frozenset({"soumis_avis", "avis_rendu"}),
    "a_signer": frozenset({"a_signer", "partiellement_signe"}),
    "closes": frozenset({"resilie", "expire", "refuse"}),
}
TRIS: dict[str, tuple[str, ...]] = {
    "partie": ("partie_nom", "reference"),
    "categorie": ("categorie", "partie_nom"),
    "debut": ("debut", "reference"),
    "fin": ("fin", "reference"),
    "etat": ("etat", "etat_depuis", "reference"),
    "depuis": ("etat_depuis", "reference"),
    "postes": ("postes", "reference"),
}


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


def filtrer(acteur: Acteur, filtre: Filtre, annee: int) -> QuerySet[Convention]:
    """Return the conventions a person may see and asked for, in the order asked for.

    Args:
        annee: year whose annexe gives the posts shown; without one, those of the last signed terms do.
    """
    lignes: QuerySet[Convention] = conventions_visibles(acteur).annotate(
        partie_nom=Coalesce("structure__denomination", "mission_locale__nom"),
        postes=Coalesce(_postes_de_l_annexe(annee), _postes_des_termes()),
        version_etat=Subquery(
            Version.objects.filter(convention=OuterRef("pk"), etat__in=EN_SUSPENS).values("etat")[:1]
        ),
        version_rang=Subquery(
            Version.objects.filter(convention=OuterRef("pk"), etat__in=EN_SUSPENS).values("rang")[:1]
        ),
    )
    lignes = _retenir(lignes, filtre)
    sens, champs = filtre.tri.startswith("-"), TRIS[filtre.tri.removeprefix("-")]
    premier = F(champs[0]).desc(nulls_last=True) if sens else F(champs[0]).asc(nulls_last=True)
    liees = ("structure__commune", "mission_locale", "departement")
    return lignes.select_related(*liees).order_by(premier, *champs[1:])


def _postes_de_l_annexe(annee: int) -> Subquery:
    annexes = AnnexeFinanciere.objects.filter(convention=OuterRef("pk"), annee=annee)
    valables = annexes.exclude(etat__in=["historise", "rejete", "annule"])
    return Subquery(valables.order_by("-version__rang", "-pk").values("postes")[:1])


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
        net = filtre.q.upper().replace(" ", "")
        lignes = lignes.filter(trouvees | Q(reference__contains=net) | Q(numero_asp__startswith=net))
    if filtre.vue:
        lignes = lignes.filter(etat__in=ETATS_DE_VUE[filtre.vue])
    if filtre.etat:
        lignes = lignes.filter(etat=filtre.etat)
    if filtre.categorie:
        lignes = lignes.filter(categorie="" if filtre.categorie == "ML" else filtre.categorie)
    if filtre.departement:
        lignes = lignes.filter(departement=filtre.departement)
    return lignes


def compter(acteur: Acteur) -> dict[str, int]:
    """Return how many conventions each view holds, in one query; `toutes` for all of them."""
    comptes = conventions_visibles(acteur).order_by().values("etat").annotate(n=Count("pk")).values_list("etat", "n")
    par_etat = dict(comptes)
    vues = {vue: sum(par_etat.get(e, 0) for e in etats) for vue, etats in ETATS_DE_VUE.items()}
    return vues | {"toutes": sum(par_etat.values())}


def signataires_manquants(conventions: list[Convention]) -> dict[int, list[str]]:
    """Return, by convention, the parties whose signature is awaited, in one query."""
    attendues = Signature.objects.filter(
        version__convention__in=[c.pk for c in conventions], version__etat__in=["a_signer", "partiellement_signee"],
        etat="attendue",
    ).order_by("ordre")  # fmt: skip
    manquants: dict[int, list[str]] = {}
    for pk, partie in attendues.values_list("version__convention", "partie"):
        manquants.setdefault(pk, []).append(str(partie))
    return manquants
