"""The sections of a fiche built from the values of its structure and of its territories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.queries import libelle_modalite
from convenir.mesure.indicateurs.rules import intervalle_wilson
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.restitution.fiches.lectures import lire_taux
from convenir.restitution.fiches.modele import (
    Activite,
    Comparaison,
    Famille,
    LectureTriennale,
    LigneComparaison,
    LigneObjectif,
    LignePublic,
    MoisEtp,
    Motif,
    ResultatAnnuel,
)
from convenir.socle.reglementation.publics import PUBLICS, Public
from convenir.socle.reglementation.queries import Priorite

TYPES = (
    ("durable", "Emploi durable"),
    ("transition", "Emploi de transition"),
    ("positive", "Sorties positives"),
    ("dynamique", "Sorties dynamiques"),
)
FAMILLES = (
    ("durable", "Emploi durable"),
    ("transition", "Emploi de transition"),
    ("positive", "Sorties positives"),
    ("autre", "Autres sorties"),
    ("exclue", "Écartées du calcul"),
)
MOTIF_SORTIE = "motif_sortie"
# Ce que compte une famille, et ce qui la détaille, quand ce n'est pas l'indicateur de son nom par motif de sortie.
# Un motif inconnu est parmi les autres sorties, jamais parmi les dynamiques.
COMPTES_FAMILLE = {
    "autre": ("iae.sorties.autre", "iae.sorties.motif_inconnu"),
    "exclue": ("iae.sorties.exclues",),
}
VENTILATIONS = {"exclue": "motif_exclusion"}
EXCLUSIONS = {
    "duree": "Séjour trop court pour la catégorie",
    "heures": "Heures insuffisantes pour la catégorie",
    "retrait": "Motif « retrait des sorties constatées »",
}
ELIGIBILITE = (
    ("Personnes recrutées avec un agrément ou un PASS IAE", "iae.eligibilite.agrements"),
    ("Recrutées sur un critère de niveau 1", "iae.eligibilite.critere_niveau_1"),
    ("Recrutées sur des critères de niveau 2", "iae.eligibilite.criteres_niveau_2"),
    ("Recrutées par la structure sans prescripteur", "iae.eligibilite.auto_prescription"),
)
AIDES = (
    ("Aide au poste allouée", "iae.aide.allouee"),
    ("Aide acquise par les heures réalisées", "iae.aide.utilisee"),
    ("Cofinancement du département", "iae.aide.cofinancement"),
)
MOYENS = (
    ("Encadrement, en ETP", "iae.encadrement.etp"),
    ("Encadrement pour 10 ETP d’insertion", "iae.encadrement.etp_pour_10_etp"),
    ("Salariés formés", "iae.formation.personnes"),
    ("Part de salariés formés", "iae.formation.part"),
    ("Heures de formation", "iae.formation.heures"),
)
COMPARES = (
    ("iae.sorties.taux_dynamique", "Sorties dynamiques"),
    ("iae.sorties.taux_durable", "Emploi durable"),
    ("iae.etp.taux_realisation", "Activité réalisée"),
)


def objectif_de(valeurs: Valeurs, type_: str, annee: int) -> Decimal | None:
    """Return the negotiated rate, in percent; an annexe where every rate is 0 has no objective entered."""
    dynamique = valeurs.get("iae.objectifs.dynamique", str(annee)).valeur
    return valeurs.get(f"iae.objectifs.{type_}", str(annee)).valeur if dynamique else None


def lignes_objectifs(
    valeurs: Valeurs, annees: tuple[int, ...], references: Mapping[str, Decimal | None], seuils: tuple[int, int]
) -> tuple[LigneObjectif, ...]:
    """Return the four rates over the years beside their objectives and the national reference.

    Args:
        seuils: exits under which no rate is given, and under which the years are read together (décisions, § 6).
    """
    return tuple(_ligne(valeurs, code, libelle, annees, references.get(code), seuils) for code, libelle in TYPES)


def _ligne(
    valeurs: Valeurs,
    code: str,
    libelle: str,
    annees: tuple[int, ...],
    reference: Decimal | None,
    seuils: tuple[int, int],
) -> LigneObjectif:
    minimum, seuil_triennal = seuils
    par_an = tuple(
        ResultatAnnuel(a, taux, objectif_de(valeurs, code, a), peu=est_peu(taux, minimum))
        for a, taux in ((a, valeurs.get(f"iae.sorties.taux_{code}", str(a))) for a in annees)
    )
    courant = par_an[0].resultat
    examinees = int(courant.denominateur or 0)
    intervalle = intervalle_wilson(int(courant.numerateur or 0), examinees) if examinees else None
    lecture = lire_taux(par_an[0].objectif, intervalle, examinees, minimum)
    triennale = lecture_triennale(par_an, minimum) if examinees < seuil_triennal else None
    return LigneObjectif(
        code, libelle, par_an, reference, lecture, intervalle, total=code == "dynamique", triennale=triennale
    )


def lecture_triennale(par_an: tuple[ResultatAnnuel, ...], minimum: int) -> LectureTriennale | None:
    """Add up the years known; None when they say no more than the year alone."""
    connus = [r for r in par_an if r.resultat.numerateur is not None and r.resultat.denominateur is not None]
    examinees = sum(int(r.resultat.denominateur or 0) for r in connus)
    if len(connus) < 2 or examinees <= int(par_an[0].resultat.denominateur or 0):
        return None
    annees = [r.annee for r in connus]
    comptees = sum(int(r.resultat.numerateur or 0) for r in connus)
    return LectureTriennale(min(annees), max(annees), comptees, examinees, examinees < minimum)


def est_peu(taux: Valeur, minimum: int) -> bool:
    """Tell whether a rate of exits stands on fewer of them than `minimum`."""
    return taux.indicateur.startswith("iae.sorties.taux_") and 0 < (taux.denominateur or 0) < minimum


def familles(valeurs: Valeurs, annees: tuple[int, ...], instantane: Instantane) -> tuple[Famille, ...]:
    """Return the exits examined by family and reason, the most frequent first, then those set aside and why.

    A reason is in the family where the calculation put each exit: a local definition moves some of them only.

    Args:
        valeurs: those of the structure.
        annees: years shown, latest first.
        instantane: gives the reasons their names, as frozen with it.
    """
    return tuple(_famille(valeurs, code, libelle, annees, instantane) for code, libelle in FAMILLES)


def _famille(valeurs: Valeurs, code: str, libelle: str, annees: tuple[int, ...], instantane: Instantane) -> Famille:
    indicateurs = COMPTES_FAMILLE.get(code, (f"iae.sorties.{code}",))
    ventilation = VENTILATIONS.get(code, MOTIF_SORTIE)
    comptes = {a: _par_modalite(valeurs, indicateurs, a, ventilation) for a in annees}
    motifs = [
        Motif(m, _mots(m, ventilation, instantane), tuple(_compte(valeurs, comptes[a].get(m, 0), a) for a in annees))
        for m in sorted({m for par_motif in comptes.values() for m in par_motif})
    ]
    motifs = [m for m in motifs if any(m.effectifs)]
    motifs.sort(key=lambda m: (*(-(e or 0) for e in m.effectifs), m.libelle))
    totaux = tuple(
        _compte(valeurs, sum(int(valeurs.get(i, str(a)).valeur or 0) for i in indicateurs), a) for a in annees
    )
    taux = valeurs.get(f"iae.sorties.taux_{code}", str(annees[0])) if code in dict(TYPES) else None
    return Famille(code, libelle, totaux, tuple(motifs), taux)


def _mots(motif: str, ventilation: str, instantane: Instantane) -> str:
    return EXCLUSIONS[motif] if motif in EXCLUSIONS else libelle_modalite(ventilation, motif, instantane)


def _compte(valeurs: Valeurs, effectif: int, annee: int) -> int | None:
    """A year that no file covers is not known: it is not a year without exits."""
    return effectif if valeurs.get("iae.sorties.constatees", str(annee)).est_disponible else None


def _par_modalite(valeurs: Valeurs, codes: tuple[str, ...], annee: int, ventilation: str) -> dict[str, int]:
    lues = (v for code in codes for v in valeurs.modalites(code, str(annee), ventilation))
    return {v.modalite: int(v.valeur or 0) for v in lues}


def activite(valeurs: Valeurs, annee: int, dernier_mois: int) -> Activite:
    """Return agreed and done ETP, month by month, to date, and projected to the end of the year.

    Args:
        valeurs: those of the structure.
        annee: the year of the fiche.
        dernier_mois: last closed month of the year in the files, 1 to 12 (0: none).
    """
    mois = tuple(_mois(valeurs, annee, m) for m in range(1, 13))
    periode = str(annee) if dernier_mois == 12 else f"{annee}-{dernier_mois:02d}-cumul"
    manquants = tuple(m.mois for m in mois if m.mois <= dernier_mois and m.realise is None and m.conventionne)
    lus = {nom: valeurs.get(f"iae.etp.{nom}", periode) for nom in ("conventionnes", "realises", "ecart")}
    projections = {
        nom: valeurs.get(f"iae.etp.{nom}", str(annee))
        for nom in ("projection", "projection_basse", "projection_haute")
    }
    taux = valeurs.get("iae.etp.taux_realisation", periode)
    return Activite(mois=mois, taux=taux, dernier_mois=dernier_mois, mois_manquants=manquants, **lus, **projections)


def _mois(valeurs: Valeurs, annee: int, mois: int) -> MoisEtp:
    periode = f"{annee}-{mois:02d}"
    conventionne = valeurs.get("iae.etp.conventionnes", periode).valeur
    return MoisEtp(annee, mois, conventionne, valeurs.get("iae.etp.realises", periode).valeur)


def publics(
    siae: Valeurs,
    departement: Valeurs,
    france: Valeurs,
    annees: tuple[int, ...],
    priorites: Mapping[str, Priorite],
    effectif_minimum: int,
) -> tuple[LignePublic, ...]:
    """Return the people present by public, with the share around and the one the territory seeks.

    Args:
        siae: values of the structure.
        departement: values of its département.
        france: values of the country.
        annees: years shown, latest first.
        priorites: priority publics of the département, by code.
        effectif_minimum: people present under which a share says nothing.
    """
    return tuple(
        _face_a(_public(siae, departement, france, annees, p), priorites.get(p.code), effectif_minimum)
        for p in PUBLICS
    )


def _public(
    siae: Valeurs, departement: Valeurs, france: Valeurs, annees: tuple[int, ...], public: Public
) -> LignePublic:
    cle = public.ventilation, public.modalite
    effectifs = tuple(siae.get("iae.publics.presents", str(a), *cle) for a in annees)
    part, autour, nationale = (v.get("iae.publics.part", str(annees[0]), *cle) for v in (siae, departement, france))
    return LignePublic(public.libelle, *cle, effectifs, part, autour, nationale)


def _face_a(ligne: LignePublic, priorite: Priorite | None, minimum: int) -> LignePublic:
    """Put a priority beside a public, and read one against the other as a rate against its objective."""
    if priorite is None:
        return ligne
    presents = int(ligne.part.denominateur or 0) if ligne.part.est_disponible else 0
    intervalle = intervalle_wilson(int(ligne.part.numerateur or 0), presents) if presents else None
    return replace(ligne, priorite=priorite, lecture=lire_taux(priorite.part, intervalle, presents, minimum))


def comparaisons(
    siae: Valeurs,
    territoires: list[tuple[str, str, Valeurs]],
    categorie: str,
    annee: int,
    periode_etp: str,
    minimum: int,
    effectif_minimum: int,
) -> tuple[Comparaison, ...]:
    """Return where the structure stands among its category; a group smaller than `minimum` is not shown.

    Activity is compared to date (`periode_etp`), exits over the year; under `effectif_minimum` exits the structure
    has a count, not a rate.
    """
    periodes = {i: periode_etp if i.startswith("iae.etp.") else str(annee) for i, _ in COMPARES}
    lus = {i: siae.get(i, periode) for i, periode in periodes.items()}
    return tuple(
        Comparaison(
            i,
            libelle,
            lus[i],
            tuple(_boite(n, nom, v, i, periodes[i], categorie, minimum) for n, nom, v in territoires),
            peu=est_peu(lus[i], effectif_minimum),
        )
        for i, libelle in COMPARES
    )


def _boite(
    niveau: str, nom: str, valeurs: Valeurs, indicateur: str, periode: str, categorie: str, minimum: int
) -> LigneComparaison:
    dispersion = valeurs.dispersion(indicateur, periode, categorie)
    if dispersion is None and niveau == "france":
        ensemble = valeurs.get(indicateur, periode, "categorie", categorie)
        if ensemble.est_disponible:
            return LigneComparaison(niveau, nom, None, None, None, None, "répartition inconnue", ensemble)
    if dispersion is None or dispersion.effectif < minimum:
        mention = "trop peu de structures" if dispersion else "n. d."
        return LigneComparaison(niveau, nom, dispersion.effectif if dispersion else None, None, None, None, mention)
    return LigneComparaison(
        niveau, nom, dispersion.effectif, dispersion.q1.valeur, dispersion.mediane.valeur, dispersion.q3.valeur
    )
