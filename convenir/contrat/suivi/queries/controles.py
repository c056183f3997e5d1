"""What a control of eligibility bears on: the convention that covers the controlled year."""

from __future__ import annotations

from datetime import date

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries import version_en_vigueur
from convenir.contrat.conventions.states import EtatVersion
from convenir.contrat.suivi.models import Controle
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel

# À confirmer : les articles qui portent la suspension et le remboursement n'ont pas été relus un à un à leur source.
ARTICLES = "Code du travail, articles R. 5132-1-12 à R. 5132-1-16"


def convention_controlee(controle: Controle) -> Convention | None:
    """Return the signed convention that covers the controlled year, else the last one signed; None when unknown."""
    siennes = Convention.objects.filter(
        structure=controle.structure_id, versions__etat=EtatVersion.SIGNEE
    ).distinct().order_by("-debut")  # fmt: skip
    annee = controle.campagne.annee
    couvre = siennes.filter(debut__lte=date(annee, 12, 31), fin__gt=date(annee, 1, 1))
    return couvre.first() or siennes.first()


def departement_a_informer(controle: Controle) -> str:
    """Return the co-financer to tell of a repayment, by its name; nothing when there is none, or it was told."""
    decision = controle.decision
    if decision is None or decision.montant is None or decision.rapportee or controle.cofinanceur_informe_le:
        return ""
    version = version_en_vigueur(decision.convention, decision.prise_le)
    return ", ".join(c.nom for c in version.termes.cofinancements) if version else ""


def constat(controle: Controle) -> str:
    """Return what the control did, in sentences: the facts of a decision start from it."""
    campagne = controle.campagne
    objet = (
        f"{pluriel(len(controle.embauches), 'embauche tirée', 'embauches tirées')} sur {controle.auto_prescriptions}"
        if controle.embauches
        else "toutes les auto-prescriptions de l’année"
    )
    dits = [f"Contrôle a posteriori de l’éligibilité pour {campagne.annee}, portant sur {objet}."]
    if controle.notifie_le:
        dits.append(f"Il a été notifié le {en_mots(controle.notifie_le)}.")
    dits.append(justificatifs_en_mots(controle))
    dits.append(_reponse("Les observations", controle.observe_le, controle.second_delai, "reçues", "présentées"))
    return " ".join(d for d in dits if d)


def justificatifs_en_mots(controle: Controle) -> str:
    """Return whether the proofs came in their delay; nothing while it has not begun."""
    return _reponse("Les justificatifs", controle.repondu_le, controle.premier_delai, "reçus", "produits")


def _reponse(quoi: str, recu: date | None, delai: date | None, venus: str, absents: str) -> str:
    if recu:
        return f"{quoi} ont été {venus} le {en_mots(recu)}."
    return f"{quoi} n’ont pas été {absents} avant la fin du {en_mots(delai)}." if delai else ""
