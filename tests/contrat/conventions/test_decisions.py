"""Décisions défavorables : complètes, notifiées, ouvertes au recours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from convenir.contrat.conventions import droit
from convenir.contrat.conventions.actions import (
    Projet,
    notifier,
    recevoir_recours,
    refuser,
    repondre_au_recours,
    reprendre_des_sommes,
)
from convenir.contrat.conventions.actions.decisions import manques, voies_par_defaut
from convenir.contrat.conventions.models import Convention, Decision
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import INSTANT, SYSTEME, fichier, monde
from tests.factories_comptes import acteurs_par_role

pytestmark = pytest.mark.django_db
PROJET = Projet(
    "Le projet ne dit rien de l'accompagnement.",
    "R. 5132-2",
    "Camille Fictive",
    "Directrice départementale",
    date(2026, 2, 2),
    "Recours dans les deux mois devant le tribunal administratif.",
    delegue=True,
    fondement="Arrêté du 3 janvier 2026",
)


def test_une_decision_incomplete_dit_tout_ce_qui_lui_manque():
    vide = Projet("", "", "", "", date(2026, 2, 2), " ", delegue=True, appuyee_sur_un_calcul=True)
    assert len(manques(vide, "reprise_sommes")) == 8
    assert manques(PROJET, "refus") == []
    convention = monde().convention()
    with pytest.raises(EntreeInvalide, match="les faits, la délégation de signature"):
        refuser(SYSTEME, convention, replace(PROJET, faits="  ", fondement=""), maintenant=INSTANT)


def test_les_voies_de_recours_disent_les_delais_du_jour_jamais_un_delai_en_dur(monkeypatch):
    assert "dans un délai de 2 mois" in voies_par_defaut(date(2026, 2, 2))
    monkeypatch.setattr(droit, "delai_de_recours", lambda jour: 3)
    monkeypatch.setattr(droit, "silence_mois", lambda jour: 4)
    dites = voies_par_defaut(date(2026, 2, 2))
    assert "dans un délai de 3 mois" in dites
    assert "pendant 4 mois" in dites


def test_la_mention_algorithmique_est_due_quand_un_calcul_pese_dans_la_decision():
    appuyee = replace(PROJET, appuyee_sur_un_calcul=True)
    assert manques(appuyee, "refus") == ["la mention du traitement algorithmique (CRPA, L. 311-3-1)"]
    assert manques(replace(appuyee, mention_algorithmique=True), "refus") == []


def test_un_refus_se_notifie_avec_sa_preuve_puis_un_recours_accueilli_rouvre_la_demande():
    convention = monde().convention()
    decision = refuser(SYSTEME, convention, PROJET, maintenant=INSTANT)
    assert Convention.objects.get().etat == "refuse"
    with pytest.raises(ActionRefusee, match="n'a pas été notifiée"):
        recevoir_recours(SYSTEME, decision, "Réexamen", jour=date(2026, 3, 1))
    notifier(SYSTEME, decision, jour=date(2026, 2, 5), preuve=fichier(nom="avis-de-reception.pdf"), maintenant=INSTANT)
    assert droit.recours_jusquau(date(2026, 2, 5)) == date(2026, 4, 5)
    recevoir_recours(SYSTEME, decision, "Nouveau plan d'accompagnement", jour=date(2026, 3, 1))
    assert droit.silence_jusquau(date(2026, 3, 1)) == date(2026, 5, 1)
    repondre_au_recours(SYSTEME, decision, accueilli=True, reponse="Éléments nouveaux", jour=date(2026, 3, 20),
                        maintenant=INSTANT)  # fmt: skip
    convention = Convention.objects.get()
    assert (convention.etat, convention.versions.get().etat) == ("en_instruction", "preparation")
    with pytest.raises(ActionRefusee, match="n'attend"):
        repondre_au_recours(
            SYSTEME, decision, accueilli=False, reponse="x", jour=date(2026, 3, 21), maintenant=INSTANT
        )


def test_une_reprise_de_sommes_porte_son_montant_et_ne_change_pas_l_etat():
    convention = monde().convention()
    with pytest.raises(EntreeInvalide, match="le montant à reprendre"):
        reprendre_des_sommes(SYSTEME, convention, PROJET)
    reprendre_des_sommes(SYSTEME, convention, replace(PROJET, montant=Decimal("812.40")))
    assert Convention.objects.get().etat == "en_negociation"


def test_qui_decide():
    m = monde()
    convention = m.convention()
    decident = []
    for role, qui in acteurs_par_role(m.structure).items():
        try:
            with transaction.atomic():
                reprendre_des_sommes(qui.acteur, convention, replace(PROJET, montant=Decimal(1)))
                decident.append(role)
        except ActionRefusee:
            continue
    assert decident == [Role.REGIONAL, Role.DEPARTEMENTAL, Role.SIGNATAIRE]


def test_la_base_refuse_une_decision_incomplete():
    convention = monde().convention()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(convention=convention, genre="refus", prise_le=date(2026, 2, 2))
