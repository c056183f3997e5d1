"""Acts of the objectives, with their words in the journal; kinds of notification."""

from __future__ import annotations

from convenir.contrat.objectifs.states import Genre
from convenir.socle.journal.actes import declarer
from convenir.socle.taches import genres

POSE = declarer("objectifs.pose", "Objectif posé")
MODIFIE = declarer("objectifs.modifie", "Objectif modifié")
RETIRE = declarer("objectifs.retire", "Objectif retiré")
POSITIONS = {g: declarer(f"objectifs.{g}", f"Objectif : {g.label.lower()}") for g in Genre}
REPRISE = declarer("objectifs.reprise", "Position reprise avant d’être ouverte")
OUVERTE = declarer("objectifs.ouverte", "Positions de l’autre partie ouvertes")
JUGE = declarer("objectifs.juge", "Objectif jugé")

NOTIF_POSITION = genres.declarer(
    "objectifs.position", "Une position attend votre réponse", genres.Rythme.IMMEDIAT, attend=True
)
NOTIF_SUITE = genres.declarer("objectifs.suite", "Un objectif est convenu, refusé, en désaccord ou rouvert")
NOTIF_AVIS = genres.declarer("objectifs.avis", "France Travail ou un financeur donne son avis sur un objectif")
NOTIF_POSE = genres.declarer("objectifs.pose", "Un objectif est posé ou changé")
