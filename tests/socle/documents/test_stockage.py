"""Le dépôt par empreinte : idempotent, vérifié à la relecture, clos sur son dossier."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.documents.stockage import deposer, relire

OCTETS = b"%PDF-1.7 essai"
EMPREINTE = sha256(OCTETS).hexdigest()


@pytest.fixture(autouse=True)
def dossier(settings: Any, tmp_path: Path) -> Path:
    settings.DOSSIER_DONNEES = tmp_path
    return tmp_path


def test_deposer_deux_fois_ne_garde_qu_un_fichier(dossier: Path) -> None:
    premier, second = deposer(OCTETS, "fiche bilan.PDF"), deposer(OCTETS, "autre.pdf")
    assert premier == second
    assert premier.sha256 == EMPREINTE
    assert premier.chemin == Path("documents", EMPREINTE[:2], f"{EMPREINTE}.pdf")
    assert [f.read_bytes() for f in dossier.rglob("*") if f.is_file()] == [OCTETS]


def test_relire_verifie_le_contenu(dossier: Path) -> None:
    depot = deposer(OCTETS, "a.pdf")
    assert relire(depot.sha256) == OCTETS
    fichier = dossier / depot.chemin
    fichier.chmod(0o600)
    fichier.write_bytes(b"autre chose")
    with pytest.raises(EntreeInvalide, match="altéré"):
        relire(depot.sha256)


@pytest.mark.parametrize("nom", ["sans-extension", "a.p/df", "..", "x.très_long", ""])
def test_un_nom_sans_extension_est_refuse(nom: str) -> None:
    with pytest.raises(EntreeInvalide, match="extension"):
        deposer(OCTETS, nom)


def test_le_nom_ne_choisit_pas_le_dossier(dossier: Path) -> None:
    depot = deposer(OCTETS, "../../etc/x.pdf")
    assert (dossier / depot.chemin).resolve().is_relative_to(dossier)


@pytest.mark.parametrize("empreinte", ["", "../../etc/passwd", "0" * 64, "Z" * 64])
def test_relire_refuse_ce_qui_n_existe_pas(empreinte: str) -> None:
    with pytest.raises(EntreeInvalide):
        relire(empreinte)


def test_un_echec_ne_laisse_rien(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(*_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr("convenir.socle.documents.stockage.os.replace", refuser)
    with pytest.raises(OSError, match="disque plein"):
        deposer(OCTETS, "a.pdf")
    assert not [f for f in dossier.rglob("*") if f.is_file()]
