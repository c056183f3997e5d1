"""Columns of each view, in the order of the ASP's files: read from the format description of the importer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from convenir.socle.commun.lecture_yaml import lire_yaml_sur

FORMATS = Path(__file__).parent.parent / "formats" / "fluxiae.yaml"


@cache
def _vues() -> dict[str, tuple[str, ...]]:
    contenu = lire_yaml_sur(FORMATS.read_text(encoding="utf-8"))["vues"]
    return {nom: tuple(vue.get("colonnes") or ()) for nom, vue in contenu.items()}


def colonnes(vue: str) -> tuple[str, ...]:
    """Return the column names of a view, such as `AnnexeFinanciere`, in the order of the file.

    Raises:
        KeyError: if the view is unknown or its columns are not described.
    """
    trouvees = _vues()[vue]
    if not trouvees:
        raise KeyError(f"Les colonnes de la vue {vue} ne sont pas décrites dans {FORMATS.name}.")
    return trouvees
