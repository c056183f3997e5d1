"""The follow-up tables of the negotiated objectives (instruction DGEFP 2011/4): national, régional, départemental.

A line is a SIAE and a year: what was agreed the year before, what is agreed now, and what became of it. The target of
the year before is the one agreed in Convenir, else the rate of the annexe read. Four SQL queries, whatever the volume.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.contrat.objectifs import policies, rules
from convenir.contrat.objectifs.models import CODES_SORTIES, Position
from convenir.contrat.objectifs.rules import EVOLUTIONS, Evolution
from convenir.contrat.objectifs.states import Etat, Genre
from convenir.mesure.donnees.models import AnnexeLue
from convenir.socle.commun.francais import enumeration, nombre, pluriel
from convenir.socle.comptes.acteur import Acteur

DYNAMIQUE = "dynamique"
TAUX = {DYNAMIQUE: "Sorties dynamiques", **rules.SORTIES}
CHAMPS_ANNEXE = {
    DYNAMIQUE: "taux_dynamique", "durable": "taux_durable", "transition": "taux_transition",
    "positive": "taux_positives",
}  # fmt: skip
GROUPES: dict[str, tuple[str, Callable[[LigneSuivi], str]]]


@dataclass(frozen=True)
class Raison:
    """Why, in the words of a party; `objectif` names what it said it of (the three when it said the same of each)."""

    objectif: str
    partie: str
    mots: str

    @property
    def voix(self) -> str:
        """« Structure, emploi durable »."""
        return f"{self.partie}, {self.objectif}"


@dataclass
class LigneSuivi:
    """A SIAE in a year; rates in percent. `raisons`: the last words of each party, whatever the outcome."""

    convention: str
    structure: str
    categorie: str
    departement: str
    region: str
    annee: int
    etat: str
    avant: Decimal | None
    source_avant: str
    apres: Decimal | None
    evolution: Evolution
    base_connue: bool = False
    raisons: list[Raison] = field(default_factory=list)

    @property
    def libelle(self) -> str:
        """Words of what became of it."""
        return EVOLUTIONS[self.evolution]


GROUPES = {
    "categorie": ("Catégorie", lambda ligne: ligne.categorie),
    "departement": ("Département", lambda ligne: ligne.departement),
    "region": ("Région", lambda ligne: ligne.region),
}


@dataclass(frozen=True)
class Filtre:
    """What is asked: a year, a rate, a category, a territory, how the counts are grouped."""

    annee: int
    taux: str = DYNAMIQUE
    categorie: str = ""
    departement: str = ""
    region: str = ""
    par: str = "categorie"


@dataclass(frozen=True)
class RangSuivi:
    """A line of the table: its group, the count of each outcome, in the order of `EVOLUTIONS`."""

    libelle: str
    comptes: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.comptes)


def annees_suivies(acteur: Acteur) -> list[int]:
    """Return the years that have objectives in the person's perimeter, latest first."""
    return sorted(set(policies.objectifs_lisibles(acteur).order_by().values_list("annee", flat=True)), reverse=True)


def lignes(acteur: Acteur, filtre: Filtre) -> list[LigneSuivi]:
    """Return a line per SIAE of the perimeter that has exit objectives in the year, by territory then name."""
    lus = _objectifs(acteur, filtre)
    structures: dict[int, dict[str, Any]] = {}
    cibles: dict[tuple[int, int], dict[str, Any]] = {}
    for o in lus:
        type_ = CODES_SORTIES[o["indicateur"]]
        cibles.setdefault((o["convention__structure"], o["annee"]), {})[type_] = o
        if o["annee"] == filtre.annee:
            structures[o["convention__structure"]] = o
    annexes = _annexes(structures, filtre.annee - 1)
    resultat = [_ligne(s, o, cibles, annexes.get(s), filtre) for s, o in structures.items()]
    _donner_les_raisons(resultat, cibles, structures, filtre)
    return sorted(resultat, key=lambda x: (x.region, x.departement, x.structure, x.convention))


def _objectifs(acteur: Acteur, filtre: Filtre) -> list[dict[str, Any]]:
    choisis = policies.objectifs_lisibles(acteur).filter(
        annee__in=(filtre.annee, filtre.annee - 1),
        indicateur__in=list(CODES_SORTIES),
        convention__structure__isnull=False,
    )
    for champ, valeur in (
        ("convention__categorie", filtre.categorie), ("convention__departement", filtre.departement),
        ("convention__departement__region", filtre.region),
    ):  # fmt: skip
        if valeur:
            choisis = choisis.filter(**{champ: valeur})
    champs = (
        "pk", "annee", "indicateur", "etat", "cible", "base", "convention__structure", "convention__reference",
        "convention__categorie", "convention__structure__denomination", "convention__departement__nom",
        "convention__departement__region__nom",
    )  # fmt: skip
    return [dict(lu) for lu in choisis.order_by("convention__debut", "pk").values(*champs)]


