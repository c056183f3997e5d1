"""Galerie des figures : `python outils/galerie_figures.py DOSSIER [--png]` (les images demandent Chromium).

Toutes les données sont fictives. La page montre les trois dessins de chaque figure, cas ordinaires puis cas limites.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(RACINE))

from convenir.socle.commun.francais import nombre, pourcent  # noqa: E402
from convenir.socle.commun.periodes import Mois  # noqa: E402
from convenir.socle.figures import (  # noqa: E402
    Attendu,
    Bande,
    BoiteTerritoire,
    Ecart,
    Etape,
    EtatSaisie,
    FamilleSorties,
    Figure,
    GenreAide,
    GenreFamille,
    LigneAide,
    MoisCompare,
    MoisEtp,
    MoitieCentrale,
    MotifSortie,
    Negociation,
    Palier,
    PartPublic,
    PointAnnuel,
    ResultatPasse,
    SerieObjectif,
    Soustraction,
    ValeurSituee,
    Voix,
    barre_mini,
    barres_aide,
    barres_motifs,
    boites_comparaison,
    entonnoir_lignes,
    etapes,
    etp_mensuels,
    frise,
    negociation,
    paliers,
    publics_priorites,
    resultats_objectifs,
    valeurs_mensuelles,
    valeurs_situees,
)

LONG = "Personnes ayant un très long libellé de public, tel qu’une convention locale peut en écrire"


def serie(libelle: str, reference: int | None, *points: tuple[int, str | None, int | None, int, int]) -> SerieObjectif:
    return SerieObjectif(
        libelle,
        tuple(PointAnnuel(a, None if r is None else D(r), o, n, d) for a, r, o, n, d in points),
        reference,
    )


def mensuelle() -> Figure:
    mois = [MoisCompare(m, 90 + 7 * m if m < 11 else None, 80 + 5 * m, "à venir") for m in range(1, 13)]
    return valeurs_mensuelles(mois, annee=2026, cle="mensuelle", titre="Jeunes reçus chaque mois", ecrire=nombre)


def mensuelle_limites() -> Figure:
    valeurs = [(1, 12_345_678), (2, None), (3, 0), (4, 9_999_999), (5, 7_000_000), (6, 12_345_678)]
    mois = [MoisCompare(m, v, None) for m, v in valeurs]
    return valeurs_mensuelles(mois, annee=2026, cle="mensuelle-bord", titre="Grands nombres", ecrire=nombre)


def situees() -> Figure:
    noms = [
        "Mission locale de l’Estuaire (fictif)",
        "Mission locale du Bocage (fictif)",
        LONG,
        "Mission locale du Val",
    ]
    lignes = [
        ValeurSituee(noms[0], D("41.2"), "96 sur 233"),
        ValeurSituee(noms[1], D("18.0"), "9 sur 50"),
        ValeurSituee(noms[2], None, "", "s. s."),
        ValeurSituee(noms[3], D("33.3"), "40 sur 120"),
    ]
    groupe = MoitieCentrale(D("18.0"), D("33.3"), D("41.2"))
    return valeurs_situees(lignes, groupe, cle="situees", titre="Sorties en emploi durable", ecrire=pourcent)


def situee_seule() -> Figure:
    lignes = [ValeurSituee("Mission locale seule", 0), ValeurSituee("Autre", None)]
    return valeurs_situees(lignes, None, cle="situee-seule", titre="Sans groupe", ecrire=nombre)


def objectifs() -> Figure:
    series = [
        serie("Emploi durable", 25, (2026, "20.0", 22, 7, 35), (2025, "22.0", 20, 9, 41), (2024, "15.4", 18, 6, 39)),
        serie(
            "Emploi de transition",
            None,
            (2026, "17.1", 18, 6, 35),
            (2025, "19.5", 18, 8, 41),
            (2024, "20.5", 18, 8, 39),
        ),
        serie(
            "Sorties positives", None, (2026, "17.1", 18, 6, 35), (2025, "14.6", 18, 6, 41), (2024, "15.4", 16, 6, 39)
        ),
        serie(
            "Sorties dynamiques",
            60,
            (2026, "54.3", 58, 19, 35),
            (2025, "56.1", 56, 23, 41),
            (2024, "51.3", 52, 20, 39),
        ),
    ]
    return resultats_objectifs(series, cle="objectifs", titre="Taux de sortie par type, de 2024 à 2026")


def objectifs_limites() -> Figure:
    series = [
        serie("Emploi durable", 25, (2026, None, 22, 0, 0), (2025, "0", 20, 0, 41)),
        serie("Emploi de transition dans un secteur au nom interminable", None, (2026, "100", 2, 3, 3)),
        serie("Sorties positives", None, (2026, "3.1", 96, 1, 32), (2025, None, None, 0, 0)),
        serie("Sorties dynamiques", 60, (2026, "58.0", 58, 19, 35), (2025, "99.5", None, 199, 200)),
    ]
    return resultats_objectifs(series, cle="objectifs-limites", titre="Cas limites : rien, zéro, cent, cible égale")


def motifs() -> Figure:
    m, f, g = MotifSortie, FamilleSorties, GenreFamille
    familles = [
        f(
            "Emploi durable",
            g.DYNAMIQUE,
            (m("CDI", 3), m("CDD de plus de 6 mois", 3), m("Création d’entreprise", 1)),
            7,
            D("20.0"),
        ),
        f(
            "Emploi de transition",
            g.DYNAMIQUE,
            (m("CDD de moins de 6 mois", 4), m("Intérim de moins de 6 mois", 1), m("Contrat aidé hors SIAE", 1)),
            6,
            D("17.1"),
        ),
        f(
            "Sorties positives",
            g.DYNAMIQUE,
            (
                m("Formation qualifiante", 2),
                m("Embauche dans une autre SIAE", 2),
                m("Formation préqualifiante", 1),
                m("Entrée en ESAT (motif local)", 1),
            ),
            6,
            D("17.1"),
        ),
        f(
            "Autres sorties",
            g.AUTRE,
            (m("Demandeur d’emploi", 11), m("Inactivité", 4), m("Motif non renseigné", 1)),
            16,
            D("45.7"),
        ),
        f("Retirées du calcul", g.RETIREE, (m("Longue maladie", 2), m("Déménagement", 1)), 3),
    ]
    return barres_motifs(familles, cle="motifs", titre="Sorties de 2026 par motif, en nombre de personnes")


def motifs_limites() -> Figure:
    m, g = MotifSortie, GenreFamille
    longs = (
        m("Prise des droits à la retraite ou sortie vers une structure médico-sociale spécialisée", 12345),
        m("Zéro", 0),
    )
    familles = [
        FamilleSorties("Emploi durable", g.DYNAMIQUE, longs, 12345, D("88.1")),
        FamilleSorties("Autres sorties", g.AUTRE, (m("Effectif sous secret", None),), None),
        FamilleSorties("Sorties positives", g.DYNAMIQUE, (), 0, D(0)),
    ]
    return barres_motifs(familles, cle="motifs-limites", titre="Cas limites : secret, zéro, famille vide")


def etp() -> Figure:
    faits = ["16.9", "16.5", "16.8", "16.2", "15.4", "15.9", "16.6", "15.1"]
    mois = [MoisEtp(Mois(2026, rang + 1), D(v), 18) for rang, v in enumerate(faits)]
    mois.append(MoisEtp(Mois(2026, 9), D("15.6"), 18, EtatSaisie.PARTIEL))
    for rang, (v, bas, haut) in enumerate(
        (("15.8", "14.7", "16.9"), ("16.0", "14.6", "17.4"), ("15.9", "14.3", "17.5"))
    ):
        mois.append(MoisEtp(Mois(2026, 10 + rang), D(v), 18, EtatSaisie.ESTIME, D(bas), D(haut)))
    return etp_mensuels(mois, cle="etp", titre="ETP mensuels en 2026, réalisés et conventionnés")


def etp_limites() -> Figure:
    valeurs = ["11.2", None, "0", "0.3", "1234.5", "987.5", None, "15.1", "3", "16", "16", "600"]
    conventionnes = [11, 11, 11, 11, 11, 11, 900, 900, 900, None, 1100, 1100]
    mois = [
        MoisEtp(Mois(2025, rang + 1), None if v is None else D(v), c)
        for rang, (v, c) in enumerate(zip(valeurs, conventionnes, strict=True))
    ]
    return etp_mensuels(mois, cle="etp-limites", titre="Cas limites : mois absents, zéro, avenant, très grand")


def etp_avenant() -> Figure:
    valeurs = ["10.6", "10.9", "11.2", "11.3", "11.2", "11.0", "10.7", "9.8", None, "11.2", "11.6", "11.4"]
    mois = [
        MoisEtp(Mois(2025, r + 1), None if v is None else D(v), 11 if r < 6 else 12) for r, v in enumerate(valeurs)
    ]
    return etp_mensuels(mois, cle="etp-avenant", titre="ETP mensuels en 2025, avec un avenant en juillet")


def publics() -> Figure:
    lignes = [
        PartPublic("Bénéficiaires du RSA", D("46.2"), 50, 24),
        PartPublic("Femmes", D("38.5"), 45, 20),
        PartPublic("Sans emploi depuis 24 mois ou plus", D("38.5"), 35, 20),
        PartPublic("50 ans et plus", D("23.1"), 20, 12),
        PartPublic("Travailleurs handicapés (RQTH)", D("17.3"), 15, 9),
        PartPublic("Moins de 26 ans", D("13.5"), None, 7),
        PartPublic("Habitants d’un quartier prioritaire", D("11.5"), 15, 6),
    ]
    return publics_priorites(
        lignes, cle="publics", titre="Publics présents en 2026 et priorités", base="Part des 52 salariés présents"
    )


def publics_limites() -> Figure:
    lignes = [
        PartPublic(LONG, D("83.25"), D("82.5"), 1234567),
        PartPublic("Femmes", D(0), 45, 0),
        PartPublic("Allocataires de l’AAH", None, 5, None, "s.\u202fs."),
        PartPublic("Seniors", None, None, 0, "non calculable"),
    ]
    return publics_priorites(
        lignes, cle="publics-limites", titre="Cas limites : long libellé, secret, au-delà de 60 %"
    )


def aide() -> Figure:
    lignes = [
        LigneAide("Alloué pour 2026", 430578, GenreAide.ALLOUE),
        LigneAide("Acquis à fin septembre", 289045, GenreAide.ACQUIS),
        LigneAide("Versé à fin septembre", 311204, GenreAide.VERSE),
        LigneAide("Estimé pour l’année", 384131, GenreAide.ESTIME, 375958, 392304),
    ]
    return barres_aide(lignes, cle="aide", titre="Aide au poste 2026 : allouée, acquise, versée et estimée")


def aide_limites() -> Figure:
    lignes = [
        LigneAide("Alloué pour 2026", 12, GenreAide.ALLOUE),
        LigneAide("Acquis", 9876543210, GenreAide.ACQUIS),
        LigneAide(
            "Versé à fin septembre par l’Agence de services et de paiement",
            None,
            GenreAide.VERSE,
            mention="non notifié",
        ),
        LigneAide("Estimé", 0, GenreAide.ESTIME),
    ]
    return barres_aide(lignes, cle="aide-limites", titre="Cas limites : démesuré, absent, zéro")


def comparaison() -> Figure:
    boites = [
        BoiteTerritoire("La Vaire", 14, D("46.1"), D("52.0"), D("58.4")),
        BoiteTerritoire("Marches-de-Loire", 96, D("43.5"), D("51.2"), D("60.3")),
        BoiteTerritoire("France", 1912, D("41.8"), D("50.6"), D("59.7")),
    ]
    return boites_comparaison(
        boites,
        structure="Les Jardins du Bief",
        valeur=D("54.3"),
        categorie="ACI",
        cle="comparaison",
        titre="Taux de sorties dynamiques des ACI en 2026",
    )


def comparaison_limites() -> Figure:
    boites = [
        BoiteTerritoire("Département au nom vraiment très long et composé", 3),
        BoiteTerritoire("Région", 40, D("50"), D("50"), D("50")),
        BoiteTerritoire("France", 1912, D("0"), D("50.6"), D("100")),
    ]
    return boites_comparaison(
        boites,
        structure="Association intermédiaire du canton et de toutes ses communes environnantes réunies en syndicat",
        valeur=D("88"),
        categorie="AI",
        cle="comparaison-limites",
        titre="Cas limites : trop peu, quartiles égaux, long nom",
    )


def comparaison_absente() -> Figure:
    boites = [BoiteTerritoire("La Vaire", 14, D("1.8"), D("2.0"), D("2.4"))]
    return boites_comparaison(
        boites,
        structure="Les Jardins du Bief",
        valeur=None,
        categorie="ACI",
        cle="comparaison-absente",
        titre="Encadrement pour 10 ETP",
        en_pourcent=False,
    )


def entonnoir() -> Figure:
    ecarts = (
        Ecart("Contrat suivi d’un autre dans la structure", 15),
        Ecart("Durée totale de trois mois ou moins", 5),
        Ecart("Aucune heure travaillée en 2026", 2),
        Ecart("Même personne, deux contrats", 1),
        Ecart("Motif « retrait des sorties constatées »", 3),
    )
    depart = "Contrats terminés entre le 1er janvier et le 30 septembre 2026"
    tout = Soustraction(depart, 61, ecarts, "Sorties examinées, dont 19 dynamiques", 19)
    return entonnoir_lignes(tout, cle="entonnoir", titre="De 61 contrats terminés à 35 sorties examinées")


def socle(cle: str, unite: str = "€") -> Figure:
    dates = [
        (2014, 1, 10000),
        (2015, 1, 10080),
        (2016, 1, 10143),
        (2017, 1, 10237),
        (2018, 1, 10363),
        (2019, 1, 10520),
        (2020, 1, 10646),
        (2021, 1, 10751),
        (2021, 10, 10988),
        (2022, 1, 11087),
        (2022, 5, 11381),
        (2022, 8, 11609),
        (2023, 1, 11819),
        (2023, 5, 12081),
        (2024, 1, 12218),
        (2024, 11, 12459),
        (2025, 1, 13304),
    ]
    valeurs = [Palier(date(a, m, 1), v) for a, m, v in dates]
    return paliers(
        valeurs,
        jusquau=date(2026, 10, 12),
        reconduit=date(2026, 1, 1),
        cle=cle,
        unite=unite,
        libelle="EI, entreprises d’insertion",
        titre="Montant socle annuel par ETP, EI, de 2014 à 2026",
    )


def palier_seul() -> Figure:
    return paliers(
        [Palier(date(2008, 12, 10), 60)],
        jusquau=date(2026, 1, 1),
        unite="%",
        cle="palier-seul",
        titre="Objectif",
        libelle="Un seul texte",
    )


def accueil() -> Figure:
    lignes = [
        Etape("À préparer", 31),
        Etape("Pièces demandées", 12),
        Etape("Fiche envoyée", 17),
        Etape("Dialogue tenu", 15, True),
        Etape("Relevé signé", 9, True),
    ]
    return etapes(lignes, cle="etapes", titre="Campagne 2027", total=("Tenus ou signés", "24 sur 84 (29 %)"))


def positions() -> Figure:
    quoi = Negociation(
        (ResultatPasse(2024, D("16.7")), ResultatPasse(2025, D("19.5")), ResultatPasse(2026, D("21.1"))),
        BoiteTerritoire("Loire-Atlantique (fictive)", 9, D("17"), D("22"), D("27")),
        (Voix("État", "etat", (D(27), D(24))), Voix("Structure", "structure", (D(22), D(24)))),
        D(24),
        D(25),
    )
    return negociation(quoi, cle="positions", titre="Emploi durable : résultats, comparables, positions et cible")


def positions_limites() -> Figure:
    quoi = Negociation(
        (ResultatPasse(2025, None), ResultatPasse(2026, D(0)), ResultatPasse(2027, None, "non calculable")),
        BoiteTerritoire("Territoire fictif", 2),
        (
            Voix("État", "etat", (D(100),)),
            Voix("Structure", "structure", (D("99.5"), D(0), D("0.5"))),
            Voix("Conseil départemental", "tiers", (D(60),)),
        ),
        None,
        D(60),
        Attendu(D("55.5"), D(2), D(100)),
    )
    return negociation(
        quoi, cle="positions-limites", titre="Cas limites : zéro, cent, sans résultat, sans comparables"
    )


def vie() -> Figure:
    """Trois versions, l'avenant à signer ; l'acte précédent court par continuité."""
    bandes = [
        Bande("Convention initiale", date(2025, 1, 1), date(2026, 1, 1), "12,00 ETP"),
        Bande(
            "Avenant n° 1, en vigueur", date(2026, 1, 1), date(2027, 1, 1), "13,50 ETP", continuite=date(2027, 5, 31)
        ),
        Bande("Avenant n° 2, à signer", date(2027, 1, 1), date(2028, 1, 1), "14,00 ETP", ferme=False),
    ]
    return frise(
        bandes, debut=date(2025, 1, 1), fin=date(2028, 1, 1), jour=date(2027, 2, 3), cle="vie",
        titre="Vie de la convention CONV-99-2025-ACI-0042",
    )  # fmt: skip


def vie_limites() -> Figure:
    """Un seul jour, une fin d'année, un libellé démesuré, sans postes."""
    bandes = [
        Bande("Convention initiale d'une structure au nom trop long", date(2026, 1, 1), date(2026, 1, 2)),
        Bande("Modification n° 1, en vigueur", date(2026, 12, 31), date(2027, 1, 1), "0,25 ETP"),
    ]
    return frise(
        bandes, debut=date(2026, 1, 1), fin=date(2027, 1, 1), jour=date(2026, 12, 31), cle="vie-limites",
        titre="Cas limites : un jour, un dernier jour",
    )  # fmt: skip


