"""Strict loading of the catalogue: what is not declared, or does not compile, is refused with its file and key."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from convenir.mesure.indicateurs.definitions import (
    Catalogue,
    Colonne,
    Exclusion,
    Indicateur,
    Modalite,
    Source,
    Terme,
    ValeurAgregee,
    Ventilation,
    Version,
)
from convenir.mesure.indicateurs.valeurs import NIVEAUX, Unite
from convenir.socle.reglementation.chargeur import ErreurYaml, charger_yaml_strict, fichiers_yaml, refuser_doublons
from convenir.socle.reglementation.schema import Booleen, Choix, Dictionnaire, Entier, Jour, Liste, Objet, Texte

DOSSIER = Path(__file__).parent / "catalogue"
CODE = Texte(r"[a-z0-9]+(\.[a-z0-9_]+)+", "iae.theme.nom, en minuscules")
GENRES = ("somme", "rapport", "moyenne_mensuelle", "projection")
SOURCE_PROJECTION = "projection"
COMMUNS = {"sources.yaml", "ventilations.yaml", "bilan.yaml"}

_COLONNE = Objet({"echelle": Entier(), "libelle": Texte(), "vues": Liste(Texte(), 1)})
_SOURCE = Objet(
    {
        "libelle": Texte(),
        "maille": Choix(("annexe", "siae")),
        "genre": Choix(("quantites", "personnes")),
        "vues": Liste(Texte(), 1),
        "ecarte": Liste(Texte()),
        "colonnes": Dictionnaire(_COLONNE),
    },
    {"vues_facultatives": Liste(Texte())},
)
_SOURCES = Objet({"equivalences": Dictionnaire(Liste(Texte(), 1)), "sources": Dictionnaire(_SOURCE)})
_BILAN = Objet(
    {
        "vue": Texte(),
        "valeurs": Liste(
            Objet(
                {"indicateur": CODE, "numerateur": Texte()},
                {"denominateur": Texte(), "ventilation": Texte(), "modalite": Texte()},
                construire=lambda lu: ValeurAgregee(**lu),
            )
        ),
    }
)
_MODALITE = Objet({"libelle": Texte(), "expression": Texte()})
_VENTILATION = Objet(
    {"libelle": Texte()}, {"modalites": Dictionnaire(_MODALITE), "colonne": Texte(), "sensible": Booleen()}
)
_TERME = Objet({"mots": Texte()}, {"expression": Texte()}, construire=lambda lu: Terme(**lu))
_EXCLUSION = Objet({"mots": Texte()}, {"expression": Texte()}, construire=lambda lu: Exclusion(**lu))
_VERSION = Objet({"version": Entier(), "depuis": Jour(), "changement": Texte()}, construire=lambda lu: Version(**lu))


def _indicateur(lu: dict[str, Any]) -> tuple[int, Indicateur]:
    ligne, validite = lu.pop("ligne"), lu.pop("validite")
    listes = ("niveaux", "periodes", "versions", "exclusions", "ventilations", "parametres")
    lu |= {nom: tuple(lu[nom]) for nom in listes if nom in lu}
    indicateur = Indicateur(**lu, debut=validite["debut"], fin=validite.get("fin"))
    depuis = [v.depuis for v in indicateur.versions]
    if depuis != sorted(set(depuis)) or [v.version for v in indicateur.versions] != list(range(1, len(depuis) + 1)):
        raise ValueError("les versions se suivent à partir de 1, dans l'ordre des dates")
    if indicateur.genre in {"rapport", "moyenne_mensuelle"} and indicateur.denominateur is None:
        raise ValueError(f"un indicateur de genre « {indicateur.genre} » a un dénominateur")
    return ligne, indicateur


_INDICATEUR = Objet(
    {
        "code": CODE,
        "libelle": Texte(),
        "definition": Texte(),
        "unite": Choix(tuple(u.value for u in Unite)),
        "sens": Choix(("hausse", "baisse", "neutre")),
        "genre": Choix(GENRES),
        "source": Texte(),
        "numerateur": _TERME,
        "niveaux": Liste(Choix(NIVEAUX), 1),
        "periodes": Liste(Choix(("annee", "mois", "cumul")), 1),
        "texte": Texte(),
        "validite": Objet({"debut": Jour()}, {"fin": Jour()}),
        "versions": Liste(_VERSION, 1),
    },
    {
        "denominateur": _TERME,
        "par_mois": Texte(),
        "facteur": Entier(),
        "exclusions": Liste(_EXCLUSION),
        "disponible_si": Texte(),
        "vide": Choix(("non_calculable", "manquant")),
        "ventilations": Liste(Texte()),
        "dispersion": Booleen(),
        "total": Booleen(),
        "parametres": Liste(Texte(r"[A-Za-z0-9_.]+", "code de paramètre")),
        "a_confirmer": Texte(),
    },
    construire=_indicateur,
    ligne="ligne",
)


@cache
def catalogue(dispositif: str = "iae") -> Catalogue:
    """Return the catalogue of a scheme that comes with Convenir, checked once per process."""
    return charger_catalogue(DOSSIER / dispositif)


def charger_catalogue(dossier: Path) -> Catalogue:
    """Read and check a folder of definitions.

    Raises:
        ErreurYaml: naming the file, the line and the key of the first fault.
    """
    sources = _sources(dossier / "sources.yaml")
    ventilations = _ventilations(dossier / "ventilations.yaml")
    lus: list[tuple[Path, int, Indicateur]] = []
    forme = Objet({"indicateurs": Liste(_INDICATEUR, 1)})
    for chemin in fichiers_yaml(dossier):
        if chemin.name not in COMMUNS:
            lus += [(chemin, *lu) for lu in charger_yaml_strict(chemin, forme)["indicateurs"]]
    refuser_doublons(((i.code, chemin, ligne) for chemin, ligne, i in lus), "indicateur")
    for chemin, ligne, indicateur in lus:
        _verifier(chemin, ligne, indicateur, sources, ventilations)
    equivalences = charger_yaml_strict(dossier / "sources.yaml", _SOURCES)["equivalences"]
    vue, agregees = _agregees(dossier / "bilan.yaml", {i.code for _, _, i in lus}, ventilations)
    return Catalogue(
        dossier.name,
        sources,
        ventilations,
        {i.code: i for _, _, i in lus},
        {nom: tuple(vues) for nom, vues in equivalences.items()},
        vue,
        agregees,
    )


def _agregees(
    chemin: Path, codes: set[str], ventilations: dict[str, Ventilation]
) -> tuple[str, tuple[ValeurAgregee, ...]]:
    """Read how a view of aggregates feeds the indicators; none if the scheme has no such file."""
    if not chemin.exists():
        return "", ()
    lu = charger_yaml_strict(chemin, _BILAN)
    for rang, valeur in enumerate(lu["valeurs"]):
        if valeur.indicateur not in codes:
            raise ErreurYaml(chemin, f"valeurs[{rang}].indicateur", f"« {valeur.indicateur} » n'est pas au catalogue")
        connue = ventilations.get(valeur.ventilation)
        if valeur.modalite not in ({m.code for m in connue.modalites} if connue else {""}):
            raise ErreurYaml(chemin, f"valeurs[{rang}].modalite", f"« {valeur.modalite} » n'est pas une modalité")
    return lu["vue"], tuple(lu["valeurs"])


def _sources(chemin: Path) -> dict[str, Source]:
    lues = charger_yaml_strict(chemin, _SOURCES)["sources"]
    resultat = {}
    for nom, lue in lues.items():
        colonnes = {n: Colonne(n, c["libelle"], c["echelle"], tuple(c["vues"])) for n, c in lue["colonnes"].items()}
        listes = {cle: tuple(lue.get(cle, ())) for cle in ("vues", "vues_facultatives", "ecarte")}
        resultat[nom] = Source(nom, lue["libelle"], lue["genre"], lue["maille"], colonnes=colonnes, **listes)
    return resultat


def _ventilations(chemin: Path) -> dict[str, Ventilation]:
    lues = charger_yaml_strict(chemin, Objet({"ventilations": Dictionnaire(_VENTILATION)}))["ventilations"]
    resultat = {}
    for code, lue in lues.items():
        if bool(lue.get("modalites")) == bool(lue.get("colonne")):
            raise ErreurYaml(chemin, f"ventilations.{code}", "donnez « modalites » ou « colonne », l'un des deux")
        modalites = tuple(Modalite(c, m["libelle"], m["expression"]) for c, m in lue.get("modalites", {}).items())
        resultat[code] = Ventilation(
            code, lue["libelle"], modalites, lue.get("colonne", ""), lue.get("sensible", False)
        )
    return resultat


def expressions(indicateur: Indicateur, ventilations: dict[str, Ventilation]) -> list[tuple[str, str]]:
    """Return every expression of a definition, with the key where it is written."""
    trouvees = [("numerateur.expression", indicateur.numerateur.expression)]
    if indicateur.denominateur:
        trouvees.append(("denominateur.expression", indicateur.denominateur.expression))
    trouvees += [(f"exclusions[{r}].expression", e.expression) for r, e in enumerate(indicateur.exclusions)]
    trouvees += [("disponible_si", indicateur.disponible_si), ("par_mois", indicateur.par_mois)]
    for nom in indicateur.ventilations:
        ventilation = ventilations[nom]
        trouvees.append((f"ventilations.{nom}.colonne", ventilation.colonne))
        trouvees += [(f"ventilations.{nom}.{m.code}", m.expression) for m in ventilation.modalites]
    return [(cle, texte) for cle, texte in trouvees if texte]


@cache
def colonnes_de(expression: str) -> frozenset[str]:
    """Return the columns that an expression reads.

    Raises:
        ValueError: if it is not an expression of sums, comparisons and logic over columns.
    """
    try:
        arbre = sqlglot.parse_one(expression, dialect="duckdb")
    except sqlglot.errors.ParseError as erreur:
        raise ValueError(f"« {expression} » ne se lit pas") from erreur
    permis = (exp.Column, exp.Identifier, exp.Literal, exp.Binary, exp.Connector, exp.Not, exp.Paren)
    for noeud in arbre.walk():
        if not isinstance(noeud, permis):
            raise ValueError(f"« {expression} » : {noeud.sql()} n'est pas admis (sommes, comparaisons, AND, OR, NOT)")
    return frozenset(c.name for c in arbre.find_all(exp.Column))


def _verifier(
    chemin: Path,
    ligne: int,
    indicateur: Indicateur,
    sources: dict[str, Source],
    ventilations: dict[str, Ventilation],
) -> None:
    def refuser(cle: str, message: str) -> None:
        raise ErreurYaml(chemin, f"{indicateur.code}.{cle}", message, ligne)

    for nom in indicateur.ventilations:
        if nom not in ventilations:
            refuser("ventilations", f"découpage « {nom} » inconnu ; connus : {', '.join(ventilations)}")
    if indicateur.source == SOURCE_PROJECTION:
        return
    source = sources.get(indicateur.source)
    if source is None:
        refuser("source", f"source « {indicateur.source} » inconnue ; connues : {', '.join(sources)}")
    if not indicateur.numerateur.expression:
        refuser("numerateur", "l'expression est obligatoire")
    for cle, texte in expressions(indicateur, ventilations):
        try:
            inconnues = colonnes_de(texte) - set(source.colonnes)  # type: ignore[union-attr]
        except ValueError as erreur:
            refuser(cle, str(erreur))
        if inconnues:
            refuser(cle, f"colonne « {min(inconnues)} » absente de la source « {indicateur.source} »")
