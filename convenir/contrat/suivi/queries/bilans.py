"""What is known of a year for a convention: the date set, the figures of the extranet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.models import EcheanceBilan
from convenir.contrat.suivi.rules.bilan import CHIFFRES
from convenir.contrat.suivi.rules.calendrier import Regles
from convenir.mesure.indicateurs.models import SituationStructure
from convenir.socle.reglementation.queries import a_jour

BILAN, CONTINUITE, RECLAMATION = "iae.bilan.date_limite", "iae.continuite.date_limite", "iae.continuite.reprise"


def regles_du_calendrier(jour: date) -> Regles:
    """Return the dated parameters of the calendar; what no text sets stays None."""
    return Regles(_jour_annuel(BILAN, jour), _jour_annuel(CONTINUITE, jour), _jour_annuel(RECLAMATION, jour))


def _jour_annuel(code: str, jour: date) -> tuple[int, int] | None:
    regle = a_jour().valeur_ou_rien(code, jour)
    if regle is None:
        return None
    mois, quantieme = str(regle.valeur).split("-")
    return int(mois), int(quantieme)


def echeance_du_bilan(convention: Convention, annee: int) -> date | None:
    """Return the day the bilan of a year is due: set by the service, else by a parameter, else none."""
    fixee = EcheanceBilan.objects.filter(departement=convention.departement_id, annee=annee).first()
    if fixee is not None:
        return fixee.echeance
    regle = _jour_annuel(BILAN, date(annee + 1, 1, 1))
    return date(annee + 1, *regle) if regle else None


def chiffres_connus(convention: Convention, annee: int) -> tuple[dict[str, Decimal | None], str]:
    """Return the figures of the extranet for a year, those of the fiche bilan, and where they come from."""
    if convention.structure_id is None:
        return {}, ""
    lignes = SituationStructure.objects.filter(structure=convention.structure_id, annee=annee)
    ligne: Any = lignes.select_related("instantane").first()
    if ligne is None:
        return {}, ""
    lus = {code: getattr(ligne, code) for code in CHIFFRES}
    connus = {code: Decimal(valeur) for code, valeur in lus.items() if valeur is not None}
    return dict(connus), f"fiche bilan {annee}, instantané {ligne.instantane.sha256[:12]}"
