"""What a document needs, typed and documented: whoever fills it knows every field, the model only lays it out.

Every value is a text already worded by `commun.francais` (or « s. s. », « non calculable »…), or None, printed
« n. d. » (« – » where the field says « without object »). Lists may be empty: the document then says so in a sentence.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from convenir.socle.commun.francais import pourcent
from convenir.socle.figures import Figure, barre_mini
from convenir.socle.figures.echelles import Nombre

Cellule = str | None
NATURE = "Données de gestion, établies pour le dialogue ; ce ne sont pas des statistiques officielles."


@dataclass(frozen=True)
class FigureDocument:
    """A drawing and the words that replace it for those who do not see it."""

    svg: str
    alt: str

    @classmethod
    def de(cls, figure: Figure) -> FigureDocument:
        """Take the black and white drawing of a figure and its description."""
        return cls(str(figure.impression), f"{figure.titre}. {figure.description}")

    @classmethod
    def mini(
        cls, libelle: str, resultat: Nombre | None, objectif: Nombre | None, *, cle: str, maximum: Nombre = 100
    ) -> FigureDocument:
        """Draw the small bar of a table line, in black and white, from shares in percent."""
        svg = barre_mini(resultat, objectif, cle=cle, maximum=maximum, impression=True)
        vise = "sans objectif" if objectif is None else f"objectif {pourcent(objectif)}"
        return cls(str(svg), f"{libelle} : résultat {pourcent(resultat)}, {vise}.")


@dataclass(frozen=True)
class Meta:
    """Identity of the PDF."""

    titre: str  # shown by the reader: « Fiche bilan 2025 : Les Jardins du Bief (ACI) »
    reference: str  # printed on every page: « FB-2025-900002-ACI »
    auteur: str  # the service that answers for it
    objet: str  # one sentence, the description of the PDF
    etat: str  # foot of every page: « Données figées le…, livraison du… »
    mots: tuple[str, ...] = ("IAE", "fiche bilan", "dialogue de gestion")
    type: str = "Fiche bilan"
    nature: str = NATURE


@dataclass(frozen=True)
class AlerteDocument:
    """A fact, its figures, its consequence; `niveau` is « À traiter » or « À suivre »."""

    niveau: str
    titre: str
    texte: str


@dataclass(frozen=True)
class LigneObjectif:
    """An objective: `annees` are the results of the past years, oldest first (one less than the years shown)."""

    libelle: str
    annees: tuple[Cellule, ...]
    objectif: Cellule  # None: without object
    resultat: Cellule  # « 54,3 % », « non calculable »
    effectif: Cellule  # « 19 sur 35 »
    reference: Cellule  # national reference; None: without object
    lecture: str  # one of the four words of reading, or « il en manque 2 »
    mini: FigureDocument | None = None
    retrait: bool = False  # a part of the line above


@dataclass(frozen=True)
class Objectifs:
    """Targets against results; the figure is optional, the small bars often suffice on paper."""

    lignes: tuple[LigneObjectif, ...] = ()
    phrase: str | None = None
    figure: FigureDocument | None = None
    note: str = ""


@dataclass(frozen=True)
class LigneMotif:
    """A reason: persons in each year shown, oldest first, and its share of the exits examined in the last one."""

    libelle: str
    valeurs: tuple[Cellule, ...]
    part: Cellule = None


@dataclass(frozen=True)
class FamilleMotifs:
    """A family of reasons and its totals; part None (« – ») for exits withdrawn from the rate."""

    libelle: str
    valeurs: tuple[Cellule, ...]
    part: Cellule
    motifs: tuple[LigneMotif, ...] = ()


@dataclass(frozen=True)
class Sorties:
    """Exits by reason; `total` counts the exits examined of each year."""

    familles: tuple[FamilleMotifs, ...] = ()
    total: tuple[Cellule, ...] = ()
    phrase: str | None = None
    note: str = ""


@dataclass(frozen=True)
class MoisDocument:
    """A month: short name, ETP done, ETP agreed, gap since January; None is printed « – »."""

    nom: str
    realise: Cellule
    conventionne: Cellule
    cumul: Cellule


@dataclass(frozen=True)
class ActiviteEtp:
    """Monthly activity: the sentence, the drawing, the table."""

    phrase: str | None
    figure: FigureDocument | None
    mois: tuple[MoisDocument, ...]
    note: str = ""


@dataclass(frozen=True)
class LignePublic:
    """A public: persons in each year shown, share in the last, priority, shares of département and France."""

    libelle: str
    valeurs: tuple[Cellule, ...]  # « s. s. » when the secret hides it
    part: Cellule
    priorite: Cellule = None  # None: without object
    departement: Cellule = None  # None: without object
    france: Cellule = None  # None: without object


@dataclass(frozen=True)
class Publics:
    """Publics received; `total` counts the employees present in the last year."""

    total: Cellule = None
    lignes: tuple[LignePublic, ...] = ()
    phrase: str | None = None
    note: str = ""


@dataclass(frozen=True)
class LigneArgent:
    """An amount or a means, one text per year; the unit is in the label."""

    libelle: str
    valeurs: tuple[Cellule, ...]
    gras: bool = False


@dataclass(frozen=True)
class Argent:
    """Means and funding; the figure is optional."""

    lignes: tuple[LigneArgent, ...] = ()
    phrase: str | None = None
    figure: FigureDocument | None = None
    note: str = ""


@dataclass(frozen=True)
class Repere:
    """Median of a category in a territory, and its central half: « 46,1 à 58,4 % »."""

    mediane: Cellule
    moitie: Cellule = None


@dataclass(frozen=True)
class LigneComparaison:
    """An indicator, the value of the structure, one landmark per territory."""

    libelle: str
    structure: Cellule
    reperes: tuple[Repere, ...]


@dataclass(frozen=True)
class Comparaison:
    """The structure among those of its category; `territoires` head the columns: « La Vaire (14 ACI) »."""

    territoires: tuple[str, ...]
    lignes: tuple[LigneComparaison, ...]
    phrase: str | None = None
    figure: FigureDocument | None = None
    note: str = ""


@dataclass(frozen=True)
class SourceDocument:
    """A file used: view, name, lines used, first twelve signs of its SHA-256."""

    vue: str
    fichier: str
    lignes: Cellule
    empreinte: Cellule


@dataclass(frozen=True)
class Mention:
    """Something missing and its effect, or a parameter to confirm and its value."""

    titre: str
    texte: str


@dataclass(frozen=True)
class Preuve:
    """How to check the document: SHA-256 of the frozen snapshot, head of the journal at that time."""

    empreinte: str | None  # 64 hexadecimal signs
    figees_le: str | None  # ISO date
    definitions: str | None  # version of the definitions
    comment: str  # what to do to check, in one or two sentences
    journal_numero: str | None = None
    journal_empreinte: str | None = None  # first signs are enough


@dataclass(frozen=True)
class DonneesFicheBilan:
    """All of a fiche bilan. `annees` are the years shown, oldest first; the last one is `annee`."""

    meta: Meta
    annee: str
    annees: tuple[str, ...]
    services: tuple[str, ...]  # who speaks: « Préfète de… », « Direction départementale de… (DDETS) »
    titre: str  # « Fiche bilan 2025 »
    objet: str  # « Les Jardins du Bief, atelier et chantier d’insertion (ACI) »
    identite: tuple[tuple[str, Cellule], ...]  # pairs, in threes
    preuve: Preuve
    essentiel: tuple[str, ...] = ()  # three sentences at most, the result first
    alertes: tuple[AlerteDocument, ...] = ()
    sans_alerte: str = "Aucune alerte à la date de la fiche."  # printed when there is none
    objectifs: Objectifs = field(default_factory=Objectifs)
    sorties: Sorties = field(default_factory=Sorties)
    etp: ActiviteEtp | None = None
    publics: Publics = field(default_factory=Publics)
    argent: Argent = field(default_factory=Argent)
    comparaison: Comparaison | None = None
    absents: tuple[Mention, ...] = ()
    a_confirmer: tuple[Mention, ...] = ()
    sources: tuple[SourceDocument, ...] = ()

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts.

        Raises:
            ValueError: a line has not one value per year shown, which would break its table.
        """
        self._verifier_colonnes()
        return asdict(self)

    def _verifier_colonnes(self) -> None:
        n = len(self.annees)
        lignes = [(f.libelle, f.valeurs, n) for f in self.sorties.familles]
        lignes += [(m.libelle, m.valeurs, n) for f in self.sorties.familles for m in f.motifs]
        lignes += [(ligne.libelle, ligne.valeurs, n) for ligne in self.publics.lignes]
        lignes += [(ligne.libelle, ligne.valeurs, n) for ligne in self.argent.lignes]
        lignes += [(ligne.libelle, ligne.annees, n - 1) for ligne in self.objectifs.lignes]
        if self.sorties.familles:
            lignes.append(("Sorties examinées", self.sorties.total, n))
        for libelle, valeurs, attendues in lignes:
            if len(valeurs) != attendues:
                raise ValueError(f"« {libelle} » : {len(valeurs)} valeurs pour {attendues} années.")
        if not self.annees or self.annees[-1] != self.annee:
            raise ValueError("La dernière des années montrées doit être celle de la fiche.")
        for ligne in self.comparaison.lignes if self.comparaison else ():
            if len(ligne.reperes) != len(self.comparaison.territoires if self.comparaison else ()):
                raise ValueError(f"« {ligne.libelle} » : il faut un repère par territoire.")
