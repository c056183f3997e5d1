"""What the files of the law declare: parameters and their dated values, families, texts, lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from convenir.socle.reglementation.scalaires import Scalaire, dire_scalaire

A_CONFIRMER = "À confirmer"
CONFIRME = "Confirmé"


@dataclass(frozen=True)
class ValeurDeclaree:
    """A value of a parameter as a file, or an administrator, gives it.

    Attributes:
        valeur: None when the value is that of another parameter (`renvoi`).
        dernier_jour: last day in, if the text gives one; None = until the next value.
        texte: code of a text of the catalogue, or empty; `reference` is how to cite it.
        reconduit_depuis: day from which no newer text was found: the value is carried forward, to be confirmed.
        ajout: key of the added value; None when it comes from the files.
    """

    debut: date
    valeur: Scalaire | None
    source: str
    verifie_le: date
    texte: str = ""
    reference: str = ""
    renvoi: str = ""
    dernier_jour: date | None = None
    publie_le: date | None = None
    a_confirmer: bool = False
    pourquoi: str = ""
    reconduit_depuis: date | None = None
    pourquoi_reconduit: str = ""
    note: str = ""
    ajout: int | None = None


@dataclass(frozen=True)
class Parametre:
    """A parameter of the law: one code, one scalar at a date.

    Attributes:
        choix: admitted values and how each is said, for the types `choix` and `liste`.
        revision_annuelle: the texts revise it every year; beyond its year a value is carried forward, to be confirmed.
        secondaire: shown on a day, left out of the crossed history and the charts of its family.
        general: code of the parameter that this one replaces on `territoire` (a département).
    """

    code: str
    libelle: str
    court: str
    type: str
    unite: str
    famille: str
    valeurs: tuple[ValeurDeclaree, ...]
    choix: dict[str, str] = field(default_factory=dict)
    description: str = ""
    revision_annuelle: bool = False
    secondaire: bool = False
    general: str = ""
    territoire: str = ""
    portee: str = "France entière"

    def dire(self, valeur: Scalaire) -> str:
        """Print one of its values in French."""
        if isinstance(valeur, str) and self.choix:
            return ", ".join(self.choix[element] for element in valeur.split(", "))
        return dire_scalaire(valeur, self.type, self.unite)


@dataclass(frozen=True)
class Famille:
    """Parameters shown on one page.

    Attributes:
        croisee: whether the history crosses dates and parameters in one table (same unit, same texts).
        lecture: sentences that say what the history shows.
        usages: calculations that depend on it, in words.
    """

    code: str
    groupe: str
    libelle: str
    chapo: str
    croisee: bool = False
    lecture: str = ""
    principe: str = ""
    usages: str = ""


@dataclass(frozen=True)
class TexteReglementaire:
    """A text: how to cite it, when it applies, what it replaces.

    `applicable_du` and `dernier_jour` bound its application, the last day being in; None = not known, or still.
    """

    code: str
    nature: str
    titre: str
    objet: str
    source: str
    verifie_le: date
    numero: str = ""
    date_du_texte: date | None = None
    nor: str = ""
    publie_le: date | None = None
    applicable_du: date | None = None
    dernier_jour: date | None = None
    remplace: tuple[str, ...] = ()
    a_confirmer: bool = False
    pourquoi: str = ""
    note: str = ""

    @property
    def officiel(self) -> bool:
        """Whether the Journal officiel publishes texts of this nature."""
        return self.nature in {"loi", "decret", "arrete"}

    def applicable_le(self, jour: date) -> bool:
        """Tell whether it applies on a day; a text without a known start applies from its own date."""
        debut = self.applicable_du or self.date_du_texte
        if debut is not None and jour < debut:
            return False
        return self.dernier_jour is None or jour <= self.dernier_jour


@dataclass(frozen=True)
class Element:
    """One line of a reference list."""

    code: str
    libelle: str
    attributs: dict[str, str]
    a_confirmer: bool = False
    pourquoi: str = ""


@dataclass(frozen=True)
class Referentiel:
    """A closed list of codes: measures and states of the ASP, exit categories, criteria."""

    code: str
    libelle: str
    chapo: str
    source: str
    verifie_le: date
    colonnes: dict[str, str]
    elements: tuple[Element, ...]

    def element(self, code: str) -> Element:
        """Return the line of a code.

        Raises:
            KeyError: the list has no such code.
        """
        trouves = [e for e in self.elements if e.code == code]
        if not trouves:
            raise KeyError(code)
        return trouves[0]
