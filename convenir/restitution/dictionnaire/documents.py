"""The dictionary as a document to annex to the notice, as a workbook, as JSON: the same entries."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from convenir.restitution.dictionnaire.lecture import DISPOSITIFS, dictionnaire, par_famille
from convenir.restitution.dictionnaire.modele import Entree, Exemple
from convenir.socle.commun import francais
from convenir.socle.documents.rendu import rendre as composer
from convenir.socle.reglementation.droit import Reglementation

FORMATS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def _parametres(e: Entree) -> str:
    return " ; ".join(
        f"{p.libelle} : {p.valeur}{' (à confirmer)' if p.a_confirmer else ''} [{p.code}]" for p in e.parametres
    )


def _versions(e: Entree) -> str:
    return " ; ".join(f"{v.version}, depuis le {francais.jour(v.depuis)} : {v.changement}" for v in e.versions)


COLONNES: tuple[tuple[str, Callable[[Entree], str]], ...] = (
    ("Code", lambda e: e.code), ("Famille", lambda e: e.famille), ("Libellé", lambda e: e.libelle),
    ("Définition", lambda e: e.definition), ("Formule", lambda e: e.formule), ("Numérateur", lambda e: e.numerateur),
    ("Dénominateur", lambda e: e.denominateur), ("Unité", lambda e: e.unite), ("Sens", lambda e: e.sens),
    ("Étape du dialogue", lambda e: e.etape), ("Part de", lambda e: e.part_de),
    ("Système source", lambda e: e.systeme),
    ("Module Entreprise", lambda e: e.module_entreprise), ("Niveaux", lambda e: ", ".join(e.niveaux)),
    ("Périodes", lambda e: ", ".join(e.periodes)), ("Découpages", lambda e: ", ".join(e.decoupages)),
    ("Écarté", lambda e: " ; ".join(e.exclusions)), ("Libellé par grille", lambda e: " ; ".join(e.grilles)),
    ("Validité", lambda e: e.validite), ("Texte", lambda e: e.texte), ("À confirmer", lambda e: e.a_confirmer),
    ("Paramètres", _parametres), ("Versions", _versions),
    ("Qui peut le voir", lambda e: e.qui_voit),
)  # fmt: skip


def ecrire(dispositif: str, format_export: str, droit: Reglementation, instant: datetime, *, fictif: bool) -> bytes:
    """Write the dictionary of a scheme; same catalogue, same law, same day, same bytes.

    Args:
        dispositif: `iae` or `ml`.
        format_export: `pdf`, `xlsx` or `json`.
        droit: the law, for the parameters cited.
        instant: instant written in the document; its day is that of the parameters.
        fictif: print « DONNÉES FICTIVES » on every page.

    Raises:
        EntreeInvalide: unknown scheme.
        DocumentImpossible: the typesetter refused the data.
    """
    if format_export == "json":
        lu = en_dictionnaire(dispositif, droit, timezone.localdate(instant))
        return f"{json.dumps(lu, ensure_ascii=False, indent=2)}\n".encode()
    entrees = dictionnaire(dispositif, droit, timezone.localdate(instant))
    if format_export == "xlsx":
        return _classeur(entrees, instant)
    return composer("dictionnaire", _donnees(dispositif, entrees, instant), horodatage=instant, fictif=fictif).octets


def en_dictionnaire(dispositif: str, droit: Reglementation, jour: date) -> dict[str, Any]:
    """Return the dictionary as plain JSON types: the command line and the API write the same.

    Raises:
        EntreeInvalide: unknown scheme.
    """
    return {
        "dispositif": dispositif,
        "date": jour.isoformat(),
        "indicateurs": [e.en_dictionnaire() for e in dictionnaire(dispositif, droit, jour)],
    }


def _classeur(entrees: Sequence[Entree], instant: datetime) -> bytes:
    sortie = io.BytesIO()
    classeur = xlsxwriter.Workbook(sortie, {"in_memory": True})
    classeur.set_properties({"title": "Dictionnaire des données", "created": instant.replace(tzinfo=None)})
    feuille = classeur.add_worksheet("Dictionnaire")
    feuille.freeze_panes(1, 1)
    feuille.autofilter(0, 0, len(entrees), len(COLONNES) - 1)
    feuille.set_column(0, len(COLONNES) - 1, 28)
    renvoi = classeur.add_format({"text_wrap": True, "valign": "top"})
    gras = classeur.add_format({"bold": True})
    for j, (titre, lire) in enumerate(COLONNES):
        feuille.write_string(0, j, titre, gras)
        for i, e in enumerate(entrees, 1):
            feuille.write_string(i, j, lire(e), renvoi)
    classeur.close()
    return sortie.getvalue()


def _donnees(dispositif: str, entrees: Sequence[Entree], instant: datetime) -> dict[str, Any]:
    jour = francais.jour(timezone.localdate(instant))
    return {
        "meta": {
            "titre": f"Dictionnaire des données, {DISPOSITIFS[dispositif].lower()}",
            "type": "Dictionnaire des données",
            "reference": f"Au {jour}", "auteur": "Convenir",
            "objet": "Annexe à la notice d’appui au dialogue de gestion",
            "mots": ["dictionnaire", "indicateurs", DISPOSITIFS[dispositif]],
            "etat": f"{len(entrees)} indicateurs, paramètres au {jour}", "nature": "Engendré du catalogue de calcul",
        },
        "qui": entrees[0].qui_voit if entrees else "",
        "familles": [
            {"titre": famille, "entrees": [_entree(e) for e in lues]} for famille, lues in par_famille(entrees).items()
        ],
    }  # fmt: skip


def _entree(e: Entree) -> dict[str, Any]:
    lignes = [
        ("Formule", e.formule), ("Unité et sens", f"{e.unite}, {e.sens}"), ("Étape", e.etape), ("Part de", e.part_de),
        ("Source", e.systeme), ("Module Entreprise", e.module_entreprise), ("Niveaux", ", ".join(e.niveaux)),
        ("Périodes", ", ".join(e.periodes)), ("Découpages", ", ".join(e.decoupages)),
        ("Écarté", " ; ".join(e.exclusions)), ("Selon la grille", _grilles(e)), ("Paramètres", _parametres(e)),
        ("Exemple", _exemple(e.exemple) if e.exemple else ""), ("À confirmer", e.a_confirmer),
        ("Texte", e.texte), ("Versions", _versions(e)),
    ]  # fmt: skip
    return {
        "code": e.code, "libelle": e.libelle, "definition": e.definition,
        "lignes": [list(ligne) for ligne in lignes if ligne[1]],
    }  # fmt: skip


def _grilles(e: Entree) -> str:
    """Return the label of each frame, when they differ."""
    return " ; ".join(e.grilles) if len({g.split(" : ", 1)[1] for g in e.grilles}) > 1 else ""


def _exemple(x: Exemple) -> str:
    """Say an example in one sentence."""
    if x.statut != "disponible":
        return f"jeu d’essai, {x.territoire}, {x.periode} : {x.statut.replace('_', ' ')}"
    compte = f" ({x.numerateur} sur {x.denominateur})" if x.denominateur else ""
    qui = f" ; comptent {', '.join(x.comptent)}" if x.comptent else ""
    return f"jeu d’essai, {x.territoire}, {x.periode} : {_court(x.valeur)}{compte}{qui}"


def _court(valeur: str) -> str:
    return valeur.rstrip("0").rstrip(".").replace(".", ",") if "." in valeur else valeur
