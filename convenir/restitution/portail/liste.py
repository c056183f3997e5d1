"""The list of structures: filters read from the address, one query, the same rows on screen and in the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Q, QuerySet

from convenir.mesure.donnees.models import AnnexeLue
from convenir.mesure.indicateurs.models import NiveauAlerte
from convenir.socle.commun.identifiants import lire_numero_annexe
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import Structure, StructureQuerySet
from convenir.socle.territoires.models import Commune, Genre, Zonage

PAR_PAGE = 25
# Colonne triable → champ. Le tri par défaut met les alertes en tête.
TRIS = {
    "denomination": "denomination",
    "categorie": "categorie",
    "etp": "situation__etp_conventionnes",
    "realisation": "situation__taux_realisation",
    "dynamique": "situation__taux_dynamique",
    "alerte": "situation__niveau_alerte",
    "fin": "situation__fin_annexe",
}
TRI_PAR_DEFAUT = "-alerte"
# Ce qui alerte, dans les mots de la liste ; les codes sont ceux des règles d'alerte.
MOTIFS_ALERTE = {
    "realisation": "Sous-consommation",
    "saisie": "Sans saisie",
    "sorties": "Sorties sous l’objectif",
    "fin_annexe": "Annexe qui s’achève",
}
FIN_ANNEXE = "fin_annexe"
# Presque toute annexe s'achève à la fin de l'année : à l'automne, ce motif seul ne distingue plus personne.
NIVEAUX_ALERTE = {
    "toutes": "En alerte",
    "hors_fin": "Pour un autre motif que la fin d’annexe",
    "fin_seule": "Fin d’annexe seule",
    "forte": "Forte",
    "moderee": "Modérée",
    "aucune": "Aucune",
}
CHAMPS = (
    "etp_conventionnes", "etp_realises", "taux_realisation", "sorties_examinees", "sorties_dynamiques",
    "taux_dynamique", "taux_durable", "objectif_dynamique", "niveau_alerte", "alertes", "fin_annexe",
    "etp_realises_cumul", "etp_attendus_cumul", "periode", "presents", "aide_allouee", "aide_utilisee",
)  # fmt: skip


@dataclass(frozen=True)
class Filtre:
    """What the person asked for; an unknown value is ignored, never an error."""

    annee: int
    q: str = ""
    categorie: str = ""
    region: str = ""
    departement: str = ""
    zone: str = ""
    alerte: str = ""
    motif: str = ""
    tri: str = TRI_PAR_DEFAUT

    @classmethod
    def lire(cls, parametres: Mapping[str, str], annee: int) -> Filtre:
        """Read the filter from a query string."""
        tri = parametres.get("tri", TRI_PAR_DEFAUT)
        return cls(
            annee=annee,
            q=parametres.get("q", "").strip()[:100],
            categorie=_connu(parametres.get("categorie", ""), Categorie.values),
            region=parametres.get("region", "").strip()[:3],
            departement=parametres.get("departement", "").strip()[:3],
            zone=parametres.get("zone", "").strip()[:20],
            alerte=_connu(parametres.get("alerte", ""), list(NIVEAUX_ALERTE)),
            motif=_connu(parametres.get("motif", ""), list(MOTIFS_ALERTE)),
            tri=tri if tri.removeprefix("-") in TRIS else TRI_PAR_DEFAUT,
        )

    @property
    def est_actif(self) -> bool:
        """Tell whether anything narrows the list."""
        return any((self.q, self.categorie, self.region, self.departement, self.zone, self.alerte, self.motif))


def _connu(valeur: str, connus: list[str]) -> str:
    return valeur if valeur in connus else ""


def base(acteur: Acteur, annee: int) -> StructureQuerySet:
    """Return the structures this person may see, joined to their situation of the year."""
    visibles = Structure.objects.visibles_par(acteur.perimetre).suivies()
    return visibles.annotate(situation=FilteredRelation("situations", condition=Q(situations__annee=annee)))


def filtrer(acteur: Acteur, filtre: Filtre) -> QuerySet[Structure]:
    """Return the rows of the list, sorted, with the figures of the year as attributes."""
    lignes: QuerySet[Structure] = _chercher(base(acteur, filtre.annee), filtre.q)
    if filtre.categorie:
        lignes = lignes.filter(categorie=filtre.categorie)
    if filtre.region:
        lignes = lignes.filter(departement__region=filtre.region)
    if filtre.departement:
        lignes = lignes.filter(departement=filtre.departement)
    if filtre.zone:
        lignes = lignes.filter(
            commune__in=Commune.objects.filter(zonages__in=zones_demploi().filter(code=filtre.zone))
        )
    if filtre.alerte:
        lignes = lignes.filter(_alerte(filtre.alerte))
    if filtre.motif:
        lignes = lignes.filter(_porte(filtre.motif))
    avec_chiffres = lignes.annotate(**{c: F(f"situation__{c}") for c in CHAMPS})
    return _trier(avec_chiffres, filtre.tri).select_related("commune", "departement")


def zones_demploi() -> QuerySet[Zonage]:
    """Return the employment zones of the last list loaded: one commune is in one of them."""
    listes = Zonage.objects.filter(genre=Genre.ZONE_EMPLOI)
    derniere = listes.order_by().values("genre").annotate(derniere=Max("millesime")).values("derniere")
    return listes.filter(millesime__in=derniere)


def _chercher(lignes: StructureQuerySet, q: str) -> StructureQuerySet:
    """Search by words, or by number of annexe when it reads as one."""
    try:
        numero = lire_numero_annexe(q)
    except ValueError:
        return lignes.rechercher(q)
    court = str(numero).partition("A" + str(numero.avenant))[0] if numero.avenant is not None else str(numero)
    return lignes.filter(Exists(AnnexeLue.objects.filter(structure=OuterRef("pk"), numero__in=[court, str(numero)])))


def _porte(*motifs: str) -> Q:
    """Return the condition that a structure alerts for one of these reasons."""
    condition = Q(pk__in=())
    for motif in motifs:
        condition |= Q(situation__alertes__icontains=f'"code": "{motif}"')
    return condition


def _hors_fin() -> Q:
    return _porte(*(motif for motif in MOTIFS_ALERTE if motif != FIN_ANNEXE))


def _alerte(voulue: str) -> Q:
    if voulue == "hors_fin":
        return _hors_fin()
    if voulue == "fin_seule":
        return _porte(FIN_ANNEXE) & ~_hors_fin()
    niveaux = {"forte": [NiveauAlerte.FORTE], "moderee": [NiveauAlerte.MODEREE]}
    if voulue == "aucune":
        return Q(situation__niveau_alerte=NiveauAlerte.AUCUNE) | Q(situation__niveau_alerte=None)
    return Q(situation__niveau_alerte__in=niveaux.get(voulue, [NiveauAlerte.FORTE, NiveauAlerte.MODEREE]))


def _trier(lignes: QuerySet[Structure], tri: str) -> QuerySet[Structure]:
    """Sort; what is not known comes last both ways."""
    champ = F(TRIS[tri.removeprefix("-")])
    ordre = champ.desc(nulls_last=True) if tri.startswith("-") else champ.asc(nulls_last=True)
    return lignes.order_by(ordre, "denomination", "pk")


@dataclass(frozen=True)
class Comptes:
    """How many structures are in sight, in alert, strongly so, for another reason than the end of their annexe.

    `motifs` counts them by reason: one structure may have several.
    """

    toutes: int = 0
    alerte: int = 0
    forte: int = 0
    hors_fin: int = 0
    motifs: tuple[tuple[str, str, int], ...] = ()

    @property
    def fin_seule(self) -> int:
        """Structures that alert for the end of their annexe alone."""
        return self.alerte - self.hors_fin


def compter(acteur: Acteur, annee: int) -> Comptes:
    """Return the counts of the saved views and of each reason, in one query."""
    lus = base(acteur, annee).aggregate(
        toutes=Count("pk"),
        alerte=Count("pk", filter=_alerte("toutes")),
        forte=Count("pk", filter=_alerte("forte")),
        hors_fin=Count("pk", filter=_hors_fin()),
        **{f"motif_{code}": Count("pk", filter=_porte(code)) for code in MOTIFS_ALERTE},
    )
    motifs = tuple((code, libelle, lus.pop(f"motif_{code}")) for code, libelle in MOTIFS_ALERTE.items())
    return Comptes(**lus, motifs=motifs)
