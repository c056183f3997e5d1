"""The acknowledgement of receipt: a typed context, a PDF, the same bytes for the same data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from convenir.contrat.dossiers import referentiel
from convenir.contrat.dossiers.models import Accuse, Dossier
from convenir.contrat.dossiers.rules import date_limite_instruction, depot_tardif
from convenir.socle.commun import francais
from convenir.socle.documents.contextes import Meta
from convenir.socle.documents.rendu import rendre
from convenir.socle.documents.stockage import deposer
from convenir.socle.reglementation.queries import a_jour

DELAI, TRIMESTRE = "iae.dossier.instruction_delai_mois", "iae.convention.depot_trimestre"
SILENCE = "iae.dossier.effet_du_silence"
DOUTE = "Délai à confirmer : aucun texte propre à ces demandes n’a été trouvé."
SUITE = "Le service vérifie que le dossier est complet. S’il manque une pièce, il la demande avec une date limite."


@dataclass(frozen=True)
class ContexteAccuse:
    """What the document prints; every value is already worded."""

    meta: Meta
    service: str
    structure: str
    reference: str
    recu_le: str
    periode: str
    delai: str
    limite: str
    a_confirmer: str
    silence: str
    tardif: str
    financements: tuple[tuple[str, str, str, str], ...]
    pieces: tuple[str, ...]
    suite: str

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts."""
        return asdict(self)


def emettre(dossier: Dossier, *, recu_le: date, maintenant: datetime) -> Accuse:
    """Write the acknowledgement of a filing; its document is kept, its delay is that of the rules of the day."""
    regle, trimestre = a_jour().valeur(DELAI, recu_le), a_jour().valeur(TRIMESTRE, recu_le)
    accuse = Accuse(
        dossier=dossier,
        rang=dossier.accuses.count() + 1,
        recu_le=recu_le,
        delai_mois=int(regle.valeur),
        limite_le=date_limite_instruction(recu_le, int(regle.valeur)),
        a_confirmer=regle.a_confirmer,
        tardif=depot_tardif(recu_le, dossier.annee, int(trimestre.valeur)),
        emis_le=maintenant,
    )
    accuse.contenu = contexte(dossier, accuse).en_json()
    rendu = rendre("accuse-reception", accuse.contenu, horodatage=maintenant, fictif=settings.DONNEES_FICTIVES)
    accuse.sha256 = deposer(rendu.octets, "accuse-reception.pdf").sha256
    accuse.save()
    return accuse


def contexte(dossier: Dossier, accuse: Accuse) -> ContexteAccuse:
    """Word what an acknowledgement says."""
    convention = dossier.convention
    recu = francais.jour(accuse.recu_le)
    reference = f"AR-{convention.reference}-{accuse.rang}"
    return ContexteAccuse(
        meta=Meta(
            titre=f"Accusé de réception {reference}", reference=reference, auteur=str(convention.service),
            objet=f"Accusé de réception de la demande de convention : {convention.nom_de_la_partie}",
            etat=f"Demande reçue le {recu}", mots=("convention", "accusé de réception"), type="Accusé de réception",
            nature="",
        ),
        service=str(convention.service),
        structure=convention.nom_de_la_partie,
        reference=convention.reference,
        recu_le=recu,
        periode=f"du {francais.jour(convention.debut)} au {francais.jour(convention.dernier_jour)}",
        delai=f"{accuse.delai_mois} mois",
        limite=francais.jour(accuse.limite_le),
        a_confirmer=DOUTE if accuse.a_confirmer else "",
        silence=_silence(accuse.recu_le),
        tardif="Cette demande est arrivée après la date de dépôt de l’année." if accuse.tardif else "",
        financements=tuple(
            (f.nom, francais.euros(f.base, 2), francais.euros(f.efforts, 2), francais.euros(f.total, 2))
            for f in dossier.financements.all()
        ),
        pieces=tuple(_libelle(p.genre, p.nom) for p in dossier.pieces.filter(retiree_le=None)),
        suite=SUITE,
    )  # fmt: skip


def _silence(jour: date) -> str:
    regle = a_jour().valeur_ou_rien(SILENCE, jour)
    if regle is None:
        return ""
    mots = {"rejet": "décision de rejet", "accord": "accord"}
    doute = " (à confirmer)" if regle.a_confirmer else ""
    return f"L’absence de réponse à cette date vaut {mots[str(regle.valeur)]}{doute}."


def _libelle(genre: str, nom: str) -> str:
    connu = referentiel.types_de_pieces().get(genre)
    return f"{connu.libelle if connu else genre} ({nom})"
