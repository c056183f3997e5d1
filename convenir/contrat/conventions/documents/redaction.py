"""The wording of the articles, by category; every sentence rests on the code or says « à préciser »."""

from __future__ import annotations

from decimal import Decimal

from convenir.contrat.conventions.documents.contextes import Article, Tableau, Titre
from convenir.contrat.conventions.ecriture import AXES, changements_en_mots, noms_des_lignes, valeur
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Termes, differences
from convenir.socle.commun import francais
from convenir.socle.commun.francais import jour as en_mots

SOURCES = {"EI": "R. 5132-2", "AI": "R. 5132-12", "ACI": "R. 5132-28", "ETTI": "R. 5132-10-6", "EITI": "L. 5132-4"}
BILAN = (
    "les moyens humains et matériels ;",
    "les caractéristiques des personnes embauchées et de leurs contrats ;",
    "la nature, l’objet et la durée du suivi individuel ;",
    "les actions sociales proposées pendant le parcours et avant la sortie ;",
    "les propositions d’orientation, de formation ou d’emploi, et leurs suites ;",
    "les résultats d’accès et de retour à l’emploi.",
)
A_PRECISER = "À préciser."
# Articles propres à une catégorie ; une catégorie absente n'en a pas dans les textes lus.
BILANS = {"EI": "R. 5132-3", "AI": "R. 5132-13", "ACI": "R. 5132-29"}
CONTINUITES = {"EI": "R. 5132-3-1", "ETTI": "R. 5132-10-8-1", "ACI": "R. 5132-29-1"}
MANQUEMENTS = {"EI": ("R. 5132-5", "R. 5132-6"), "ACI": ("R. 5132-32", "R. 5132-43")}


def ecrit(termes: Termes, cle: str) -> tuple[str, ...]:
    """Return a written section, or « à préciser »."""
    return (termes.section(cle) or A_PRECISER,)


def titres_de_convention(convention: Convention, version: Version) -> tuple[Titre, ...]:
    """Return the articles of an initial convention, IAE or CPO."""
    termes = version.termes
    if convention.structure is None:
        return _titres_de_cpo(convention, termes)
    return (
        Titre("Titre I – Le projet", _projet(convention, termes)),
        Titre("Titre II – Les moyens", _moyens(convention.categorie, termes)),
        Titre("Titre III – Les engagements", _engagements(convention.categorie, termes)),
        Titre("Titre IV – La vie de la convention", _vie(convention)),
    )


def _axes(termes: Termes) -> tuple[str, ...]:
    """Return the axes in the order of the circulars, an unknown one last."""
    ordre = {cle: rang for rang, cle in enumerate(AXES)}
    lus = sorted(termes.axes, key=lambda a: (ordre.get(a.cle, len(ordre)), a.cle))
    return tuple(f"{AXES.get(a.cle, a.cle)} : {a.texte}" for a in lus)


def _projet(convention: Convention, termes: Termes) -> tuple[Article, ...]:
    source = SOURCES[convention.categorie]
    chantiers = tuple((c.nom, c.lieu or "–", valeur("postes", c.postes)) for c in termes.chantiers)
    return (
        Article("Objet", (
            f"La convention reconnaît le projet d’insertion de « {convention.nom_de_la_partie} » et fixe les moyens "
            f"et les engagements qui s’y attachent. Elle comprend les éléments exigés par l’article {source} du code "
            "du travail. Ses annexes en font partie.",)),
        Article("La structure", ecrit(termes, "presentation")),
        *((Article("Les chantiers", ("Les postes aidés se répartissent ainsi.",),
                   tableau=Tableau(("Chantier", "Lieu", "Postes"), chantiers)),) if chantiers else ()),
        Article("Le territoire", (*_branche(convention), *ecrit(termes, "territoire"))),
        Article("Les personnes accueillies", ecrit(termes, "publics")),
        Article("L’accompagnement", (*ecrit(termes, "accompagnement"), "Le projet d’insertion se décline en axes :")
                if termes.axes else ecrit(termes, "accompagnement"), _axes(termes)),
        Article("La place dans l’économie locale", ecrit(termes, "economie")),
        Article("Les autres conventions", ecrit(termes, "autres_conventions")),
    )  # fmt: skip


def _branche(convention: Convention) -> tuple[str, ...]:
    """Return the code of activity that R. 5132-2, 1° asks of an EI."""
    naf = convention.structure.code_naf if convention.structure and convention.categorie == "EI" else ""
    return (f"Activité de l’entreprise, code de la nomenclature : {naf}.",) if naf else ()


