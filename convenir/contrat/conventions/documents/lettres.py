"""The letters of a convention: notice of termination, decision against the structure with its ways of appeal."""

from __future__ import annotations

from datetime import date, timedelta

from convenir.contrat.conventions.documents.contextes import ActeDocument, Article, Tableau, Titre
from convenir.contrat.conventions.models import Convention, Decision, GenreDecision, Manquement
from convenir.contrat.conventions.rules.articles import ARTICLES
from convenir.socle.commun import francais
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.documents.contextes import Meta

ALGORITHME = (
    "Un traitement algorithmique contribue à cette décision. Vous pouvez demander au service les règles de ce "
    "traitement et les principales caractéristiques de sa mise en œuvre (code des relations entre le public et "
    "l’administration, article L. 311-3-1)."
)
OBJETS = {
    GenreDecision.REFUS: "Refus de conventionner",
    GenreDecision.SUSPENSION: "Suspension des versements",
    GenreDecision.RESILIATION: "Résiliation de la convention",
    GenreDecision.REPRISE: "Reprise de sommes",
    GenreDecision.CONTROLE: "Suites du contrôle de l’éligibilité",
}
DISPOSITIFS = {
    GenreDecision.REFUS: "Le conventionnement demandé est refusé.",
    GenreDecision.SUSPENSION: "Les versements de l’aide sont suspendus.",
    GenreDecision.RESILIATION: "La convention est résiliée.",
    GenreDecision.REPRISE: "Les sommes suivantes sont à reverser.",
    GenreDecision.CONTROLE: "",
}


def lettre(
    convention: Convention, numero: str, titre: str, articles: tuple[Article, ...], *, etat: str, jour: date,
    cartouche: tuple[tuple[str, str], ...] = (), signature: tuple[str, str] = ("", ""),
    visas: tuple[str, ...] = (),
) -> ActeDocument:  # fmt: skip
    """Lay a letter out: who writes, to whom, about what; paragraphs under short headings, one signature."""
    service, organisation = convention.service.nom_au(jour), convention.organisation
    return ActeDocument(
        meta=Meta(
            titre=f"{titre} : {convention.nom_de_la_partie}", reference=f"{convention.reference}-{numero}",
            auteur=service, objet=f"{titre}, convention {convention.reference}", etat=etat,
            mots=("convention", "lettre"), type="Lettre", nature="",
        ),
        services=(f"Préfecture {convention.departement.complement}", service),
        titre=titre,
        objet=_a_qui(str(organisation or convention.nom_de_la_partie), convention.nom_de_la_partie),
        cartouche=(("Référence", convention.reference), *cartouche),
        visas=visas,
        titres=(Titre("", articles),),
        fait=f"Le {en_mots(jour)}.",
        signatures=({"qualite": signature[0], "nom": signature[1]},) if any(signature) else (),
    )  # fmt: skip


def _a_qui(organisation: str, partie: str) -> str:
    """Name who the letter is for, and its structure when it bears another name; no name says its article."""
    pour = "" if organisation == partie else f", pour « {partie} »"
    return f"Destinataire : {organisation}{pour}"


def paragraphe(
    titre: str, *textes: str, puces: tuple[str, ...] = (), tableau: Tableau | None = None
) -> Article:  # fmt: skip
    """A part of a letter: it carries no article number."""
    return Article(titre, tuple(t for t in textes if t), puces, tableau, numerote=False)


