"""The annex of a funder as a document: what it expects and answers for, its plan, then its compte rendu financier."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Q

from convenir.contrat.conventions.documents.contextes import ActeDocument, Article, Tableau
from convenir.contrat.conventions.documents.lettres import lettre, paragraphe
from convenir.contrat.conventions.documents.produits import Ecrit, instant_du, proposer_des_ecrits, reserver_la_lecture
from convenir.contrat.conventions.models import Convention
from convenir.contrat.dossiers.models import ActionProjet
from convenir.contrat.objectifs.phrases import ecrire
from convenir.contrat.suivi.models import AnnexeDeFinanceur
from convenir.contrat.suivi.queries.financeurs import annexes_lisibles
from convenir.socle.commun.francais import euros, minuscule
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role

A_PRECISER = "À préciser."


def annexe_d_un_financeur(annexe: AnnexeDeFinanceur) -> ActeDocument:
    """Return the annex of a funder for a year; its account once it is given, with any gap explained."""
    convention, le = annexe.convention, _jour(annexe)
    attendus, actions = _objectifs_attendus(annexe), tuple(_actions_attendues(annexe))
    articles = (
        paragraphe("Les objectifs attendus", *_textes(annexe.objectifs, attendus), puces=attendus),
        *([paragraphe("Les actions attendues", puces=actions)] if actions else []),
        paragraphe("Les responsabilités du financeur", annexe.responsabilites.strip() or A_PRECISER),
        _compte(annexe),
    )
    rendu = f"du {en_mots(annexe.rendu_le)}" if annexe.rendu_le else "attendu avec le bilan"
    ecrit = lettre(
        convention, f"AF-{annexe.pk}", f"Annexe {annexe.annee} : {annexe.financeur}", articles,
        etat=f"Compte rendu {rendu}", jour=le,
        cartouche=(("Année", str(annexe.annee)), ("Financeur", annexe.financeur), ("Compte rendu", rendu)),
    )  # fmt: skip
    objet = f"Convention {convention.reference}, « {convention.nom_de_la_partie} »"
    parties = (convention.organisation or convention.nom_de_la_partie, annexe.financeur)
    signatures = tuple({"qualite": str(partie), "nom": ""} for partie in parties)
    return replace(ecrit, meta=replace(ecrit.meta, type="Annexe"), objet=objet, fait="", signatures=signatures)


def _textes(objectifs: str, attendus: tuple[str, ...]) -> tuple[str, ...]:
    if objectifs.strip():
        return (objectifs.strip(),)
    return () if attendus else (A_PRECISER,)


def _objectifs_attendus(annexe: AnnexeDeFinanceur) -> tuple[str, ...]:
    """Return the objectives of the year that this funder expects, with the target agreed and how they ended."""
    sien = Q(attendu_par=annexe.organisation_id) if annexe.organisation_id else Q(attendu_par__nom=annexe.financeur)
    lus = annexe.convention.objectifs.filter(sien, annee=annexe.annee).order_by("axe", "pk")
    dits = []
    for o in lus:
        cible = o.attendu or (ecrire(o.cible, o.unite) if o.cible is not None else minuscule(o.get_etat_display()))
        issue = f" ({minuscule(o.get_issue_display())})" if o.issue else ""
        dits.append(f"{o.libelle} : {cible}{issue}.{_orientation(o.orientation)}")
    return tuple(dits)


def _actions_attendues(annexe: AnnexeDeFinanceur) -> Iterator[str]:
    """Say the actions of the projet d'insertion that this funder expects, as the structure has written them."""
    if annexe.organisation_id is None:
        return
    deposees = ActionProjet.objects.filter(
        dossier__convention=annexe.convention_id, dossier__depose_le__isnull=False, organisation=annexe.organisation_id
    )
    for a in deposees.order_by("axe", "pk"):
        indicateur = f" ({a.indicateur.strip()})" if a.indicateur.strip() else ""
        yield f"{a.intitule.rstrip('. ')}{indicateur}.{_orientation(a.orientation)}"


def _orientation(texte: str) -> str:
    return f" Orientation du plan départemental : {texte.strip().rstrip('.')}." if texte.strip() else ""


def _compte(annexe: AnnexeDeFinanceur) -> Article:
    """Return the plan and, once given, the account: « n. d. » until then, never zero."""
    realise = "n. d." if annexe.realise is None else euros(annexe.realise, 2)
    rangs = (("Prévu", euros(annexe.prevu, 2)), ("Réalisé", realise), ("Écart", annexe.ecart or "n. d."))
    explication = annexe.explication.strip()
    return paragraphe(
        "Le compte rendu financier", f"Explication de l’écart : {explication}" if explication else "",
        tableau=Tableau(("Plan de financement", "Montant"), rangs, nombres=(1,)),
    )  # fmt: skip


def _jour(annexe: AnnexeDeFinanceur) -> date:
    return annexe.rendu_le or max(date(annexe.annee, 1, 1), annexe.convention.debut)


@reserver_la_lecture
def annexe_d_un_autre_financeur(acteur: Acteur, reference: str, cles: Collection[str]) -> dict[str, str]:
    """Say that an annex lists the objectives of another funder, which this one does not read elsewhere either."""
    annexes = [cle for cle in cles if cle.startswith("financeur-")]
    if not annexes or acteur.role != Role.FINANCEUR or acteur.organisation is None:
        return {}
    siennes = {f"financeur-{a.pk}" for a in annexes_lisibles(acteur).filter(convention__reference=reference)}
    return {cle: "Cette annexe est celle d'un autre financeur." for cle in annexes if cle not in siennes}


@proposer_des_ecrits
def annexes_des_financeurs(convention: Convention, jour: date) -> list[Ecrit]:  # noqa: ARG001
    """Return one document by funder and year."""
    ecrits = []
    for annexe in AnnexeDeFinanceur.objects.filter(convention=convention).order_by("annee", "pk"):
        annexe.convention = convention
        titre = f"Annexe {annexe.annee} : {annexe.financeur}"
        ecrits.append(
            Ecrit(convention, f"financeur-{annexe.pk}", titre, instant_du(_jour(annexe)),
                  lambda a=annexe: annexe_d_un_financeur(a))  # type: ignore[misc]
        )  # fmt: skip
    return ecrits
