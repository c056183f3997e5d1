"""What the objectives ask before a convention goes on: none is open when the opinion is asked for."""

from __future__ import annotations

from convenir.contrat.conventions.gardes import Contexte, garde
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.objectifs.models import CODES_SORTIES
from convenir.contrat.objectifs.rules import SORTIES
from convenir.contrat.objectifs.states import CLOS
from convenir.socle.commun.francais import enumeration


@garde(
    "soumettre_avis", "mettre_en_signature",
    texte="Circulaire DGEFP n° 2008-21 du 10 décembre 2008, annexe 7 : la négociation précède l'avis et la signature",
)  # fmt: skip
def objectifs_clos(contexte: Contexte) -> str | None:
    """Every objective of the year is agreed, in recorded disagreement or refused; the three exits are posed."""
    version = contexte.version
    if version is None:
        return None
    annee = version.effet.year
    lus = list(contexte.convention.objectifs.filter(annee=annee).values_list("libelle", "indicateur", "etat"))
    ouverts = [libelle for libelle, _, etat in lus if etat not in CLOS]
    if ouverts:
        return f"Objectifs {annee} encore en négociation : {enumeration(ouverts)}."
    if version.rang > 0:
        return None  # un avenant garde les objectifs de l'année, ou n'en change qu'une partie
    if contexte.convention.dispositif != Dispositif.IAE:
        return None if lus else f"Aucun objectif {annee} n’est posé : ouvrez la négociation."
    poses = {CODES_SORTIES[code] for _, code, _ in lus if code in CODES_SORTIES}
    manquants = [nom.lower() for type_, nom in SORTIES.items() if type_ not in poses]
    return f"Objectifs {annee} non posés : {enumeration(manquants)}." if manquants else None
