"""The engine may stop on its own fault: the work starts again from nothing, and gives up after three tries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from convenir.mesure import reprise
from convenir.mesure.donnees import actions, quarantaine
from convenir.mesure.donnees.generateur.ecriture import ecrire_lignes
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, lignes_mini
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.mesure.indicateurs import queries
from convenir.mesure.indicateurs.actions import calculer
from convenir.mesure.indicateurs.traces import enregistrements
from convenir.socle.comptes.acteur import Acteur
from tests.mesure.donnees.conftest import acteur, donnees, geographie, mini  # noqa: F401

ARRET = "INTERNAL Error: dict-surviving cache: global dictionary column changed identity"


class BaseFragile:
    """A database that stops for good after some statements, as the engine does on its internal check."""

    def __init__(self, base: duckdb.DuckDBPyConnection, restantes: int) -> None:
        self.base, self.restantes = base, restantes

    def execute(self, *args: Any) -> Any:
        self.restantes -= 1
        if self.restantes < 0:
            raise duckdb.InternalException(ARRET)
        return self.base.execute(*args)

    def __getattr__(self, nom: str) -> Any:
        return getattr(self.base, nom)


@pytest.fixture
def moteur_fragile(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Make every other database stop after so many statements; return how many did."""
    vrai, ouvertes, mortes = duckdb.connect, [0], [0]

    def installer(instructions: int) -> list[int]:
        def connect(*args: Any, **options: Any) -> Any:
            ouvertes[0] += 1
            if ouvertes[0] % 2 == 0:
                return vrai(*args, **options)
            mortes[0] += 1
            return BaseFragile(vrai(*args, **options), instructions)

        monkeypatch.setattr(duckdb, "connect", connect)
        return mortes

    return installer


def _panne(fois: int, appels: list[int | None]):
    def travail(fils: int | None) -> str:
        appels.append(fils)
        if len(appels) <= fois:
            raise duckdb.InternalException("INTERNAL Error: dict-surviving cache")
        return "les valeurs"

    return travail


def test_un_arret_du_moteur_fait_reprendre_le_travail() -> None:
    appels: list[int | None] = []
    assert reprise.a_neuf(_panne(2, appels)) == "les valeurs"
    assert appels == [None, None, 1], "la dernière fois, un seul fil"


def test_trois_arrets_de_suite_sont_dits() -> None:
    appels: list[int | None] = []
    with pytest.raises(duckdb.InternalException):
        reprise.a_neuf(_panne(9, appels))
    assert len(appels) == reprise.ESSAIS


@pytest.mark.parametrize("instructions", [1, 12])
def test_un_import_survit_aux_arrets_du_moteur(
    donnees,  # noqa: F811
    geographie,  # noqa: F811
    tmp_path,
    acteur: Acteur,  # noqa: F811
    moteur_fragile,
    instructions: int,
) -> None:
    fautive = lignes_mini()
    fautive["EtatMensuelIndiv"][0] = {**fautive["EtatMensuelIndiv"][0], "emi_nb_heures_travail": "-4"}
    ecrire_lignes(tmp_path / "livraison", fautive, EXTRACTION_MINI)
    attendu = actions.essayer(tmp_path / "livraison", acteur).as_dict()
    mortes = moteur_fragile(instructions)
    rapport = actions.appliquer(tmp_path / "livraison", acteur)
    lu = rapport.as_dict()
    assert lu == attendu | {cle: lu[cle] for cle in ("issue", "livraison", "phrase")}
    assert (lu["issue"], mortes[0] > 0) == ("appliquee", True)
    assert AnnexeLue.objects.exists()
    lignes = list(quarantaine.lignes_csv(Livraison.objects.get()))
    assert any("-4" in ligne for ligne in lignes)
    assert not [d for d in (donnees / "entrepot" / ".travail").iterdir() if d.name != ".debordement"]


def test_calcul_et_trace_survivent_aux_arrets_du_moteur(donnees, geographie, mini, acteur, moteur_fragile) -> None:  # noqa: F811
    actions.appliquer(mini, acteur)
    instantane = calculer([2025])
    attendu = queries.trace(instantane, "france", "FR", "iae.etp.realises", "2025")
    enregistrements._compter.cache_clear()
    mortes = moteur_fragile(20)
    assert calculer([2025]).pk == instantane.pk, "les mêmes octets, donc la même empreinte"
    assert queries.trace(instantane, "france", "FR", "iae.etp.realises", "2025") == attendu
    assert mortes[0] >= 2
