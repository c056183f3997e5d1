"""Ce qui est vrai d'une convention après toute suite d'actes permis, écrit sans relire les gardes du code."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from itertools import pairwise

from django.apps import apps
from django.db.models import Q

from convenir.contrat.conventions import states
from convenir.contrat.conventions.models import A_REVOIR, Convention, Decision, NatureVersion, Origine, Version
from convenir.contrat.conventions.queries import termes_au
from convenir.contrat.conventions.rules.consolidation import VersionDatee, rejouer
from convenir.contrat.conventions.rules.termes import Termes, appliquer, differences
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.objectifs.rules import rejouer as rejouer_positions
from convenir.contrat.suivi.models import AnalyseDeResultats, Bilan, Preconisation
from convenir.socle.taches.models import Tache

E, V = EtatConvention, EtatVersion
JOURS = [date(2025, 12, 31), date(2026, 7, 14), date(2031, 1, 1)]
ENGAGEES = {V.SOUMISE_AVIS, V.AVIS_RENDU, V.A_SIGNER, V.PARTIELLEMENT_SIGNEE}
SORTIES = {"iae.sorties.taux_durable", "iae.sorties.taux_transition", "iae.sorties.taux_positive"}
OUVERTS = {"ouvert", "a_la_structure", "a_l_etat"}


def photographie(cle: int) -> list[tuple[object, ...]]:
    """Les états et les révisions, pour voir qu'un acte refusé n'a rien écrit."""
    convention = Convention.objects.filter(pk=cle).values_list("etat", "jeton", "etat_precedent", "debut", "fin")
    versions = Version.objects.filter(convention=cle).order_by("pk").values_list("etat", "jeton", "empreinte")
    objectifs = Objectif.objects.filter(convention=cle).order_by("pk").values_list("etat", "revision", "cible")
    suivi = Bilan.objects.filter(convention=cle).values_list("etat", "depose_le", "motif")
    analyses = AnalyseDeResultats.objects.filter(convention=cle).values_list("issue", "solutions")
    return [*convention, *versions, *objectifs, *suivi, *analyses]


def les_etats_s_accordent(convention: Convention) -> None:
    """La convention et ses versions ne se contredisent pas."""
    versions = list(convention.versions.order_by("rang"))
    suspens = [v for v in versions if v.etat in states.EN_SUSPENS]
    signees = [v for v in versions if v.etat == V.SIGNEE]
    assert len(suspens) <= 1
    assert [v.rang for v in versions] == list(range(len(versions)))
    if convention.etat in {E.SIGNE, *states.EN_VIGUEUR, E.RESILIE, E.EXPIRE}:
        assert signees, convention.etat
    if convention.etat in states.AVANT_SIGNATURE:
        assert not signees
        assert len(suspens) == 1
    if convention.etat == E.AVENANT_EN_PREPARATION:
        assert suspens
    if convention.etat in states.SANS_SUSPENS:
        assert not suspens, convention.etat
    paires = {E.SOUMIS_AVIS: V.SOUMISE_AVIS, E.AVIS_RENDU: V.AVIS_RENDU, E.A_SIGNER: V.A_SIGNER,
              E.PARTIELLEMENT_SIGNE: V.PARTIELLEMENT_SIGNEE, E.SIGNE: V.SIGNEE}  # fmt: skip
    if convention.etat in paires:
        assert versions[-1].etat == paires[E(convention.etat)]
    passages = convention.passages.order_by("pk").values_list("depuis", "vers", "transition")
    for depuis, vers, nom in passages:
        assert depuis in states.TRANSITIONS[nom].passages, (nom, depuis)
        attendu = states.TRANSITIONS[nom].passages[depuis]
        assert attendu in {vers, states.AVANT}, (nom, depuis, vers)


def les_contraintes_tiennent(convention: Convention) -> None:
    """Chaque ligne écrite passe ses propres contraintes."""
    convention.full_clean()
    for modele in ("Signature", "AnnexeFinanciere", "Avis"):
        lignes = apps.get_model("conventions", modele).objects
        siennes = lignes.filter(version__convention=convention)
        for ligne in siennes:
            ligne.full_clean()
    for ligne in (*convention.versions.all(), *convention.decisions.all(), *convention.manquements.all()):
        ligne.full_clean()
    for objectif in convention.objectifs.all():
        objectif.full_clean()


def les_gardes_des_textes_tiennent(convention: Convention) -> None:
    """Ce que les textes demandent d'un acte soumis, à signer ou signé (R. 5132-2, instruction DGEFP 2014-2)."""
    versions = list(convention.versions.order_by("rang"))
    reprise = convention.origine == Origine.REPRISE
    if any(v.etat in ENGAGEES | {V.SIGNEE} for v in versions if not reprise):
        debut, fin = convention.debut, convention.fin
        assert fin <= debut.replace(year=debut.year + 3), "trois ans au plus"
        civile = (debut.month, debut.day, fin.month, fin.day) == (1, 1, 1, 1)
        assert civile or convention.motif_periode, "année civile ou motif"
        assert fin > debut.replace(year=debut.year + 1) or convention.motif_duree, "un an : structure nouvelle"
    signees = [v for v in versions if v.etat == V.SIGNEE]
    for rang, version in enumerate(signees):
        precedente = signees[rang - 1] if rang else None
        if reprise and not rang:
            continue  # signée hors de Convenir : son acte est au dossier
        _l_avis(version, precedente)
        _les_signatures(version)
        assert convention.debut <= version.effet < convention.fin
    suspens = next((v for v in versions if v.etat in ENGAGEES), None)
    if suspens is not None:
        _les_objectifs_clos(convention, suspens)
        if suspens.etat in {V.A_SIGNER, V.PARTIELLEMENT_SIGNEE}:
            _l_avis(suspens, signees[-1] if signees else None)
    if signees and convention.etat in states.EN_VIGUEUR and not any(v.etat in states.EN_SUSPENS for v in versions):
        _les_objectifs_de_l_acte(convention, signees)


