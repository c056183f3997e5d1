"""Shapes of the answers on the follow-up of a convention: means, commitments, bilans, analyses."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema


class MoyenPublie(Schema):
    """A means granted."""

    annee: int
    nature: str
    libelle: str
    fournisseur: str
    quantite: str | None
    unite: str
    prevu_le: date | None
    objectif_servi: str
    etat: str
    etat_le: date | None
    motif: str


class EngagementPublie(Schema):
    """A commitment of a party and what came of it."""

    annee: int
    de_la_structure: bool
    partie: str
    nature: str
    nombre: int | None
    profil: str
    delai_jours: int | None
    referent: str
    realise: int | None
    realise_note: str


class BilanPublie(Schema):
    """Where the bilan of a year stands; `depot`: « à temps », « en retard », « sans date limite » or nothing.

    `sans_compte_rendu` says why it was filed without every compte rendu financier, `compte_rendu_attendu_le` when the
    missing ones are due.
    """

    annee: int
    etat: str
    depose_le: date | None
    echeance: date | None
    depot: str
    motif_du_renvoi: str
    sans_compte_rendu: str
    compte_rendu_attendu_le: date | None


class PreconisationPubliee(Schema):
    """A recommendation, its year (`horizon`) and what came of it; `etat`: ouverte, faite or abandonnee."""

    libelle: str
    horizon: int
    porteur: str
    etat: str
    suite: str


class AnalysePubliee(Schema):
    """The shared analysis of the results of a convention; `issue`: atteint, non_atteint or a_apprecier.

    `causes` has the four that the text invites to examine: contexte, difficultes, organisation, publics.
    """

    convention: str
    issue: str
    proposition: str
    partenariat: str
    causes: dict[str, str]
    solutions: str
    faite_le: datetime
    preconisations: list[PreconisationPubliee]


class SuiviPublie(Schema):
    """The means, the commitments, the bilans of a convention, and the analyses of its results."""

    reference: str
    annee: int | None
    moyens: list[MoyenPublie]
    engagements: list[EngagementPublie]
    bilans: list[BilanPublie]
    analyses: list[AnalysePubliee]
