"""The sections of a fiche built from the values of its structure and of its territories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from convenir.mesure.indicateurs.rules import intervalle_wilson
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs
from convenir.restitution.fiches.lectures import lire_taux
from convenir.restitution.fiches.modele import (
    Activite,
    Comparaison,
    Famille,
    LigneComparaison,
    LigneObjectif,
    LignePublic,
    MoisEtp,
    Motif,
    ResultatAnnuel,
)

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
EXCLUSIONS = (
    ("duree", "Séjour trop court pour la catégorie"),
    ("heures", "Heures insuffisantes pour la catégorie"),
    ("retrait", "Motif « retrait des sorties constatées »"),
)
PUBLICS = (
    ("Femmes", "sexe", "femme"),
    ("Moins de 26 ans", "age", "moins_26"),
    ("50 ans et plus", "age", "50_et_plus"),
    ("Bénéficiaires du RSA", "rsa", "oui"),
    ("Allocataires de l’ASS", "ass", "oui"),
    ("Allocataires de l’AAH", "aah", "oui"),
    ("Travailleurs handicapés (RQTH)", "rqth", "oui"),
    ("Inscrits de 12 à 23 mois", "inscription", "12_23_mois"),
    ("Inscrits depuis 24 mois et plus", "inscription", "24_mois_et_plus"),
    ("Niveau CAP ou BEP", "niveau_formation", "cap_bep"),
    ("Niveau inférieur au CAP", "niveau_formation", "infra_cap"),
    ("Qualification non certifiante", "niveau_formation", "non_certifiante"),
    ("Habitants d’un quartier prioritaire (QPV)", "zus_qpv", "oui"),
    ("Habitants d’une zone rurale aidée (ZRR, FRR)", "zrr_frr", "oui"),
)
SENSIBLES = frozenset({"aah", "rqth"})
ELIGIBILITE = (
    ("Personnes recrutées avec un agrément ou un PASS IAE", "iae.eligibilite.agrements"),
    ("Recrutées sur un critère de niveau 1", "iae.eligibilite.critere_niveau_1"),
    ("Recrutées sur des critères de niveau 2", "iae.eligibilite.criteres_niveau_2"),
    ("Recrutées par la structure sans prescripteur", "iae.eligibilite.auto_prescription"),
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
    valeurs: Valeurs, annees: tuple[int, ...], references: Mapping[str, Decimal | None], effectif_minimum: int
) -> tuple[LigneObjectif, ...]:
    """Return the four rates over the years beside their objectives and the national reference."""
    return tuple(
        _ligne(valeurs, code, libelle, annees, references.get(code), effectif_minimum) for code, libelle in TYPES
    )


def _ligne(
    valeurs: Valeurs, code: str, libelle: str, annees: tuple[int, ...], reference: Decimal | None, minimum: int
) -> LigneObjectif:
    par_an = tuple(
        ResultatAnnuel(a, valeurs.get(f"iae.sorties.taux_{code}", str(a)), objectif_de(valeurs, code, a))
        for a in annees
    )
    courant = par_an[0].resultat
    examinees = int(courant.denominateur or 0)
    intervalle = intervalle_wilson(int(courant.numerateur or 0), examinees) if examinees else None
    lecture = lire_taux(par_an[0].objectif, intervalle, examinees, minimum)
    return LigneObjectif(code, libelle, par_an, reference, lecture, intervalle, total=code == "dynamique")


def familles(
    valeurs: Valeurs, annees: tuple[int, ...], motifs: Mapping[str, Mapping[str, str]]
) -> tuple[Famille, ...]:
    """Return the exits examined by family and reason, the most frequent first, then those set aside and why.

    Args:
        valeurs: those of the structure.
        annees: years shown, latest first.
        motifs: reason code → `libelle` and `categorie`, as frozen with the snapshot.
    """
    comptes = {a: _par_modalite(valeurs, "iae.sorties.examinees", a, "motif_sortie") for a in annees}
    codes = sorted({code for par_code in comptes.values() for code in par_code})
    lus = [
        (motifs.get(c, {}), Motif(c, _libelle(motifs, c), tuple(comptes[a].get(c, 0) for a in annees))) for c in codes
    ]
    return tuple(
        _exclues(valeurs, libelle, annees)
        if code == "exclue"
        else _famille(valeurs, code, libelle, annees, [m for lu, m in lus if _categorie(lu) == code])
        for code, libelle in FAMILLES
    )


def _libelle(motifs: Mapping[str, Mapping[str, str]], code: str) -> str:
    return motifs.get(code, {}).get("libelle", "Motif inconnu")


def _categorie(motif: Mapping[str, str]) -> str:
    """An unknown reason counts among the other exits, never among the dynamic ones."""
    lue = motif.get("categorie", "autre")
    return lue if lue in dict(FAMILLES) else "autre"


def _par_modalite(valeurs: Valeurs, code: str, annee: int, ventilation: str) -> dict[str, int]:
    return {v.modalite: int(v.valeur or 0) for v in valeurs.modalites(code, str(annee), ventilation)}


def _famille(valeurs: Valeurs, code: str, libelle: str, annees: tuple[int, ...], motifs: list[Motif]) -> Famille:
    motifs = sorted((m for m in motifs if any(m.effectifs)), key=lambda m: (*(-e for e in m.effectifs), m.libelle))
    totaux = tuple(sum(m.effectifs[rang] for m in motifs) for rang in range(len(annees)))
    taux = valeurs.get(f"iae.sorties.taux_{code}", str(annees[0])) if code in dict(TYPES) else None
    return Famille(code, libelle, totaux, tuple(motifs), taux)


def _exclues(valeurs: Valeurs, libelle: str, annees: tuple[int, ...]) -> Famille:
    comptes = {a: _par_modalite(valeurs, "iae.sorties.exclues", a, "motif_exclusion") for a in annees}
    motifs = [Motif(c, mots, tuple(comptes[a].get(c, 0) for a in annees)) for c, mots in EXCLUSIONS]
    totaux = tuple(sum(comptes[a].values()) for a in annees)
    return Famille("exclue", libelle, totaux, tuple(m for m in motifs if any(m.effectifs)), None)


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
    masque: int | None,
) -> tuple[LignePublic, ...]:
    """Return the people present by public, with the share around.

    Args:
        siae: values of the structure.
        departement: values of its département.
        france: values of the country.
        annees: years shown, latest first.
        masque: counts under it are hidden for sensitive marks, and with them the local shares that would give them
            back (décisions, § 1); None for the State and the structure.
    """
    return tuple(_public(siae, departement, france, annees, masque, *p) for p in PUBLICS)


def _public(
    siae: Valeurs, departement: Valeurs, france: Valeurs, annees: tuple[int, ...],
    masque: int | None, libelle: str, ventilation: str, modalite: str,
) -> LignePublic:  # fmt: skip
    an = str(annees[0])
    effectifs = tuple(siae.get("iae.publics.presents", str(a), ventilation, modalite) for a in annees)
    part = siae.get("iae.publics.part", an, ventilation, modalite)
    autour = departement.get("iae.publics.part", an, ventilation, modalite)
    if masque is not None and ventilation in SENSIBLES:
        effectifs = tuple(_masquer(v, masque) for v in effectifs)
        part = _masquer(part, masque)
        autour = _secret(autour) if any(v.statut == Statut.SECRET for v in (*effectifs, part)) else autour
    return LignePublic(
        libelle, ventilation, modalite, effectifs, part, autour, france.get(part.indicateur, an, ventilation, modalite)
    )


def _masquer(valeur: Valeur, seuil: int) -> Valeur:
    petit = valeur.numerateur if valeur.numerateur is not None else valeur.valeur
    return _secret(valeur) if petit is not None and 0 < petit < seuil else valeur


def _secret(valeur: Valeur) -> Valeur:
    return replace(valeur, numerateur=None, denominateur=None, valeur=None, statut=Statut.SECRET)


def comparaisons(
    siae: Valeurs,
    territoires: list[tuple[str, str, Valeurs]],
    categorie: str,
    annee: int,
    periode_etp: str,
    minimum: int,
) -> tuple[Comparaison, ...]:
    """Return where the structure stands among its category; a group smaller than `minimum` is not shown.

    Activity is compared to date (`periode_etp`), exits over the year.
    """
    periodes = {i: periode_etp if i.startswith("iae.etp.") else str(annee) for i, _ in COMPARES}
    return tuple(
        Comparaison(
            indicateur,
            libelle,
            siae.get(indicateur, periodes[indicateur]),
            tuple(
                _boite(n, nom, v, indicateur, periodes[indicateur], categorie, minimum) for n, nom, v in territoires
            ),
        )
        for indicateur, libelle in COMPARES
    )


def _boite(
    niveau: str, nom: str, valeurs: Valeurs, indicateur: str, periode: str, categorie: str, minimum: int
) -> LigneComparaison:
    dispersion = valeurs.dispersion(indicateur, periode, categorie)
    if dispersion is None or dispersion.effectif < minimum:
        mention = "trop peu de structures" if dispersion else "n. d."
        return LigneComparaison(niveau, nom, dispersion.effectif if dispersion else 0, None, None, None, mention)
    return LigneComparaison(
        niveau, nom, dispersion.effectif, dispersion.q1.valeur, dispersion.mediane.valeur, dispersion.q3.valeur
    )
