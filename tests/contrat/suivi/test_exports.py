"""Les exports des moyens, engagements et contestations : tout le périmètre, rien que lui, aucune ligne coupée."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from django.urls import reverse

from convenir.contrat.suivi.models import Contestation, Engagement, Moyen
from convenir.contrat.suivi.queries.exports import EXPORTS
from convenir.socle.comptes.roles import Role
from tests.contrat.suivi.outils import MAINTENANT
from tests.factories_conventions import convention_en_cours

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(convention, gens):
    return gens(convention)


def moyen(convention, libelle: str = "Appui") -> Moyen:
    return Moyen.objects.create(
        convention=convention, annee=2025, nature="dla", libelle=libelle, fournisseur="DLA fictif", quantite=5,
        unite="journées", objectif_servi="Sorties",
    )  # fmt: skip


def contestation(structure, periode: str = "2025") -> Contestation:
    return Contestation.objects.create(
        structure=structure, indicateur="iae.sorties.taux_dynamique", periode=periode, libelle="Sorties dynamiques",
        valeur_montree="40 %", valeur_dite="62 %", explication="=Deux mois manquent", ouverte_le=MAINTENANT,
        ouverte_par="Camille Fictive",
    )  # fmt: skip


def lire(client, quoi: str) -> list[dict[str, str]]:
    reponse = client.get(reverse("suivi:exports", args=[quoi, "csv"]))
    assert reponse.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(reponse.streaming_content).decode("utf-8-sig"))))


def test_les_moyens_du_perimetre_sans_ceux_d_ailleurs_et_sans_coupure(roles, convention):
    for rang in range(60):
        moyen(convention, f"Appui {rang}")
    moyen(convention_en_cours(), "Ailleurs")
    lignes = lire(roles[Role.DEPARTEMENTAL].client, "moyens")
    assert len(lignes) == 60
    assert (lignes[0]["reference"], lignes[0]["quantite"], lignes[0]["etat"]) == (
        convention.reference,
        "5.00",
        "Promis",
    )
    assert len(lire(roles[Role.NATIONAL].client, "moyens")) == 61


def test_les_engagements_disent_le_promis_et_le_tenu(roles, convention):
    Engagement.objects.create(
        convention=convention, annee=2025, partie="France Travail", nature="orientations", nombre=20, realise=14,
        profil="Demandeurs d'emploi de longue durée", delai_jours=15,
    )  # fmt: skip
    ligne = lire(roles[Role.FRANCE_TRAVAIL].client, "engagements")[0]
    assert (ligne["partie"], ligne["nombre"], ligne["realise"], ligne["de_la_structure"]) == (
        "France Travail", "20", "14", "non",
    )  # fmt: skip


def test_les_contestations_taisent_qui_conteste_et_desarment_les_formules(roles, convention):
    contestation(convention.structure)
    contestation(convention_en_cours().structure)
    lignes = lire(roles[Role.DIRECTION_STRUCTURE].client, "contestations")
    assert len(lignes) == 1
    assert lignes[0]["explication"] == "'=Deux mois manquent"
    assert "Camille" not in " ".join(lignes[0].values())


@pytest.mark.parametrize("quoi", sorted(EXPORTS))
def test_chaque_export_se_lit_dans_un_tableur(roles, convention, quoi):
    moyen(convention)
    contestation(convention.structure)
    for format_export in ("xlsx", "ods"):
        reponse = roles[Role.DEPARTEMENTAL].client.get(reverse("suivi:exports", args=[quoi, format_export]))
        assert zipfile.is_zipfile(BytesIO(b"".join(reponse.streaming_content)))
    assert roles[Role.DEPARTEMENTAL].client.get(reverse("suivi:exports", args=[quoi, "pdf"])).status_code == 404


def test_un_export_inconnu_n_existe_pas(roles):
    assert roles[Role.DEPARTEMENTAL].client.get(reverse("suivi:exports", args=["mots", "csv"])).status_code == 404


@pytest.mark.parametrize("quoi", sorted(EXPORTS))
def test_un_export_coute_autant_de_requetes_pour_une_ligne_ou_pour_vingt(
    roles, convention, quoi, django_assert_max_num_queries
):
    acteur = roles[Role.DEPARTEMENTAL].acteur

    def ajouter(rang: int) -> None:
        moyen(convention)
        contestation(convention.structure, f"2025-{rang:02d}")
        Engagement.objects.create(convention=convention, annee=2025, partie="X", nature="autre", profil="Y")

    ajouter(1)
    with django_assert_max_num_queries(10) as une:
        assert len(list(EXPORTS[quoi](acteur))) == 2
    pour_une = len(une)
    for rang in range(2, 12):
        ajouter(rang)
    with django_assert_max_num_queries(pour_une):
        assert len(list(EXPORTS[quoi](acteur))) == 12