def _annexes(structures: Iterable[int], annee: int) -> dict[int, dict[str, Any]]:
    """Return the rates of the last annexe read of the year, by structure; all at zero is « not entered »."""
    retenues = AnnexeLue.objects.filter(
        retenue=True, debut__lte=date(annee, 12, 31), fin_incluse__gte=date(annee, 1, 1), taux_dynamique__gt=0
    )
    lues = retenues.order_by("debut", "pk").values("structure", *CHAMPS_ANNEXE.values())
    voulues = set(structures)
    return {lue["structure"]: lue for lue in lues if lue["structure"] in voulues}


def _ligne(
    structure: int, modele: dict[str, Any], cibles: dict[tuple[int, int], dict[str, Any]],
    annexe: dict[str, Any] | None, filtre: Filtre,
) -> LigneSuivi:  # fmt: skip
    maintenant, avant = cibles[structure, filtre.annee], cibles.get((structure, filtre.annee - 1), {})
    etat, apres = _terme(maintenant, filtre.taux)
    valeur_avant, source = _terme(avant, filtre.taux)[1], "Convenir"
    if valeur_avant is None:
        valeur_avant = annexe[CHAMPS_ANNEXE[filtre.taux]] if annexe else None
        source = "annexe lue" if valeur_avant is not None else ""
    return LigneSuivi(
        convention=modele["convention__reference"],
        structure=modele["convention__structure__denomination"],
        categorie=modele["convention__categorie"],
        departement=modele["convention__departement__nom"],
        region=modele["convention__departement__region__nom"],
        annee=filtre.annee,
        etat=etat,
        avant=valeur_avant,
        source_avant=source,
        apres=apres,
        evolution=rules.evolution(etat, valeur_avant, apres),
        base_connue=any(o["base"] is not None for o in maintenant.values()),
    )


def _terme(objectifs: dict[str, Any], taux: str) -> tuple[str, Decimal | None]:
    """Return the state and the agreed rate: of one type, or of the three and their sum."""
    if taux != DYNAMIQUE:
        lu = objectifs.get(taux)
        return (lu["etat"], lu["cible"]) if lu else (Etat.OUVERT, None)
    cibles = {type_: o["cible"] for type_, o in objectifs.items()}
    return rules.etat_des_trois([o["etat"] for o in objectifs.values()]), rules.somme_dynamique(cibles)


def _donner_les_raisons(
    suivies: list[LigneSuivi], cibles: dict[tuple[int, int], dict[str, Any]], structures: dict[int, dict[str, Any]],
    filtre: Filtre,
) -> None:  # fmt: skip
    """Put beside each line the last words of each party: why raised, kept, lowered, refused (one query).

    « Si non, pourquoi ? » asks for the reasons of what did not rise, kept alike as well as lowered.
    """
    par_convention = {o["convention__reference"]: s for s, o in structures.items()}
    concernees: dict[int, tuple[LigneSuivi, str]] = {}
    for ligne in suivies:
        for type_, o in cibles[par_convention[ligne.convention], filtre.annee].items():
            if filtre.taux in (DYNAMIQUE, type_):
                concernees[o["pk"]] = (ligne, rules.SORTIES[type_].lower())
    tenues = (
        Position.objects.tenues().filter(objectif__in=list(concernees)).exclude(genre=Genre.AVIS).exclude(raisons="")
    )
    dernieres: dict[tuple[int, str], Position] = {(p.objectif_id, p.partie): p for p in tenues}
    dites: dict[tuple[str, str, str], list[str]] = {}
    for (objectif, _), position in sorted(dernieres.items()):
        ligne, nom = concernees[objectif]
        cle = (ligne.convention, str(position.get_partie_display()), position.raisons)
        dites.setdefault(cle, []).append(nom)
    par_reference = {ligne.convention: ligne for ligne in suivies}
    for (reference, partie, mots), noms in dites.items():
        par_reference[reference].raisons.append(Raison(enumeration(noms), partie, mots))


def compter(suivies: Sequence[LigneSuivi], par: str) -> list[RangSuivi]:
    """Return the counts by group, then the total; groups in the order of their names."""
    cle = GROUPES[par][1]
    groupes: dict[str, Counter[Evolution]] = {}
    for ligne in suivies:
        groupes.setdefault(cle(ligne), Counter())[ligne.evolution] += 1
    rangs = [RangSuivi(nom, _comptes(groupes[nom])) for nom in sorted(groupes)]
    total = Counter(ligne.evolution for ligne in suivies)
    return [*rangs, RangSuivi("Ensemble", _comptes(total))]


def _comptes(compte: Counter[Evolution]) -> tuple[int, ...]:
    return tuple(compte[Evolution(code)] for code in EVOLUTIONS)


