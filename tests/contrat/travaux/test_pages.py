"""Pages of the register: writing, reading, exporting without a cut, pieces, a fixed number of SQL queries."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from convenir.contrat.travaux.models import Travail
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_dossiers import PDF
from tests.factories_socle import MissionLocaleFactory, ServiceDepartementalFactory, StructureFactory
from tests.factories_travaux import PieceDeTravailFactory, TravailFactory, de_la_mission_locale

pytestmark = pytest.mark.django_db
SAISIE = {
    "genre": "partenariat", "axe": "5", "intitule": "Permanences au lycée (fictif)",
    "partenaires": "Lycée fictif\nPlateforme fictive", "territoire": "Vendée", "debut": "2026-09-01", "fin": "",
    "livrable": "Convention", "etp": "0,30",
}  # fmt: skip


@pytest.fixture
def mission_locale():
    return MissionLocaleFactory()


@pytest.fixture
def personne(mission_locale):
    return de_la_mission_locale(mission_locale)


@pytest.fixture
def agent(mission_locale):
    return connecter(AdhesionFactory(organisation=ServiceDepartementalFactory(departement=mission_locale.departement)))


def page(connecte, nom: str, *args: object, **requete: str) -> str:
    reponse = connecte.client.get(reverse(f"travaux:{nom}", args=args), requete)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def test_inscrire_lire_et_modifier(personne, agent):
    assert "Votre registre est vide" in page(personne, "liste")
    reponse = personne.client.post(reverse("travaux:inscrire"), SAISIE, follow=True)
    assert "Le travail est inscrit." in reponse.content.decode()
    inscrit = Travail.objects.get()
    assert inscrit.noms_des_partenaires == ["Lycée fictif", "Plateforme fictive"]
    lue = page(agent, "travail", inscrit.pk)
    assert "0,30, selon la mission locale" in lue
    assert "Modifier le travail" not in lue
    formulaire = page(personne, "modifier", inscrit.pk)
    assert 'value="0,3"' in formulaire
    assert 'name="version" value="1"' in formulaire
    corrigee = {**SAISIE, "livrable": "Convention signée", "version": "1"}
    personne.client.post(reverse("travaux:modifier", args=[inscrit.pk]), corrigee)
    assert Travail.objects.get().livrable == "Convention signée"
    encore = personne.client.post(reverse("travaux:modifier", args=[inscrit.pk]), SAISIE | {"version": "1"})
    assert encore.status_code == 400
    assert "entre-temps" in encore.content.decode()


def test_une_saisie_fautive_reste_a_l_ecran(personne):
    fautive = {**SAISIE, "fin": "2026-01-01", "partenaires": "x" * 200}
    reponse = personne.client.post(reverse("travaux:inscrire"), fautive)
    lue = reponse.content.decode()
    assert reponse.status_code == 400
    assert "dépasse 120 signes" in lue
    assert "Permanences au lycée (fictif)" in lue
    reponse = personne.client.post(reverse("travaux:inscrire"), {**SAISIE, "fin": "2026-01-01"})
    assert "finit avant de commencer" in reponse.content.decode()
    assert not Travail.objects.exists()


def test_joindre_lire_et_retirer_une_piece(personne, agent, mission_locale):
    travail = TravailFactory(mission_locale=mission_locale)
    adresse = reverse("travaux:travail", args=[travail.pk])
    refusee = personne.client.post(adresse, {"fichier": SimpleUploadedFile("rapport.pdf", b"MZ")})
    assert refusee.status_code == 400
    personne.client.post(adresse, {"fichier": SimpleUploadedFile("rapport.pdf", PDF)})
    piece = travail.pieces.get()
    recue = agent.client.get(reverse("travaux:piece", args=[travail.pk, piece.pk]))
    assert recue.content == PDF
    assert recue["Content-Disposition"].startswith("attachment")
    assert agent.client.post(adresse, {"fichier": SimpleUploadedFile("a.pdf", PDF)}).status_code == 400
    assert agent.client.post(reverse("travaux:piece_retirer", args=[travail.pk, piece.pk])).status_code == 403
    personne.client.post(reverse("travaux:piece_retirer", args=[travail.pk, piece.pk]))
    assert personne.client.get(reverse("travaux:piece", args=[travail.pk, piece.pk])).status_code == 404


def test_retirer_garde_la_page_et_dit_pourquoi(personne, agent, mission_locale):
    travail = TravailFactory(mission_locale=mission_locale)
    adresse = reverse("travaux:retirer", args=[travail.pk])
    assert personne.client.post(adresse, {"motif": "non"}).status_code == 400
    personne.client.post(adresse, {"motif": "N’a pas eu lieu."})
    assert "N’a pas eu lieu." in page(agent, "travail", travail.pk)
    assert travail.intitule not in page(agent, "liste")
    assert travail.intitule in page(agent, "liste", retires="oui")
    assert "Modifier le travail" not in page(personne, "travail", travail.pk)


def test_hors_du_perimetre_un_travail_n_existe_pas(personne):
    ailleurs = TravailFactory()
    assert personne.client.get(ailleurs.get_absolute_url()).status_code == 404
    assert (
        personne.client.post(reverse("travaux:retirer", args=[ailleurs.pk]), {"motif": "Pas le mien."}).status_code
        == 404
    )


def test_les_filtres_et_la_page(agent, mission_locale):
    for n in range(30):
        TravailFactory(
            mission_locale=mission_locale, intitule=f"Travail {n:02d}", genre="projet" if n % 2 else "etude"
        )
    TravailFactory(mission_locale=mission_locale, intitule="Ancien", debut="2020-01-01", fin="2020-02-01", axe="5")
    assert page(agent, "liste").count("<tr role") == 1 + 25
    assert page(agent, "liste", page="2").count("<tr role") == 1 + 6
    assert page(agent, "liste", genre="projet").count("<tr role") == 1 + 15
    assert page(agent, "liste", annee="2020").count("<tr role") == 1 + 1
    assert page(agent, "liste", axe="5", q="ancien").count("<tr role") == 1 + 1
    assert "Aucun travail ne répond" in page(agent, "liste", ml="INCONNUE")
    assert page(agent, "liste", annee="x", genre="x", axe="9").count("<tr role") == 1 + 25


def test_les_exports_ne_coupent_rien(agent, mission_locale):
    for n in range(60):
        TravailFactory(mission_locale=mission_locale, intitule=f"=Travail {n:02d}")
    TravailFactory(mission_locale=mission_locale, genre="projet")
    recu = agent.client.get(reverse("travaux:exporter", args=["csv"]), {"genre": "diagnostic"})
    lignes = list(csv.DictReader(StringIO(b"".join(recu.streaming_content).decode("utf-8-sig"))))
    assert len(lignes) == 60
    assert lignes[0]["partenaires"] == "Communauté de communes fictive ; Lycée fictif"
    assert lignes[0]["intitule"].startswith("'=")
    recu = agent.client.get(reverse("travaux:exporter", args=["xlsx"]))
    feuille = CalamineWorkbook.from_filelike(BytesIO(b"".join(recu.streaming_content))).get_sheet_by_index(0)
    assert len(feuille.to_python()) == 62
    assert agent.client.get(reverse("travaux:exporter", args=["exe"])).status_code == 404


def requetes(connecte, nom: str, *args: object) -> int:
    with CaptureQueriesContext(connection) as lues:
        page(connecte, nom, *args)
    return len(lues)


def test_le_nombre_de_requetes_est_fixe(agent, mission_locale):
    travail = PieceDeTravailFactory(travail=TravailFactory(mission_locale=mission_locale)).travail
    page(agent, "liste")
    liste, un = requetes(agent, "liste"), requetes(agent, "travail", travail.pk)
    PieceDeTravailFactory.create_batch(4, travail=travail)
    for _ in range(20):
        PieceDeTravailFactory(travail=TravailFactory(mission_locale=mission_locale))
    assert (requetes(agent, "liste"), requetes(agent, "travail", travail.pk)) == (liste, un)


def test_une_siae_n_a_pas_de_registre():
    direction = acteurs_par_role(StructureFactory())[Role.DIRECTION_STRUCTURE]
    assert "Aucun travail n’est inscrit" in page(direction, "liste")
    assert direction.client.get(reverse("travaux:inscrire")).status_code == 403
