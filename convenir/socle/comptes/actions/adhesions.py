"""Open and end memberships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes import actes, policies
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation, Structure


def verifier_nouvelle_adhesion(email: str, organisation: Organisation, role: str) -> None:
    """Refuse a role that the person already holds in the organisation.

    Raises:
        EntreeInvalide: with the way out.
    """
    email = Utilisateur.objects.adresse(email)
    if Adhesion.objects.filter(utilisateur__email=email, organisation=organisation, role=role, fin=None).exists():
        raise EntreeInvalide(
            f"{email} tient déjà ce rôle pour {organisation}. Choisissez un autre rôle ou terminez cette adhésion."
        )


def ouvrir_adhesion(
    utilisateur: Utilisateur,
    organisation: Organisation,
    role: str,
    *,
    debut: date,
    auteur: Auteur,
    structures: Iterable[Structure] = (),
) -> Adhesion:
    """Write a membership and journal it, inside the caller's transaction; the caller has checked the right."""
    adhesion = Adhesion.objects.create(utilisateur=utilisateur, organisation=organisation, role=role, debut=debut)
    adhesion.structures.set(structures)
    apres = {
        "utilisateur": utilisateur.pk,
        "organisation": organisation.pk,
        "role": role,
        "debut": debut,
        "structures": sorted(adhesion.structures.values_list("pk", flat=True)),
    }
    journaliser(actes.ADHESION_CREEE, adhesion, auteur=auteur, apres=apres)
    return adhesion


@transaction.atomic
def terminer_adhesion(acteur: Acteur, cle: int, motif: str, *, jour: date) -> Adhesion:
    """End a membership on a day: from that day on it opens nothing.

    Raises:
        ActionRefusee: one's own membership, one already ended, or a role one may not give.
        EntreeInvalide: no reason given.
    """
    adhesion = Adhesion.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cle)
    if raison := policies.refus_de_terminer(acteur, adhesion):
        raise ActionRefusee(raison)
    if not motif.strip():
        raise EntreeInvalide("Dites pourquoi cette adhésion prend fin : le motif est gardé.")
    adhesion.fin, adhesion.fin_motif = max(jour, adhesion.debut), motif.strip()[:300]
    adhesion.save(update_fields=["fin", "fin_motif"])
    journaliser(
        actes.ADHESION_TERMINEE,
        adhesion,
        auteur=acteur.auteur,
        avant={"fin": None},
        apres={"fin": adhesion.fin, "fin_motif": adhesion.fin_motif},
    )
    return adhesion
