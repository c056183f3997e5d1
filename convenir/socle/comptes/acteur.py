"""The person who acts: account, current membership, perimeter. Passed to every action and every query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.capacites import CAPACITES_PAR_ROLE, DUNE_MISSION_LOCALE, Capacite, raison_du_refus
from convenir.socle.comptes.roles import ROLES_ETAT, Role
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.natures import Nature
from convenir.socle.organisations.perimetre import Perimetre

if TYPE_CHECKING:
    from convenir.socle.comptes.models import Adhesion, Utilisateur
    from convenir.socle.organisations.models import Organisation


@dataclass(frozen=True)
class Acteur:
    """Who acts, under which membership, over what; `adhesions` are all those in force, for the switcher."""

    utilisateur: Utilisateur | None
    adhesion: Adhesion | None
    role: Role | None
    organisation: Organisation | None
    perimetre: Perimetre
    requete_id: str = ""
    nom_systeme: str = ""
    adhesions: tuple[Adhesion, ...] = field(default=(), repr=False)

    @classmethod
    def anonyme(cls, requete_id: str = "") -> Acteur:
        """Return the visitor who has not logged in: no right at all."""
        return cls(None, None, None, None, Perimetre.aucun(), requete_id)

    @classmethod
    def systeme(cls, nom: str) -> Acteur:
        """Return a process of the machine (« Ligne de commande »): every capability, the whole of France."""
        return cls(None, None, None, None, Perimetre.france(), nom_systeme=nom)

    @classmethod
    def de(cls, utilisateur: Utilisateur, *, requete_id: str = "", organisation: Organisation | None = None) -> Acteur:
        """Return a person without a role yet (accepting an invitation): named in the journal, allowed nothing."""
        return cls(utilisateur, None, None, organisation, Perimetre.aucun(), requete_id)

    @property
    def est_systeme(self) -> bool:
        """Whether a process of the machine acts, not a person."""
        return bool(self.nom_systeme)

    @property
    def est_etat(self) -> bool:
        """Whether the current role is one of a State service."""
        return self.role in ROLES_ETAT

    @property
    def auteur(self) -> Auteur:
        """The same, as the journal writes it."""
        if self.utilisateur is None:
            return Auteur(None, self.nom_systeme or "Visiteur", None, "", self.requete_id)
        organisation = self.organisation
        return Auteur(
            self.utilisateur.pk,
            self.utilisateur.nom_complet,
            organisation.pk if organisation else None,
            str(organisation) if organisation else "",
            self.requete_id,
        )

    def peut(self, capacite: Capacite | str) -> bool:
        """Tell whether the current role holds a capability; without a membership in force it holds none."""
        if self.est_systeme:
            return True
        if capacite in DUNE_MISSION_LOCALE and not self._est_dune_mission_locale:
            return False
        return self.role is not None and capacite in CAPACITES_PAR_ROLE[self.role]

    @property
    def _est_dune_mission_locale(self) -> bool:
        return self.organisation is not None and self.organisation.nature == Nature.MISSION_LOCALE

    def exiger(self, capacite: Capacite | str) -> None:
        """Stop unless the current role holds a capability.

        Raises:
            ActionRefusee: with the reason in French.
        """
        if raison := raison_du_refus(self, Capacite(capacite)):
            raise ActionRefusee(raison)
