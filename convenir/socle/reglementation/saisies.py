"""From the rows entered by people to the values of the law."""

from __future__ import annotations

from convenir.socle.reglementation.catalogue import Catalogue, avec_reconduction
from convenir.socle.reglementation.definitions import Parametre, ValeurDeclaree
from convenir.socle.reglementation.droit import Ajout
from convenir.socle.reglementation.models import ValeurAjoutee
from convenir.socle.reglementation.scalaires import lire_scalaire


def declaree_de(ligne: ValeurAjoutee, parametre: Parametre | None) -> ValeurDeclaree:
    """Return the value a row declares; of a parameter that no longer exists, its text as written.

    Raises:
        ValueError: the written value does not suit the type of the parameter.
    """
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
    return avec_reconduction(declaree, revision_annuelle=bool(parametre and parametre.revision_annuelle))


def ajout_de(ligne: ValeurAjoutee, catalogue: Catalogue) -> Ajout:
    """Return an added value as the law reads it, with who added it and who withdrew it."""
    return Ajout(
        cle=ligne.pk,
        code=ligne.code,
        declaree=declaree_de(ligne, catalogue.parametres.get(ligne.code)),
        ajoute_le=ligne.ajoute_le,
        ajoute_par=ligne.ajoute_par,
        organisation=ligne.organisation,
        motif=ligne.motif,
        retire_le=ligne.retire_le,
        retire_par=ligne.retire_par,
        motif_retrait=ligne.motif_retrait,
    )
