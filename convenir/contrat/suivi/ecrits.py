"""The annex of a funder as a document: what it expects and answers for, its plan, then its compte rendu financier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from convenir.contrat.conventions.documents.contextes import ActeDocument, Article, Tableau
from convenir.contrat.conventions.documents.lettres import lettre, paragraphe
from convenir.contrat.conventions.documents.produits import Ecrit, proposer_des_ecrits, reserver_la_lecture
from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.phrases import ecrire
from convenir.contrat.suivi.models import AnnexeDeFinanceur
from convenir.socle.commun.francais import euros
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role

A_PRECISER = "À préciser."


def annexe_d_un_financeur(annexe: AnnexeDeFinanceur) -> ActeDocument:
    """Return the annex of a funder for a year; its account once it is given, with any gap explained."""
    convention, le = annexe.convention, _jour(annexe)
    attendus = _objectifs_attendus(annexe)
    articles = (
        paragraphe("Les objectifs attendus", *_textes(annexe.objectifs, attendus), puces=attendus),
        paragraphe("Les responsabilités du financeur", annexe.responsabilites.strip() or A_PRECISER),
        _compte(annexe),
    )
    etat = f"Compte rendu du {en_mots(annexe.rendu_le)}" if annexe.rendu_le else "Compte rendu attendu avec le bilan"
    ecrit = lettre(
        convention, f"AF-{annexe.pk}", f"Annexe de {annexe.financeur}, {annexe.annee}", articles, etat=etat, jour=le,
        cartouche=(("Année", str(annexe.annee)), ("Financeur", annexe.financeur)),
        signature=(f"Pour {annexe.financeur}", ""),
    )  # fmt: skip
    objet = f"Convention {convention.reference}, « {convention.nom_de_la_partie} »"
    return replace(ecrit, meta=replace(ecrit.meta, type="Annexe"), objet=objet, fait="")


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
        cible = o.attendu or (ecrire(o.cible, o.unite) if o.cible is not None else o.get_etat_display().lower())
        issue = f" ({o.get_issue_display().lower()})" if o.issue else ""
        dits.append(f"{o.libelle} : {cible}{issue}.")
    return tuple(dits)


def _compte(annexe: AnnexeDeFinanceur) -> Article:
    """Return the plan and, once given, the account: « n. d. » until then, never zero."""
    realise = "n. d." if annexe.realise is None else euros(annexe.realise, 2)
    rangs = (("Prévu", euros(annexe.prevu, 2)), ("Réalisé", realise), ("Écart", annexe.ecart or "n. d."))
    textes = (annexe.explication.strip(),) if annexe.explication.strip() else ()
    compte = paragraphe("Le compte rendu financier", *textes)
    return replace(compte, tableau=Tableau(("Plan de financement", "Montant"), rangs))


def _jour(annexe: AnnexeDeFinanceur) -> date:
    return annexe.rendu_le or max(date(annexe.annee, 1, 1), annexe.convention.debut)


@reserver_la_lecture
def annexe_d_un_autre_financeur(acteur: Acteur, cle: str) -> str | None:
    """Say that an annex lists the objectives of another funder, which this one does not read elsewhere either."""
    debut, _, numero = cle.partition("-")
    if debut != "financeur" or acteur.role != Role.FINANCEUR or acteur.organisation is None:
        return None
    sien = Q(organisation=acteur.organisation) | Q(organisation=None, financeur=acteur.organisation.nom)
    siennes = AnnexeDeFinanceur.objects.filter(sien, pk=int(numero))
    return None if siennes.exists() else "Cette annexe est celle d'un autre financeur."


@proposer_des_ecrits
def annexes_des_financeurs(convention: Convention, jour: date) -> list[Ecrit]:  # noqa: ARG001
    """Return one document by funder and year."""
    ecrits = []
    for annexe in AnnexeDeFinanceur.objects.filter(convention=convention).order_by("annee", "pk"):
        annexe.convention = convention
        instant = timezone.make_aware(datetime.combine(_jour(annexe), time(12)))
        titre = f"Annexe de {annexe.financeur}, {annexe.annee}"
        ecrits.append(
            Ecrit(convention, f"financeur-{annexe.pk}", titre, instant,
                  lambda a=annexe: annexe_d_un_financeur(a))  # type: ignore[misc]
        )  # fmt: skip
    return ecrits
