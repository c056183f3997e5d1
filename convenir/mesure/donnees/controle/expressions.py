"""SQL of one column: how its text is read, and how an unreadable text is told."""

from __future__ import annotations

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.formats import Colonne, TypeColonne
from convenir.mesure.donnees.reception.anomalies import MASQUE

T = TypeColonne
_FORMATS_DATE = "['%d/%m/%Y', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M']"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
_BOOLEENS = {"true": ("true", "t", "1", "oui", "o", "vrai"), "false": ("false", "f", "0", "non", "n", "faux")}
SQL_TYPES = {T.ENTIER: "BIGINT", T.DATE: "DATE", T.HORODATAGE: "TIMESTAMP", T.BOOLEEN: "BOOLEAN"}


def type_sql(colonne: Colonne) -> str:
    """Return the SQL type of the values once read."""
    if colonne.nom_conserve != colonne.nom:
        return "BOOLEAN" if colonne.disposition == "presence" else "VARCHAR"
    if colonne.type is T.DECIMAL:
        return f"DECIMAL(18,{colonne.echelle})"
    return SQL_TYPES.get(colonne.type, "VARCHAR")


def lecture(colonne: Colonne) -> str:
    """Return the expression that reads the text of the copy; NULL when it is empty or unreadable."""
    brut = nom(colonne.nom_conserve)
    if colonne.nom_conserve != colonne.nom:
        return f"TRY_CAST({brut} AS BOOLEAN)" if colonne.disposition == "presence" else f"NULLIF({brut}, '')"
    if colonne.type is T.ENTIER:
        return _entier(brut)
    if colonne.type in (T.DATE, T.HORODATAGE):
        return _date(brut, SQL_TYPES[colonne.type])
    if colonne.type is T.BOOLEEN:
        return _booleen(brut)
    if colonne.type is T.DECIMAL:
        return f"TRY_CAST({brut} AS {type_sql(colonne)})"
    if colonne.valeurs:
        return f"CASE WHEN {brut} IN ({', '.join(map(texte, colonne.valeurs))}) THEN {brut} END"
    return f"NULLIF(NULLIF({brut}, ''), '{MASQUE}')" if colonne.motif else f"NULLIF({brut}, '')"


def _booleen(brut: str) -> str:
    """Read a boolean, written out case by case.

    The engine turns each IN of more than a few words into a join: a view of twenty-five booleans then takes ten times
    longer to plan, and half as long again to read.
    """
    cas = " ".join(f"WHEN {texte(mot)} THEN {valeur}" for valeur, mots in _BOOLEENS.items() for mot in mots)
    return f"CASE lower({brut}) {cas} END"


def _entier(brut: str) -> str:
    """Read an integer; « 3.0 » is three, « 3.7 » is not an integer."""
    return (
        f"CASE WHEN contains({brut}, '.') THEN CASE WHEN regexp_full_match({brut}, '-?[0-9]+[.]0*') "
        f"THEN TRY_CAST(split_part({brut}, '.', 1) AS BIGINT) END ELSE TRY_CAST({brut} AS BIGINT) END"
    )


def _date(brut: str, type_: str) -> str:
    """Read a day of the calendar from the year 1900 on; 31/02 gives NULL."""
    lue = (
        f"CASE WHEN regexp_full_match({brut}, '{_ISO}') THEN TRY_CAST({brut} AS TIMESTAMP) "
        f"ELSE TRY_STRPTIME({brut}, {_FORMATS_DATE}) END"
    )
    return f"CASE WHEN year({lue}) >= 1900 THEN ({lue})::{type_} END"


def siret_faux(brut: str) -> str:
    """Return the condition under which a SIRET is wrong: not fourteen digits, or a wrong check digit.

    Luhn's rule, for the SIREN and the whole; La Poste's establishments (SIREN 356 000 000), except its seat, follow
    the sum of digits divisible by five. Twin of `commun.identifiants.siret_valide`.
    """
    chiffres = [f"CAST(substr({brut}, {rang}, 1) AS INTEGER)" for rang in range(1, 15)]
    poste = f"{brut} LIKE '356000000%' AND {brut} <> '35600000000048'"
    return (
        f"CASE WHEN NOT regexp_full_match({brut}, '[0-9]{{14}}') THEN true "
        f"WHEN NOT ({_luhn(chiffres[:9])}) THEN true "
        f"WHEN {poste} THEN ({' + '.join(chiffres)}) % 5 <> 0 ELSE NOT ({_luhn(chiffres)}) END"
    )


def _luhn(chiffres: list[str]) -> str:
    """Return Luhn's condition over digits; every second one from the right is doubled."""
    doubles = [
        f"({c} * 2 // 10 + {c} * 2 % 10)" if (len(chiffres) - rang) % 2 == 0 else c for rang, c in enumerate(chiffres)
    ]
    return f"({' + '.join(doubles)}) % 10 = 0"