def vie_vide() -> Figure:
    jour = date(2026, 1, 1)
    return frise([], debut=jour, fin=date(2027, 1, 1), jour=jour, cle="vie-vide", titre="Aucune version")


def toutes() -> Iterator[Figure]:
    """Chaque figure de la galerie, cas ordinaires puis limites ; les essais s'en servent aussi."""
    yield from (
        objectifs(),
        motifs(),
        etp(),
        etp_avenant(),
        publics(),
        aide(),
        comparaison(),
        entonnoir(),
        socle("socle"),
        accueil(),
    )
    yield from (
        objectifs_limites(),
        motifs_limites(),
        etp_limites(),
        publics_limites(),
        aide_limites(),
        comparaison_limites(),
    )
    yield from (
        positions(),
        positions_limites(),
        negociation(Negociation(), cle="positions-vide", titre="Sans donnée"),
    )
    yield from (vie(), vie_limites(), vie_vide())
    yield from (mensuelle(), mensuelle_limites(), situees(), situee_seule())
    yield from (comparaison_absente(), palier_seul(), resultats_objectifs([], cle="vide", titre="Sans donnée"))


def page(mode: str, theme: str = "light") -> str:
    import dsfr

    dist = Path(dsfr.__file__).parent / "static/dsfr/dist"
    css = RACINE / "convenir/restitution/portail/static/convenir/convenir.css"
    largeur = {"large": 860, "etroit": 350, "impression": 730}[mode]
    corps = "".join(f"<h2 class='cv-h2'>{f.titre}</h2>{dessin(f, mode)}" for f in toutes())
    minis = "".join(
        barre_mini(v, o, cle=f"mini{r}")
        for r, (v, o) in enumerate([(77, 80), (0, 80), (100, 100), (None, 50), (200, 0)])
    )
    return (
        f"<!DOCTYPE html><html lang='fr' data-fr-theme='{theme}'><meta charset='utf-8'><title>Galerie</title>"
        f"<link rel='stylesheet' href='file://{dist}/dsfr.min.css'><link rel='stylesheet' href='file://{css}'>"
        f"<body><main class='cv-page' style='width:{largeur}px;margin:0 20px'>{corps}{minis}</main></body></html>"
    )


