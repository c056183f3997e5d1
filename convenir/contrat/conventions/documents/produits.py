"""The written documents of a convention, editable and printable: who reads and replaces them, how they are made.

The act signed is another file, frozen among the pieces; what is here is what the service works on and may replace.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions import policies
from convenir.contrat.conventions.documents.actes import acte_de
from convenir.contrat.conventions.documents.contextes import ActeDocument
from convenir.contrat.conventions.documents.lettres import lettre_de_decision, lettre_de_manquement
from convenir.contrat.conventions.models import Convention, Decision, Manquement
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.documents import actions
from convenir.socle.documents.docx import rendre_docx
from convenir.socle.documents.genres import GenreDeDocument, declarer
from convenir.socle.documents.models import DocumentProduit
from convenir.socle.documents.rendu import DocumentRendu, rendre

CODE, MODELE = "conventions.ecrit", "acte"


@dataclass(frozen=True)
class Ecrit:
    """A document that can be made.

    Attributes:
        cle: what it is about within its convention: « v1 », « decision-4 », « manquement-2 ».
        instant: that of the data it prints; it dates the file.
    """

    convention: Convention
    cle: str
    titre: str
    instant: datetime
    composer: Callable[[], ActeDocument]

    @property
    def objet(self) -> str:
        """Key of the document: its convention, then what it is about."""
        return f"{self.convention.reference}/{self.cle}"


Fabrique = Callable[[Convention, date], list[Ecrit]]
Lecture = Callable[[Acteur, str, Collection[str]], Mapping[str, str]]
_FABRIQUES: list[Fabrique] = []
_LECTURES: list[Lecture] = []


def proposer_des_ecrits(fabrique: Fabrique) -> Fabrique:
    """Let a room above add its letters to those of a convention."""
    _FABRIQUES.append(fabrique)
    return fabrique


def reserver_la_lecture(regle: Lecture) -> Lecture:
    """Let a room above keep documents from some readers: from who, the reference and the keys, why not, by key."""
    _LECTURES.append(regle)
    return regle


def refus_de_lire(acteur: Acteur, reference: str, cles: Collection[str]) -> dict[str, str]:
    """Say which documents of a convention that a person sees are not for this person, and why, by their key."""
    refus: dict[str, str] = {}
    for regle in _LECTURES:
        refus |= regle(acteur, reference, [cle for cle in cles if cle not in refus])
    return refus


def _lire(acteur: Acteur, objet: str) -> str | None:
    reference, _, cle = objet.partition("/")
    if not conventions_visibles(acteur).filter(reference=reference).exists():
        return policies.HORS_PERIMETRE
    return refus_de_lire(acteur, reference, [cle]).get(cle)


def _remplacer(acteur: Acteur, objet: str) -> str | None:
    return raison_du_refus(acteur, Capacite.INSTRUIRE_CONVENTION) or _lire(acteur, objet)


GENRE = declarer(
    GenreDeDocument(
        CODE, "Acte ou lettre d’une convention", _lire, _remplacer,
        lambda objet: reverse("conventions:ecrits", args=[objet.partition("/")[0]]),
    )
)  # fmt: skip


def ecrits_de(convention: Convention, jour: date) -> list[Ecrit]:
    """Return the documents that can be made of a convention: the letters of its file, its acts, its other letters."""
    du_dessus = [ecrit for fabrique in _FABRIQUES for ecrit in fabrique(convention, jour)]
    versions = convention.versions.exclude(etat="abandonnee").order_by("rang")
    actes = [
        Ecrit(convention, f"v{v.rang}", v.libelle, v.creee_le, lambda v=v: acte_de(v, jour))  # type: ignore[misc]
        for v in versions.select_related("convention__service", "convention__departement")
    ]
    manquements = [
        Ecrit(convention, f"manquement-{m.pk}", "Lettre : intention de résilier", instant_du(m.lettre_le),
              lambda m=m: lettre_de_manquement(m))  # type: ignore[misc]
        for m in Manquement.objects.filter(convention=convention).select_related("convention").order_by("pk")
    ]  # fmt: skip
    decisions = [
        Ecrit(convention, f"decision-{d.pk}", f"Décision : {str(d.get_genre_display()).lower()}",
              instant_du(d.prise_le), lambda d=d: lettre_de_decision(d))  # type: ignore[misc]
        for d in Decision.objects.filter(convention=convention).select_related("convention").order_by("pk")
    ]  # fmt: skip
    return [*du_dessus, *actes, *manquements, *decisions]


def instant_du(jour: date) -> datetime:
    """Return the instant that dates the file of a letter: its day, at noon."""
    return timezone.make_aware(datetime.combine(jour, time(12)))


def rendus(donnees: ActeDocument, instant: datetime) -> dict[str, DocumentRendu]:
    """Render a document as an editable DOCX and a tagged PDF; same data, same bytes."""
    fictif = settings.DONNEES_FICTIVES
    return {
        "docx": rendre_docx(MODELE, donnees, horodatage=instant, fictif=fictif),
        "pdf": rendre(MODELE, donnees, horodatage=instant, fictif=fictif),
    }


def etablir(acteur: Acteur, ecrit: Ecrit, *, maintenant: datetime) -> DocumentProduit:
    """Make a document, or make it again after its data changed; a filed replacement stays in force.

    Raises:
        ActionRefusee: no right.
    """
    policies.exiger(acteur, ecrit.convention, Capacite.INSTRUIRE_CONVENTION)
    titre = f"{ecrit.titre}, {ecrit.convention.nom_de_la_partie}"[:250]
    return actions.enregistrer(
        acteur, CODE, ecrit.objet, titre, rendus(ecrit.composer(), ecrit.instant), maintenant=maintenant
    )


def deja_etablis(convention: Convention) -> dict[str, DocumentProduit]:
    """Return the documents already made of a convention, by key, in one query."""
    debut = f"{convention.reference}/"
    lus = DocumentProduit.objects.filter(genre=CODE, objet__startswith=debut)
    return {d.objet.removeprefix(debut): d for d in lus}
