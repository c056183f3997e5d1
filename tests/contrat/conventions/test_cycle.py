"""La table des états : cohérente, avec son retour ; aucune suite d'actes permis ne sort de ce qu'elle déclare."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from convenir.contrat.conventions import actions, states
from convenir.contrat.conventions.actions import AvisRendu, Lettre, NouvelAvenant, Projet
from convenir.contrat.conventions.actions.passages import PROPRES
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.consolidation import VersionDatee, rejouer
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.states import TRANSITIONS, EtatConvention, EtatVersion
from convenir.socle.commun.erreurs import ErreurMetier
from tests.contrat.conventions.outils import INSTANT, SYSTEME, fichier, monde, tout_signer

E, V = EtatConvention, EtatVersion
PROJET = Projet("Faits", "R. 5132-5", "Camille Fictive", "Préfète", date(2027, 1, 1), "Deux mois.")


def test_chaque_etat_se_rejoint_et_chaque_etat_non_final_a_une_sortie():
    atteints = {E.BROUILLON} | {v for t in TRANSITIONS.values() for v in t.passages.values() if v != states.AVANT}
    assert atteints == set(E)
    departs = {d for t in TRANSITIONS.values() for d in t.passages}
    assert set(E) - departs == {E.EXPIRE}


def test_le_retour_existe_partout_ou_un_acte_peut_etre_une_erreur():
    retours = {t.nom: set(t.passages) for t in TRANSITIONS.values() if t.retour}
    assert all(t.motif for t in TRANSITIONS.values() if t.retour)
    quittables = set().union(*retours.values())
    assert quittables >= {E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION, E.EN_NEGOCIATION, E.SOUMIS_AVIS,
                          E.AVIS_RENDU, E.A_SIGNER, E.PARTIELLEMENT_SIGNE, E.AVENANT_EN_PREPARATION, E.SUSPENDU,
                          E.MANQUEMENT, E.RESILIE, E.EN_RENOUVELLEMENT, E.REFUSE}  # fmt: skip


def test_la_table_des_transitions_de_la_documentation_est_celle_du_code():
    from outils.ecrire_cycle import PAGE, lignes

    assert lignes() in PAGE.read_text("utf-8")


def coherente(convention: Convention) -> None:
    """Ce que deux tables ne peuvent pas contraindre ensemble."""
    versions = list(convention.versions.order_by("rang"))
    suspens = [v for v in versions if v.etat in states.EN_SUSPENS]
    signees = [v for v in versions if v.etat == V.SIGNEE]
    assert len(suspens) <= 1
    if convention.etat in {E.EN_COURS, E.SIGNE, *states.EN_VIGUEUR, E.RESILIE, E.EXPIRE}:
        assert signees, convention.etat
    if convention.etat in states.AVANT_SIGNATURE:
        assert not signees
        assert suspens
    if convention.etat == E.AVENANT_EN_PREPARATION:
        assert suspens
    if convention.etat in states.SANS_SUSPENS:
        assert not suspens
    paires = {E.SOUMIS_AVIS: V.SOUMISE_AVIS, E.AVIS_RENDU: V.AVIS_RENDU, E.A_SIGNER: V.A_SIGNER,
              E.PARTIELLEMENT_SIGNE: V.PARTIELLEMENT_SIGNEE, E.SIGNE: V.SIGNEE}  # fmt: skip
    if convention.etat in paires:
        assert versions[-1].etat == paires[E(convention.etat)]
    convention.full_clean()
    datees = [VersionDatee(v.rang, v.effet, v.termes) for v in signees]
    for jour in (date(2026, 6, 1), date(2027, 1, 1), date(2030, 1, 1)):
        from convenir.contrat.conventions.queries import termes_au

        assert termes_au(convention, jour) == rejouer(datees, jour)


def actes(hasard: random.Random, jour: date):
    """Tout ce qu'une personne peut demander, avec les données que l'acte demande."""

    def avenant(c):
        effet = date(hasard.choice([2026, 2027, 2028]), 7, 1)
        termes = Termes(postes=Decimal(hasard.choice([12, 14])), montant_unitaire=Decimal(23921),
                        taux_durable=Decimal(25), taux_transition=Decimal(20), taux_positives=Decimal(20))  # fmt: skip
        neuf = NouvelAvenant(effet, None, "", termes)
        actions.preparer_avenant(SYSTEME, c, neuf, jour=jour, maintenant=INSTANT)

    def signer_tout(c):
        version = c.versions.order_by("-rang").first()
        tout_signer(version, date(2026, 12, 30))

    temps = {"jour": jour, "maintenant": INSTANT}
    propres = {
        "rendre_avis": lambda c: actions.rendre_avis(
            SYSTEME, c, AvisRendu(date(2026, 12, 1), hasard.choice(["favorable", "ajourne"]), "Motifs"),
            maintenant=INSTANT),
        "mettre_en_signature": lambda c: actions.mettre_en_signature(SYSTEME, c, **temps),
        "retirer_signature": lambda c: actions.retirer_de_la_signature(SYSTEME, c, motif="m", **temps),
        "annuler_signatures": lambda c: actions.annuler_signatures(SYSTEME, c, motif="m", **temps),
        "preparer_avenant": avenant,
        "engager_manquement": lambda c: actions.engager_manquement(
            SYSTEME, c, Lettre("Faits", "R. 5132-5", date(2026, 10, 1), "1A"), maintenant=INSTANT),
        "clore_manquement": lambda c: actions.clore_manquement(SYSTEME, c, motif="m", **temps),
        "resilier": lambda c: actions.resilier(SYSTEME, c, PROJET, maintenant=INSTANT),
        "refuser": lambda c: actions.refuser(SYSTEME, c, PROJET, maintenant=INSTANT),
        "achever_signature": signer_tout,
        "signer": lambda c: tout_signer_une(c),
    }  # fmt: skip
    simples = {
        nom: lambda c, nom=nom: actions.passer(SYSTEME, c, nom, motif="m", **temps)
        for nom in TRANSITIONS
        if nom not in PROPRES
    }
    return simples | propres


def tout_signer_une(convention: Convention) -> None:
    from tests.contrat.conventions.outils import TITULAIRE

    version = convention.versions.order_by("-rang").first()
    signature = version.signatures.filter(etat="attendue").order_by("ordre").first()
    if signature:
        recue = actions.SignatureRecue(date(2026, 12, 30), "papier", TITULAIRE, fichier(), attestee=True)
        actions.signer(SYSTEME, signature, recue, maintenant=INSTANT)


@pytest.mark.django_db
@pytest.mark.parametrize("graine", range(4))
def test_aucune_suite_d_actes_permis_n_atteint_un_etat_interdit(graine):
    hasard = random.Random(graine)
    convention = monde().convention()
    faits = 0
    for _ in range(40):
        convention = Convention.objects.get(pk=convention.pk)
        version = convention.versions.order_by("-rang").first()
        etat_version = version.etat if version.etat != V.SIGNEE else None
        permis = [t.nom for t in states.possibles(convention.etat, etat_version)]
        permis += [t.nom for t in TRANSITIONS.values() if t.capacite is None and convention.etat in t.passages]
        permis = [nom for nom in permis if nom != "reprendre"]
        if not permis:
            break
        jour = hasard.choice([date(2026, 12, 30), date(2027, 6, 2), date(2029, 1, 1)])
        try:
            with transaction.atomic():
                actes(hasard, jour)[hasard.choice(permis)](convention)
            faits += 1
        except ErreurMetier:
            pass
        coherente(Convention.objects.get(pk=convention.pk))
    assert faits > 5
    assert Version.objects.filter(convention=convention).exists()


def test_un_refus_ou_un_retour_n_est_jamais_l_acte_qui_avance():
    graves = {"refuser", "resilier", "engager_manquement", "renvoyer", "retirer_signature", "abandonner_avenant"}
    assert not any(TRANSITIONS[nom].avance for nom in graves)
    assert TRANSITIONS["mettre_en_signature"].avance
