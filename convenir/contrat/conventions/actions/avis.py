"""Record the opinion of the commission, as its secretariat does: date, sense, reasons, file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from convenir.contrat.conventions import suites
from convenir.contrat.conventions.actions.passages import accomplir, version_a_traiter
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import Avis, Convention, GenrePiece, SensAvis
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.reglementation.queries import nom_institution


@dataclass(frozen=True)
class AvisRendu:
    """What the commission said; `electronique` for a consultation by electronic means."""

    jour: date
    sens: str
    motifs: str = ""
    electronique: bool = False
    fichier: Fichier | None = None


@suites.acte
def rendre_avis(acteur: Acteur, convention: Convention, avis: AvisRendu, *, maintenant: datetime) -> Avis:
    """Record an opinion on the version submitted; the version then waits for its signature.

    Raises:
        ActionRefusee: nothing was submitted, or the person may not record it.
        EntreeInvalide: a sense other than favourable without reasons, a date in the future.
    """
    if avis.sens not in SensAvis.values:
        raise EntreeInvalide("Choisissez le sens de l'avis.")
    if avis.sens != SensAvis.FAVORABLE and not avis.motifs.strip():
        raise EntreeInvalide("Un avis réservé, défavorable ou ajourné porte ses motifs : recopiez-les.")
    if avis.jour > timezone.localdate(maintenant):
        raise EntreeInvalide("La date de l'avis est dans le futur.")
    fraiche = accomplir(acteur, convention, "rendre_avis", jour=avis.jour, maintenant=maintenant, motif=avis.motifs)
    version = version_a_traiter(fraiche)
    assert version is not None  # la transition « rendre_avis » en exige une
    piece = None
    if avis.fichier:
        piece = joindre(
            acteur, fraiche, GenrePiece.AVIS, avis.fichier, jour=avis.jour, maintenant=maintenant, version=version
        )
    return Avis.objects.create(
        version=version,
        instance=nom_institution("commission_iae", avis.jour),
        jour=avis.jour,
        sens=avis.sens,
        motifs=avis.motifs.strip(),
        electronique=avis.electronique,
        postes=version.termes.postes,
        empreinte=version.empreinte,
        piece=piece,
        enregistre_le=maintenant,
        enregistre_par=acteur.auteur.nom,
    )
