"""Pages of the files: what each shows, the automatic save, the fixed number of SQL queries."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.models import ActionProjet, Dossier, PresentationLibre
from convenir.contrat.dossiers.propositions import termes_demandes
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.stockage import relire
from convenir.socle.reglementation.queries import montant_socle
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


def convention_refusee(dossier: Dossier) -> None:
    """Put the application of the fixture out of the way of a new one."""
    Convention.objects.filter(pk=dossier.convention_id).update(etat=EtatConvention.REFUSE)


@pytest.mark.parametrize(("etat", "suite"), [("brouillon", "ouvrez cette demande"), ("en_cours", "un avenant")])
def test_une_structure_ne_demande_pas_deux_fois_les_memes_jours(dossier, roles, etat, suite):
    Convention.objects.filter(pk=dossier.convention_id).update(etat=etat)
    envoi = {"partie": f"s-{dossier.convention.structure_id}", "annee": "2027", "duree": "3"}
    reponse = roles[Role.DIRECTION_STRUCTURE].client.post(reverse("dossiers:nouveau"), envoi)
    assert reponse.status_code == 400
    dit = reponse.content.decode()
    assert f"{dossier.convention.reference} couvre déjà ces jours" in dit
    assert suite in dit
    assert Dossier.objects.count() == 1


def test_ouvrir_une_demande_depuis_la_page(gens, dossier):
    direction = gens(dossier.convention)[Role.DIRECTION_STRUCTURE]
    structure = dossier.convention.structure
    convention_refusee(dossier)
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
    assert "7\u00a0dossiers" in client.get(reverse("dossiers:liste"), {"annee": "0000"}).content.decode()


def test_l_export_du_referentiel_denombre_et_detaille(gens):
    dossier = dossier_depose()
    client = gens(dossier.convention)[Role.NATIONAL].client
    export = b"".join(client.get(reverse("dossiers:referentiel_exporter")).streaming_content).decode()
    assert "ajoutee,accueil,,Accueil fictif,1,1,CONV-" in export
    d_une_autre_annee = client.get(reverse("dossiers:referentiel_exporter") + "?annee=2019")
    assert "Accueil fictif" not in b"".join(d_une_autre_annee.streaming_content).decode()


@pytest.mark.parametrize("nom", ["liste", "exporter", "referentiel", "referentiel_exporter"])
def test_une_annee_impossible_est_comme_non_demandee(dossier, roles, nom):
    reponse = roles[Role.DEPARTEMENTAL].client.get(reverse(f"dossiers:{nom}") + "?annee=0000")
    assert reponse.status_code == 200
    assert b"".join(reponse if reponse.streaming else [reponse.content])


@pytest.mark.parametrize(
    ("etat", "demander", "complet"),
    [("depose", True, True), ("incomplet", True, True), ("complet", True, False), ("en_instruction", True, False)],
)
def test_la_page_n_offre_que_les_actes_que_l_etat_permet(roles, dossier, etat, demander, complet):
    Convention.objects.filter(pk=dossier.convention_id).update(etat=etat)
    Dossier.objects.filter(pk=dossier.pk).update(depose_le=INSTANT.date())
    page = roles[Role.DEPARTEMENTAL].client.get(dossier.get_absolute_url()).content.decode()
    assert ("Demander une pièce à la structure" in page, "Déclarer le dossier complet" in page) == (demander, complet)


def test_une_photo_jointe_se_relit_et_s_archive_sous_le_meme_nom(roles, dossier):
    octets = b"\xff\xd8\xff" + b"x" * 100
    direction = roles[Role.DIRECTION_STRUCTURE]
    piece = actions.joindre(direction.acteur, dossier, "autre", "photo.jpg", octets, maintenant=INSTANT)
    assert relire(piece.sha256, piece.suffixe) == octets
    assert direction.client.get(reverse("dossiers:piece", args=[dossier.convention.reference, piece.pk])).content


def test_un_fichier_bureautique_abime_est_refuse_avec_ses_mots(roles, dossier):
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 5)
    octets = bytearray(tampon.getvalue())
    debut = octets.index(b"mimetype") + len("mimetype")
    octets[debut : debut + 10] = bytes(o ^ 0xFF for o in octets[debut : debut + 10])
    with pytest.raises(EntreeInvalide, match="pas un fichier lisible"):
        actions.joindre(
            roles[Role.DIRECTION_STRUCTURE].acteur, dossier, "autre", "a.odt", bytes(octets), maintenant=INSTANT
        )


def test_l_accuse_est_le_pdf_emis(dossier, roles):
    depose = actions.deposer(roles[Role.DIRECTION_STRUCTURE].acteur, dossier, jour=INSTANT.date(), maintenant=INSTANT)
    reponse = roles[Role.DIRECTION_STRUCTURE].client.get(
        reverse("dossiers:accuse", args=[depose.convention.reference, 1])
    )
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse.content.startswith(b"%PDF")
    assert depose.accuses.get().contenu["limite"] == "2\u00a0janvier\u00a02027"


def test_les_premiers_termes_partent_de_la_demande_deposee(gens):
    dossier = dossier_depose("en_negociation")
    ddets = gens(dossier.convention)[Role.DEPARTEMENTAL]
    PresentationLibre.objects.create(dossier=dossier, axe="accueil", texte="Tutorat fictif.", modifiee_le=INSTANT)
    ActionProjet.objects.create(dossier=dossier, axe="formation", intitule="Permis fictif", preuve="attestations",
                                ecrite_le=INSTANT)  # fmt: skip
    convention = dossier.convention
    version = convention.versions.get()
    version.termes_json, version.empreinte = en_json(Termes()), empreinte(Termes())
    version.save()
    chiffres = ddets.client.get(f"{convention.get_absolute_url()}termes/")
    assert chiffres.context["formulaire"]["postes"].initial == Decimal(12)
    assert "repris de la demande" in chiffres.content.decode()
    # The scale at the date of effect, shown before it is written.
    fixes = {
        n: chiffres.context["formulaire"][n].initial for n in ("montant_unitaire", "heures_etp", "modulation_max")
    }
    socle = montant_socle("ACI", version.effet, territoire=convention.departement_id).nombre
    assert fixes == {"montant_unitaire": socle, "heures_etp": Decimal(1820), "modulation_max": Decimal(10)}
    assert socle > 20_000
    adresse = f"{convention.get_absolute_url()}clauses/"
    formulaire = ddets.client.get(adresse).context["formulaire"]
    assert formulaire["axes-accueil"].value() == "Tutorat fictif.\nAccueil fictif"
    assert formulaire["axes-formation"].value() == "Permis fictif (preuve : attestations)"
    assert formulaire["sections-suivi"].value().startswith("Réponse inventée à « Modalités de suivi")
    assert formulaire["sections-moyens"].value().count("\n") == 2, "trois réponses, une par ligne"
    assert convention.versions.get().termes == Termes(), "rien n'est écrit sans l'agente"
    ddets.client.post(adresse, {"jeton": version.jeton, "axes-accueil": "Le texte de l'agente."})
    formulaire = ddets.client.get(adresse).context["formulaire"]
    assert formulaire["axes-accueil"].value() == "Le texte de l'agente."
    assert not formulaire["axes-formation"].value(), "un axe vidé ne revient pas"


def test_l_offre_de_service_d_une_mission_locale_remplit_les_cinq_axes():
    convention = CpoFactory(etat="en_negociation")
    VersionFactory(convention=convention, termes=Termes())
    dossier_depose("en_negociation", convention=convention)
    demandes = termes_demandes(convention)
    axes = {a.cle: a.texte for a in demandes.axes}
    assert set(axes) == {"reperage", "parcours", "entreprises", "expertise", "ingenierie"}
    assert axes["reperage"].endswith("Accueil fictif")
    assert demandes.sections == ()
