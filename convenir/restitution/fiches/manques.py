"""What is missing from a fiche, who holds it, and what its absence changes."""

from __future__ import annotations

from convenir.mesure.indicateurs.absences import Absences
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import Valeurs
from convenir.restitution.fiches.modele import Activite, Manque
from convenir.socle.commun import francais
from convenir.socle.organisations.models import Structure

EXTRANET = "Extranet de l’ASP"


def manques_de(
    structure: Structure, valeurs: Valeurs, activite: Activite, annee: int, instantane: Instantane
) -> tuple[Manque, ...]:
    """Name each missing piece; an empty tuple when the fiche is whole."""
    an = str(annee)
    inconnus = int(valeurs.get("iae.sorties.motif_inconnu", an).valeur or 0)
    candidats = (
        _mois(activite, annee),
        _si(
            inconnus,
            Manque(
                EXTRANET,
                f"Motif de {francais.pluriel(inconnus, 'sortie')}",
                "Ces sorties comptent au dénominateur, jamais parmi les sorties dynamiques.",
            ),
        ),
        _si(
            not valeurs.get("iae.objectifs.dynamique", an).valeur,
            Manque(
                "Annexe financière", f"Objectifs de sortie de {annee}", "Les résultats n’ont pas d’objectif en face."
            ),
        ),
        _si(
            not valeurs.get("iae.encadrement.etp", an).est_disponible,
            Manque("Annexe financière", "ETP d’encadrement", "Le taux d’encadrement n’est pas donné."),
        ),
        _si(
            structure.commune is None,
            Manque("Fiche de la structure", "Commune", "La structure n’est rattachée à aucun bassin d’emploi."),
        ),
        *(
            Manque("Livraison", nom[:1].upper() + nom[1:], "Les chiffres qui en dépendent sont « n. d. ».")
            for nom in Absences.de(instantane.perimetre, structure.departement_id).noms
        ),
    )
    return tuple(m for m in candidats if m is not None)


def _mois(activite: Activite, annee: int) -> Manque | None:
    if not activite.mois_manquants:
        return None
    mois = francais.enumeration([francais.MOIS[m - 1] for m in activite.mois_manquants])
    return Manque(EXTRANET, f"États mensuels : {mois} {annee}", "Les ETP de ces mois sont un minimum.")


def _si(condition: object, manque: Manque) -> Manque | None:
    return manque if condition else None
