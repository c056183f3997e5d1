"""The figures of a fiche, drawn from its values: the same for the page and the document."""

from __future__ import annotations

from decimal import Decimal

from convenir.mesure.indicateurs.valeurs import Statut, Valeur
from convenir.restitution.fiches.modele import Comparaison, FicheBilan, LigneObjectif
from convenir.socle.commun.periodes import Mois
from convenir.socle.figures.aide import GenreAide, LigneAide, barres_aide
from convenir.socle.figures.comparaison import BoiteTerritoire, boites_comparaison
from convenir.socle.figures.etp import EtatSaisie, MoisEtp, etp_mensuels
from convenir.socle.figures.figure import Figure
from convenir.socle.figures.motifs import FamilleSorties, GenreFamille, MotifSortie, barres_motifs
from convenir.socle.figures.objectifs import PointAnnuel, SerieObjectif, resultats_objectifs
from convenir.socle.figures.publics import PartPublic, publics_priorites

GENRES = {"autre": GenreFamille.AUTRE, "exclue": GenreFamille.RETIREE}


def toutes(fiche: FicheBilan) -> dict[str, Figure]:
    """Return every figure of the fiche by section."""
    return {
        "objectifs": objectifs(fiche),
        "motifs": motifs(fiche),
        "etp": etp(fiche),
        "publics": publics(fiche),
        "aide": aide(fiche),
        "comparaison": comparaison(fiche, fiche.comparaisons[0]),
    }


def objectifs(fiche: FicheBilan) -> Figure:
    """Draw results against objectives over three years."""
    series = [_serie(ligne) for ligne in fiche.objectifs]
    titre = f"Taux de sortie par type, résultats et objectifs de {fiche.annees[-1]} à {fiche.annee}"
    return resultats_objectifs(series, cle="objectifs", titre=titre)


def _serie(ligne: LigneObjectif) -> SerieObjectif:
    points = tuple(
        PointAnnuel(
            r.annee, r.resultat.valeur, r.objectif, _entier(r.resultat.numerateur), _entier(r.resultat.denominateur),
            "" if r.resultat.est_disponible else r.resultat.texte,
        )
        for r in ligne.annees
    )  # fmt: skip
    return SerieObjectif(ligne.libelle, points, ligne.reference)


def motifs(fiche: FicheBilan) -> Figure:
    """Draw exits of the year by reason."""
    familles = [
        FamilleSorties(
            f.libelle,
            GENRES.get(f.code, GenreFamille.DYNAMIQUE),
            tuple(MotifSortie(m.libelle, m.effectifs[0]) for m in f.motifs if m.effectifs[0]),
            f.effectifs[0] or 0,
            _part(f.effectifs[0] or 0, fiche.examinees[0]) if f.code != "exclue" else None,
        )
        for f in fiche.familles
    ]
    return barres_motifs(familles, cle="motifs", titre=f"Sorties de {fiche.annee} par motif, en nombre de personnes")


def etp(fiche: FicheBilan) -> Figure:
    """Draw monthly ETP against the agreed level."""
    manquants = fiche.activite.mois_manquants
    mois = [
        MoisEtp(
            Mois(m.annee, m.mois), m.realise, m.conventionne, EtatSaisie.REALISE,
            mention=_mois_vide(m.mois, m.conventionne, manquants, fiche.activite.dernier_mois),
        )
        for m in fiche.activite.mois
    ]  # fmt: skip
    return etp_mensuels(mois, cle="etp", titre=f"ETP mensuels réalisés et conventionnés en {fiche.annee}")


def _mois_vide(mois: int, conventionne: Decimal | None, manquants: tuple[int, ...], dernier: int) -> str:
    """Say why a month has no bar."""
    if mois in manquants:
        return "non saisi"
    return "à venir" if mois > dernier else "hors annexe" if conventionne is None else "non saisi"


def publics(fiche: FicheBilan) -> Figure:
    """Draw the share of each public among the people present."""
    lignes = [
        PartPublic(p.libelle, p.part.valeur, p.part_visee, _entier(p.effectifs[0].valeur), _mention(p.part))
        for p in fiche.publics
        if p.part.statut != Statut.MANQUANT
    ]
    return publics_priorites(lignes, cle="publics", titre=f"Publics accueillis en {fiche.annee}")


def aide(fiche: FicheBilan) -> Figure:
    """Draw the aid allotted and the aid acquired by the hours done."""
    lignes = [
        LigneAide("Allouée", fiche.aide["allouee"].valeur, GenreAide.ALLOUE, mention=_mention(fiche.aide["allouee"])),
        LigneAide(
            "Acquise par les heures réalisées", fiche.aide["utilisee"].valeur, GenreAide.ACQUIS,
            mention=_mention(fiche.aide["utilisee"]),
        ),
    ]  # fmt: skip
    return barres_aide(lignes, cle="aide", titre=f"Aide au poste de {fiche.annee}, en euros")


def comparaison(fiche: FicheBilan, comparee: Comparaison) -> Figure:
    """Draw the structure among its category, at each level."""
    boites = [
        BoiteTerritoire(b.territoire, b.effectif, b.q1, b.mediane, b.q3, mention=b.mention) for b in comparee.lignes
    ]
    return boites_comparaison(
        boites,
        structure=fiche.structure.denomination,
        valeur=comparee.structure.valeur,
        mention=comparee.structure.texte,
        categorie=fiche.structure.categorie,
        cle=f"comparaison-{comparee.indicateur.rpartition('.')[2]}",
        titre=f"{comparee.libelle} en {fiche.annee}, parmi les {fiche.structure.categorie}",
    )


def _entier(valeur: Decimal | None) -> int | None:
    return None if valeur is None else int(valeur)


def _mention(valeur: Valeur) -> str:
    return "" if valeur.est_disponible else valeur.texte


def _part(effectif: int, examinees: Valeur) -> Decimal | None:
    return Decimal(100 * effectif) / examinees.valeur if examinees.valeur else None
