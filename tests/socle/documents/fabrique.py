"""Une fiche bilan entière et fictive, et les mêmes données en creux."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal as D

from convenir.socle.commun.francais import MOIS_COURTS, etp, euros, nombre, pourcent
from convenir.socle.commun.periodes import Mois
from convenir.socle.documents.contextes import (
    ActiviteEtp,
    AlerteDocument,
    Argent,
    Comparaison,
    DonneesFicheBilan,
    FamilleMotifs,
    FigureDocument,
    LigneArgent,
    LigneComparaison,
    LigneMotif,
    LigneObjectif,
    LignePublic,
    Mention,
    Meta,
    MoisDocument,
    Objectifs,
    Preuve,
    Publics,
    Repere,
    Sorties,
    SourceDocument,
)
from convenir.socle.figures import BoiteTerritoire, MoisEtp, boites_comparaison, etp_mensuels

GEL = datetime(2026, 3, 16, 7, 12, tzinfo=UTC)
SECRET = "s.\u202fs."
REALISES = [
    D(v) for v in ["10.6", "10.9", "11.2", "11.3", "11.2", "11.0", "10.7", "9.8", "10.6", "11.2", "11.6", "11.4"]
]
CONVENTIONNES = [11] * 6 + [12] * 6


def fiche() -> DonneesFicheBilan:
    return DonneesFicheBilan(
        meta=Meta(
            titre="Fiche bilan 2025 : Les Jardins de la Confluence (ACI)",
            reference="FB-2025-900041-ACI",
            auteur="DDETS de la Haute-Vaulne",
            objet="Objectifs négociés et résultats de l’année 2025, trois ans d’historique, moyens et alertes",
            etat="Données figées le 16 mars 2026, état de la saisie ASP au 14 mars 2026",
        ),
        annee="2025",
        annees=("2023", "2024", "2025"),
        services=(
            "Préfète de la Haute-Vaulne",
            "Direction départementale de l’emploi, du travail et des solidarités (DDETS)",
        ),
        titre="Fiche bilan 2025",
        objet="Les Jardins de la Confluence, atelier et chantier d’insertion (ACI)",
        identite=(
            ("Porteur", "Association Confluence Insertion"),
            ("Convention", "ACI 2023 à 2025"),
            ("Annexe financière 2025", "ACI099230041A2M1, valide"),
            ("Identifiant ASP", "900041"),
            ("SIRET à la signature", "000 000 018 00012"),
            ("SIRET actuel", None),
        ),
        essentiel=(
            "Sorties dynamiques : 20 sur 32, soit 62,5 %. L’objectif négocié (60 %) est atteint, comme la référence nationale.",
            "Emploi durable : 7 sur 32, soit 21,9 %, pour un objectif de 25 %. Sur 32 sorties, l’écart est non distinguable du hasard.",
            "ETP : 10,96 réalisés pour 11,50 conventionnés (95,3 %). L’écart s’est creusé de juillet à septembre, après la hausse à 12 ETP.",
        ),
        alertes=(
            AlerteDocument(
                "À traiter",
                "Sous-consommation depuis juillet.",
                "Après la hausse de 11 à 12 ETP, 10,88 ETP réalisés au second semestre (90,7 %).",
            ),
            AlerteDocument(
                "À traiter",
                "Convention 2026 à 2028 non signée.",
                "Soumise à signature le 26 janvier 2026. Sans signature au 31 mai, les versements sont suspendus.",
            ),
            AlerteDocument(
                "À suivre",
                "Emploi durable sous l’objectif deux années de suite.",
                "20,7 % en 2024, 21,9 % en 2025 pour 25 % visés.",
            ),
        ),
        objectifs=objectifs(),
        sorties=sorties(),
        etp=activite(),
        publics=publics(),
        argent=argent(),
        comparaison=comparaison(),
        absents=(
            Mention(
                "Comptes annuels 2025",
                "Attendus au 30 juin 2026. Sans eux, la part des ventes dans les charges n’est pas contrôlée.",
            ),
            Mention("Situation six mois après la sortie", "Donnée que l’extranet ne collecte pas."),
        ),
        a_confirmer=(
            Mention(
                "contrat de six mois exactement",
                "classé en emploi durable ; les textes disent « plus de » et « moins de » six mois.",
            ),
            Mention("montant socle ACI 2025", "23 921 € par ETP, dernier montant publié (arrêté du 4 décembre 2024)."),
        ),
        sources=(
            SourceDocument(
                "EtatMensuelIndiv", "fluxIAE_EtatMensuelIndiv_14032026_063012.csv.gz", "612", "ca978112ca1b"
            ),
            SourceDocument("ContratMission", "fluxIAE_ContratMission_14032026_063012.csv.gz", "84", "3e23e8160039"),
            SourceDocument("AnnexeFinanciere", "fluxIAE_AnnexeFinanciere_14032026_063012.csv.gz", "3", "2e7d2c03a950"),
            SourceDocument("Salarie", "fluxIAE_Salarie_14032026_063012.csv.gz", "51", None),
        ),
        preuve=Preuve(
            empreinte="8f493728ad7c8ebae73855cfb53f8974468d45957efad780cf193fad453c0f22",
            figees_le="2026-03-16",
            definitions="IAE 2025.2",
            comment="Recomposez la fiche depuis les mêmes fichiers : elle doit porter la même empreinte. Chaque chiffre de la page en ligne ouvre sa définition, son calcul et le texte appliqué.",
            journal_numero="1 204",
            journal_empreinte="5d41402abc4b2a76",
        ),
    )


def creuse() -> DonneesFicheBilan:
    """Tout ce qui peut manquer manque."""
    return DonneesFicheBilan(
        meta=Meta("Fiche bilan 2025", "FB-2025", "DDETS", "Fiche bilan", "Données figées le 16 mars 2026"),
        annee="2025", annees=("2025",), services=(), titre="Fiche bilan 2025", objet="", identite=(("Porteur", None),),
        preuve=Preuve(None, None, None, "Rien à vérifier."),
    )  # fmt: skip


def objectifs() -> Objectifs:
    def ligne(
        libelle: str,
        avant: tuple[str, str],
        cible: int,
        resultat: str,
        compte: tuple[int, int],
        reference: int | None,
        lecture: str,
        retrait: bool = False,
    ) -> LigneObjectif:
        return LigneObjectif(
            libelle, tuple(pourcent(D(v)) for v in avant), pourcent(cible), pourcent(D(resultat)),
            f"{compte[0]} sur {compte[1]}", None if reference is None else pourcent(reference, 0), lecture,
            FigureDocument.mini(libelle, D(resultat), cible, cle=f"mini-{compte[0]}-{compte[1]}"), retrait,
        )  # fmt: skip

    return Objectifs(
        lignes=(
            ligne("Sorties dynamiques", ("55.6", "58.6"), 60, "62.5", (20, 32), 60, "objectif atteint"),
            ligne("dont emploi durable", ("18.5", "20.7"), 25, "21.9", (7, 32), 25, "il en manque 1", True),
            ligne("dont emploi de transition", ("14.8", "17.2"), 15, "15.6", (5, 32), None, "objectif atteint", True),
            ligne("dont sorties positives", ("22.2", "20.7"), 20, "25.0", (8, 32), None, "objectif atteint", True),
            LigneObjectif(
                "Part de salariés formés",
                ("41,3 %", None),
                None,
                "non calculable",
                "0 sur 0",
                None,
                "données insuffisantes",
            ),
        ),
        note="Dénominateur des quatre premiers taux : sorties examinées (plus de trois mois de présence, au moins une heure travaillée dans l’année, hors « retrait des sorties constatées »). France : annexe 7 de la circulaire du 10 décembre 2008.",
    )


def sorties() -> Sorties:
    def famille(libelle: str, valeurs: tuple[int, ...], *motifs: tuple[str, tuple[int, ...]]) -> FamilleMotifs:
        def part(n: int) -> str:
            return pourcent(D(100 * n) / 32)

        lignes = tuple(LigneMotif(m, tuple(map(nombre, v)), part(v[-1])) for m, v in motifs)
        return FamilleMotifs(libelle, tuple(map(nombre, valeurs)), part(valeurs[-1]), lignes)

    return Sorties(
        phrase="42 personnes sont sorties en 2025 ; 10 sont retirées du calcul ; 32 sorties sont examinées.",
        familles=(
            famille(
                "Emploi durable",
                (5, 6, 7),
                ("CDI", (2, 2, 3)),
                ("CDD ou intérim de plus de six mois", (2, 3, 3)),
                ("Création ou reprise d’entreprise", (1, 1, 1)),
            ),
            famille(
                "Emploi de transition",
                (4, 5, 5),
                ("CDD ou intérim de moins de six mois", (3, 5, 4)),
                ("Contrat aidé hors SIAE", (1, 0, 1)),
            ),
            famille(
                "Sorties positives",
                (6, 6, 8),
                ("Formation qualifiante ou préqualifiante", (3, 4, 4)),
                ("Embauche dans une autre SIAE", (3, 1, 2)),
                ("Motif local : parcours de soins engagé", (0, 1, 2)),
            ),
            famille(
                "Autres sorties",
                (12, 12, 12),
                ("En recherche d’emploi", (9, 8, 9)),
                ("Inactivité ou sans nouvelles", (3, 4, 3)),
            ),
        ),
        total=("27", "29", "32"),
        note="Hors du compte en 2025 : 6 présences de trois mois au plus et 4 retraits. Motif local : défini par le CDIAE le 14 mars 2024, applicable du 1er avril 2024 au 31 décembre 2026.",
    )


def activite() -> ActiviteEtp:
    mois, cumul = [], D(0)
    for realise, conventionne in zip(REALISES, CONVENTIONNES, strict=True):
        cumul += realise - conventionne
        mois.append(
            MoisDocument(
                MOIS_COURTS[len(mois)], nombre(realise, 1), nombre(conventionne, 1), nombre(cumul, 1, signe=True)
            )
        )
    barres = [MoisEtp(Mois(2025, r + 1), v, c) for r, (v, c) in enumerate(zip(REALISES, CONVENTIONNES, strict=True))]
    figure = etp_mensuels(barres, cle="etp", titre="ETP d’insertion de chaque mois de 2025")
    return ActiviteEtp(
        phrase="En 2025, la structure a réalisé 10,96 ETP en moyenne pour 11,50 conventionnés. Le point bas est août (9,8) ; novembre est le mois le plus haut (11,6).",
        figure=FigureDocument.de(figure),
        mois=tuple(mois),
        note="ETP mensuel = heures payées du mois × 12 ÷ 1 820. Un écart cumulé de −6,5 ETP mensuels vaut −0,54 ETP annuel.",
    )


def publics() -> Publics:
    lignes = [
        ("Femmes", ("14", "16", "18"), "35,3 %", "40 %", "38,1 %", "37,4 %"),
        ("Moins de 26 ans", ("9", "8", "9"), "17,6 %", None, "16,2 %", "17,9 %"),
        ("50 ans et plus", ("11", "13", "14"), "27,5 %", None, "24,8 %", "23,1 %"),
        ("Allocataires du RSA", ("24", "27", "30"), "58,8 %", "55 %", "54,6 %", "52,9 %"),
        ("Inscrits depuis deux ans", ("17", "20", "22"), "43,1 %", "40 %", "39,5 %", "38,2 %"),
        ("Travailleurs handicapés (RQTH)", ("6", "7", "8"), "15,7 %", None, "12,9 %", "11,6 %"),
        ("Allocataires de l’AAH", (SECRET, SECRET, SECRET), SECRET, None, "3,4 %", "3,1 %"),
        ("Quartiers prioritaires (QPV)", ("12", None, "13"), "25,5 %", "25 %", "19,8 %", "21,7 %"),
    ]
    return Publics(
        total="51",
        lignes=tuple(LignePublic(*ligne) for ligne in lignes),
        phrase="Quatre priorités sont fixées : trois sont atteintes. La part des femmes est de 35,3 % pour 40 %.",
        note="« s. s. » : effectif de 1 à 4, couvert par le secret statistique. Département et France : ensemble des ACI, même définition, mêmes dates. Un salarié peut figurer sur plusieurs lignes.",
    )


def argent() -> Argent:
    def ligne(libelle: str, *valeurs: str, gras: bool = False) -> LigneArgent:
        return LigneArgent(libelle, tuple(euros(D(v), 2) for v in valeurs), gras)

    return Argent(
        lignes=(
            LigneArgent("ETP conventionnés, moyenne de l’année", tuple(etp(D(v)) for v in ("11", "11", "11.5"))),
            ligne("Montant unitaire du socle par ETP", "23028", "23535.17", "23921"),
            ligne("Aide au poste conventionnée", "253308", "258886.87", "275091.50"),
            ligne("Aide au poste due (ETP réalisés)", "248241.84", "256062.65", "262174.16", gras=True),
            ligne("Cofinancement du département", "58000", "60200", "62400"),
            LigneArgent("Part modulée notifiée", ("10 674,40 €", "12 291,01 €", None)),
        ),
        note="Socle ACI 2025 : 23 921 €, dernier montant publié (arrêté du 4 décembre 2024), à confirmer.",
    )


def comparaison() -> Comparaison:
    boites = [
        BoiteTerritoire("Haute-Vaulne", 14, D("46.1"), D("52.0"), D("58.4")),
        BoiteTerritoire("Marches-de-Loire", 96, D("43.5"), D("51.2"), D("60.3")),
        BoiteTerritoire("France", 1912, D("41.8"), D("50.6"), D("59.7")),
    ]
    figure = boites_comparaison(
        boites, structure="Les Jardins de la Confluence", valeur=D("62.5"), categorie="ACI", cle="comparaison",
        titre="Taux de sorties dynamiques des ACI en 2025",
    )  # fmt: skip
    return Comparaison(
        territoires=("Haute-Vaulne (14)", "Marches-de-Loire (96)", "France (1 912)"),
        phrase="Le taux de sorties dynamiques est au-dessus de la moitié centrale des ACI du département, de la région et du pays.",
        figure=FigureDocument.de(figure),
        lignes=(
            LigneComparaison("Sorties dynamiques", "62,5 %", (Repere("52,0 %", "46,1 à 58,4 %"), Repere("51,2 %", "43,5 à 60,3 %"), Repere("50,6 %", "41,8 à 59,7 %"))),
            LigneComparaison("Emploi durable", "21,9 %", (Repere("18,4 %", "12,5 à 23,1 %"), Repere("18,9 %", "11,8 à 24,0 %"), Repere("17,8 %", "10,0 à 25,0 %"))),
            LigneComparaison("Encadrement, en ETP pour 10 ETP d’insertion", None, (Repere("n. calc."), Repere("2,1", "1,8 à 2,4"), Repere(None))),
        ),
        note="Ces repères situent, ils ne classent pas : ils ne tiennent compte ni du territoire ni des publics.",
    )  # fmt: skip
