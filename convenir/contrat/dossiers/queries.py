"""Reads of the files: completeness, open questions, lists, the items of the référentiel counted nationally."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers import referentiel, rules
from convenir.contrat.dossiers.cibles import PLAN, cible_d_action, cible_d_axe, cible_de_ligne
from convenir.contrat.dossiers.models import ActionProjet, Brouillon, Dossier, DossierQuerySet
from convenir.contrat.dossiers.policies import dossiers_visibles
from convenir.contrat.dossiers.referentiel import TypeDePiece
from convenir.contrat.dossiers.rules import A_CONFIRMER, Completude, Manque, ReponseLue
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.acteur import Acteur

E = EtatConvention


def dossier_visible(acteur: Acteur, reference: str) -> Dossier | None:
    """Return the file of a convention, or None when it does not exist for this person."""
    visibles = dossiers_visibles(acteur).pour_liste().select_related("convention__service")
    return visibles.filter(convention__reference=reference.upper()).first()


def pieces_dues(dossier: Dossier, reponses: Mapping[str, str]) -> tuple[TypeDePiece, ...]:
    """Return the pieces its legal form must join."""
    premiere = reponses.get("porteur.premiere_demande") == "oui"
    types = referentiel.types_de_pieces().values()
    return rules.pieces_dues(
        types, reponses.get("porteur.forme", ""), premiere=premiere, le_jour=dossier.reference_jour
    )


def completude(dossier: Dossier) -> Completude:
    """Return what a file holds and lacks, in five SQL queries."""
    lues = {r.champ: ReponseLue(r.valeur, r.a_confirmer) for r in dossier.reponses.all()}
    valeurs = {champ: lue.valeur for champ, lue in lues.items()}
    jointes = set(dossier.pieces.filter(retiree_le=None).values_list("genre", flat=True))
    base = rules.completude(dossier.sections, lues, pieces_dues(dossier, valeurs), jointes)
    autres = [*_financement_manquant(dossier), *_projet_manquant(dossier, jointes)]
    return Completude(base.faits + 2 - len(autres), base.attendus + 2, (*base.manques, *autres))


def _financement_manquant(dossier: Dossier) -> list[Manque]:
    lus = list(dossier.financements.values_list("a_confirmer", flat=True))
    raison = A_CONFIRMER if any(lus) else "" if lus else "nommez au moins un financeur"
    return [Manque("financements", "financements", "Financement demandé", raison)] if raison else []


def _projet_manquant(dossier: Dossier, jointes: set[str]) -> list[Manque]:
    ecrits = [
        *dossier.actions.values_list("a_confirmer", flat=True),
        *dossier.presentations.exclude(texte="").values_list("a_confirmer", flat=True),
    ]
    libelle = "Offre de service" if dossier.cadre == referentiel.ML else "Projet d'insertion"
    if any(ecrits):
        return [Manque("projet", "projet", libelle, A_CONFIRMER)]
    raison = "une action, un texte libre ou une pièce jointe suffit"
    return [] if ecrits or "projet_libre" in jointes else [Manque("projet", "projet", libelle, raison)]


def champs_ouverts(dossier: Dossier) -> frozenset[str]:
    """Return the questions the structure may change now."""
    return _ouverts(dossier, dossier.champs)


def axes_ouverts(dossier: Dossier) -> frozenset[str]:
    """Return the axes of the project the structure may change now, by their codes."""
    cibles = {cible_d_axe(a.code): a.code for a in referentiel.axes(dossier.cadre)}
    return frozenset(cibles[c] for c in _ouverts(dossier, cibles))


def actions_ouvertes(dossier: Dossier) -> frozenset[int]:
    """Return the actions the structure may change now, by their keys: those of an open axis, those reopened alone."""
    axes = dict(dossier.actions.values_list("pk", "axe"))
    cibles = {cible_d_action(cle): cle for cle in axes}
    ouverts = _ouverts(dossier, {*cibles, *map(cible_d_axe, axes.values())})
    return frozenset(cle for cible, cle in cibles.items() if ouverts & {cible, cible_d_axe(axes[cle])})


def plan_ouvert(dossier: Dossier) -> bool:
    """Tell whether the structure may add, correct and remove funders now."""
    return PLAN in _ouverts(dossier, {PLAN})


def lignes_ouvertes(dossier: Dossier) -> frozenset[int]:
    """Return the lines of funders the structure may correct now, by their keys: all of them once the plan is open."""
    cibles = {cible_de_ligne(cle): cle for cle in dossier.financements.values_list("pk", flat=True)}
    ouverts = _ouverts(dossier, {*cibles, PLAN})
    return frozenset(cle for cible, cle in cibles.items() if ouverts & {cible, PLAN})


def brouillons_de(acteur: Acteur, dossier: Dossier) -> dict[str, Brouillon]:
    """Return what a person has typed of a file and not sent, by what it is about: theirs alone."""
    return {b.cible: b for b in dossier.brouillons.filter(auteur=acteur.utilisateur)}


def attend_une_reponse(dossier: Dossier, cible: str) -> bool:
    """Tell whether a remark on that thing waits for the structure."""
    return dossier.commentaires.filter(champ=cible, repondu_le=None, leve_le=None).exists()


def _ouverts(dossier: Dossier, tous: Iterable[str]) -> frozenset[str]:
    if not dossier.en_redaction and not dossier.en_echange:
        return frozenset()
    rouverts = dossier.commentaires.filter(repondu_le=None, leve_le=None).values_list("champ", flat=True)
    return rules.champs_ouverts(en_redaction=dossier.en_redaction, tous=tous, rouverts=rouverts)


@dataclass(frozen=True)
class Filtre:
    """What the person asks of the list; an unknown value is ignored."""

    q: str = ""
    etat: str = ""
    categorie: str = ""
    departement: str = ""
    annee: int | None = None

    @classmethod
    def lire(cls, parametres: Mapping[str, str]) -> Filtre:
        """Read the filter from a query string."""
        etat, categorie = parametres.get("etat", ""), parametres.get("categorie", "")
        return cls(
            q=parametres.get("q", "").strip()[:100],
            etat=etat if etat in E.values else "",
            categorie=categorie if categorie in referentiel.CADRES else "",
            departement=parametres.get("departement", "").strip()[:3],
            annee=lire_annee(parametres.get("annee", "")),
        )

    @property
    def est_actif(self) -> bool:
        """Tell whether anything narrows the list."""
        return any((self.q, self.etat, self.categorie, self.departement, self.annee))


def lister(acteur: Acteur, filtre: Filtre) -> DossierQuerySet:
    """Return the files of the list, the latest filed first, what each waits for counted in the same query."""
    lignes = dossiers_visibles(acteur).pour_liste()
    for mot in filtre.q.split():
        lignes = lignes.filter(
            Q(convention__reference__icontains=mot)
            | Q(convention__structure__denomination__icontains=mot)
            | Q(convention__mission_locale__nom__icontains=mot)
        )
    if filtre.etat:
        lignes = lignes.filter(convention__etat=filtre.etat)
    if filtre.categorie:
        lignes = lignes.filter(convention__categorie="" if filtre.categorie == referentiel.ML else filtre.categorie)
    if filtre.departement:
        lignes = lignes.filter(convention__departement=filtre.departement)
    if filtre.annee:
        lignes = lignes.filter(convention__debut__year=filtre.annee)
    attente = Q(demandes__fournie_le=None, demandes__abandonnee_le=None, demandes__isnull=False)
    rouvertes = Q(commentaires__repondu_le=None, commentaires__leve_le=None, commentaires__isnull=False)
    return lignes.annotate(
        pieces_attendues=Count("demandes", filter=attente, distinct=True),
        questions_rouvertes=Count("commentaires", filter=rouvertes, distinct=True),
    ).order_by(F("depose_le").desc(nulls_first=True), "-pk")


@dataclass(frozen=True)
class CompteElement:
    """An item of the référentiel, or the items a structure added, and in how many files."""

    axe: str
    element: str
    libelle: str
    exemple: bool
    dossiers: int
    actions: int


def _deposes(acteur: Acteur, annee: int | None) -> DossierQuerySet:
    deposes = dossiers_visibles(acteur).filter(depose_le__isnull=False)
    return deposes if annee is None else deposes.filter(convention__debut__year=annee)


def denombrer_elements(acteur: Acteur, annee: int | None = None) -> list[CompteElement]:
    """Count the items taken and added over the files a person sees (question of 2011), in one query.

    Args:
        annee: first year of the conventions; every year when None.
    """
    visibles = _deposes(acteur, annee)
    comptes = {
        (c["axe"], c["element"]): (c["dossiers"], c["actions"])
        for c in ActionProjet.objects.filter(dossier__in=visibles)
        .values("axe", "element")
        .annotate(dossiers=Count("dossier", distinct=True), actions=Count("pk"))
    }
    lignes = []
    for axe in (*referentiel.axes("EI"), *referentiel.axes(referentiel.ML)):
        for e in referentiel.elements(axe.code):
            lignes.append(
                CompteElement(axe.titre, e.code, e.libelle, e.exemple, *comptes.get((axe.code, e.code), (0, 0)))
            )
        ajoutees = comptes.get((axe.code, ""), (0, 0))
        lignes.append(CompteElement(axe.titre, "", "Actions ajoutées par les structures", False, *ajoutees))
    return lignes


def actions_ajoutees(acteur: Acteur, annee: int | None = None) -> QuerySet[ActionProjet]:
    """Return the actions that the référentiel does not hold, over the same files as `denombrer_elements`."""
    visibles = _deposes(acteur, annee)
    liees = ("dossier__convention__structure", "dossier__convention__mission_locale")
    return ActionProjet.objects.filter(dossier__in=visibles, element="").select_related(*liees).order_by("axe", "pk")
