"""What the annex of an act says of the objectives negotiated for its year, axis by axis, in a fixed number of queries.

The three rates of exit are terms of the convention: its annex says them already.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from convenir.contrat.conventions.documents.annexes import joindre_les_objectifs
from convenir.contrat.conventions.documents.contextes import Article, Tableau
from convenir.contrat.conventions.documents.produits import reserver_la_lecture
from convenir.contrat.conventions.models import EtatSignature, Signature, Version
from convenir.contrat.objectifs.models import CODES_SORTIES, Axe, Objectif
from convenir.contrat.objectifs.phrases import bornes, ecrire, repond_a
from convenir.contrat.objectifs.policies import objectifs_lisibles
from convenir.contrat.objectifs.states import Etat
from convenir.socle.commun.francais import minuscule
from convenir.socle.comptes.acteur import Acteur

ISSUES = {
    Etat.DESACCORD: "désaccord consigné, les deux positions sont au relevé de la négociation",
    Etat.REFUSE: "négociation refusée, le motif est au relevé de la négociation",
}


RESERVE = "Cet acte porte des objectifs que vous ne lisez pas. Ceux que vous lisez sont à la page des objectifs."
ACTE = re.compile(r"v\d+")


@reserver_la_lecture
def acte_aux_objectifs_reserves(acteur: Acteur, reference: str, cles: Collection[str]) -> dict[str, str]:
    """Keep an act from whoever does not read all the objectives it lists; the parties that sign it read it whole."""
    actes = [cle for cle in cles if ACTE.fullmatch(cle)]
    if not actes or acteur.est_systeme:
        return {}
    signees = Signature.objects.filter(version__convention__reference=reference).exclude(etat=EtatSignature.ANNULEE)
    if acteur.organisation is not None and signees.filter(organisation=acteur.organisation).exists():
        return {}
    caches = (
        Objectif.objects.filter(convention__reference=reference)
        .exclude(indicateur__in=list(CODES_SORTIES))
        .exclude(pk__in=objectifs_lisibles(acteur).values("pk"))
    )
    return dict.fromkeys(actes, RESERVE) if caches.exists() else {}


@joindre_les_objectifs
def objectifs_negocies(version: Version) -> tuple[Article, ...]:
    """Return the targets, those in words, what is not agreed, what they answer to, then how each is judged."""
    annee = version.effet.year
    tous = list(
        version.convention.objectifs.filter(annee=annee)
        .select_related("attendu_par")
        .prefetch_related("paliers")
        .order_by("axe", "pk")
    )
    lus = [o for o in tous if o.indicateur not in CODES_SORTIES]
    ordre = list(Axe)
    convenus = sorted((o for o in lus if o.etat == Etat.CONVENU), key=lambda o: ordre.index(Axe(o.axe)))
    articles = []
    if chiffres := [o for o in convenus if o.cible is not None]:
        articles.append(Article("Ce qui se compte", tableau=_tableau(chiffres, annee), numerote=False))
    if dits := tuple(_dire(o) for o in convenus if o.cible is None):
        articles.append(Article("Ce qui ne se compte pas", puces=dits, numerote=False))
    if sans_accord := tuple(f"{o.libelle} : {ISSUES[Etat(o.etat)]}." for o in lus if o.etat in ISSUES):
        articles.append(Article("Ce qui n’est pas convenu", puces=sans_accord, numerote=False))
    if reponses := tuple(f"{o.libelle} : {dit}." for o in tous if (dit := repond_a(o))):
        articles.append(Article("À quoi les objectifs répondent", puces=reponses, numerote=False))
    if definis := tuple(_definition(o) for o in convenus if o.definition.get("definition")):
        articles.append(Article("Comment chaque objectif est jugé", puces=definis, numerote=False))
    return tuple(articles)


def _dire(objectif: Objectif) -> str:
    return f"{objectif.libelle} : {objectif.attendu.rstrip('. ')} ({minuscule(_axe(objectif))})."


def _axe(objectif: Objectif) -> str:
    return str(objectif.get_axe_display())


def _tableau(objectifs: Sequence[Objectif], annee: int) -> Tableau:
    """Return base value, target, bounds when one has some, steps of the following years."""
    suivantes = sorted({p.annee for o in objectifs for p in o.paliers.all() if p.annee > annee})
    avec_bornes = any(bornes(o) for o in objectifs)
    tetes = (
        "Axe",
        "Objectif",
        "Départ",
        f"Cible {annee}",
        *(("Bornes",) if avec_bornes else ()),
        *map(str, suivantes),
    )
    rangs = []
    for o in objectifs:
        paliers = {p.annee: ecrire(p.valeur, o.unite) for p in o.paliers.all()}
        depart = ecrire(o.base, o.unite) if o.base is not None else "n. d."
        rangs.append((
            _axe(o), o.libelle, depart, ecrire(o.cible, o.unite), *((bornes(o) or "–",) if avec_bornes else ()),
            *(paliers.get(an, "–") for an in suivantes),
        ))  # fmt: skip
    return Tableau(tetes, tuple(rangs), nombres=tuple(range(2, len(tetes))))


def _definition(objectif: Objectif) -> str:
    """Write the definition frozen with an objective, and its frame."""
    grille = f" Grille {objectif.grille}." if objectif.grille else ""
    return f"{objectif.libelle} : {objectif.definition['definition'].rstrip('. ')}.{grille}"
