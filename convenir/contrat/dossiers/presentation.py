"""What the page of a file says: whose turn, what is lacking by section, what this person may do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from convenir.contrat.conventions.policies import refus
from convenir.contrat.conventions.states import TRANSITIONS, EtatConvention
from convenir.contrat.dossiers import policies, referentiel
from convenir.contrat.dossiers.cibles import ACTION, AXE, LIGNE, PLAN, QUESTION, genre
from convenir.contrat.dossiers.models import Accuse, Commentaire, DemandeDePiece, Dossier
from convenir.contrat.dossiers.queries import completude
from convenir.contrat.dossiers.rules import A_CONFIRMER, Completude, refus_de_rejeter
from convenir.socle.commun.francais import jour, pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite

E = EtatConvention
ROUVERTES = {
    QUESTION: ("question rouverte", "questions rouvertes"), AXE: ("axe rouvert", "axes rouverts"),
    ACTION: ("action rouverte", "actions rouvertes"), PLAN: ("plan rouvert", "plans rouverts"),
    LIGNE: ("ligne rouverte", "lignes rouvertes"),
}  # fmt: skip


@dataclass(frozen=True)
class Tour:
    """Three facts, always the same: where it stands, whose turn it is, what comes next and before when."""

    ou: str
    qui: str
    ensuite: str


@dataclass(frozen=True)
class Ligne:
    """A part of the file: its page, what it lacks, what the service has reopened of it."""

    titre: str
    url: str
    texte: str
    doute: str
    manques: int
    a_confirmer: int
    rouvertes: str

    @property
    def dit(self) -> str:
        """« complet », « 3 à remplir », « 2 à confirmer »."""
        dits = []
        if vides := self.manques - self.a_confirmer:
            dits.append(f"{vides} à remplir")
        if self.a_confirmer:
            dits.append(f"{self.a_confirmer} à confirmer")
        return ", ".join(dits) or "complet"


class PageDossier:
    """The page of one file for one person, in a fixed number of SQL queries."""

    def __init__(self, dossier: Dossier, acteur: Acteur, aujourdhui: date) -> None:
        self.dossier, self.acteur, self.aujourdhui = dossier, acteur, aujourdhui
        self.completude: Completude = completude(dossier)
        self.commentaires: list[Commentaire] = list(dossier.commentaires.all())
        self.demandes: list[DemandeDePiece] = list(dossier.demandes.all())
        self.accuses: list[Accuse] = list(dossier.accuses.all())
        self.passages = list(dossier.convention.passages.order_by("-pk"))
        self.en_entier = policies.lit_en_entier(acteur)
        self.peut_ecrire = policies.refus_d_ecrire(acteur, dossier) is None
        self.refus_de_deposer = policies.refus_de_deposer(acteur)
        self.peut_instruire = policies.refus_d_instruire(acteur, dossier) is None

    @property
    def attendues(self) -> list[DemandeDePiece]:
        """Pieces asked for and not supplied yet; nothing is awaited once the file is closed."""
        return [d for d in self.demandes if d.ouverte and self.dossier.en_echange]

    @property
    def rouvertes(self) -> list[Commentaire]:
        """Remarks that wait for the structure."""
        return [c for c in self.commentaires if c.ouvert]

    @property
    def peut_deposer(self) -> bool:
        """Whether the filing button leads somewhere for this person."""
        etat = self.dossier.convention.etat
        return self.peut_ecrire and etat in (E.BROUILLON, E.INCOMPLET) and self.refus_de_deposer is None

    @property
    def peut_demander(self) -> bool:
        """Whether the service may ask for pieces."""
        return self._l_acte_s_offre("declarer_incomplet")

    @property
    def peut_declarer_complet(self) -> bool:
        """Whether the service may declare the file complete: no asked piece is awaited."""
        return self._l_acte_s_offre("declarer_complet") and not self.attendues

    def _l_acte_s_offre(self, transition: str) -> bool:
        return self.peut_instruire and self.dossier.convention.etat in TRANSITIONS[transition].passages

    @property
    def peut_rendre(self) -> bool:
        """Whether the service may give the file back."""
        return self.peut_instruire and self.dossier.en_echange

    @property
    def peut_rejeter(self) -> bool:
        """Whether the application may be rejected today: every asked piece is late."""
        echeances = [d.echeance for d in self.attendues]
        en_attente = self.dossier.convention.etat == E.INCOMPLET and not refus_de_rejeter(echeances, self.aujourdhui)
        return en_attente and refus(self.acteur, self.dossier.convention, Capacite.DECIDER_CONVENTION) is None

    @property
    def renvoi(self) -> str:
        """Why the service gave the file back, while the structure corrects it."""
        dernier = self.passages[0] if self.passages else None
        return dernier.motif if dernier and dernier.transition == "renvoyer" else ""

    @property
    def lignes(self) -> list[Ligne]:
        """Sections of the law, then project, funders and pieces."""
        lignes = [
            self._ligne(s.code, s.titre, self._url("section", s.code), s.texte, s.doute) for s in self.dossier.sections
        ]
        projet = "Offre de service : actions" if self.dossier.cadre == referentiel.ML else "Projet d’insertion"
        lignes.append(self._ligne("projet", projet, self._url("projet"), "circulaire DGEFP 2008-21", ""))
        lignes.append(
            self._ligne(
                "financements",
                "Financements demandés",
                self._url("financements"),
                "un dossier pour tous les financeurs",
                "",
            )
        )
        lignes.append(self._ligne("pieces", "Pièces jointes", self._url("pieces"), "selon la forme juridique", ""))
        return lignes

    def _ligne(self, code: str, titre: str, url: str, texte: str, doute: str) -> Ligne:
        manques = self.completude.de_la_section(code)
        confirmer = sum(m.raison == A_CONFIRMER for m in manques)
        genres = Counter(genre(c.champ) for c in self.rouvertes if c.champ.startswith(f"{code}."))
        rouvertes = ", ".join(pluriel(genres[g], *mots) for g, mots in ROUVERTES.items() if genres[g])
        return Ligne(titre, url, texte, doute, len(manques), confirmer, rouvertes)

    def _url(self, nom: str, *autres: str) -> str:
        return reverse(f"dossiers:{nom}", args=[self.dossier.convention.reference, *autres])

    @property
    def phrase(self) -> str:
        """Completeness in one sentence."""
        c = self.completude
        if c.est_complet:
            return f"Le dossier est rempli : {pluriel(c.attendus, 'élément')} sur {c.attendus}."
        remplis = pluriel(c.faits, "élément rempli", "éléments remplis")
        return f"{remplis} sur {c.attendus} ; il en manque {len(c.manques)}."

    @property
    def tour(self) -> Tour:
        """Where it stands, whose turn, what next."""
        return TOURS.get(self.dossier.convention.etat, _apres)(self)


def _brouillon(page: PageDossier) -> Tour:
    ou = f"Rendu par le service : « {page.renvoi} »" if page.renvoi else f"En préparation. {page.phrase}"
    suite = "La direction dépose le dossier ; un accusé de réception dit la date et le délai de réponse."
    return Tour(ou, "La structure remplit et confirme ses réponses.", suite)


def _depose(page: PageDossier) -> Tour:
    accuse = page.accuses[-1] if page.accuses else None
    ou = f"Déposé le {jour(accuse.recu_le)}." if accuse else "Déposé."
    suite = f"Réponse au plus tard le {jour(accuse.limite_le)}." if accuse else "Le service répond."
    return Tour(ou, f"{page.dossier.convention.service} vérifie que le dossier est complet.", suite)


def _incomplet(page: PageDossier) -> Tour:
    attendues = page.attendues
    if not attendues:
        return Tour("Toutes les pièces demandées sont fournies.", "La direction dépose le dossier complété.",
                    "Un nouvel accusé de réception est émis.")  # fmt: skip
    fin = max(d.echeance for d in attendues)
    reste = (fin - page.aujourdhui).days
    delai = f"il reste {pluriel(reste, 'jour')}" if reste >= 0 else f"délai passé de {pluriel(-reste, 'jour')}"
    return Tour(
        f"{pluriel(len(attendues), 'pièce demandée', 'pièces demandées')}.",
        "La structure fournit les pièces.",
        f"À fournir avant la fin du {jour(fin)} ({delai}). À défaut, la demande peut être rejetée.",
    )


def _instruction(page: PageDossier) -> Tour:
    accuse = page.accuses[-1] if page.accuses else None
    rouvertes = len(page.rouvertes)
    qui = (
        f"La structure répond à {pluriel(rouvertes, 'question rouverte', 'questions rouvertes')}."
        if rouvertes
        else (f"{page.dossier.convention.service} instruit la demande.")
    )
    suite = f"Réponse au plus tard le {jour(accuse.limite_le)}." if accuse else "Le service répond."
    return Tour(f"{page.dossier.convention.get_etat_display()}.", qui, suite)


def _apres(page: PageDossier) -> Tour:
    return Tour(
        f"Convention : {page.dossier.convention.get_etat_display().lower()}.",
        "La suite se passe sur la page de la convention.",
        "Le dossier reste consultable ; il ne se change plus.",
    )


TOURS: dict[str, Callable[[PageDossier], Tour]] = {
    E.BROUILLON: _brouillon,
    E.DEPOSE: _depose,
    E.INCOMPLET: _incomplet,
    E.COMPLET: _instruction,
    E.EN_INSTRUCTION: _instruction,
    E.EN_NEGOCIATION: _instruction,
}
