"""How far the deliveries in force know: their own last day, closed by the eve of the delivery."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from convenir.mesure.donnees.models import Source
from convenir.mesure.donnees.queries import EntrepotMl
from convenir.mesure.indicateurs.gel_ml import entrees
from tests.mesure.donnees.outils import lire_sql

NULLE_PART = Path("/nulle/part")


def entrepot(nature: str, arrete_au: date | None, livre: datetime | None, dossier: Path = NULLE_PART) -> EntrepotMl:
    return EntrepotMl(UUID(int=1), dossier, nature, {"ML1": (2025,)}, arrete_au, False, None, "", livre, "")


@pytest.mark.parametrize(
    ("livre", "connu", "clos"),
    [
        (datetime(2025, 7, 5, 9, tzinfo=UTC), date(2025, 6, 30), date(2025, 6, 30)),
        (datetime(2025, 6, 25, 9, tzinfo=UTC), date(2025, 6, 24), date(2025, 5, 31)),
        (None, date(2025, 6, 30), date(2025, 6, 30)),
    ],
)
def test_le_dernier_jour_est_celui_que_la_livraison_dit(livre, connu, clos):
    """No file is read: the folder does not exist."""
    lue = entrees._source(entrepot(Source.MISSIONS_LOCALES, date(2025, 6, 20), livre), ())
    assert (lue.arrete_au, lue.dernier_jour) == (connu, clos)


def test_des_agregats_s_arretent_a_leur_dernier_mois():
    livre = datetime(2025, 9, 2, 9, tzinfo=UTC)
    lue = entrees._source(entrepot(Source.AGREGATS_ML, date(2025, 5, 31), livre), ())
    assert lue.arrete_au == lue.dernier_jour == date(2025, 5, 31)


def test_une_livraison_d_avant_relit_ses_contacts(tmp_path):
    dossier = tmp_path / "actualite" / "enregistrements"
    dossier.mkdir(parents=True)
    lire_sql(f"COPY (SELECT DATE '2025-03-12' AS date_evt) TO '{dossier / 'a.parquet'}' (FORMAT parquet)")
    lue = entrees._source(entrepot(Source.MISSIONS_LOCALES, None, None, tmp_path), ())
    assert lue.arrete_au == date(2025, 3, 31)
