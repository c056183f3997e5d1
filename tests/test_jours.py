"""The day of an instant is that of Paris: between midnight and two, `.date()` on a stored instant is the eve."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent / "convenir"
# There the instant is already local, or is the clock of an invented file.
LOCAUX = {
    "socle/journal/detail.py", "restitution/portail/templatetags/francais.py", "mesure/donnees/generateur/mini.py",
    "mesure/donnees/generateur/fluxiae.py", "mesure/donnees/controle/regles_ml.py",
}  # fmt: skip


def jours_lus(source: str) -> list[int]:
    """Lines where a day is taken from an instant that is not put in local time there."""
    return [
        n.lineno
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "date" and not n.args
        and "localtime" not in ast.unparse(n.func.value)
    ]  # fmt: skip


def test_le_jour_d_un_instant_est_celui_de_paris():
    fautes = {
        str(f.relative_to(RACINE)): lues
        for f in sorted(RACINE.rglob("*.py"))
        if str(f.relative_to(RACINE)) not in LOCAUX and (lues := jours_lus(f.read_text(encoding="utf-8")))
    }
    assert fautes == {}, "écrire django.utils.timezone.localdate(instant)"


@pytest.mark.parametrize(("source", "lues"), [("a.maintenant.date()", [1]), ("timezone.localtime(x).date()", [])])
def test_la_lecture_les_trouve(source, lues):
    assert jours_lus(source) == lues
