"""What the page of a family of parameters shows: values on a day, history, charts, texts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from convenir.socle.commun.francais import enumeration
from convenir.socle.figures import Figure, Legende, Palier, paliers
from convenir.socle.reglementation.definitions import Famille, Parametre, TexteReglementaire
from convenir.socle.reglementation.droit import LigneHistoire, Reglementation, ValeurApplicable
from convenir.socle.reglementation.scalaires import dire_nombre

CHIFFRES = ("montant", "pourcentage", "nombre", "entier")
PALIERS_MINIMUM = 3


@dataclass(frozen=True)
class LigneAuJour:
    """A parameter on a day; `valeur` is None when none is known, or when the texts ended it (`terminee_le`)."""

    parametre: Parametre
    valeur: ValeurApplicable | None
    terminee_le: date | None


@dataclass(frozen=True)
class Cellule:
    """A parameter at a step of the crossed history, ready to print; all empty when no value is known."""

    texte: str
    inchangee: bool
    reconduite: bool
    baisse: str


@dataclass(frozen=True)
class LigneCroisee:
    """One date of effect: the value of each parameter from that day on."""

    debut: date
    cellules: list[Cellule]
    textes: list[ValeurApplicable]
    a_confirmer: str


@dataclass(frozen=True)
class LigneListe:
    """One value of one parameter, in the history of a family that has no crossed table."""

    parametre: Parametre
    ligne: LigneHistoire


def au_jour(droit: Reglementation, parametres: Iterable[Parametre], jour: date) -> list[LigneAuJour]:
    """Return each parameter with its value on a day."""
    return [LigneAuJour(p, droit.valeur_ou_rien(p.code, jour), droit.terminee_le(p.code, jour)) for p in parametres]


def sans_doublons(parametres: list[Parametre]) -> list[Parametre]:
    """Leave out the territorial variants of parameters that are in the list: the territory asked for chooses them."""
    codes = {p.code for p in parametres}
    return [p for p in parametres if p.general not in codes]


def territoires(droit: Reglementation, parametres: Iterable[Parametre]) -> list[tuple[str, str]]:
    """Return the territories between which the amounts of a family differ; none when they are the same everywhere."""
    paires = [(p, v) for p in parametres for v in droit.catalogue.parametres.values() if v.general == p.code]
    if not paires:
        return []
    return [("", paires[0][0].portee), *dict.fromkeys((v.territoire, v.portee) for _, v in paires)]


def pour_le_territoire(droit: Reglementation, parametres: list[Parametre], territoire: str) -> list[Parametre]:
    """Return the parameters that hold in a territory: its own when it has some."""
    return [droit.catalogue.variante(p.code, territoire) or p for p in parametres] if territoire else parametres


def croisee(droit: Reglementation, parametres: list[Parametre]) -> list[LigneCroisee]:
    """Return the history of some parameters as dates × parameters, the newest first."""
    debuts = sorted({ligne.debut for p in parametres for ligne in _en_vigueur(droit, p)})
    lignes: list[LigneCroisee] = []
    precedentes: list[ValeurApplicable | None] = [None for _ in parametres]
    for debut in debuts:
        valeurs = [_au(droit, p, debut) for p in parametres]
        lignes.append(_ligne_croisee(debut, parametres, valeurs, precedentes))
        precedentes = valeurs
    return lignes[::-1]


def principaux(parametres: list[Parametre]) -> list[Parametre]:
    """Return the parameters that the crossed history and the charts show: all but the secondary ones."""
    return [p for p in parametres if not p.secondaire] or parametres


def _au(droit: Reglementation, parametre: Parametre, jour: date) -> ValeurApplicable | None:
    return droit.valeur_ou_rien(parametre.code, jour)


def _en_vigueur(droit: Reglementation, parametre: Parametre) -> list[ValeurApplicable]:
    """Return the values of a parameter, each once, in order of time."""
    vues: dict[date, ValeurApplicable] = {}
    for segment in droit.chronique(parametre.code):
        vues.setdefault(segment.valeur.debut, segment.valeur)
    return list(vues.values())


def _ligne_croisee(
    debut: date,
    parametres: list[Parametre],
    valeurs: list[ValeurApplicable | None],
    precedentes: list[ValeurApplicable | None],
) -> LigneCroisee:
    cellules = [_cellule(debut, v, avant) for v, avant in zip(valeurs, precedentes, strict=True)]
    textes = {v.texte: v for v in valeurs if v is not None and v.debut == debut}
    douteuses = [p.court for p, v in zip(parametres, valeurs, strict=True) if v is not None and v.a_confirmer]
    connues = sum(v is not None for v in valeurs)
    reste = "" if not douteuses else "tout" if len(douteuses) == connues else enumeration(douteuses)
    return LigneCroisee(debut, cellules, list(textes.values()), reste)


def _cellule(debut: date, valeur: ValeurApplicable | None, avant: ValeurApplicable | None) -> Cellule:
    if valeur is None:
        return Cellule("", False, False, "")
    baisse = avant.nombre - valeur.nombre if avant is not None else Decimal(0)
    return Cellule(
        dire_nombre(valeur.nombre), valeur.debut < debut, valeur.reconduit, dire_nombre(baisse) if baisse > 0 else ""
    )


def en_liste(droit: Reglementation, parametres: list[Parametre]) -> list[LigneListe]:
    """Return every value of every parameter, parameter by parameter, the newest first."""
    return [LigneListe(p, ligne) for p in parametres for ligne in droit.histoire(p.code)]


def a_une_histoire(droit: Reglementation, parametres: list[Parametre]) -> bool:
    """Tell whether at least one parameter has known more than one value."""
    return any(len(droit.histoire(p.code)) > 1 for p in parametres)


def saisies(droit: Reglementation, parametres: list[Parametre]) -> list[LigneListe]:
    """Return the values added by people, withdrawn ones included, and the values of the files they replaced."""
    return [ligne for ligne in en_liste(droit, parametres) if ligne.ligne.ajout or ligne.ligne.etat != "en_vigueur"]


def courbes(droit: Reglementation, parametres: list[Parametre], jour: date) -> list[Figure]:
    """Draw the parameters that changed often enough, as steps up to a day."""
    figures = []
    for parametre in parametres:
        valeurs = [v for v in _en_vigueur(droit, parametre) if v.debut <= jour]
        if parametre.type in CHIFFRES and len(valeurs) >= PALIERS_MINIMUM:
            figures.append(_courbe(droit, parametre, valeurs, jour))
    return figures


def _courbe(droit: Reglementation, parametre: Parametre, valeurs: list[ValeurApplicable], jour: date) -> Figure:
    unite = {"montant": "€", "pourcentage": "%"}.get(parametre.type, parametre.unite)
    reconduit = next((s.periode.debut for s in droit.chronique(parametre.code)
                      if s.valeur.reconduit and s.periode.contient(jour)), None)  # fmt: skip
    return paliers(
        [Palier(v.debut, v.nombre) for v in valeurs],
        jusquau=jour,
        cle="p-" + parametre.code.replace(".", "-").replace("_", "-").lower(),
        titre=f"{parametre.libelle}, de {valeurs[0].debut.year} à {jour.year}",
        libelle=parametre.court
        if parametre.description == ""
        else f"{parametre.court}, {parametre.description.lower()}",
        reconduit=reconduit,
        unite=unite,
    )


def legende(courbes: list[Figure]) -> Legende | None:
    """Return the one legend of several charts: the fullest."""
    return max((courbe.legende for courbe in courbes), key=lambda le: len(le.elements), default=None)


def textes_de(droit: Reglementation, parametres: Iterable[Parametre]) -> list[TexteReglementaire]:
    """Return the texts that set the values of some parameters, the newest first."""
    codes = dict.fromkeys(v.texte for p in parametres for v in p.valeurs if v.texte)
    textes = [droit.catalogue.textes[c] for c in codes]
    return sorted(textes, key=lambda t: t.applicable_du or t.date_du_texte or date.min, reverse=True)


@dataclass(frozen=True)
class EntreeFamille:
    """A family in the index: how many parameters, how many to be confirmed or unknown today."""

    famille: Famille
    parametres: int
    a_confirmer: int
    inconnus: int


def index(droit: Reglementation, jour: date) -> dict[str, list[EntreeFamille]]:
    """Return the families by group, with what is doubtful on a day."""
    groupes: dict[str, list[EntreeFamille]] = {}
    for famille in droit.catalogue.familles.values():
        lignes = au_jour(droit, droit.catalogue.de_la_famille(famille.code), jour)
        douteuses = sum(li.valeur is not None and li.valeur.a_confirmer for li in lignes)
        inconnues = sum(li.valeur is None and li.terminee_le is None for li in lignes)
        entree = EntreeFamille(famille, len(lignes), douteuses, inconnues)
        groupes.setdefault(famille.groupe, []).append(entree)
    return groupes
