"""Ce qu'un jour rappelle : bilan, postes, renouvellement ; une tâche par structure, une par service."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.suivi.actions import bilans
from convenir.contrat.suivi.models import Bilan, EcheanceBilan
from convenir.contrat.suivi.queries.listes import Filtre, conventions_suivies
from convenir.contrat.suivi.rules.bilan import RUBRIQUES
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Notification, Tache
from tests.contrat.suivi.outils import MAINTENANT
from tests.factories_conventions import ConventionFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clauses_fin() -> date:
    return date(2027, 1, 1)


@pytest.fixture
def convention(clauses_fin):
    convention = ConventionFactory(etat="en_cours", debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    VersionFactory(convention=convention, clauses_fin=clauses_fin, etat="signee", signee_le=date(2025, 1, 5))
    EcheanceBilan.objects.create(departement=convention.departement, annee=2025, echeance=date(2026, 3, 31),
                                 fixee_le=MAINTENANT, fixee_par="x")  # fmt: skip
    return convention


def jour(quand: date) -> dict[str, int]:
    return {c: n for c, n in passer_le_jour(quand, maintenant=MAINTENANT).comptes.items() if n}


def taches(code: str) -> list[Tache]:
    return list(Tache.objects.filter(code=code, faite_le=None))


def test_le_bilan_est_rappele_avant_sa_date_puis_dit_en_retard_une_fois(convention, gens):
    direction = gens(convention)[Role.DIRECTION_STRUCTURE].utilisateur
    jour(date(2025, 12, 1))
    assert taches("suivi.bilan_a_deposer") == [], "l'année n'est pas finie"
    assert jour(date(2026, 1, 5)) == {"obligations": 1}
    tache = taches("suivi.bilan_a_deposer")[0]
    assert (tache.echeance, tache.risque, tache.organisation) == (date(2026, 3, 31), 0, convention.organisation)
    assert jour(date(2026, 3, 31)) == {}, "le jour de l'échéance est à temps"
    assert jour(date(2026, 4, 1)) == {"obligations": 1, "bilans": 1}
    assert jour(date(2026, 4, 2)) == {}
    assert taches("suivi.bilan_a_deposer")[0].risque == 1
    assert Notification.objects.filter(destinataire=direction, libelle__contains="bilan en retard").count() == 1


def test_le_service_a_une_tache_pour_tous_ses_bilans_en_retard_et_elle_se_ferme_avec_le_dernier(convention, gens):
    roles = gens(convention)
    jour(date(2026, 4, 1))
    tache = taches("suivi.bilans_en_retard")[0]
    assert (tache.libelle, tache.organisation) == (
        "1\xa0bilan en retard : relancer les structures",
        convention.service,
    )
    ddets = roles[Role.DEPARTEMENTAL].acteur
    suivies = conventions_suivies(ddets, Filtre(quoi="bilan"), date(2026, 4, 1))
    assert [c.pk for c in suivies] == [convention.pk], "un bilan jamais ouvert est en retard aussi"
    direction = roles[Role.DIRECTION_STRUCTURE].acteur
    bilan = bilans.ouvrir_bilan(direction, convention, 2025, maintenant=MAINTENANT)
    bilans.ecrire_bilan(direction, bilan, {r.code: "x" for r in RUBRIQUES}, {}, maintenant=MAINTENANT)
    bilans.passer_bilan(direction, Bilan.objects.get(), "deposer", jour=date(2026, 4, 3), maintenant=MAINTENANT)
    assert jour(date(2026, 4, 4)) == {"bilans": 1}
    assert taches("suivi.bilans_en_retard") == []


def test_les_postes_se_demandent_au_quatrieme_trimestre_et_la_tache_se_ferme_quand_l_avenant_se_prepare(convention):
    Bilan.objects.create(convention=convention, annee=2025, etat="bilan_depose", depose_le=date(2026, 3, 1),
                         ouvert_le=MAINTENANT)  # fmt: skip
    assert jour(date(2026, 9, 29)) == {}
    assert jour(date(2026, 10, 1)) == {"obligations": 1, "lots": 1}
    assert taches("suivi.demande_a_faire")[0].echeance == date(2026, 12, 31)
    VersionFactory(convention=convention, nature="avenant", numero=1, rang=1, effet=date(2027, 1, 1))
    assert jour(date(2026, 10, 2)) == {"obligations_faites": 1, "lots": 1}
    assert taches("suivi.demande_a_faire") == []


@pytest.mark.parametrize("clauses_fin", [date(2028, 1, 1)])
def test_le_renouvellement_se_demande_la_derniere_annee_jusqu_au_depot_de_la_suite(convention):
    jour(date(2027, 10, 1))
    assert len(taches("suivi.renouvellement")) == 1
    suite = ConventionFactory(structure=convention.structure, debut=date(2028, 1, 1), fin=date(2031, 1, 1))
    jour(date(2027, 10, 2))
    assert len(taches("suivi.renouvellement")) == 1, "un brouillon n'est pas une demande"
    suite.etat = "depose"
    suite.save()
    jour(date(2027, 10, 3))
    assert taches("suivi.renouvellement") == []
