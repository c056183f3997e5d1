"""Tell the commission of a département how its conventions stand."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from convenir.contrat.suivi import actes
from convenir.contrat.suivi.annonces import COMMISSION
from convenir.contrat.suivi.models import InformationCommission
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.models import Adhesion
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.notifications import Fait, prevenir_la_personne
from convenir.socle.territoires.models import Departement


@transaction.atomic
def informer_commission(
    acteur: Acteur,
    departement: Departement,
    lignes: list[dict[str, str]],
    *,
    jour: date,
    texte: str,
    maintenant: datetime,
) -> InformationCommission:
    """Record what the commission was told of the conventions, as it stood that day, and tell its members.

    Raises:
        ActionRefusee: no right, or a département out of the perimeter.
        EntreeInvalide: nothing to tell.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")
    if not lignes and not texte.strip():
        raise EntreeInvalide("Il n'y a ni convention à présenter ni message.")
    information = InformationCommission.objects.create(
        departement=departement, jour=jour, texte=texte.strip(), lignes=lignes, faite_par=acteur.auteur.nom,
        faite_le=maintenant,
    )  # fmt: skip
    apres = {"jour": en_mots(jour), "conventions": len(lignes), "membres": _prevenir(information)}
    journaliser(actes.COMMISSION, information, auteur=acteur.auteur, apres=apres)
    return information


def membres(departement: Departement) -> list[Adhesion]:
    """Return the members of the commission of a département who have an account, by name."""
    en_poste = Adhesion.objects.en_vigueur(timezone.localdate()).filter(
        role=Role.MEMBRE_CDIAE, organisation__departement=departement, utilisateur__est_actif=True
    )
    return list(en_poste.select_related("utilisateur", "organisation").order_by("utilisateur__nom", "pk"))


def _prevenir(information: InformationCommission) -> int:
    fait = Fait(
        COMMISSION, f"information-{information.pk}",
        f"Commission, {information.departement.nom} : point du {en_mots(information.jour)}",
        f"{pluriel(len(information.lignes), 'convention')} en vigueur, "
        f"{pluriel(information.en_difficulte, 'structure')} en difficulté.",
        information.get_absolute_url(),
    )  # fmt: skip
    return sum(prevenir_la_personne(fait, m.organisation, m.utilisateur) for m in membres(information.departement))
