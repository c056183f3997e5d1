"""The remarks shown beside what they are about, and what this person may do of them."""

from __future__ import annotations

from dataclasses import dataclass

from convenir.contrat.dossiers import policies
from convenir.contrat.dossiers.forms import FormulaireCommentaire, FormulaireReponseAuCommentaire
from convenir.contrat.dossiers.models import Commentaire, Dossier
from convenir.socle.comptes.acteur import Acteur


@dataclass(frozen=True)
class Remarque:
    """What was said of one thing of the file (`quoi`, in words), what is written there, what may be done."""

    cible: str
    quoi: str
    actuel: str
    commentaires: list[Commentaire]
    peut_repondre: bool
    peut_commenter: bool
    peut_retirer: bool

    @property
    def ouverte(self) -> Commentaire | None:
        """The remark that waits for the structure."""
        return next((c for c in self.commentaires if c.ouvert), None)

    @property
    def formulaire_commentaire(self) -> FormulaireCommentaire:
        """The form of a new remark."""
        return FormulaireCommentaire(auto_id=f"c-{self.cible}-%s")

    @property
    def formulaire_reponse(self) -> FormulaireReponseAuCommentaire:
        """The form of the answer."""
        return FormulaireReponseAuCommentaire(auto_id=f"r-{self.cible}-%s")


class Remarques:
    """All the remarks of a file for one person, read in one query."""

    def __init__(self, dossier: Dossier, acteur: Acteur) -> None:
        self.dossier = dossier
        self.peut_instruire = policies.refus_d_instruire(acteur, dossier) is None
        self.par_cible: dict[str, list[Commentaire]] = {}
        for c in dossier.commentaires.all():
            self.par_cible.setdefault(c.champ, []).append(c)

    def sur(self, cible: str, quoi: str, actuel: str, *, modifiable: bool) -> Remarque:
        """Return what was said of one thing.

        Args:
            modifiable: whether this person may change it now.
        """
        lues = self.par_cible.get(cible, [])
        attend = any(c.ouvert for c in lues)
        return Remarque(
            cible, quoi, actuel, lues,
            peut_repondre=attend and modifiable and not self.dossier.en_redaction,
            peut_commenter=self.peut_instruire and self.dossier.en_echange and not attend,
            peut_retirer=self.peut_instruire and attend,
        )  # fmt: skip
