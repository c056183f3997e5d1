"""From the rows entered by people to the values of the law."""

from __future__ import annotations

from convenir.socle.reglementation.catalogue import Catalogue, avec_reconduction
from convenir.socle.reglementation.definitions import ValeurDeclaree
from convenir.socle.reglementation.droit import Ajout
from convenir.socle.reglementation.models import ValeurAjoutee
from convenir.socle.reglementation.scalaires import lire_scalaire


def ajout_de(ligne: ValeurAjoutee, catalogue: Catalogue) -> Ajout:
    """Return an added value as the law reads it; of a parameter that no longer exists, its text as written."""
    parametre = catalogue.parametres.get(ligne.code)
    declaree = ValeurDeclaree(
        debut=ligne.debut,
        valeur=lire_scalaire(parametre.type, ligne.valeur, parametre.choix) if parametre else ligne.valeur,
        source=ligne.source,
        verifie_le=ligne.verifie_le,
        texte=ligne.texte_code,
        reference=ligne.texte,
        dernier_jour=ligne.dernier_jour,
        publie_le=ligne.publie_le,
        a_confirmer=ligne.a_confirmer,
        pourquoi=ligne.pourquoi,
        ajout=ligne.pk,
    )
    annuelle = bool(parametre and parametre.revision_annuelle)
    return Ajout(
        cle=ligne.pk,
        code=ligne.code,
        declaree=avec_reconduction(declaree, revision_annuelle=annuelle),
        ajoute_le=ligne.ajoute_le,
        ajoute_par=ligne.ajoute_par,
        organisation=ligne.organisation,
        motif=ligne.motif,
        retire_le=ligne.retire_le,
        retire_par=ligne.retire_par,
        motif_retrait=ligne.motif_retrait,
    )
