"""What the objectives ask before a convention goes on: none is open when the opinion is asked for."""

from __future__ import annotations

from convenir.contrat.conventions.gardes import Contexte, garde
from convenir.contrat.conventions.models.convention import Dispositif
from convenir.contrat.conventions.models.versions import Version
from convenir.contrat.conventions.rules.termes import LIBELLES
from convenir.contrat.objectifs.models import CODES_SORTIES
from convenir.contrat.objectifs.queries import taux_de_l_annee
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


@garde("soumettre_avis", "mettre_en_signature", texte="R. 5132-2, 4° ; l'acte porte les objectifs négociés")
def les_taux_sont_ceux_convenus(contexte: Contexte) -> str | None:
    """The three rates of the terms are those agreed for the year, when the three are."""
    version = contexte.version
    if version is None:
        return None
    return _ecart(contexte, version, "corrigez les termes, ou rouvrez l’objectif.")


@garde("abandonner_avenant", texte="les objectifs d'une année signée sont ceux de l'acte en vigueur")
def les_objectifs_signes_restent_clos(contexte: Contexte) -> str | None:
    """An avenant given up leaves the objectives of a signed year closed, at the rates of the act that stays."""
    version = contexte.version
    if version is None:
        return None
    annee = version.effet.year
    signee = contexte.convention.versions.signees().filter(effet__year=annee).last()
    if signee is None:
        return None
    ouverts = contexte.convention.objectifs.filter(annee=annee).exclude(etat__in=CLOS)
    if noms := list(ouverts.values_list("libelle", flat=True)):
        return f"Objectifs {annee} rouverts : {enumeration(noms)}. Closez-les avant d’abandonner l’avenant."
    return _ecart(contexte, signee, "convenez de nouveau les taux de l’acte, ou signez l’avenant.")


def _ecart(contexte: Contexte, version: Version, remede: str) -> str | None:
    """Say which act does not carry the agreed rates, with what to do; None when one of them is not agreed."""
    convenus = taux_de_l_annee([contexte.convention.pk], version.effet.year).get(contexte.convention.pk)
    if convenus is None:
        return None
    termes = version.termes
    ecrits = (termes.taux_durable, termes.taux_transition, termes.taux_positives)
    noms = ("taux_durable", "taux_transition", "taux_positives")
    differents = [LIBELLES[n].lower() for n, a, b in zip(noms, ecrits, convenus, strict=True) if a != b]
    if not differents:
        return None
    return (
        f"Taux {version.effet.year} de l’acte « {version.libelle} » différents de ceux convenus : "
        f"{enumeration(differents)} ; {remede}"
    )
