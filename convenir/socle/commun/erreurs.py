"""Errors that a person can act on: their message is in French and is shown as it is."""

from __future__ import annotations


class ErreurMetier(Exception):
    """Something the person can mend; `str(erreur)` is shown to them."""


class ActionRefusee(ErreurMetier):
    """The person may not do this; the message says why."""


class EntreeInvalide(ErreurMetier):
    """A file, a form or an argument is wrong; the message names the place and the way out."""
