"""The relations that definitions read: each a SELECT over tables that were scanned once."""

from __future__ import annotations

from collections.abc import Callable

from convenir.mesure.indicateurs.releves_ml.relations.actualites import (
    activite,
    attente,
    demande,
    entretiens,
    propositions,
)
from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte
from convenir.mesure.indicateurs.releves_ml.relations.entreprises import (
    contacts,
    mises_en_relation,
    mises_en_relation_ml,
    parrainages,
    parrains,
    periodes,
)
from convenir.mesure.indicateurs.releves_ml.relations.parcours import entrees, presence, sorties
from convenir.mesure.indicateurs.releves_ml.relations.situations import situations

# By the name under which the catalogue declares each.
RELATIONS: dict[str, Callable[[Contexte], str]] = {
    f.__name__: f
    for f in (
        activite, entretiens, propositions, demande, attente, entrees, presence, sorties, situations,
        mises_en_relation, mises_en_relation_ml, contacts, parrainages, parrains, periodes,
    )
}  # fmt: skip

__all__ = ["RELATIONS", "Contexte"]