def _moyens(categorie: str, termes: Termes) -> tuple[Article, ...]:
    personnel = tuple(
        (libelle, valeur("postes", v))
        for libelle, v in (("Encadrement technique", termes.encadrement),
                           ("Accompagnement socioprofessionnel", termes.accompagnement))
        if v is not None
    )  # fmt: skip
    plafond = valeur("taux_durable", termes.modulation_max if termes.modulation_max is not None else Decimal(10))
    return (
        Article("Les moyens de la structure", (*ecrit(termes, "moyens"), *ACCUEIL.get(categorie, ())),
                tableau=Tableau(("Personnel permanent", "ETP"), personnel) if personnel else None),
        Article("Les postes aidés", (
            f"Sont aidés {valeur('postes', termes.postes)} d’insertion par an. L’annexe financière en donne le "
            "calcul. Un avenant fixe chaque année suivante le nombre de postes et le montant.",
            f"L’aide comprend un montant socle et un montant modulé, dans la limite de {plafond} du socle. Elle est "
            "due pour les postes réellement occupés, dans la limite du nombre conventionné.")),
        *_continuite(categorie),
        Article("Les autres ressources", (*ecrit(termes, "autres_aides"), *VENTES.get(categorie, ()))),
        # R. 5132-28 ne demande pas à un ACI la rémunération, les contrats et la durée du travail.
        *((Article("L’emploi des salariés", ecrit(termes, "remuneration")),) if categorie != "ACI" else ()),
    )  # fmt: skip


ACCUEIL = {"AI": ("L’association accueille le public au moins trois jours par semaine (R. 5132-12, 2°).",)}
VENTES = {
    "ACI": (
        "Les ventes couvrent moins de 30 % des charges de l’activité. Le préfet peut porter cette part à 50 %, après "
        "un avis favorable de la commission (D. 5132-34).",
    )
}


def _continuite(categorie: str) -> tuple[Article, ...]:
    """Return the rule of continuity, for the categories whose text was read."""
    article = CONTINUITES.get(categorie)
    if article is None:
        return ()
    return (
        Article("La continuité", (
            "Si l’avenant d’une année n’est pas signé au 1er janvier, le dernier reste applicable jusqu’à la "
            "signature du nouveau, au plus tard à la date fixée par arrêté, qui ne peut dépasser le 31 mai. À cette "
            "date, les versements sont suspendus. Faute de signature au 30 septembre, les sommes versées au titre de "
            f"l’année sont réclamées, compte tenu de ce qui a été réalisé ({article}).",)),
    )  # fmt: skip


def _engagements(categorie: str, termes: Termes) -> tuple[Article, ...]:
    return (
        Article("Les objectifs", (
            "Les objectifs négociés figurent en annexe. Ils tiennent compte des résultats antérieurs, du territoire "
            "et des priorités de la commission.",)),
        Article("Les engagements de l’État", (
            "L’État organise chaque année le dialogue de gestion et y invite tous les financeurs. Il notifie les "
            "montants et répond par écrit à toute difficulté signalée.",)),
        Article("Les engagements de France Travail et des prescripteurs", ecrit(termes, "offres")),
        Article("Les engagements de la structure", (
            "La structure met en œuvre son projet et signale toute difficulté sans attendre le terme. Elle remet "
            f"chaque année un bilan d’activité{_citer(BILANS.get(categorie))}, avec ses comptes, qui présente :",),
                BILAN),
    )  # fmt: skip


def _citer(article: str | None) -> str:
    return f" ({article})" if article else ""


def _vie(convention: Convention) -> tuple[Article, ...]:
    manquement, fausse = MANQUEMENTS.get(convention.categorie, (None, None))
    return (
        Article("Suivi, contrôle et évaluation", (
            "Le dialogue de gestion annuel examine le bilan, les objectifs et les moyens. La structure fournit, à la "
            "demande de l’État, toute pièce prouvant l’exécution, les actions et les résultats.",)),
        Article("Modification", (
            "La convention est modifiée par avenant. L’avis de la commission est recueilli si le nombre de postes "
            "change. Dans les autres cas, la commission est informée.",)),
        Article("Non-respect et résiliation", (
            "En cas de non-respect, le préfet informe la structure de son intention de résilier, par lettre "
            "recommandée avec avis de réception. La structure dispose d’un mois au moins pour présenter ses "
            f"observations{_citer(manquement)}. Les sommes indûment perçues peuvent être réclamées. Une fausse "
            f"déclaration ou un usage détourné entraîne la résiliation, selon la même procédure{_citer(fausse)}.",)),
        Article("Durée et renouvellement", (
            f"La convention prend effet le {en_mots(convention.debut)} et prend fin le "
            f"{en_mots(convention.dernier_jour)}. Sa durée ne dépasse pas trois ans.{_motifs(convention)}",)),
        Article("Recours", (
            "La convention peut être contestée devant le tribunal administratif dans les deux mois de sa signature. "
            "Un recours gracieux peut lui être préalable.",)),
    )  # fmt: skip


