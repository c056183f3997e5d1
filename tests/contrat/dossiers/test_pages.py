"""Pages of the files: what each shows, the automatic save, the fixed number of SQL queries."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.models import Dossier
from convenir.socle.comptes.roles import Role
from tests.factories_conventions import CpoFactory, VersionFactory
from tests.factories_dossiers import INSTANT, DossierFactory, dossier_depose, dossier_rempli

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Dossier:
    return dossier_rempli()


@pytest.fixture
def roles(dossier, gens):
    return gens(dossier.convention)


def lire(client: Client, nom: str, *args: object) -> str:
    reponse = client.get(reverse(f"dossiers:{nom}", args=args))
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def test_la_page_dit_a_qui_le_tour_et_ce_qui_manque(dossier, roles):
    dossier.reponses.filter(champ="suivi.suivi").delete()
    page = lire(roles[Role.DIRECTION_STRUCTURE].client, "dossier", dossier.convention.reference)
    assert "La structure remplit et confirme ses réponses." in page
    assert "1 à remplir" in page
    assert "Relire et déposer la demande" in page
    collegue = lire(roles[Role.COLLABORATION_STRUCTURE].client, "dossier", dossier.convention.reference)
    assert "demandez-lui de le déposer" in collegue


def test_une_section_s_enregistre_sans_javascript(dossier, roles):
    client, reference = roles[Role.DIRECTION_STRUCTURE].client, dossier.convention.reference
    adresse = reverse("dossiers:section", args=[reference, "offres"])
    reponse = client.post(adresse, {"q-offres-offres": "Par l'agence", "v-q-offres-offres": "1", "suivante": "oui"})
    assert reponse.status_code == 302
    assert reponse["Location"].endswith("/sections/aides/")
    assert dossier.reponses.get(champ="offres.offres").valeur == "Par l'agence"


def test_l_enregistrement_discret_repond_en_json(dossier, roles):
    client = roles[Role.COLLABORATION_STRUCTURE].client
    adresse = reverse("dossiers:section", args=[dossier.convention.reference, "moyens"])
    donnees = {"q-moyens-moyens_humains": "Deux encadrants", "v-q-moyens-moyens_humains": "1",
               "q-moyens-encadrants_etp": "beaucoup", "v-q-moyens-encadrants_etp": "1"}  # fmt: skip
    lu = client.post(adresse, donnees, headers={"X-Requested-With": "convenir"}).json()
    assert lu["ecrites"] == {"v-q-moyens-moyens_humains": 2}
    assert "q-moyens-encadrants_etp" in lu["refusees"]


def test_un_conflit_montre_les_deux_textes(dossier, roles):
    client = roles[Role.DIRECTION_STRUCTURE].client
    adresse = reverse("dossiers:section", args=[dossier.convention.reference, "suivi"])
    client.post(adresse, {"q-suivi-suivi": "Le premier", "v-q-suivi-suivi": "1"})
    reponse = client.post(adresse, {"q-suivi-suivi": "Le second", "v-q-suivi-suivi": "1"})
    page = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Le premier" in page
    assert "Le second" in page
    assert 'name="v-q-suivi-suivi" value="2"' in page


def test_la_page_de_depot_mene_a_chaque_manque(dossier, roles):
    dossier.reponses.filter(champ="suivi.suivi").delete()
    dossier.pieces.all().delete()
    page = lire(roles[Role.DIRECTION_STRUCTURE].client, "deposer", dossier.convention.reference)
    assert "sections/suivi/#suivi.suivi" in page
    assert f"/{dossier.convention.reference}/pieces/" in page


def test_le_service_commente_et_la_structure_ne_voit_qu_une_question_ouverte(dossier, roles):
    depose = actions.deposer(roles[Role.DIRECTION_STRUCTURE].acteur, dossier, jour=INSTANT.date(), maintenant=INSTANT)
    reference = depose.convention.reference
    commenter = reverse("dossiers:commenter", args=[reference, "postes.etp_motif"])
    roles[Role.DEPARTEMENTAL].client.post(commenter, {"texte": "Pourquoi ?"})
    page = lire(roles[Role.DIRECTION_STRUCTURE].client, "section", reference, "postes")
    assert page.count('name="q-') == 1
    assert 'name="q-postes-etp_motif"' in page
    assert "Renvoyer cette réponse au service" in page


def test_la_projection_d_un_financeur_est_sa_seule_page(gens):
    dossier = dossier_depose()
    financeur = gens(dossier.convention)[Role.FINANCEUR]
    ligne = dossier.financements.create(
        nature="departement", nom="Département fictif", organisation=financeur.adhesion.organisation, base=12_000
    )
    reponse = financeur.client.get(dossier.get_absolute_url())
    assert reponse["Location"] == reverse("dossiers:projection", args=[dossier.convention.reference, ligne.pk])
    page = financeur.client.get(reponse["Location"]).content.decode()
    assert "Projection du dossier unique pour Département fictif" in page
    assert "Accueil fictif" in page
    section = financeur.client.get(reverse("dossiers:section", args=[dossier.convention.reference, "suivi"]))
    assert section.status_code == 404


def test_une_mission_locale_a_cinq_axes(db):
    from tests.factories_comptes import AdhesionFactory, connecter

    convention = CpoFactory()
    VersionFactory(convention=convention)
    dossier = DossierFactory(convention=convention)
    direction = connecter(AdhesionFactory(organisation=convention.organisation, role=Role.DIRECTION_STRUCTURE))
    page = lire(direction.client, "projet", convention.reference)
    assert page.count("Ajouter une action") == 5
    assert "Axe 5" in lire(direction.client, "dossier", convention.reference)
    assert dossier.cadre == "ML"


def test_ouvrir_une_demande_depuis_la_page(gens, dossier):
    direction = gens(dossier.convention)[Role.DIRECTION_STRUCTURE]
    structure = dossier.convention.structure
    reponse = direction.client.post(
        reverse("dossiers:nouveau"), {"partie": f"s-{structure.pk}", "annee": "2027", "duree": "1"}
    )
    assert "Dites pourquoi" in reponse.content.decode()
    reponse = direction.client.post(
        reverse("dossiers:nouveau"), {"partie": f"s-{structure.pk}", "annee": "2027", "duree": "3"}
    )
    ouvert = Dossier.objects.latest("pk")
    assert reponse["Location"] == ouvert.get_absolute_url()
    assert ouvert.convention.etat == EtatConvention.BROUILLON
    assert (ouvert.convention.debut.year, ouvert.convention.fin.year) == (2027, 2030)


def test_la_liste_et_l_export_disent_la_meme_chose_en_requetes_fixes(gens, django_assert_max_num_queries):
    dossier = dossier_depose()
    client = gens(dossier.convention)[Role.NATIONAL].client
    for _ in range(3):
        dossier_depose()
    with django_assert_max_num_queries(9) as quatre:
        assert "4\u00a0dossiers" in lire(client, "liste")
    for _ in range(3):
        dossier_depose()
    with django_assert_max_num_queries(len(quatre)):
        lire(client, "liste")
    export = b"".join(client.get(reverse("dossiers:exporter")).streaming_content).decode()
    assert export.count("\n") == 8


def test_l_export_du_referentiel_denombre_et_detaille(gens):
    dossier = dossier_depose()
    client = gens(dossier.convention)[Role.NATIONAL].client
    export = b"".join(client.get(reverse("dossiers:referentiel_exporter")).streaming_content).decode()
    assert "ajoutee,accueil,,Accueil fictif,1,1,CONV-" in export


def test_l_accuse_est_le_pdf_emis(dossier, roles):
    depose = actions.deposer(roles[Role.DIRECTION_STRUCTURE].acteur, dossier, jour=INSTANT.date(), maintenant=INSTANT)
    reponse = roles[Role.DIRECTION_STRUCTURE].client.get(
        reverse("dossiers:accuse", args=[depose.convention.reference, 1])
    )
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse.content.startswith(b"%PDF")
    assert depose.accuses.get().contenu["limite"] == "2\u00a0janvier\u00a02027"
