"""When a mail leaves: one at most per person and per period, whatever happened. Pure: the instant is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from convenir.socle.taches.genres import Rythme, genre

# Two « immediate » mails to one person are at least this far apart: what happens in between goes in the second.
MINUTES_IMMEDIAT = 15
HEURE_QUOTIDIEN = 7
JOUR_HEBDOMADAIRE = 0  # lundi


def periode(rythme: str, instant: datetime) -> str | None:
    """Return the key of the period a mail of this rhythm belongs to, or None when none leaves at this instant.

    Args:
        rythme: an immediate mail leaves once per quarter of an hour, a daily one once a day from 7 o'clock, a weekly
            one once a week from Monday 7 o'clock.
        instant: local time.
    """
    if rythme == Rythme.IMMEDIAT:
        quart = instant.minute // MINUTES_IMMEDIAT * MINUTES_IMMEDIAT
        return f"{instant:%Y-%m-%dT%H}:{quart:02d}"
    if rythme == Rythme.QUOTIDIEN:
        return f"{instant:%Y-%m-%d}" if instant.hour >= HEURE_QUOTIDIEN else None
    if rythme == Rythme.HEBDOMADAIRE:
        commence = instant.weekday() > JOUR_HEBDOMADAIRE or instant.hour >= HEURE_QUOTIDIEN
        annee, semaine, _ = instant.isocalendar()
        return f"{annee}-S{semaine:02d}" if commence else None
    return None


def rythme_de(code: str, preferences: Mapping[str, str]) -> str:
    """Return the rhythm a person chose for a kind, else its default."""
    return preferences.get(code, genre(code).defaut)
