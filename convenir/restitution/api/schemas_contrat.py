"""What the API answers of the conventions, their files and their objectives; `schemas_suivi` has their follow-up.

Amounts, posts, rates and hours are decimal texts; a date is AAAA-MM-JJ; what is not said is absent or null.
"""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema


class _Page(Schema):
    """Where a page stands."""

    total: int
    page: int
    pages: int


class ConventionResumee(Schema):
    """A line of the list; `postes_de_lannee` are those of the annexe of the year asked."""

    reference: str
    dispositif: str
    partie: str
    denomination: str
    categorie: str
    departement: str
    debut: date
    fin_incluse: date
    etat: str
    etat_libelle: str
    etat_depuis: date
    etat_version_en_suspens: str | None
    postes_de_lannee: str | None
    numero_asp: str
    origine: str


class PageDeConventions(_Page):
    """One page of the list."""

    annee: int
    conventions: list[ConventionResumee]


class VersionPubliee(Schema):
    """A version: its act, its rank, its state, when its terms begin, their fingerprint."""

    libelle: str
    rang: int
    etat: str
    effet: date
    signee_le: date | None
    empreinte: str


class CofinancementPublie(Schema):
    """What another funder brings in a year."""

    cle: str
    nom: str = ""
    postes: str | None = None
    montant: str | None = None


class ChantierPublie(Schema):
    """A site of an ACI."""

    cle: str
    nom: str = ""
    lieu: str = ""
    activite: str = ""
    postes: str | None = None


class EcritPublie(Schema):
    """A written part, by its code."""

    cle: str
    texte: str = ""


class TermesPublies(Schema):
    """Everything a version agrees; null: it says nothing of it."""

    postes: str | None = None
    montant_unitaire: str | None = None
    montant_socle: str | None = None
    modulation_max: str | None = None
    heures_etp: str | None = None
    sorties_prevues: int | None = None
    taux_durable: str | None = None
    taux_transition: str | None = None
    taux_positives: str | None = None
    taux_dynamique: str | None = None
    encadrement: str | None = None
    accompagnement: str | None = None
    dotation: str | None = None
    cofinancements: list[CofinancementPublie] = []
    chantiers: list[ChantierPublie] = []
    axes: list[EcritPublie] = []
    sections: list[EcritPublie] = []


class AnnexePubliee(Schema):
    """An annexe financière."""

    annee: int
    numero: str
    etat: str
    postes: str
    montant_unitaire: str
    montant_total: str


class ConventionPubliee(Schema):
    """A convention and the terms that apply on a day."""

    reference: str
    dispositif: str
    partie: str
    denomination: str
    categorie: str
    departement: str
    debut: date
    fin_incluse: date
    motif_periode: str
    etat: str
    etat_libelle: str
    etat_depuis: date
    numero_asp: str
    origine: str
    date: date
    version: VersionPubliee | None
    termes: TermesPublies | None
    en_suspens: VersionPubliee | None
    versions: list[VersionPubliee]
    annexes: list[AnnexePubliee]


class ChangementPublie(Schema):
    """A term that differs; null: the version says nothing of it."""

    chemin: str
    libelle: str
    avant: str | None
    apres: str | None
    ecart: str


class VersionEntiere(VersionPubliee):
    """A version, its terms, and what it changes in the version signed before it."""

    termes: TermesPublies
    precedente: int | None
    changements: list[ChangementPublie]


class VersionsPubliees(Schema):
    """Every version of a convention, by rank."""

    reference: str
    versions: list[VersionEntiere]


class DifferencePubliee(Schema):
    """What changes from one version to another."""

    reference: str
    de: VersionPubliee
    vers: VersionPubliee
    changements: list[ChangementPublie]


class PalierPublie(Schema):
    """A step of a trajectory."""

    annee: int
    valeur: str


class PositionPubliee(Schema):
    """What a party said, in its own words."""

    rang: int
    partie: str
    organisation: str
    genre: str
    valeur: str | None
    attendu: str
    raisons: str
    deposee_le: datetime


class ObjectifPublie(Schema):
    """An objective, where its negotiation stands, what came of it."""

    annee: int
    axe: str
    nature: str
    indicateur: str
    grille: str
    version: int | None
    libelle: str
    precisions: str
    unite: str
    sens: str
    orientation: str
    attendu_par: str
    base: str | None
    base_periode: str
    etat: str
    etat_libelle: str
    revision: int
    cible: str | None
    attendu: str
    borne_basse: str | None
    borne_haute: str | None
    convenu_le: date | None
    trajectoire: list[PalierPublie]
    resultat: str | None
    issue: str
    explication: str
    positions: list[PositionPubliee]


class ObjectifsPublies(Schema):
    """The objectives of a convention."""

    reference: str
    annee: int | None
    objectifs: list[ObjectifPublie]


class DossierResume(Schema):
    """A line of the list of files."""

    reference: str
    denomination: str
    cadre: str
    departement: str
    annee: int
    etat: str
    etat_libelle: str
    depose_le: date | None
    complet_le: date | None
    pieces_attendues: int
    questions_rouvertes: int


class PageDeDossiers(_Page):
    """One page of the list."""

    dossiers: list[DossierResume]


class ManquePublie(Schema):
    """Something the file lacks."""

    section: str
    code: str
    libelle: str
    raison: str


class ReponsePubliee(Schema):
    """An answer; pre-filled, it says from where and waits to be confirmed."""

    code: str
    libelle: str
    valeur: str
    a_confirmer: bool
    origine: str


class SectionPubliee(Schema):
    """A section the law asks for, and its answers."""

    code: str
    titre: str
    texte: str
    reponses: list[ReponsePubliee]


class FinancementPublie(Schema):
    """What is asked of a funder for the first year."""

    nature: str
    nom: str
    base: str
    efforts: str
    total: str
    objet: str
    a_confirmer: bool
    origine: str


class ActionPubliee(Schema):
    """An action of the projet d'insertion; `element` empty: the structure added it."""

    axe: str
    element: str
    intitule: str
    moyens: str
    calendrier: str
    indicateur: str
    preuve: str
    orientation: str
    attendue_par: str
    a_confirmer: bool
    origine: str


class PresentationPubliee(Schema):
    """What is written freely of an axis of the project."""

    axe: str
    texte: str
    a_confirmer: bool
    origine: str


class PiecePubliee(Schema):
    """A piece joined, named by its fingerprint."""

    genre: str
    nom: str
    format: str
    taille: int
    sha256: str


class AccusePublie(Schema):
    """An acknowledgement of receipt."""

    rang: int
    recu_le: date
    limite_le: date
    delai_mois: int
    delai_a_confirmer: bool


class DossierPublie(DossierResume):
    """A file, whole, or (`projection`) as one funder receives it."""

    projection: bool
    regles_au: date
    faits: int
    attendus: int
    manques: list[ManquePublie]
    sections: list[SectionPubliee]
    financements: list[FinancementPublie]
    actions: list[ActionPubliee]
    presentations: list[PresentationPubliee]
    pieces: list[PiecePubliee]
    accuses: list[AccusePublie]