def _l_avis(version: Version, precedente: Version | None) -> None:
    """La commission s'est dite sur ce nombre de postes, sauf un avenant qui ne le change pas."""
    if precedente is not None and precedente.termes.postes == version.termes.postes:
        return
    rendus = version.avis.filter(postes=version.termes.postes).exclude(sens="ajourne")
    assert rendus.exists(), f"{version} : avis sur {version.termes.postes} postes"


def _les_signatures(version: Version) -> None:
    """Structure et France Travail (ou son substitut), puis l'État, qui signe en dernier."""
    lignes = version.signatures.exclude(etat="annulee").order_by("ordre")
    lues = {s.partie: s for s in lignes}
    assert set(lues) == {"structure", "france_travail", "etat"}
    assert lues["structure"].etat == lues["etat"].etat == "signee"
    assert lues["france_travail"].etat in {"signee", "substituee"}
    assert all(s.signataire and s.signee_le for s in lues.values() if s.etat == "signee")
    assert lues["etat"].signee_le == max(s.signee_le for s in lues.values())


def _les_objectifs_clos(convention: Convention, version: Version) -> None:
    siens = convention.objectifs.filter(annee=version.effet.year)
    assert not siens.filter(etat__in=OUVERTS).exists(), "objectifs ouverts"
    if version.rang == 0:
        assert set(siens.values_list("indicateur", flat=True)) >= SORTIES


def _les_objectifs_de_l_acte(convention: Convention, signees: list[Version]) -> None:
    """Sans rien en suspens, les objectifs d'une année signée sont clos et disent les taux de l'acte."""
    par_annee = {v.effet.year: v for v in signees}
    for annee, version in par_annee.items():
        siens = convention.objectifs.filter(annee=annee)
        assert not siens.filter(etat__in=OUVERTS).exists(), f"objectifs {annee} rouverts et laissés ouverts"
        _les_taux_convenus(siens.filter(indicateur__in=SORTIES, etat="convenu"), version.termes)


def _les_taux_convenus(convenus, termes: Termes) -> None:
    lus = {o.indicateur.rsplit("_", 1)[1]: o.cible for o in convenus}
    if len(lus) == len(SORTIES):
        assert lus == {
            "durable": termes.taux_durable, "transition": termes.taux_transition, "positive": termes.taux_positives
        }  # fmt: skip


def une_version_signee_ne_change_plus(convention: Convention, connues: dict[int, tuple[str, Termes]]) -> None:
    """Une fois vue signée, une version garde ses termes et reste signée, quoi qu'il arrive ensuite."""
    signees = {v.pk: v for v in convention.versions.signees()}
    assert set(connues) <= set(signees)
    for cle, version in signees.items():
        vus = (version.empreinte, version.termes)
        assert connues.setdefault(cle, vus) == vus


def l_avenant_est_sa_difference(convention: Convention) -> None:
    """La différence d'un acte, appliquée à la version d'avant, donne la nouvelle ; la chaîne rend la dernière."""
    signees = list(convention.versions.signees())
    termes = [Termes(), *(v.termes for v in signees)]
    paires = list(pairwise(termes))
    for avant, apres in paires:
        assert appliquer(avant, differences(avant, apres)) == apres
    assert reduce(appliquer, (differences(a, b) for a, b in paires), Termes()) == termes[-1]


