"""The wording of the articles, by category; every sentence rests on the code or says « à préciser »."""

from __future__ import annotations

from decimal import Decimal

from convenir.contrat.conventions.documents.clauses import (
    MODIFIEE,
    RECOURS,
    RENOUVELLEMENT,
    annexes_en_mots,
    axes_en_mots,
    duree_en_mots,
    ecrit,
)
from convenir.contrat.conventions.documents.contextes import Article, Tableau, Titre
from convenir.contrat.conventions.documents.redaction_cpo import titres_de_cpo
from convenir.contrat.conventions.ecriture import SECTIONS, changements_en_mots, noms_des_lignes, valeur
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.articles import ARTICLES, LOI_DES_EITI
from convenir.contrat.conventions.rules.termes import Termes, differences
from convenir.socle.commun import francais
from convenir.socle.commun.francais import jour as en_mots

BILAN = (
    "les moyens humains et matériels ;",
    "les caractéristiques des personnes embauchées et de leurs contrats ;",
    "la nature, l’objet et la durée du suivi individuel ;",
    "les actions sociales proposées pendant le parcours et avant la sortie ;",
    "les propositions d’orientation, de formation ou d’emploi, et leurs suites ;",
    "les résultats d’accès et de retour à l’emploi.",
)


def titres_de_convention(convention: Convention, version: Version, *, annexes: int) -> tuple[Titre, ...]:
    """Return the articles of an initial convention, IAE or CPO; that of the IAE always has several annexes."""
    termes = version.termes
    if convention.structure is None:
        return titres_de_cpo(convention, termes, annexes)
    return (
        Titre("Titre I – Le projet", _projet(convention, termes)),
        Titre("Titre II – Les moyens", _moyens(convention.categorie, termes)),
        Titre("Titre III – Les engagements", _engagements(convention.categorie, termes)),
        Titre("Titre IV – La vie de la convention", _vie(convention, termes)),
    )


def _projet(convention: Convention, termes: Termes) -> tuple[Article, ...]:
    chantiers = tuple((c.nom, c.lieu or "–", francais.nombre(c.postes, 2)) for c in termes.chantiers)
    return (
        Article("Objet", (
            f"La convention reconnaît le projet d’insertion de « {convention.nom_de_la_partie} » et fixe les moyens "
            f"et les engagements qui s’y attachent. {_exigence(convention.categorie)} Ses annexes en font partie.",)),
        Article("La structure", ecrit(termes, "presentation")),
        *((Article("Les chantiers", ("Les postes aidés se répartissent ainsi.",),
                   tableau=Tableau(("Chantier", "Lieu", "Postes (ETP)"), chantiers, nombres=(2,))),)
          if chantiers else ()),
        Article("Le territoire", (*_branche(convention), *ecrit(termes, "territoire"))),
        Article("Les personnes accueillies", ecrit(termes, "publics")),
        Article("L’accompagnement", (*ecrit(termes, "accompagnement"), "Le projet d’insertion se décline en axes :")
                if termes.axes else ecrit(termes, "accompagnement"), axes_en_mots(termes)),
        Article("La place dans l’économie locale", ecrit(termes, "economie")),
        Article("Les autres conventions", ecrit(termes, "autres_conventions")),
        *((Article("L’activité exclusive", (EXCLUSIVITE, *ecrit(termes, "exclusivite"))),)
          if convention.categorie == "ETTI" else ()),
        *(_tenu(termes, "exclusivite") if convention.categorie != "ETTI" else ()),
    )  # fmt: skip


EXCLUSIVITE = (
    "L’activité exclusive de l’entreprise est de faciliter l’insertion professionnelle des personnes éligibles à un "
    "parcours d’insertion. Elle y consacre l’intégralité de ses moyens humains et matériels (L. 5132-6)."
)


