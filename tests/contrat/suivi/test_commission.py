"""Informer la commission : les structures en difficulté d'abord, chaque membre prévenu, nul ne lit un concurrent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.contrat.conventions.models import NatureVersion, Passage
from convenir.contrat.suivi.actions.commission import informer_commission
from convenir.contrat.suivi.models import InformationCommission
from convenir.contrat.suivi.queries.commission import informations_lisibles, lignes_du_jour
from convenir.mesure.indicateurs.models import Instantane, SituationStructure
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature
from convenir.socle.taches.models import Notification
from tests.contrat.suivi.outils import JOUR, MAINTENANT, convention_du_service
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_conventions import TERMES, VersionFactory, convention_en_cours
from tests.factories_socle import OrganisationFactory, StructureFactory

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def structure():
    return StructureFactory(categorie="ACI", denomination="Jardins fictifs")


@pytest.fixture
def roles(structure):
    return acteurs_par_role(structure)


@pytest.fixture
def convention(structure, roles):
    return convention_du_service(structure, roles)


@pytest.fixture
def concurrente(convention):
    """Une autre structure du département, en alerte forte."""
    autre = StructureFactory(categorie="EI", denomination="Atelier fictif", departement=convention.departement)
    fait = {"code": "realisation", "fait": "Sous-consommation à fin mars.", "gravite": "forte"}
    lu = Instantane.objects.create(sha256="0" * 64, premiere_annee=2026, derniere_annee=2026, arrete_au=JOUR)
    SituationStructure.objects.create(structure=autre, instantane=lu, annee=2026, niveau_alerte=2, alertes=[fait])
    return convention_en_cours(structure=autre, service=convention.service, debut=date(2025, 1, 1),
                               fin=date(2028, 1, 1))  # fmt: skip


def informer(roles, convention, texte: str = "", jour: date = JOUR) -> InformationCommission:
    agente = roles[R.DEPARTEMENTAL].acteur
    lignes = lignes_du_jour(agente, convention.departement, jour)
    return informer_commission(agente, convention.departement, lignes, jour=jour, texte=texte, maintenant=MAINTENANT)


def test_les_structures_en_difficulte_viennent_d_abord(roles, convention, concurrente):
    dite = informer(roles, convention)
    assert [(x["structure"], x["difficulte"]) for x in dite.lignes] == [
        (concurrente.nom_de_la_partie, "oui"), (convention.nom_de_la_partie, ""),
    ]  # fmt: skip
    assert dite.en_difficulte == 1


def test_ce_qui_est_dit_reste_tel_quel_et_ne_se_dit_que_par_le_service(roles, convention):
    dite = informer(roles, convention)
    convention.structure.denomination = "Autre nom"
    convention.structure.save()
    dite.refresh_from_db()
    assert dite.lignes[0]["structure"].startswith("Jardins fictifs")
    ailleurs = StructureFactory().departement
    for role, departement, erreur in (
        (R.DIRECTION_STRUCTURE, convention.departement, ActionRefusee), (R.DEPARTEMENTAL, ailleurs, ActionRefusee),
        (R.DEPARTEMENTAL, convention.departement, EntreeInvalide),
    ):  # fmt: skip
        with pytest.raises(erreur):
            informer_commission(roles[role].acteur, departement, [], jour=JOUR, texte="", maintenant=MAINTENANT)


@pytest.mark.parametrize(("postes", "dit"), [(TERMES.postes, True), (TERMES.postes + 1, False)])
def test_un_avenant_qui_laisse_les_postes_inchanges_est_porte_a_sa_connaissance(roles, convention, postes, dit):
    """La commission n'a pas donné d'avis : elle est seulement informée, et une seule fois."""
    avenant_signe(convention, postes, MAINTENANT - timedelta(days=60))
    (ligne,) = lignes_du_jour(roles[R.DEPARTEMENTAL].acteur, convention.departement, JOUR)
    assert ("Avenant n° 1 signé le 3\u00a0février\u00a02026, postes inchangés." in ligne["faits"]) is dit
    informer(roles, convention)
    (ligne,) = lignes_du_jour(roles[R.DEPARTEMENTAL].acteur, convention.departement, JOUR)
    assert "Avenant" not in ligne["faits"]


def avenant_signe(convention, postes: Decimal, enregistre_le: datetime) -> None:
    """Un avenant signé le 3 février 2026, dont la dernière signature est enregistrée plus tard."""
    version = VersionFactory(
        convention=convention, nature=NatureVersion.AVENANT, numero=1, rang=1, effet=date(2026, 1, 1), etat="signee",
        signee_le=date(2026, 2, 3), termes=replace(TERMES, postes=postes),
    )  # fmt: skip
    Passage.objects.create(
        convention=convention, version=version, transition="achever_signature", depuis="avenant_en_preparation",
        vers="en_cours", jour=date(2026, 2, 3), enregistre_le=enregistre_le, auteur_nom="Camille Fictive",
    )  # fmt: skip


def test_un_avenant_signe_avant_une_information_et_saisi_apres_est_dit_a_la_suivante(roles, convention):
    informer(roles, convention)
    avenant_signe(convention, TERMES.postes, MAINTENANT + timedelta(days=1))
    (ligne,) = lignes_du_jour(roles[R.DEPARTEMENTAL].acteur, convention.departement, JOUR)
    assert "postes inchangés" in ligne["faits"]


def test_les_membres_du_departement_sont_prevenus_et_lisent_la_page(roles, convention):
    membre = roles[R.MEMBRE_CDIAE]
    ailleurs = connecter(AdhesionFactory(role=R.MEMBRE_CDIAE))
    agente = roles[R.DEPARTEMENTAL].client
    assert "prévenir les membres" in agente.get(reverse("suivi:commission")).content.decode()
    reponse = agente.post(reverse("suivi:commission"), {"jour": "10/04/2026", "texte": "Point du trimestre."})
    assert reponse.status_code == 302
    dit = Notification.objects.get(destinataire=membre.utilisateur)
    assert dit.texte == "1\u00a0convention en vigueur, 0\u00a0structure en difficulté."
    page = membre.client.get(dit.url).content.decode()
    assert "Point du trimestre." in page
    assert "Jardins fictifs" in page
    assert dit.url in membre.client.get(reverse("suivi:informations")).content.decode()
    assert not Notification.objects.filter(destinataire=ailleurs.utilisateur).exists()
    assert ailleurs.client.get(dit.url).status_code == 404
    assert not informations_lisibles(ailleurs.acteur).exists()


def test_un_membre_qui_dirige_une_structure_lit_les_siennes_et_compte_les_autres(roles, convention, concurrente):
    dite = informer(roles, convention)
    porteur = convention.structure.porteur
    porteur.departement, porteur.nature = convention.departement, Nature.SIAE_PORTEUR
    porteur.save()
    dirige = connecter(AdhesionFactory(organisation=porteur, role=R.MEMBRE_CDIAE))
    page = dirige.client.get(dite.get_absolute_url()).content.decode()
    assert "Jardins fictifs" in page
    assert "Atelier fictif" not in page
    assert "1\u00a0autre convention, 1\u00a0structure en difficulté" in page
    export = dirige.client.get(reverse("suivi:commission_exporter", args=[dite.pk]))
    assert "Atelier" not in b"".join(export.streaming_content).decode()
    departement = {"nature": Nature.COLLECTIVITE, "departement": convention.departement}
    elue = connecter(AdhesionFactory(organisation=OrganisationFactory(**departement), role=R.MEMBRE_CDIAE))
    assert "Atelier fictif" in elue.client.get(dite.get_absolute_url()).content.decode()


def test_la_page_coute_autant_pour_une_convention_ou_pour_dix(roles, convention, django_assert_max_num_queries):
    agente = roles[R.DEPARTEMENTAL].acteur

    def lire() -> None:
        lignes_du_jour(agente, convention.departement, JOUR)

    with django_assert_max_num_queries(12) as une:
        lire()
    for _ in range(5):
        convention_en_cours(structure=StructureFactory(departement=convention.departement), service=convention.service,
                            debut=date(2025, 1, 1), fin=date(2028, 1, 1))  # fmt: skip
    with django_assert_max_num_queries(len(une)):
        lire()


def suivies_en_nombre(convention, nombre: int) -> None:
    """D'autres conventions en vigueur dans le même département."""
    for rang in range(nombre):
        structure = StructureFactory(departement=convention.departement, denomination=f"Chantier fictif n{rang:02}")
        convention_en_cours(structure=structure, service=convention.service, debut=date(2025, 1, 1),
                            fin=date(2028, 1, 1))  # fmt: skip


