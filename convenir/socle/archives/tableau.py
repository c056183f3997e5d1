"""The retention table, read from its data once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from convenir.socle.archives.rules import Regle, Sort
from convenir.socle.reglementation.chargeur import charger_yaml_strict, refuser_doublons
from convenir.socle.reglementation.schema import Booleen, Choix, Entier, Jour, Liste, Objet, Texte

FICHIER = Path(__file__).parent / "donnees" / "conservation.yaml"
_FONDS = Objet(
    requis={
        "code": Texte(), "libelle": Texte(), "depart": Texte(), "utilite_ans": Entier(),
        "sort": Choix(tuple(s.value for s in Sort)), "a_confirmer": Booleen(),
    },
    ligne="_ligne",
)  # fmt: skip
_TABLEAU = Objet(requis={"verifie_le": Jour(), "source": Texte(), "pourquoi": Texte(), "fonds": Liste(_FONDS, 1)})


@cache
def tableau() -> dict[str, Regle]:
    """Return the rule of each fonds, in the order of the table.

    Raises:
        ErreurYaml: the file is not what it should be.
    """
    lu = charger_yaml_strict(FICHIER, _TABLEAU)
    refuser_doublons(((f["code"], FICHIER, f["_ligne"]) for f in lu["fonds"]), "fonds")
    return {f["code"]: _regle(f, lu["pourquoi"]) for f in lu["fonds"]}


def _regle(f: dict[str, object], pourquoi: str) -> Regle:
    doute = bool(f["a_confirmer"])
    return Regle(
        str(f["code"]), str(f["libelle"]), str(f["depart"]), int(str(f["utilite_ans"])), Sort(str(f["sort"])), doute,
        pourquoi if doute else "",
    )  # fmt: skip
