"""A mapping: for each table, the file it comes from and, for each column, a header, a constant, codes, forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from convenir.mesure.donnees.formats import Colonne, TypeColonne, Vue, tables_missions_locales
from convenir.mesure.donnees.formats.schema import LecteurYaml
from convenir.socle.commun.erreurs import EntreeInvalide

_CLES_COLONNE = frozenset({"colonne", "constante", "valeurs", "date", "vrai", "faux"})
_GROUPES = {
    "AAAA": "(?P<annee>[0-9]{4})", "AA": "(?P<annee>[0-9]{2})", "MM": "(?P<mois>[0-9]{1,2})",
    "JJ": "(?P<jour>[0-9]{1,2})", "hh": "(?P<heure>[0-9]{1,2})", "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<seconde>[0-9]{2})",
}  # fmt: skip
_JETON = "|".join(_GROUPES)
EXEMPLE_DE_DATE = "JJ/MM/AAAA"


@dataclass(frozen=True)
class ColonneChoisie:
    """Where the values of a column come from.

    Attributes:
        colonne: header of the export; empty with a constant, or when the header is that of the format.
        constante: value given to every row, when the export has no such column.
        valeurs: code of the export → code of the format.
        date: form of the dates, in French letters (`JJ/MM/AAAA`).
        vrai, faux: texts read as yes and as no.
    """

    colonne: str = ""
    constante: str = ""
    valeurs: Mapping[str, str] = field(default_factory=dict)
    date: str = ""
    vrai: tuple[str, ...] = ()
    faux: tuple[str, ...] = ()

    def en_donnees(self) -> Any:
        """Return it as the YAML writes it, in its shortest form."""
        ecrit = {
            cle: valeur
            for cle, valeur in (
                ("colonne", self.colonne), ("constante", self.constante), ("valeurs", dict(self.valeurs)),
                ("date", self.date), ("vrai", list(self.vrai)), ("faux", list(self.faux)),
            )
            if valeur
        }  # fmt: skip
        return self.colonne if set(ecrit) == {"colonne"} else ecrit


@dataclass(frozen=True)
class TableChoisie:
    """The file of a table (`*` stands for anything; empty: the file named as the table), and its columns."""

    fichier: str = ""
    colonnes: Mapping[str, ColonneChoisie] = field(default_factory=dict)

    def en_donnees(self) -> dict[str, Any]:
        """Return it as the YAML writes it."""
        colonnes = {nom: c.en_donnees() for nom, c in self.colonnes.items()}
        return {
            **({"fichier": self.fichier} if self.fichier else {}), **({"colonnes": colonnes} if colonnes else {})
        }  # fmt: skip


@dataclass(frozen=True)
class Correspondance:
    """A mapping from an export to the published format of the missions locales."""

    nom: str = ""
    tables: Mapping[str, TableChoisie] = field(default_factory=dict)

    def table(self, nom: str) -> TableChoisie:
        """Return what is chosen for a table; nothing if nothing is."""
        return self.tables.get(nom, TableChoisie())

    def avec(self, nom: str, table: TableChoisie) -> Correspondance:
        """Return the mapping with another choice for one table."""
        tables = {**self.tables, nom: table}
        return Correspondance(self.nom, {n: tables[n] for n in tables_missions_locales() if n in tables})

    def en_donnees(self) -> dict[str, Any]:
        """Return it as plain data, in the order of the format."""
        tables = {nom: ecrite for nom, table in self.tables.items() if (ecrite := table.en_donnees())}
        return {**({"nom": self.nom} if self.nom else {}), "tables": tables}

    def en_yaml(self) -> str:
        """Return the file to keep or to send, read back by `lire_yaml`."""
        return yaml.safe_dump(self.en_donnees(), allow_unicode=True, sort_keys=False, width=110)


AUCUNE = Correspondance()


def lire_yaml(texte: str) -> Correspondance:
    """Read a mapping file.

    Raises:
        EntreeInvalide: it is not YAML, or says something that the format does not know.
    """
    try:
        contenu = yaml.load(texte, Loader=LecteurYaml)
    except (yaml.YAMLError, ValueError) as erreur:
        lieu = getattr(erreur, "problem_mark", None)
        ligne = f", ligne {lieu.line + 1}" if lieu else ""
        raise EntreeInvalide(
            f"La correspondance ne se lit pas comme du YAML{ligne}. Exportez-la de nouveau, puis modifiez-la."
        ) from erreur
    return lire_correspondance(contenu)


def lire_correspondance(contenu: Any) -> Correspondance:
    """Read a mapping from plain data, strictly.

    Raises:
        EntreeInvalide: unknown key, table or column, unknown code, wrong form of date; the message says where.
    """
    _cles("La correspondance", contenu, {"nom", "tables"})
    tables = contenu.get("tables") or {}
    vues = tables_missions_locales()
    _cles("« tables »", tables, vues.keys(), quoi="table")
    return Correspondance(
        _texte("nom", contenu.get("nom", "")),
        {nom: _table(vues[nom], tables[nom]) for nom in vues if nom in tables},
    )


def _table(vue: Vue, contenu: Any) -> TableChoisie:
    lieu = f"Table {vue.nom}"
    _cles(lieu, contenu, {"fichier", "colonnes"})
    colonnes = contenu.get("colonnes") or {}
    _cles(f"{lieu}, « colonnes »", colonnes, {c.nom for c in vue.colonnes}, quoi="colonne")
    choisies = {nom: _colonne(vue.nom, vue.par_nom[nom], ecrit) for nom, ecrit in colonnes.items()}
    return TableChoisie(_texte(f"{lieu}, « fichier »", contenu.get("fichier", "")), choisies)


def _colonne(table: str, colonne: Colonne, ecrit: Any) -> ColonneChoisie:
    lieu = f"Table {table}, colonne {colonne.nom}"
    if not isinstance(ecrit, dict):
        return ColonneChoisie(colonne=_texte(lieu, ecrit))
    _cles(lieu, ecrit, _CLES_COLONNE)
    choisie = ColonneChoisie(
        colonne=_texte(lieu, ecrit.get("colonne", "")),
        constante=_texte(lieu, ecrit.get("constante", "")),
        valeurs=_valeurs(lieu, ecrit.get("valeurs", {})),
        date=_texte(lieu, ecrit.get("date", "")),
        vrai=_liste(lieu, ecrit.get("vrai", [])),
        faux=_liste(lieu, ecrit.get("faux", [])),
    )
    _coherente(lieu, colonne, choisie)
    return choisie


def _coherente(lieu: str, colonne: Colonne, choisie: ColonneChoisie) -> None:
    """Refuse what the type of the column does not allow."""
    if choisie.colonne and choisie.constante:
        raise EntreeInvalide(f"{lieu} : donnez « colonne » ou « constante », pas les deux.")
    inconnus = sorted(set(choisie.valeurs.values()) - set(colonne.valeurs)) if colonne.valeurs else []
    if inconnus:
        raise EntreeInvalide(
            f"{lieu} : « {inconnus[0]} » n'est pas un code du format. Codes admis : {', '.join(colonne.valeurs)}."
        )
    if choisie.date:
        if colonne.type not in (TypeColonne.DATE, TypeColonne.HORODATAGE):
            raise EntreeInvalide(f"{lieu} : « date » ne va qu'avec une date.")
        forme_de_date(choisie.date, lieu)
    if (choisie.vrai or choisie.faux) and colonne.type is not TypeColonne.BOOLEEN:
        raise EntreeInvalide(f"{lieu} : « vrai » et « faux » ne vont qu'avec une colonne oui ou non.")
    if set(choisie.vrai) & set(choisie.faux):
        raise EntreeInvalide(f"{lieu} : le même texte veut dire oui et non.")


def forme_de_date(forme: str, lieu: str = "Forme de date") -> str:
    """Return the regular expression of `JJ/MM/AAAA`, with one named group for each part.

    Raises:
        EntreeInvalide: day, month or year missing, or a letter that means nothing.
    """
    ecrite = "".join(_GROUPES.get(m, re.escape(m)) for m in re.findall(f"{_JETON}|.", forme, re.DOTALL))
    jetons = re.findall(_JETON, forme)
    restes = re.sub(_JETON, "", forme)
    if re.search(r"[A-Za-z]", restes.replace("T", "")) or len(set(jetons)) < len(jetons) or not _complete(jetons):
        raise EntreeInvalide(
            f"{lieu} : « {forme} » n'est pas une forme de date. Écrivez par exemple {EXEMPLE_DE_DATE}."
        )
    return rf"^\s*{ecrite}\s*$"


def _complete(jetons: list[str]) -> bool:
    return {"JJ", "MM"} <= set(jetons) and len({"AAAA", "AA"} & set(jetons)) == 1


def _cles(lieu: str, contenu: Any, connues: Iterable[str], quoi: str = "clé") -> None:
    connues = list(connues)
    if not isinstance(contenu, dict):
        raise EntreeInvalide(f"{lieu} : une liste de clés est attendue.")
    for cle in contenu:
        if cle not in connues:
            raise EntreeInvalide(f"{lieu} : {quoi} inconnue « {cle} ». Attendu : {', '.join(connues)}.")


def _texte(lieu: str, valeur: Any) -> str:
    if isinstance(valeur, str):
        return valeur.strip()
    raise EntreeInvalide(f"{lieu} : un texte est attendu ; mettez « {valeur} » entre guillemets.")


def _liste(lieu: str, valeurs: Any) -> tuple[str, ...]:
    if not isinstance(valeurs, list):
        raise EntreeInvalide(f'{lieu} : une liste est attendue, par exemple ["Oui", "O"].')
    return tuple(_texte(lieu, v) for v in valeurs)


def _valeurs(lieu: str, valeurs: Any) -> dict[str, str]:
    if not isinstance(valeurs, dict):
        raise EntreeInvalide(f"{lieu} : « valeurs » attend des paires « code de l'export : code du format ».")
    return {_texte(lieu, cle): _texte(lieu, valeur) for cle, valeur in valeurs.items()}