def _branche(convention: Convention) -> tuple[str, ...]:
    """Return the code of activity that R. 5132-2, 1° asks of an EI."""
    naf = convention.structure.code_naf if convention.structure and convention.categorie == "EI" else ""
    return (f"Activité de l’entreprise, code de la nomenclature : {naf}.",) if naf else ()


def _moyens(categorie: str, termes: Termes) -> tuple[Article, ...]:
    personnel = tuple(
        (libelle, francais.nombre(v, 2))
        for libelle, v in (("Encadrement technique", termes.encadrement),
                           ("Accompagnement socioprofessionnel", termes.accompagnement))
        if v is not None
    )  # fmt: skip
    plafond = valeur("taux_durable", termes.modulation_max if termes.modulation_max is not None else Decimal(10))
    return (
        Article("Les moyens de la structure", (*ecrit(termes, "moyens"), *ACCUEIL.get(categorie, ())),
                tableau=Tableau(("Personnel permanent", "ETP"), personnel, nombres=(1,)) if personnel else None),
        Article("Les postes aidés", (
            f"{_postes(termes)} L’annexe financière en donne le calcul. Un avenant fixe chaque année suivante le "
            "nombre de postes et le montant.",
            f"L’aide comprend un montant socle et un montant modulé, dans la limite de {plafond} du socle. Elle est "
            "due pour les postes réellement occupés, dans la limite du nombre conventionné.")),
        Article("Le versement", (
            "L’Agence de services et de paiement verse chaque mois un douzième du montant annuel, puis régularise "
            "selon l’occupation réelle des postes. Le montant modulé est versé en une fois, après notification.",)),
        *_continuite(categorie),
        Article("Les autres ressources", (*ecrit(termes, "autres_aides"), *VENTES.get(categorie, ()))),
        *((Article(EMPLOI[categorie], ecrit(termes, "remuneration")),) if categorie in EMPLOI
          else _tenu(termes, "remuneration")),
    )  # fmt: skip


def _postes(termes: Termes) -> str:
    if termes.postes is None:
        return "Le nombre de postes d’insertion aidés est à préciser."
    return f"L’aide porte sur {valeur('postes', termes.postes)} d’insertion par an."


def _tenu(termes: Termes, cle: str) -> tuple[Article, ...]:
    """Return the article of a clause that no text asks of this category: only when the terms hold it."""
    texte = termes.section(cle)
    return (Article(SECTIONS[cle], (texte,)),) if texte else ()


# La rémunération, les contrats et la durée du travail ne sont demandés qu’à une EI (R. 5132-2, 7° et 8°) ; les
# personnes accompagnées par une EITI n’y sont pas salariées.
EMPLOI = {"EI": "L’emploi des salariés", "EITI": "Les contrats et la rémunération"}
ACCUEIL = {"AI": ("L’association accueille le public au moins trois jours par semaine (R. 5132-12, 2°).",)}
VENTES = {
    "ACI": (
        "Les ventes couvrent moins de 30 % des charges de l’activité. Le préfet peut porter cette part à 50 %, après "
        "un avis favorable de la commission (D. 5132-34).",
    )
}


def _continuite(categorie: str) -> tuple[Article, ...]:
    """Return the rule of continuity, for the categories whose text was read."""
    articles = ARTICLES.get(categorie)
    if articles is None:
        return ()
    return (
        Article("La continuité", (
            "Si l’avenant d’une année n’est pas signé au 1er janvier, le dernier reste applicable jusqu’à la "
            "signature du nouveau, au plus tard à la date fixée par arrêté, qui ne peut dépasser le 31 mai. À cette "
            "date, les versements sont suspendus. Faute de signature au 30 septembre, les sommes versées au titre de "
            f"l’année sont réclamées, compte tenu de ce qui a été réalisé ({articles.continuite}).",)),
    )  # fmt: skip


