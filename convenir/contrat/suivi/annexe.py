"""The annexes of an act that the follow-up gives: means and commitments of the year, recommendations to follow."""

from __future__ import annotations

from convenir.contrat.conventions.documents.annexes import joindre_une_annexe
from convenir.contrat.conventions.documents.contextes import Article, Tableau, Titre
from convenir.contrat.conventions.models import Version
from convenir.contrat.suivi.models import Engagement, Moyen, Preconisation
from convenir.contrat.suivi.queries.renouvellement import analyses_de, preconisations_ouvertes
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import nombre
from convenir.socle.figures.ecriture import decimales_utiles

SANS_OBJET = "–"


@joindre_une_annexe
def moyens_et_engagements(version: Version) -> Titre | None:
    """Return the means and the commitments of the year of a version, in two queries; None when there is neither."""
    annee, convention = version.effet.year, version.convention
    moyens = convention.moyens.filter(annee=annee).select_related("objectif")
    engagements = convention.engagements.filter(annee=annee)
    articles = [
        Article(titre, tableau=Tableau(tetes, rangs, nombres=nombres), numerote=False)
        for titre, tetes, rangs, nombres in (
            ("Les moyens accordés", ("Moyen", "Fourni par", "Objectif servi", "Prévu le", "Quantité"),
             tuple(_moyen(m) for m in moyens), (4,)),
            ("Les engagements de chacun", ("Qui s’engage", "À quoi", "Référent", "Nombre", "Délai en jours"),
             tuple(_engagement(e) for e in engagements), (3, 4)),
        )
        if rangs
    ]  # fmt: skip
    return Titre(f"Moyens et engagements {annee}", tuple(articles)) if articles else None


def _moyen(m: Moyen) -> tuple[str, ...]:
    quantite = f"{nombre(m.quantite, decimales_utiles(m.quantite, 2))} {m.unite}".strip() if m.quantite else SANS_OBJET
    sert = m.objectif.libelle if m.objectif else m.objectif_servi
    return m.libelle, m.fournisseur, sert or SANS_OBJET, en_mots(m.prevu_le) if m.prevu_le else SANS_OBJET, quantite


def _engagement(e: Engagement) -> tuple[str, ...]:
    nature = str(e.get_nature_display())
    quoi = f"{nature} : {e.profil}" if e.profil else nature
    chiffres = (SANS_OBJET if n is None else nombre(n) for n in (e.nombre, e.delai_jours))
    return (e.partie, quoi, e.referent or SANS_OBJET, *chiffres)


A_SUIVRE = (
    "L’analyse partagée des résultats a retenu les préconisations suivantes, qui restent à mettre en œuvre. Chacune "
    "est suivie jusqu’à ce qu’elle soit faite, ou abandonnée avec son motif."
)


@joindre_une_annexe
def preconisations_a_suivre(version: Version) -> Titre | None:
    """Return the recommendations that an act carries on, in three queries at most; None when none is open.

    A first act carries those of the conventions before; an avenant, also those of its own convention.
    """
    convention = version.convention
    analyses = [a for a in analyses_de(convention) if version.rang or a.convention_id != convention.pk]
    rangs = tuple(_preconisation(p) for p in preconisations_ouvertes(analyses))
    if not rangs:
        return None
    tableau = Tableau(("Préconisation", "Portée par", "Issue de la convention", "À réaliser en"), rangs, nombres=(3,))
    return Titre("Préconisations à suivre", (Article("", (A_SUIVRE,), tableau=tableau, numerote=False),))


def _preconisation(p: Preconisation) -> tuple[str, ...]:
    return p.libelle, p.porteur or SANS_OBJET, p.analyse.convention.reference, str(p.horizon)