@dataclass(frozen=True)
class QuestionReponse:
    """A question of the instruction of 27 April 2011, word for word, and what the data answer."""

    question: str
    reponse: str


def reponses(suivies: Sequence[LigneSuivi], taux: str) -> list[QuestionReponse]:
    """Answer, from the lines, the questions of the instruction that the negotiation data can answer."""
    compte = Counter(ligne.evolution for ligne in suivies)
    compares = sum(compte[e] for e in (Evolution.IDENTIQUE, Evolution.RELEVE, Evolution.ABAISSE))
    sur = f"sur {pluriel(compares, 'SIAE comparable', 'SIAE comparables')} d’une année à l’autre"
    sans_hausse = [x for x in suivies if x.evolution in (Evolution.IDENTIQUE, Evolution.ABAISSE)]
    expliques = [x for x in sans_hausse if x.raisons]
    bases = sum(ligne.base_connue for ligne in suivies)
    return [
        QuestionReponse(
            "La négociation des objectifs de sorties dynamiques : sont-ils identiques à l’année précédente ?",
            f"{TAUX[taux]} : {nombre(compte[Evolution.IDENTIQUE])} repris à l’identique {sur}.",
        ),
        QuestionReponse(
            "Les objectifs fixés avec les structures ont-ils augmenté ? Si non, pourquoi ?",
            f"{pluriel(compte[Evolution.RELEVE], 'relevé')} et {pluriel(compte[Evolution.ABAISSE], 'abaissé')} {sur}. "
            f"{pluriel(len(sans_hausse), 'objectif n’a pas augmenté', 'objectifs n’ont pas augmenté')}, "
            f"raisons dites pour {nombre(len(expliques))}.",
        ),
        QuestionReponse(
            "Des SIAE refusent-elles d’entrer dans la négociation des objectifs « emploi » ?",
            f"{pluriel(compte[Evolution.REFUSE], 'SIAE', 'SIAE')} sur {nombre(len(suivies))} ; "
            f"{pluriel(compte[Evolution.DESACCORD], 'désaccord consigné', 'désaccords consignés')}.",
        ),
        QuestionReponse(
            "Comment avez-vous pris en compte les résultats de l’année précédente pour négocier les objectifs "
            "« emploi » ?",
            f"Le résultat antérieur est à côté de l’objectif pour {nombre(bases)} SIAE sur {nombre(len(suivies))}.",
        ),
    ]


ENTETES = (
    "convention", "structure", "categorie", "departement", "region", "annee", "taux", "objectif_annee_precedente_pct",
    "source_annee_precedente", "objectif_pct", "evolution", "raisons",
)  # fmt: skip


def rangs_a_exporter(suivies: Iterable[LigneSuivi], taux: str) -> Iterable[list[Any]]:
    """Yield the rows of the export, the first of which names the columns."""
    yield list(ENTETES)
    for x in suivies:
        raisons = " ; ".join(f"{r.voix} : {r.mots}" for r in x.raisons)
        yield [
            x.convention, x.structure, x.categorie, x.departement, x.region, x.annee, TAUX[taux], x.avant,
            x.source_avant, x.apres, x.libelle, raisons,
        ]  # fmt: skip


def comptes_a_exporter(suivies: Sequence[LigneSuivi], par: str) -> Iterable[list[Any]]:
    """Yield the rows of the counts, the first of which names the columns."""
    yield [GROUPES[par][0], *EVOLUTIONS.values(), "Total"]
    for rang in compter(suivies, par):
        yield [rang.libelle, *rang.comptes, rang.total]


def en_dictionnaire(suivies: Sequence[LigneSuivi], filtre: Filtre) -> dict[str, Any]:
    """Return counts, answers and lines, as the command line and the API print them; rates are decimal strings."""
    return {
        "annee": filtre.annee,
        "taux": filtre.taux,
        "comptes": [
            {"groupe": r.libelle, **dict(zip(EVOLUTIONS, r.comptes, strict=True)), "total": r.total}
            for r in compter(suivies, filtre.par)
        ],
        "reponses": [{"question": r.question, "reponse": r.reponse} for r in reponses(suivies, filtre.taux)],
        "lignes": [_ligne_publiee(x) for x in suivies],
    }


def _ligne_publiee(x: LigneSuivi) -> dict[str, Any]:
    return {
        "convention": x.convention, "structure": x.structure, "categorie": x.categorie, "departement": x.departement,
        "region": x.region, "annee": x.annee, "avant": None if x.avant is None else str(x.avant),
        "source_avant": x.source_avant, "objectif": None if x.apres is None else str(x.apres),
        "evolution": x.evolution.value,
        "raisons": [{"objectif": r.objectif, "partie": r.partie, "raisons": r.mots} for r in x.raisons],
    }  # fmt: skip