def les_termes_consolides_sont_le_rejeu(convention: Convention, connues: dict[int, tuple[str, Termes]]) -> None:
    """À toute date : ce que la lecture donne, le rejeu des différences, et les termes vus à la signature."""
    signees = list(convention.versions.signees())
    datees = [VersionDatee(v.rang, v.effet, v.termes) for v in signees]
    effets = [v.effet for v in signees]
    for jour in [*JOURS, *effets]:
        lus = termes_au(convention, jour)
        vus = [connues[v.pk][1] for v in sorted(signees, key=lambda v: v.rang) if v.effet <= jour]
        assert lus == (vus[-1] if vus else None)
        assert lus == rejouer(datees, jour)


def l_annexe_dit_les_termes(convention: Convention) -> None:
    """Une annexe non encore saisie a les postes de sa version, et le total de la règle d'arrondi (décisions, § 4)."""
    for annexe in convention.annexes.filter(etat__in=A_REVOIR).select_related("version"):
        termes = annexe.version.termes
        assert (annexe.postes, annexe.montant_unitaire) == (termes.postes, termes.montant_unitaire)
        mois = (annexe.fin.year - annexe.debut.year) * 12 + annexe.fin.month - annexe.debut.month
        annuel = annexe.postes * annexe.montant_unitaire
        cents = Decimal("0.01")
        total = annuel if mois == 12 else (annuel / 12).quantize(cents, ROUND_HALF_UP) * mois
        if annexe.debut.day == 1 == annexe.fin.day:
            assert annexe.montant_total == total.quantize(cents, ROUND_HALF_UP), annexe
        assert annexe.version.etat != V.ABANDONNEE


def les_objectifs_sont_le_rejeu(convention: Convention) -> None:
    """Un objectif est là où mènent ses positions ; les trois taux convenus ne dépassent pas le tout."""
    for objectif in convention.objectifs.all():
        ou = rejouer_positions(p.coup for p in objectif.positions.tenues())
        assert (ou.etat, ou.cible) == (objectif.etat, objectif.cible)
        if objectif.borne_basse is not None and objectif.borne_haute is not None:
            assert objectif.borne_basse <= objectif.borne_haute
        if objectif.issue:
            assert objectif.etat == "convenu"
    for annee in set(convention.objectifs.values_list("annee", flat=True)):
        lus = convention.objectifs.filter(annee=annee, indicateur__in=SORTIES, etat="convenu")
        assert sum(o.cible for o in lus) <= 100


def les_procedures_suivent_l_etat(convention: Convention) -> None:
    """Une mise en cause a sa lettre ; une fin contestée a sa décision, prise après le mois d'observations."""
    ouvertes = convention.manquements.filter(clos_le=None)
    assert ouvertes.exists() == (convention.etat == E.MANQUEMENT)
    for m in convention.manquements.exclude(decision=None):
        assert m.decision.prise_le >= m.observations_avant
        assert (m.observations_avant - m.lettre_le).days >= 28
    decisions = Decision.objects.filter(convention=convention)
    if convention.etat == E.RESILIE:
        assert decisions.filter(Q(accueilli=None) | Q(accueilli=False), genre="resiliation").exists()
    if convention.etat == E.REFUSE:
        assert decisions.filter(Q(accueilli=None) | Q(accueilli=False), genre="refus").exists()
    if convention.etat == E.SUSPENDU:
        derniere = convention.versions.signees().last()
        assert convention.suspendue_le >= derniere.clauses_fin
    natures = convention.versions.exclude(etat=V.ABANDONNEE).values_list("nature", "numero")
    numeros = sorted(n for nature, n in natures if nature == NatureVersion.AVENANT)
    assert numeros == sorted(set(numeros))


def le_suivi_tient(convention: Convention) -> None:
    """Un bilan déposé dit ses six rubriques ; un échec s'explique ; un renouvellement engagé demande l'analyse."""
    for bilan in convention.bilans.prefetch_related("rubriques"):
        ecrites = [r for r in bilan.rubriques.all() if r.texte and not r.repris]
        if bilan.etat == "bilan_brouillon":
            assert bilan.depose_le is None or bilan.motif, "rendu sans motif"
        else:
            assert bilan.depose_le is not None
            assert len(ecrites) == 6
    analyse = AnalyseDeResultats.objects.filter(convention=convention).first()
    if analyse and analyse.issue == "non_atteint":
        assert analyse.solutions
        assert analyse.contexte or analyse.difficultes or analyse.organisation or analyse.publics
    assert not Preconisation.objects.filter(analyse=analyse, etat="abandonnee", suite="").exists()
    if convention.etat == E.EN_RENOUVELLEMENT:
        ouvertes = set(Tache.objects.filter(objet=convention.reference, faite_le=None).values_list("code", flat=True))
        assert "conventions.renouveler" in ouvertes or convention.versions.en_suspens().exists()
        assert analyse is not None or "suivi.analyser" in ouvertes