def _motifs(convention: Convention) -> str:
    """Return the recorded reasons of the period and of the length, in sentences."""
    periode = f" Elle ne suit pas l’année civile : {convention.motif_periode}." if convention.motif_periode else ""
    duree = f" Elle dure un an : {convention.get_motif_duree_display().lower()}." if convention.motif_duree else ""
    return periode + duree


def _titres_de_cpo(convention: Convention, termes: Termes) -> tuple[Titre, ...]:
    return (
        Titre("", (
            Article("Objet", (
                f"La convention fixe, pour la durée de l’offre de service de « {convention.nom_de_la_partie} », les "
                "objectifs communs de l’État et de la mission locale et les moyens qui s’y attachent.",)),
            Article("L’offre de service", ("Elle se décline en cinq axes :",), _axes(termes) or (A_PRECISER,)),
            Article("La dotation", (
                f"La participation de l’État est de {valeur('dotation', termes.dotation)} pour "
                f"{convention.debut.year}. Le montant de chaque année suivante est fixé après le dialogue de gestion, "
                "par avenant.",)),
            Article("Le dialogue de gestion", (
                "Chaque année, les parties partagent le diagnostic du territoire, lisent l’activité et les résultats "
                "dans leur contexte, puis négocient les objectifs. Un relevé de conclusions coproduit formalise les "
                "engagements de chacun et le plan d’action.",)),
            Article("Durée", (
                f"La convention prend effet le {en_mots(convention.debut)} et prend fin le "
                f"{en_mots(convention.dernier_jour)}.{_motifs(convention)}",)),
        )),
    )  # fmt: skip


def titres_d_avenant(convention: Convention, version: Version, precedente: Version) -> tuple[Titre, ...]:
    """Return the articles of an avenant: what changes, term by term, and that the rest stays."""
    avant, apres = precedente.termes, version.termes
    phrases = changements_en_mots(differences(avant, apres), noms_des_lignes(avant, apres))
    objet = version.objet or "modification des termes"
    return (
        Titre("", (
            Article("Objet", (
                f"Le présent acte modifie la convention {convention.reference} à compter du "
                f"{en_mots(version.effet)}. Objet : {objet}.",)),
            Article("Ce qui change", ("Les termes suivants remplacent ceux de l’acte précédent :",)
                    if phrases else ("Aucun terme ne change.",), tuple(phrases)),
            Article("Ce qui ne change pas", (
                f"Les autres termes de l’acte « {precedente.libelle} » restent applicables.",)),
        )),
    )  # fmt: skip


def annexe_financiere(termes: Termes, annee: int) -> Titre:
    """Return the calculation line by line: the model prints, it does not calculate."""
    socle = termes.montant_socle
    cofinance = sum((c.montant or Decimal(0) for c in termes.cofinancements), Decimal(0))
    rangs = [
        ("A. Postes conventionnés", valeur("postes", termes.postes)),
        ("B. Heures pour un ETP annuel", valeur("heures_etp", termes.heures_etp)),
        ("C. Montant d’un poste", valeur("montant", termes.montant_unitaire)),
        ("D. Montant socle annuel (A × C, arrondi au centime)", valeur("montant", socle)),
        *((f"Part de {c.nom}", valeur("montant", c.montant)) for c in termes.cofinancements),
    ]
    if socle is not None:
        rangs.append(("E. Part de l’État", francais.euros(socle - cofinance, 2)))
    pied = "Sur une période de moins de douze mois, le mois est arrondi avant d’être multiplié par le nombre de mois."
    calcul = Article("", (), (), Tableau(("Ligne", "Valeur"), tuple(rangs), pied), numerote=False)
    return Titre(f"Annexe – Annexe financière {annee}", (calcul,))


def annexe_objectifs(termes: Termes) -> Titre:
    """Return the four rates, whose sum is imposed, and the exits expected."""
    rangs = (
        ("Sorties dynamiques (somme des trois)", valeur("taux_durable", termes.taux_dynamique)),
        ("dont emploi durable", valeur("taux_durable", termes.taux_durable)),
        ("dont emploi de transition", valeur("taux_transition", termes.taux_transition)),
        ("dont sorties positives", valeur("taux_positives", termes.taux_positives)),
        ("Sorties prévues dans l’année", valeur("sorties_prevues", termes.sorties_prevues)),
    )
    pied = (
        "Repère national : 25 % de sorties en emploi durable et 60 % de sorties dynamiques, à atteindre en trois ans "
        "à compter de la première négociation. Il éclaire la négociation, il ne la borne pas."
    )
    objectifs = Article("", (), (), Tableau(("Objectif", "Cible"), rangs, pied), numerote=False)
    return Titre("Annexe – Objectifs", (objectifs,))
