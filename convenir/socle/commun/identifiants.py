"""Identifiers of the field: SIRET, number of an annexe financière."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.fr import siret as _siret

# <mesure><département, 2 ou 3 caractères><millésime, 2><ordre, 4> puis, s'il y en a, A<n>M<n>.
_NUMERO = re.compile(
    r"^(?P<mesure>ACI|AI|EITI|ETTI|EI|FDI)(?P<dep>[0-9]{2}[0-9A-Z])(?P<annee>[0-9]{2})(?P<ordre>[0-9]{4})"
    r"(?:A(?P<avenant>[0-9]+))?(?:M(?P<modification>[0-9]+))?$"
)


def siret_valide(valeur: str) -> bool:
    """Tell whether a SIRET has fourteen digits and a right check digit (La Poste's exception included)."""
    return bool(_siret.is_valid(valeur))


@dataclass(frozen=True)
class NumeroAnnexe:
    """Number of an annexe financière as the ASP writes it, such as `ACI054180019A0M1`."""

    mesure: str
    departement_asp: str
    millesime: int
    ordre: int
    avenant: int | None = None
    modification: int | None = None

    @property
    def departement(self) -> str:
        """Code of the official geography: `054` gives `54`, `02A` gives `2A`, `971` stays, `59L` gives `59`."""
        code = self.departement_asp
        if code.startswith("97") or code.startswith("98"):
            return code
        return code[1:] if code.startswith("0") else code[:2]

    def __str__(self) -> str:
        base = f"{self.mesure}{self.departement_asp}{self.millesime:02d}{self.ordre:04d}"
        suffixe_a = "" if self.avenant is None else f"A{self.avenant}"
        suffixe_m = "" if self.modification is None else f"M{self.modification}"
        return base + suffixe_a + suffixe_m


def lire_numero_annexe(texte: str) -> NumeroAnnexe:
    """Read a number tolerantly: spaces, dashes, dots and lower case are accepted, the M suffix may be missing.

    Raises:
        ValueError: with a message in French naming the value and the expected form.
    """
    net = re.sub(r"[\s.\-_/]", "", texte).upper()
    trouve = _NUMERO.match(net)
    if not trouve:
        raise ValueError(
            f"« {texte} » n'est pas un numéro d'annexe financière. Forme attendue : ACI054180019A0M1 "
            "(mesure, département sur trois caractères, année, numéro d'ordre, puis A et M)."
        )
    suffixes = {c: (int(v) if (v := trouve[c]) is not None else None) for c in ("avenant", "modification")}
    return NumeroAnnexe(trouve["mesure"], trouve["dep"], int(trouve["annee"]), int(trouve["ordre"]), **suffixes)
