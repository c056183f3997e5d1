"""What reception gives, whatever the source: one object per view, ready for control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from convenir.mesure.donnees.reception.anomalies import Anomalie


class FichierRecept(Protocol):
    """A received file whose text copy, without any identity, is written."""

    @property
    def vue(self) -> str: ...
    @property
    def nom(self) -> str: ...
    @property
    def sha256_recu(self) -> str: ...
    @property
    def sha256_copie(self) -> str: ...
    @property
    def chemin_copie(self) -> Path: ...
    @property
    def colonnes(self) -> tuple[str, ...]: ...
    @property
    def lignes_ecartees(self) -> int: ...
    @property
    def date_extraction(self) -> datetime | None: ...
    @property
    def sans_fin(self) -> bool: ...


class FichierDecrit(Protocol):
    """A received file of which only the description is kept."""

    @property
    def vue(self) -> str: ...
    @property
    def nom(self) -> str: ...
    @property
    def sha256_recu(self) -> str: ...
    @property
    def lignes(self) -> int: ...
    @property
    def sans_fin(self) -> bool: ...


@dataclass(frozen=True)
class FichierPret:
    """A received aggregated file; same shape as a received FluxIAE file."""

    vue: str
    nom: str
    sha256_recu: str
    sha256_copie: str
    chemin_copie: Path
    colonnes: tuple[str, ...]
    date_extraction: datetime | None
    lignes_ecartees: int = 0
    sans_fin: bool = False


@dataclass(frozen=True)
class ReceptionFaite:
    """A received delivery: its views, the files only counted and described, what was found, the views absent."""

    vues: dict[str, FichierRecept]
    decrites: Sequence[FichierDecrit]
    anomalies: Sequence[Anomalie]
    absentes: Sequence[str]
