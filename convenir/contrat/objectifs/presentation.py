"""What the page of a negotiation prints, ready: the turn, the sum, each objective with its figure and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from convenir.contrat.objectifs import complements, phrases, rules
from convenir.contrat.objectifs.forms import FormulaireAvis, FormulaireReponse
from convenir.contrat.objectifs.models import Objectif, Position
from convenir.contrat.objectifs.queries import Negociation, derniere_position
from convenir.contrat.objectifs.states import AVEC_VALEUR, SUITES, TOUR, Etat, Genre, Partie, autre, possibles
from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.socle.commun.francais import INSECABLE, minuscule
from convenir.socle.figures import Figure, ResultatPasse, Voix, negociation
from convenir.socle.figures import Negociation as FigureNegociation
from convenir.socle.figures.ecriture import part_courte

VOIX = {Partie.ETAT: "etat", Partie.STRUCTURE: "structure"}


@dataclass(frozen=True)
class Terme:
    """A term of the sum: its value in large, its name, where it stands."""

    valeur: str
    libelle: str
    statut: str


@dataclass(frozen=True)
class LigneResultat:
    """A line of the table: a year, the result, the count."""

    annee: int
    texte: str
    effectif: str


@dataclass
class ObjectifPresente:
    """An objective as the page shows it."""

    objectif: Objectif
    positions: list[Position]
    figure: Figure | None
    phrase: str
    absents: list[str]
    resultats: list[LigneResultat]
    comparables: str
    territoires: list[tuple[str, str, str]]
    a_moi: bool
    reprenable: Position | None
    offre: Position | None
    formulaire: FormulaireReponse | None = None
    avis: FormulaireAvis | None = None
    depuis: list[Position] = field(default_factory=list)
    garde: dict[str, str] = field(default_factory=dict)
    dits: list[str] = field(default_factory=list)

    @property
    def titre(self) -> str:
        """« Emploi durable : convenu à 24 % », « Sorties positives : à vous de répondre »."""
        o = self.objectif
        if o.etat == Etat.CONVENU:
            suite = f"convenu à {self.ecrire(o.cible)}" if o.cible is not None else "convenu"
        elif self.a_moi:
            suite = "à vous de répondre"
        else:
            suite = minuscule(o.get_etat_display())
        return f"{o.libelle}{INSECABLE}: {suite}"

    @property
    def suite(self) -> str:
        """What the state leads to."""
        return SUITES[self.objectif.etat]

    def ecrire(self, valeur: Decimal | None) -> str:
        """Write a value in the unit of the objective."""
        return phrases.ecrire(valeur, self.objectif.unite)

    @property
    def cible(self) -> str:
        """The target in its unit, or in words."""
        return self.objectif.attendu or self.ecrire(self.objectif.cible)

    @property
    def base(self) -> str:
        """The base value in its unit."""
        return self.ecrire(self.objectif.base)

    @property
    def repond(self) -> str:
        """The orientation it serves and who expects it, in one sentence, or nothing."""
        dit = phrases.repond_a(self.objectif)
        return f"{dit[0].upper()}{dit[1:]}." if dit else ""

    @property
    def bornes(self) -> str:
        """« entre 22 % et 27 % », « au moins 22 % », or nothing."""
        return phrases.bornes(self.objectif)

    @property
    def trajectoire(self) -> list[tuple[int, str]]:
        """(year, value) of the steps."""
        return [(p.annee, self.ecrire(p.valeur)) for p in self.objectif.paliers.all()]

    @property
    def lignes(self) -> list[tuple[Position, str, str]]:
        """(position, mark of its voice, its value)."""
        return [(p, VOIX.get(Partie(p.partie), "tiers"), self.dite(p)) for p in self.positions]

    def dite(self, position: Position) -> str:
        """The value of a position, or the word of its kind."""
        if position.attendu:
            return position.attendu
        if position.valeur is not None:
            return self.ecrire(position.valeur)
        if position.genre == Genre.ACCORD:
            return "Accord"
        return {Genre.REFUS: "Refus", Genre.DESACCORD: "Désaccord", Genre.REOUVERTURE: "Rouvre"}.get(
            Genre(position.genre), "Avis"
        )


@dataclass(frozen=True)
class PageNegociation:
    """The whole page."""

    lue: Negociation
    objectifs: list[ObjectifPresente]

    @property
    def noms(self) -> dict[str, str]:
        """How each negotiating party is called on the page."""
        return {Partie.ETAT: f"la {self.lue.convention.service.nom}", Partie.STRUCTURE: "la structure"}

    @property
    def destinataire(self) -> str:
        """Who receives the answer of the person."""
        if self.lue.moi == Partie.STRUCTURE:
            return f"la {self.lue.convention.service.nom}"
        return "la structure"

    @property
    def etat(self) -> tuple[str, str]:
        """Where it stands."""
        return phrases.ou_en_est_on(self.lue.objectifs)

    @property
    def tour(self) -> tuple[str, str]:
        """Whose turn."""
        return phrases.a_qui_le_tour(self.lue.objectifs, self.lue.moi, self.noms)

    @property
    def premier(self) -> ObjectifPresente | None:
        """The first objective that waits for this person."""
        return next((o for o in self.objectifs if o.a_moi), None)

    @property
    def somme(self) -> list[Terme]:
        """The three rates and their sum, in large; empty while they are not posed."""
        if len(self.lue.sorties) < len(rules.SORTIES):
            return []
        taux = {o.type_de_sortie: self.lue.sur_la_table(o) for o in self.lue.sorties}
        termes = [Terme(_part(taux[o.type_de_sortie]), o.libelle.lower(), self._statut(o)) for o in self.lue.sorties]
        somme = rules.somme_dynamique(taux)
        reference = f"référence nationale : {part_courte(self.lue.references.get('dynamique'))}"
        return [*termes, Terme(_part(somme), "sorties dynamiques", reference)]

    def _statut(self, objectif: Objectif) -> str:
        if objectif.etat in (Etat.CONVENU, Etat.DESACCORD, Etat.REFUSE):
            return objectif.get_etat_display().lower()
        derniere = derniere_position(self.lue.positions.get(objectif.pk, []))
        if derniere is None or derniere.valeur is None:
            return "pas encore proposé"
        return "proposé par l’État" if derniere.partie == Partie.ETAT else "proposé par la structure"

    @property
    def sorties_a_poser(self) -> bool:
        """Whether the three rates are still to be posed, by a negotiator of a SIAE."""
        return not self.lue.figes and self.lue.convention.structure_id is not None and len(self.lue.sorties) < 3

    @property
    def echanges(self) -> int:
        """How many positions were exchanged."""
        return sum(len(p) for p in self.lue.positions.values())


def _part(valeur: Decimal | None) -> str:
    return part_courte(valeur) if valeur is not None else "–"


def presenter(lue: Negociation) -> PageNegociation:
    """Word a negotiation; what waits for the person comes first, then what waits, then what is closed."""
    dits = complements.lire(lue.objectifs)
    presentes = [replace(_objectif(lue, o), dits=dits.get(o.pk, [])) for o in lue.objectifs]
    rang = {o.pk: n for n, o in enumerate(lue.sorties)}
    presentes.sort(
        key=lambda p: (
            not p.a_moi,
            p.objectif.est_clos,
            rang.get(p.objectif.pk, len(rang)),
            p.objectif.axe,
            p.objectif.pk,
        )
    )
    return PageNegociation(lue, presentes)


def _objectif(lue: Negociation, objectif: Objectif) -> ObjectifPresente:
    positions = lue.positions.get(objectif.pk, [])
    valeurs = [(annee, lue.lectures.resultat(objectif, annee)) for annee in lue.lectures.annees]
    boite = lue.lectures.comparables(objectif) if objectif.indicateur else None
    ecrire = partial(phrases.ecrire, unite=objectif.unite)
    return ObjectifPresente(
        objectif=objectif,
        positions=positions,
        figure=_figure(lue, objectif, positions),
        phrase=phrases.resultat(valeurs[-1][1], valeurs[-1][0], objectif.libelle) if objectif.indicateur else "",
        absents=_absents(lue, objectif),
        resultats=[
            LigneResultat(a, v.texte if v else "n. d.", v.effectif if v else "") for a, v in valeurs
        ] if objectif.indicateur else [],
        comparables=boite.en_mots("structures", ecrire) if boite else "",
        territoires=[(nom, v.texte, v.effectif) for nom, v in lue.lectures.territoires(objectif)],
        a_moi=not lue.figes and TOUR.get(objectif.etat) == lue.moi,
        reprenable=_reprenable(lue, positions),
        offre=_offre(lue, positions),
    )  # fmt: skip


def _figure(lue: Negociation, objectif: Objectif, positions: list[Position]) -> Figure | None:
    if objectif.est_qualitatif:
        return None
    resultats = tuple(_passe(a, lue.lectures.resultat(objectif, a)) for a in lue.lectures.annees)
    if not objectif.indicateur:
        resultats = (ResultatPasse(objectif.annee - 1, objectif.base),) if objectif.base is not None else ()
    reference = lue.references.get(objectif.type_de_sortie)
    quoi = FigureNegociation(
        resultats, lue.lectures.comparables(objectif) if objectif.indicateur else None, _voix(positions),
        objectif.cible, reference,
    )  # fmt: skip
    if not quoi.valeurs:
        return None
    titre = f"{objectif.libelle} {objectif.annee} : résultats, comparables et positions"
    return negociation(
        quoi, cle=f"objectif-{objectif.pk}", titre=titre, ecrire=partial(phrases.ecrire, unite=objectif.unite)
    )


def _passe(annee: int, lue: Valeur | None) -> ResultatPasse:
    if lue is None:
        return ResultatPasse(annee, None)
    return ResultatPasse(annee, lue.valeur if lue.est_disponible else None, lue.texte)


def _voix(positions: list[Position]) -> tuple[Voix, ...]:
    voix = []
    for partie in Partie:
        valeurs = tuple(p.valeur for p in positions if p.partie == partie and p.valeur is not None)
        accord = next((p for p in positions if p.partie == partie and p.genre == Genre.ACCORD), None)
        if accord is not None:
            offres = [
                p.valeur for p in positions if p.rang < accord.rang and p.partie != partie and p.genre in AVEC_VALEUR
            ]
            valeurs += tuple(v for v in offres[-1:] if v is not None)
        if valeurs:
            voix.append(Voix(str(partie.label), VOIX.get(partie, "tiers"), valeurs))
    return tuple(voix)


def _absents(lue: Negociation, objectif: Objectif) -> list[str]:
    """What the page would show if it were known, named."""
    if not objectif.indicateur:
        return []
    dits = ["valeur attendue dans ce contexte : pas encore calculée"]
    if lue.lectures.instantane is None:
        return ["résultats : aucune donnée n’est chargée", *dits]
    if lue.lectures.comparables(objectif) is None:
        dits.append("structures comparables : trop peu, ou non calculées")
    return dits


def _reprenable(lue: Negociation, positions: list[Position]) -> Position | None:
    """The last position, when the person's organisation wrote it and nobody opened it yet."""
    derniere = positions[-1] if positions else None
    if derniere is None or derniere.organisation_id != lue.au_nom_de or derniere.ouverte_le is not None:
        return None
    return derniere if derniere.genre == Genre.AVIS or not lue.figes else None


def _offre(lue: Negociation, positions: list[Position]) -> Position | None:
    """The value the person may accept."""
    if lue.moi not in VOIX:
        return None
    offres = [p for p in positions if p.partie == autre(lue.moi) and p.genre in AVEC_VALEUR]
    return offres[-1] if offres else None


def actes_possibles(lue: Negociation, objectif: Objectif) -> list[str]:
    """Return the kinds of position the person may send on an objective."""
    if lue.figes or lue.moi not in VOIX:
        return []
    return [t.genre for t in possibles(lue.moi, objectif.etat)]