def lettre_de_manquement(manquement: Manquement) -> ActeDocument:
    """Return the registered letter that gives notice of the intention to terminate, with the time to answer."""
    convention = manquement.convention
    articles_du_code = ARTICLES.get(convention.categorie)
    # Sans texte propre (mission locale, EITI), la procédure est celle que les parties se sont donnée.
    texte = (
        f"code du travail, article {articles_du_code.manquement}" if articles_du_code else "clauses de la convention"
    )
    obligatoire = (
        f"de l’article {articles_du_code.fausse_declaration} du code du travail" if articles_du_code
        else "d’une fausse déclaration ou d’un usage détourné"
    )  # fmt: skip
    suite = (
        f"Les faits relèvent {obligatoire} : la résiliation est alors obligatoire, selon la même procédure."
        if manquement.obligatoire
        else "Après examen de vos observations, le préfet peut résilier la convention, ou clore la procédure."
    )
    articles = (
        paragraphe("Les faits", manquement.faits),
        paragraphe(
            "Ce que dit le droit", f"Textes appliqués : {_sans_point(manquement.articles)}.",
            f"Le préfet vous informe par la présente de son intention de résilier la convention ({texte}).",
        ),
        paragraphe(
            "Vos observations",
            f"Vous avez jusqu’au {en_mots(manquement.observations_avant)} pour présenter vos observations. "
            "Écrivez-les dans Convenir, sur la page de la convention, ou par courrier au service. Vous pouvez vous "
            "faire assister par un conseil.",
        ),
        paragraphe("La suite", suite, "Les sommes indûment perçues peuvent être réclamées."),
    )  # fmt: skip
    return lettre(
        convention, f"LM-{manquement.pk}", "Intention de résilier la convention", articles,
        etat=f"Lettre du {en_mots(manquement.lettre_le)}",
        cartouche=(("Envoi", f"Recommandé avec avis de réception, n° {_insecable(manquement.lettre_numero)}"),
                   ("Observations avant le", en_mots(manquement.observations_avant))),
        signature=("Pour le préfet", ""), jour=manquement.lettre_le,
    )  # fmt: skip


def lettre_de_decision(decision: Decision) -> ActeDocument:
    """Return a decision against the structure: recitals, facts, what is decided, ways and times of appeal."""
    convention, genre = decision.convention, GenreDecision(decision.genre)
    montant = f"Montant : {francais.euros(decision.montant, 2)}." if decision.montant is not None else ""
    # La lettre part avant sa preuve : elle ne dit pas à qui la reçoit qu’il reste à la lui notifier.
    notifiee = (("Notifiée le", en_mots(decision.notifiee_le)),) if decision.notifiee_le else ()
    de_quoi = "demande" if genre == GenreDecision.REFUS else "convention"
    articles = (
        paragraphe("Les motifs", decision.faits),
        paragraphe("La décision", DISPOSITIFS[genre], *mesures(decision), montant,
                   f"Elle porte sur la {de_quoi} {convention.reference}, du {en_mots(convention.debut)} au "
                   f"{en_mots(convention.dernier_jour)}."),
        *((paragraphe("Le calcul qui y contribue", ALGORITHME),) if decision.algorithmique else ()),
        paragraphe("Les voies et délais de recours", decision.voies),
    )  # fmt: skip
    visas = (
        f"les textes appliqués : {_sans_point(decision.articles)}",
        f"la {de_quoi} {convention.reference}",
        *((f"la délégation de signature : {_sans_point(decision.fondement)}",) if decision.fondement else ()),
    )  # fmt: skip
    return lettre(
        convention, f"DEC-{decision.pk}", OBJETS[genre], articles, etat=f"Décision du {en_mots(decision.prise_le)}",
        cartouche=(("Décision du", en_mots(decision.prise_le)), *notifiee),
        signature=(_qualite(decision), decision.signataire), jour=decision.prise_le, visas=visas,
    )  # fmt: skip


def _qualite(decision: Decision) -> str:
    """Write in what quality one signs: by a delegation, it is for the prefect."""
    if not decision.fondement:
        return decision.qualite
    return f"Pour le préfet et par délégation, {francais.minuscule(decision.qualite)}"


def mesures(decision: Decision) -> tuple[str, ...]:
    """Say what a decision after a control suspends and reclaims; nothing for the others."""
    if decision.genre != GenreDecision.CONTROLE:
        return ()
    dites = []
    if decision.effet_du:
        fin = f" au {en_mots(decision.effet_au - timedelta(days=1))} inclus" if decision.effet_au else ""
        depuis = "du" if fin else "à compter du"
        dites.append(
            "La possibilité de déclarer soi-même l’éligibilité d’une personne (auto-prescription) est suspendue "
            f"{depuis} {en_mots(decision.effet_du)}{fin}."
        )
    if decision.montant is not None:
        dites.append("L’aide versée pour les embauches non éligibles est à rembourser.")
    return tuple(dites)


def _insecable(numero: str) -> str:
    """Keep a number on one line."""
    return numero.replace(" ", francais.INSECABLE)


def _sans_point(texte: str) -> str:
    return texte.strip().rstrip(".")
