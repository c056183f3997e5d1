"""Invented identities, recognisable as such: SIRET never attributed, NIR of impossible month, fictitious names."""

from __future__ import annotations

# The first digit of an attributed SIREN is never 0: no real body can be hit.
PREFIXE_SIREN = "000"
# Months 13 to 19 are attributed to nobody by the Insee; département 99 is « born abroad ».
PREMIER_MOIS_NIR = 13
# Numbers the Arcep keeps for fiction.
TELEPHONE_FICTIF = "01990000"
MARQUE = "(fictif)"


def cle_de_luhn(chiffres: str) -> int:
    """Digit that completes `chiffres` into a number whose Luhn sum is a multiple of ten."""
    total = 0
    for rang, caractere in enumerate(reversed(chiffres)):
        double = int(caractere) * (2 if rang % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return -total % 10


def siren_fictif(numero: int) -> str:
    """SIREN of the never attributed range `000…`, Luhn-valid.

    Raises:
        ValueError: if `numero` is not between 0 and 99 999.
    """
    if not 0 <= numero <= 99_999:
        raise ValueError(f"Il n'existe que 100 000 SIREN fictifs : {numero} est hors de la plage.")
    base = f"{PREFIXE_SIREN}{numero:05d}"
    return f"{base}{cle_de_luhn(base)}"


def siret_fictif(numero: int, etablissement: int = 1) -> str:
    """SIRET of an invented establishment, Luhn-valid; `etablissement` from 1 to 9 999."""
    base = f"{siren_fictif(numero)}{etablissement:04d}"
    return f"{base}{cle_de_luhn(base)}"


def nir_fictif(numero: int, sexe: int, annee: int) -> str:
    """NIR of an invented person: fifteen digits, right key, month 13 to 19 that nobody bears.

    Args:
        numero: rank of the person, from 0 to 6 999 999; two persons never share a NIR.
        sexe: 1 or 2.
        annee: year of birth, four digits.
    """
    mois, rang = divmod(numero, 1_000_000)
    corps = f"{sexe}{annee % 100:02d}{PREMIER_MOIS_NIR + mois}99{rang:06d}"
    return f"{corps}{97 - int(corps) % 97:02d}"


def telephone_fictif(numero: int) -> str:
    """Telephone number kept for fiction."""
    return f"{TELEPHONE_FICTIF}{numero % 100:02d}"