def _engagements(categorie: str, termes: Termes) -> tuple[Article, ...]:
    return (
        Article("Les objectifs", (
            "Les objectifs négociés figurent à l’annexe 2. Ils tiennent compte des résultats antérieurs, du "
            "territoire et des priorités de la commission.",)),
        Article("Les engagements de l’État", (
            "L’État organise chaque année le dialogue de gestion et y invite tous les financeurs. Il notifie les "
            "montants et répond par écrit à toute difficulté signalée.",)),
        Article("Les engagements de France Travail et des prescripteurs", ecrit(termes, "offres")),
        Article("Les engagements de la structure", (
            "La structure met en œuvre son projet et signale toute difficulté sans attendre le terme. Elle remet "
            f"chaque année un bilan d’activité{_citer(categorie, 'bilan')}, avec ses comptes, qui présente :",),
                BILAN),
    )  # fmt: skip


def _citer(categorie: str, regle: str) -> str:
    articles = ARTICLES.get(categorie)
    return f" ({getattr(articles, regle)})" if articles else ""


def _exigence(categorie: str) -> str:
    """Return the sentence that names what asks for the elements of the convention."""
    articles = ARTICLES.get(categorie)
    if articles is None:
        return f"Elle est conclue au titre de l’{LOI_DES_EITI}."
    return f"Elle comprend les éléments exigés par l’article {articles.contenu} du code du travail."


def _vie(convention: Convention, termes: Termes) -> tuple[Article, ...]:
    controle, manquement, fausse = (
        _citer(convention.categorie, regle) for regle in ("controle", "manquement", "fausse_declaration")
    )
    return (
        Article("Suivi, contrôle et évaluation", (
            "Le dialogue de gestion annuel examine le bilan, les objectifs et les moyens. La structure fournit, à la "
            "demande de l’État, toute pièce prouvant l’exécution, les actions et les résultats"
            f"{controle}.", *filter(None, (termes.section("suivi"),)))),
        Article("Modification", (
            f"{MODIFIEE} L’avis de la commission est recueilli si le nombre de postes change. Dans les autres cas, la "
            "commission est informée.",)),
        Article("Non-respect et résiliation", (
            "En cas de non-respect, le préfet informe la structure de son intention de résilier, par lettre "
            "recommandée avec avis de réception. La structure dispose d’un mois au moins pour présenter ses "
            f"observations{manquement}. Les sommes indûment perçues peuvent être réclamées. Une fausse "
            f"déclaration ou un usage détourné entraîne la résiliation, selon la même procédure{fausse}.",)),
        Article("Durée et renouvellement", (
            f"{duree_en_mots(convention)} Sa durée ne dépasse pas trois ans.", RENOUVELLEMENT)),
        RECOURS,
    )  # fmt: skip


def titres_d_avenant(
    convention: Convention, version: Version, precedente: Version, *, annexes: int
) -> tuple[Titre, ...]:
    """Return the articles of an avenant with so many annexes: what changes, term by term, and that the rest stays."""
    avant, apres = precedente.termes, version.termes
    phrases = changements_en_mots(differences(avant, apres), noms_des_lignes(avant, apres))
    objet = (version.objet or "modification des termes").rstrip(". ")
    clauses = version.clauses.dernier_jour
    jusquau = f" Ses clauses financières valent jusqu’au {en_mots(clauses)}." if clauses else ""
    autres = "Les autres termes" if phrases else "Tous les termes"
    return (
        Titre("", (
            Article("Objet", (
                f"Le présent acte modifie la convention {convention.reference} à compter du "
                f"{en_mots(version.effet)}. Objet : {objet}.{jusquau}{annexes_en_mots(annexes)}",)),
            *((Article("Ce qui change", ("Les termes suivants remplacent ceux de l’acte précédent :",),
                       tuple(phrases)),) if phrases else ()),
            Article("Ce qui ne change pas", (
                f"{autres} de l’acte « {precedente.libelle} » restent applicables.",)),
        )),
    )  # fmt: skip
