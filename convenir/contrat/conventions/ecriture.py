"""How the terms and their differences are written, on pages and in documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from convenir.contrat.conventions.rules.termes import (
    LIBELLES,
    LISTES,
    NOMBRES,
    Changement,
    Chemin,
    Scalaire,
    Termes,
    aplatir,
    differences,
)  # fmt: skip
from convenir.socle.commun import francais

UNITES: dict[str, str] = {
    "postes": "etp", "encadrement": "etp", "accompagnement": "etp", "montant_unitaire": "euros", "dotation": "euros",
    "montant": "euros", "modulation_max": "pourcent", "heures_etp": "heures", "sorties_prevues": "sorties",
    "taux_durable": "pourcent", "taux_transition": "pourcent", "taux_positives": "pourcent",
}  # fmt: skip
AXES: dict[str, str] = {
    "accueil": "Accueil et intégration en milieu de travail",
    "accompagnement": "Accompagnement social et professionnel",
    "formation": "Formation des salariés en insertion",
    "territoire": "Contribution à l'activité économique et au développement territorial",
    "reperage": "Repérage, accueil, information, orientation",
    "parcours": "Accompagnement des parcours d'insertion",
    "entreprises": "Activité en direction des entreprises",
    "expertise": "Expertise et observation active du territoire",
    "ingenierie": "Ingénierie de projet et animation locale",
}
AXES_IAE = ("accueil", "accompagnement", "formation", "territoire")
SECTIONS: dict[str, str] = {
    "presentation": "Caractéristiques générales et statut",
    "publics": "Caractéristiques des personnes embauchées",
    "accompagnement": "Modalités d'accompagnement",
    "autres_conventions": "Autres conventions d'insertion",
    "exclusivite": "Activité exclusive",
    "economie": "Insertion dans l'économie locale",
    "territoire": "Territoire",
    "moyens": "Moyens en personnel, matériels et financiers",
    "offres": "Dépôt des offres auprès de France Travail",
    "autres_aides": "Autres aides",
    "remuneration": "Rémunération, contrats et horaires",
    "suivi": "Suivi, contrôle et évaluation",
}
# Ce qu'un texte ne demande qu'à certaines catégories (R. 5132-10-7, 1° f ; R. 5132-2, 7° et 8°) ; le reste, à toutes.
PROPRES = {"exclusivite": ("ETTI",), "remuneration": ("EI", "EITI")}
DE_LIGNE = {
    "postes": "postes",
    "montant": "montant",
    "nom": "nom",
    "lieu": "lieu",
    "activite": "activité",
    "texte": "",
}


def valeur(champ: str, v: Scalaire | None) -> str:
    """Write one value with its unit; nothing said is « – »."""
    if v is None:
        return "–"
    if isinstance(v, str):
        return v
    unite = UNITES.get(champ, "")
    if unite == "etp":
        return francais.etp(v)
    if unite == "euros":
        return francais.euros(v, 2)
    if unite == "pourcent":
        return francais.pourcent(v, 0 if v == int(v) else 2)
    if unite == "heures":
        return f"{francais.nombre(v, 0 if v == int(v) else 2)}\u00a0h"
    return francais.nombre(v)


def ecart(champ: str, avant: Scalaire | None, apres: Scalaire | None) -> str:
    """Write a difference: « + 1,50 ETP », « + 2 points », « ajouté », « retiré », « réécrit »."""
    if avant == apres:
        return "inchangé"
    if avant is None or apres is None:
        return "ajouté" if avant is None else "retiré"
    if isinstance(avant, str) or isinstance(apres, str):
        return "réécrit"
    d = Decimal(apres) - Decimal(avant)
    unite = UNITES.get(champ, "")
    signe = "+\u202f" if d > 0 else ""
    if unite == "pourcent":
        return francais.points(d, 0 if d == int(d) else 2).replace("+", "+\u202f")
    return signe + valeur(champ, d)


def libelle(chemin: Chemin, noms: Mapping[str, str] | None = None, *, lien: str = " : ") -> str:
    """Name a term: « Postes d'insertion », « Cofinancement, Département fictif : montant », « Axe : Formation… ».

    `lien` stands between a name and its detail: a comma in a sentence, which has its own colon.
    """
    if len(chemin) == 1:
        return LIBELLES[chemin[0]]
    champ, cle, attribut = chemin
    intitule = {"axes": AXES, "sections": SECTIONS}.get(champ, noms or {}).get(cle, cle)
    detail = DE_LIGNE.get(attribut, attribut)
    return f"{LIBELLES[champ]}, {intitule}{lien}{detail}" if detail else f"{LIBELLES[champ]}{lien}{intitule}"


@dataclass(frozen=True)
class LigneDeTermes:
    """One term in three columns: before, after, difference."""

    libelle: str
    avant: str
    apres: str
    ecart: str
    change: bool
    precision: str = ""
    est_un_texte: bool = False


def noms_des_lignes(*tous: Termes) -> dict[str, str]:
    """Return the names of the records (funders, sites) by their key."""
    noms = {
        (champ, e.cle): e.nom for t in tous for champ in ("cofinancements", "chantiers") for e in getattr(t, champ)
    }
    return {cle: nom for (_, cle), nom in noms.items()}


def comparer(avant: Termes, apres: Termes) -> list[LigneDeTermes]:
    """Return every term said in either version, the numbers first, then what is computed from them, then the texts."""
    plats = aplatir(avant), aplatir(apres)
    changes = {c.chemin for c in differences(avant, apres)}
    noms = noms_des_lignes(avant, apres)
    chemins = sorted(plats[0].keys() | plats[1].keys(), key=_ordre)
    lignes = [_ligne(c, plats[0].get(c), plats[1].get(c), c in changes, noms) for c in chemins if c[-1] != "nom"]
    calculees = [_calculee("Montant socle annuel", "montant_unitaire", avant.montant_socle, apres.montant_socle,
                           "postes × montant d'un poste"),
                 _calculee("Sorties dynamiques", "taux_durable", avant.taux_dynamique, apres.taux_dynamique,
                           "somme des trois taux")]  # fmt: skip
    return sorted([*lignes, *(c for c in calculees if c)], key=lambda ligne: ligne.est_un_texte)


def _ordre(chemin: Chemin) -> tuple[int, int, Chemin]:
    """Numbers as declared, then the lists; axes and sections in the order of the texts."""
    if len(chemin) == 1:
        return NOMBRES.index(chemin[0]), 0, chemin
    rangs = list({"axes": AXES, "sections": SECTIONS}.get(chemin[0], {}))
    return len(NOMBRES) + list(LISTES).index(chemin[0]), rangs.index(chemin[1]) if chemin[1] in rangs else 0, chemin


def _ligne(
    chemin: Chemin, avant: Scalaire | None, apres: Scalaire | None, change: bool, noms: dict[str, str]
) -> LigneDeTermes:
    champ = chemin[-1]
    textes = valeur(champ, avant), valeur(champ, apres)
    ecrit = chemin[0] in {"axes", "sections"}
    return LigneDeTermes(libelle(chemin, noms), *textes, ecart(champ, avant, apres), change, est_un_texte=ecrit)


def _calculee(
    nom: str, unite: str, avant: Decimal | None, apres: Decimal | None, precision: str
) -> LigneDeTermes | None:
    if avant is None and apres is None:
        return None
    textes = valeur(unite, avant), valeur(unite, apres)
    return LigneDeTermes(nom, *textes, ecart(unite, avant, apres), avant != apres, precision)


def changements_en_mots(changements: tuple[Changement, ...], noms: dict[str, str]) -> list[str]:
    """Return one sentence by change, in the order of the page; a record that comes or goes whole has only one.

    « Postes d'insertion : 12,00 ETP au lieu de 10,00 ETP. », « Clause, Territoire : suppression (« Le pays »). »
    """
    entieres = {c.chemin[:2] for c in changements if c.chemin[-1] == "nom" and None in (c.avant, c.apres)}
    ordonnes = sorted(changements, key=lambda c: _ordre(c.chemin))
    groupes = groupby(ordonnes, key=lambda c: c.chemin[:2] if c.chemin[:2] in entieres else c.chemin)
    return [_ligne_entiere([*g], noms) if cle in entieres else _phrase(next(g), noms) for cle, g in groupes]


def _phrase(c: Changement, noms: dict[str, str]) -> str:
    nom, avant, apres = libelle(c.chemin, noms, lien=", "), _dit(c.chemin, c.avant), _dit(c.chemin, c.apres)
    if c.avant is None:
        return f"{nom} : {apres} (ajout)."
    return f"{nom} : suppression ({avant})." if c.apres is None else f"{nom} : {apres} au lieu de {avant}."


def _ligne_entiere(changements: list[Changement], noms: dict[str, str]) -> str:
    """Say a site or a co-funder that comes or goes, with all that is said of it."""
    champ, cle, _ = changements[0].chemin
    ajout = changements[0].avant is None
    dits = [valeur(c.chemin[-1], c.apres if ajout else c.avant) for c in changements if c.chemin[-1] != "nom"]
    detail = f" ({', '.join(dits)})" if dits else ""
    return f"{LIBELLES[champ]}, {noms.get(cle, cle)} : {'ajout' if ajout else 'suppression'}{detail}."


def _dit(chemin: Chemin, v: Scalaire | None) -> str:
    """Write a value in a sentence: a text is quoted, without its last stop."""
    dit = valeur(chemin[-1], v)
    return f"« {dit.strip().rstrip('.')} »" if isinstance(v, str) else dit


def clauses_de(categorie: str, termes: Termes) -> dict[str, dict[str, str]]:
    """Return the axes and the sections of an act: those of its category, and those that its terms already hold.

    A convention taken over may hold a clause that the code asks of other categories: whoever edits it sees it.
    """
    axes = {cle: nom for cle, nom in AXES.items() if (cle in AXES_IAE) == bool(categorie)}
    tenus = {e.cle: AXES.get(e.cle, e.cle) for e in termes.axes}
    tenues = {e.cle: SECTIONS.get(e.cle, e.cle) for e in termes.sections}
    return {"axes": axes | tenus, "sections": sections_de(categorie) | tenues}


def sections_de(categorie: str) -> dict[str, str]:
    """Return the written parts that a convention of this category has; a CPO has none, it is written in five axes."""
    if not categorie:
        return {}
    return {cle: titre for cle, titre in SECTIONS.items() if categorie in PROPRES.get(cle, (categorie,))}