def dessin(figure: Figure, mode: str) -> str:
    if mode == "impression":
        return f"<div style='width:{largeur(figure.impression)}px'>{figure.impression}</div>"
    style = "<style>.cv-etroit{display:block!important}.cv-large{display:none!important}</style>"
    forme = figure.etroit if mode == "etroit" else figure.large
    return (style if mode == "etroit" else "") + f"<div style='width:{largeur(forme)}px'>{figure.html}</div>"


def largeur(svg: str) -> str:
    return svg.split('viewBox="0 0 ')[1].split(" ")[0]


def main() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("dossier", type=Path)
    analyse.add_argument("--png", action="store_true", help="photographier avec Chromium")
    options = analyse.parse_args()
    options.dossier.mkdir(parents=True, exist_ok=True)
    for mode, theme in (("large", "light"), ("etroit", "light"), ("impression", "light"), ("large", "dark")):
        fichier = options.dossier / f"galerie-{mode}-{theme}.html"
        fichier.write_text(page(mode, theme), encoding="utf-8")
        chromium = shutil.which("chromium")
        if options.png and chromium:
            taille = f"--window-size={900 if mode != 'etroit' else 500},{7600 if mode != 'etroit' else 8200}"
            commande = [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--allow-file-access-from-files",
                taille,
            ]
            subprocess.run(
                [*commande, f"--screenshot={fichier.with_suffix('.png')}", fichier.as_uri()],
                check=True,
                capture_output=True,
            )


if __name__ == "__main__":
    main()