def lignes_de(reponse) -> list[str]:
    return [x["structure"] for cle in ("difficiles", "autres") for x in reponse.context[cle]]


def exportees(reponse) -> list[str]:
    return b"".join(reponse.streaming_content).decode().splitlines()[1:]


@pytest.mark.parametrize("enregistree", [False, True])
def test_la_liste_se_pagine_se_filtre_et_s_exporte_entiere(roles, convention, concurrente, enregistree):
    """Un département en a plus de cent : la page en montre vingt-cinq, l'export et ce qui est dit les ont toutes."""
    suivies_en_nombre(convention, 25)
    client = roles[R.DEPARTEMENTAL].client
    page, export = reverse("suivi:commission"), reverse("suivi:commission_du_jour")
    if enregistree:
        dite = informer(roles, convention)
        page, export = dite.get_absolute_url(), reverse("suivi:commission_exporter", args=[dite.pk])
    premiere, seconde = client.get(page), client.get(page, {"page": 2})
    assert [len(lignes_de(r)) for r in (premiere, seconde)] == [25, 2]
    assert not set(lignes_de(premiere)) & set(lignes_de(seconde))
    assert lignes_de(premiere)[0] == concurrente.nom_de_la_partie
    assert "Avancement des autres conventions (26)" in premiere.content.decode()
    assert len(exportees(client.get(export))) == 27
    for filtre, nombre in (({"quoi": "difficulte"}, 1), ({"quoi": "signaler"}, 1), ({"q": "CHANTIER n07"}, 1),
                           ({"q": "absente"}, 0), ({"quoi": "inconnu"}, 27)):  # fmt: skip
        lue = client.get(page, filtre)
        assert lue.context["page"].paginator.count == nombre
        assert len(exportees(client.get(export, filtre))) == nombre
    assert "Aucune convention ne répond" in client.get(page, {"q": "absente"}).content.decode()


def test_le_filtre_ne_retire_rien_de_ce_qui_est_dit(roles, convention, concurrente):
    client = roles[R.DEPARTEMENTAL].client
    adresse = f"{reverse('suivi:commission')}?quoi=difficulte&page=9"
    assert client.post(adresse, {"jour": "10/04/2026", "texte": ""}).status_code == 302
    assert len(InformationCommission.objects.get().lignes) == 2


def test_la_page_elle_meme_coute_autant_pour_vingt_cinq(roles, convention, django_assert_max_num_queries):
    client, page = roles[R.DEPARTEMENTAL].client, reverse("suivi:commission")
    with django_assert_max_num_queries(40) as une:
        client.get(page)
    suivies_en_nombre(convention, 25)
    with django_assert_max_num_queries(len(une)):
        client.get(page)
