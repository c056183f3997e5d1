"""Les préconisations qu'un acte porte : celles encore ouvertes, de qui précède ou de la convention même."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from convenir.contrat.conventions.documents import acte_de
from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.models import AnalyseDeResultats, Preconisation
from tests.contrat.suivi.outils import JOUR
from tests.factories_conventions import VersionFactory, convention_en_cours

pytestmark = pytest.mark.django_db
ANNEXE = "Annexe 3 – Préconisations à suivre"


@pytest.fixture
def ancienne() -> Convention:
    return convention_en_cours(debut=date(2023, 1, 1), fin=date(2026, 1, 1))


@pytest.fixture
def preconisation(ancienne) -> Preconisation:
    analyse = AnalyseDeResultats.objects.create(
        convention=ancienne, issue="non_atteint", publics="Un autre public.", solutions="x",
        faite_le=datetime(2025, 11, 3, 9, tzinfo=UTC), faite_par="x",
    )  # fmt: skip
    return Preconisation.objects.create(analyse=analyse, libelle="Ouvrir un site", horizon=2027)


def suivante_de(convention: Convention, annee: int) -> Convention:
    return convention_en_cours(structure=convention.structure, service=convention.service, renouvelle=convention,
                               debut=date(annee, 1, 1), fin=date(annee + 3, 1, 1))  # fmt: skip


def annexes(c: Convention, rang: int = 0) -> list[str]:
    return [a.titre for a in acte_de(c.versions.get(rang=rang), JOUR).annexes]


def test_ouverte_elle_est_dans_l_acte_qui_renouvelle_et_dans_celui_d_apres(ancienne, preconisation):
    suivante = suivante_de(ancienne, 2026)
    assert annexes(suivante)[-1] == annexes(suivante_de(suivante, 2029))[-1] == ANNEXE


@pytest.mark.parametrize("etat", ["faite", "abandonnee"])
def test_close_l_acte_n_en_dit_rien(ancienne, preconisation, etat):
    Preconisation.objects.update(etat=etat, suite="Dite.")
    assert len(annexes(suivante_de(ancienne, 2026))) == 2


def test_un_avenant_porte_celles_de_sa_propre_convention_son_premier_acte_non(ancienne, preconisation):
    """The analysis comes after the first act, and before the avenant."""
    VersionFactory(convention=ancienne, nature="avenant", numero=1, rang=1, effet=date(2025, 7, 1))
    assert annexes(ancienne, rang=1)[-1] == ANNEXE
    assert len(annexes(ancienne)) == 2


def test_l_annexe_se_lit_en_un_nombre_fixe_de_requetes(ancienne, preconisation, django_assert_max_num_queries):
    from convenir.contrat.suivi.annexe import preconisations_a_suivre

    for n in range(20):
        Preconisation.objects.create(analyse=preconisation.analyse, libelle=f"N° {n}", horizon=2028)
    version = suivante_de(ancienne, 2026).versions.select_related("convention").get()
    with django_assert_max_num_queries(3):
        annexe = preconisations_a_suivre(version)
    assert len(annexe.articles[0].tableau.rangs) == 21
