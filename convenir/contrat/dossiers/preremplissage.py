"""What is already known and is not asked again, from the previous file or the ASP; each says where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from convenir.contrat.conventions.models import Convention
from convenir.contrat.dossiers.models import ActionProjet, Dossier, Financement, PresentationLibre
from convenir.contrat.dossiers.referentiel import Champ
from convenir.contrat.dossiers.referentiel import axes as axes_du_cadre
from convenir.mesure.donnees.models import AnnexeLue
from convenir.mesure.indicateurs.models import SituationStructure
from convenir.socle.organisations.models import MissionLocale, StatutMissionLocale, Structure

# Catégories juridiques de l'Insee : leurs deux premiers chiffres.
_FORMES = {
    "92": "association",
    "93": "fondation",
    "54": "societe",
    "55": "societe",
    "57": "societe",
    "72": "collectivite",
    "73": "collectivite",
    "74": "gip",
    "71": "etablissement_public",
    "41": "etablissement_public",
}
_STATUTS_ML = {StatutMissionLocale.ASSOCIATION: "association", StatutMissionLocale.GIP: "gip"}
# Ce qui se reprend d'une année sur l'autre ; une problématique n'est nouvelle qu'une fois.
D_UNE_ACTION = (
    "axe", "element", "intitule", "moyens", "calendrier", "indicateur", "preuve", "orientation", "attendue_par",
    "organisation",
)  # fmt: skip
D_UN_FINANCEMENT = ("nature", "nom", "organisation", "base", "efforts", "objet")


@dataclass(frozen=True)
class Connu:
    """A known answer and where it comes from."""

    valeur: str
    origine: str


Source = Callable[[Convention], Connu | None]


def connues(convention: Convention, champs: dict[str, Champ]) -> dict[str, Connu]:
    """Return what is known of each question, ASP and registers first, then the answers of the previous file."""
    trouvees: dict[str, Connu] = {}
    anciennes = _du_dossier_precedent(convention)
    for code, champ in champs.items():
        connu = SOURCES[champ.prerempli](convention) if champ.prerempli else None
        connu = connu or anciennes.get(code)
        if connu and connu.valeur:
            trouvees[code] = connu
    return trouvees


def dossier_precedent(convention: Convention) -> Dossier | None:
    """Return the last file of the same structure for a period begun before this one, never a later one."""
    memes = Dossier.objects.filter(convention__structure=convention.structure_id) if convention.structure_id else (
        Dossier.objects.filter(convention__mission_locale=convention.mission_locale_id)
    )  # fmt: skip
    anterieurs = memes.exclude(convention=convention.pk).filter(
        depose_le__isnull=False, convention__debut__lt=convention.debut
    )
    return anterieurs.select_related("convention").order_by("-convention__debut", "-pk").first()


def reprendre_le_projet(dossier: Dossier, maintenant: datetime) -> None:
    """Copy the project and the requests of the previous file, each to be confirmed and saying where it comes from."""
    precedent = dossier_precedent(dossier.convention)
    if precedent is None:
        return
    repris = {"a_confirmer": True, "origine": _origine(precedent)}
    axes = {a.code for a in axes_du_cadre(dossier.cadre)}
    actions = precedent.actions.filter(axe__in=axes).order_by("pk")
    ActionProjet.objects.bulk_create(
        ActionProjet(dossier=dossier, ecrite_le=maintenant, **{c: getattr(a, c) for c in D_UNE_ACTION}, **repris)
        for a in actions
    )
    PresentationLibre.objects.bulk_create(
        PresentationLibre(dossier=dossier, axe=p.axe, texte=p.texte, modifiee_le=maintenant, **repris)
        for p in precedent.presentations.filter(axe__in=axes).exclude(texte="")
    )
    Financement.objects.bulk_create(
        Financement(dossier=dossier, **{c: getattr(f, c) for c in D_UN_FINANCEMENT}, **repris)
        for f in precedent.financements.order_by("pk")
    )


def _origine(precedent: Dossier) -> str:
    return f"dossier {precedent.annee} ({precedent.convention.reference})"


def _du_dossier_precedent(convention: Convention) -> dict[str, Connu]:
    precedent = dossier_precedent(convention)
    if precedent is None:
        return {}
    origine = _origine(precedent)
    return {r.champ: Connu(r.valeur, origine) for r in precedent.reponses.exclude(valeur="")}


def _structure(lire: Callable[[Structure], str]) -> Source:
    def source(convention: Convention) -> Connu | None:
        valeur = lire(convention.structure) if convention.structure else ""
        return Connu(valeur, "livraison de l'ASP") if valeur else None

    return source


def _denomination(convention: Convention) -> Connu | None:
    return Connu(
        convention.nom_de_la_partie, "livraison de l'ASP" if convention.structure else "répertoire de Convenir"
    )


def _siret(convention: Convention) -> Connu | None:
    if convention.structure:
        siret = convention.structure.siret_actualise or convention.structure.siret_signature
    else:
        siret = convention.organisation.siret if convention.organisation else ""
    return Connu(siret, "livraison de l'ASP" if convention.structure else "répertoire de Convenir") if siret else None


def _forme(convention: Convention) -> Connu | None:
    partie = convention.partie
    if isinstance(partie, MissionLocale):
        forme = _STATUTS_ML.get(StatutMissionLocale(partie.statut), "")
        return Connu(forme, "répertoire de Convenir") if forme else None
    forme = _FORMES.get(partie.forme_juridique[:2], "")
    return Connu(forme, "catégorie juridique de l'Insee") if forme else None


def _premiere(convention: Convention) -> Connu | None:
    """A structure with an annexe or an earlier convention has already applied."""
    if convention.structure is None:
        return None
    deja = (
        convention.renouvelle_id is not None
        or AnnexeLue.objects.filter(structure=convention.structure, debut__lt=convention.debut).exists()
        or convention.structure.conventions.exclude(pk=convention.pk).filter(debut__lt=convention.debut).exists()
    )
    return Connu("non" if deja else "oui", "conventions et annexes connues de Convenir")


def _autres(convention: Convention) -> Connu | None:
    structure = convention.structure
    if structure is None or structure.porteur_id is None:
        return None
    autres = Structure.objects.filter(porteur=structure.porteur_id).exclude(pk=structure.pk).suivies()
    noms = [str(s) for s in autres.order_by("categorie", "pk")]
    return Connu("\n".join(noms) or "Aucune", "livraison de l'ASP")


def _presents(convention: Convention) -> Connu | None:
    lignes = SituationStructure.objects.filter(structure=convention.structure_id, annee__lt=convention.debut.year)
    ligne = lignes.exclude(presents=None).order_by("-annee").first() if convention.structure_id else None
    return Connu(str(ligne.presents), f"données de l'ASP, {ligne.annee}") if ligne else None


def _etp(convention: Convention) -> Connu | None:
    annexes = AnnexeLue.objects.filter(structure=convention.structure_id, retenue=True, debut__lt=convention.debut)
    annexe = annexes.exclude(etp=None).order_by("-debut", "-pk").first() if convention.structure_id else None
    if annexe is None or annexe.etp is None:
        return None
    return Connu(f"{annexe.etp.normalize():f}", f"annexe {annexe.numero_complet}")


SOURCES: dict[str, Source] = {
    "structure.denomination": _denomination,
    "structure.siret": _siret,
    "structure.forme": _forme,
    "structure.naf": _structure(lambda s: s.code_naf),
    "structure.commune": _structure(lambda s: s.commune.nom if s.commune else ""),
    "structure.autres": _autres,
    "convention.premiere": _premiere,
    "situation.presents": _presents,
    "annexe.etp": _etp,
}
