"""Password rule for local accounts: 80 bits of entropy, as the CNIL asks.

Source: CNIL, délibération n° 2022-100 of 21 July 2022. Without any further measure a password needs 80 bits; its
examples are 12 characters of four kinds, 14 of three kinds, or a sentence of seven words. Attempts are throttled as
well (django-axes).
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

AIDE = (
    "Au choix : 12 caractères avec des minuscules, des majuscules, des chiffres et des caractères spéciaux ; "
    "14 caractères avec trois de ces quatre sortes ; ou une phrase d'au moins sept mots."
)
MOTS_DE_LA_PHRASE = 7


def nombre_de_sortes(mot_de_passe: str) -> int:
    """Count the kinds of characters used among lower case, upper case, digits and all others."""
    return sum(
        (
            any(c.islower() for c in mot_de_passe),
            any(c.isupper() for c in mot_de_passe),
            any(c.isdigit() for c in mot_de_passe),
            any(not c.isalnum() and not c.isspace() for c in mot_de_passe),
        )
    )


def est_une_phrase(mot_de_passe: str) -> bool:
    """Tell whether the password is a sentence of at least seven different words of two letters or more."""
    mots = {mot.lower() for mot in re.findall(r"[^\W\d_]{2,}", mot_de_passe)}
    return len(mots) >= MOTS_DE_LA_PHRASE


def respecte_la_regle(mot_de_passe: str) -> bool:
    """Tell whether the password reaches 80 bits by one of the three ways of the deliberation."""
    longueur, sortes = len(mot_de_passe), nombre_de_sortes(mot_de_passe)
    assez_divers = len(set(mot_de_passe)) >= 6
    return assez_divers and (
        (longueur >= 12 and sortes == 4) or (longueur >= 14 and sortes >= 3) or est_une_phrase(mot_de_passe)
    )


class RegleCnil:
    """Django validator of the rule, with French messages that say the way out."""

    def validate(self, password: str, user: object | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Refuse a password under 80 bits.

        Raises:
            ValidationError: the message says the three ways to reach the rule.
        """
        if not respecte_la_regle(password):
            raise ValidationError(f"Ce mot de passe est trop faible. {AIDE}", code="mot_de_passe_trop_faible")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return AIDE
