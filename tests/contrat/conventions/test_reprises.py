"""Les conventions nées hors de Convenir : une par son formulaire, plusieurs par une archive, chacune avec son PDF."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convenir.contrat.conventions.actions import reprendre_nee_ailleurs
from convenir.contrat.conventions.actions.reprises_en_masse import ouvrir_archive
from convenir.contrat.conventions.models import Convention, Operation, Piece
from convenir.contrat.conventions.rules.reprises import COLONNES, Fiche, lire_table, modele
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from tests.contrat.conventions.outils import INSTANT, SYSTEME, fichier, pdf
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import MissionLocaleFactory, ServiceDepartementalFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def structure() -> Structure:
    structure = StructureFactory()
    ServiceDepartementalFactory(departement=structure.departement)
    return structure


@pytest.fixture
def roles(structure):
    return acteurs_par_role(structure)


@pytest.fixture
def client(roles):
    return roles[Role.DEPARTEMENTAL].client


def fiche(structure, **champs) -> Fiche:
    depart = {
        "identifiant": str(structure.id_asp), "debut": date(2024, 1, 1), "dernier_jour": date(2026, 12, 31),
        "signee_le": date(2024, 1, 12), "fichier": "acte.pdf", "numero_asp": "ACI044240013",
        "termes": Termes(postes=12),
    }  # fmt: skip
    return Fiche(**depart | champs)


def reprendre(a_reprendre: Fiche, acteur=SYSTEME) -> Convention:
    return reprendre_nee_ailleurs(acteur, a_reprendre, fichier(nom="acte.pdf"), maintenant=INSTANT)


def test_le_minimum_suffit_et_l_acte_signe_est_au_dossier(structure):
    convention = reprendre(fiche(structure, clauses_jusquau=date(2026, 12, 31)))
    assert (convention.etat, convention.origine, convention.numero_asp) == ("en_cours", "reprise", "ACI044240013")
    version = convention.versions.get()
    assert (version.etat, version.signee_le, version.clauses_fin) == ("signee", date(2024, 1, 12), date(2027, 1, 1))
    assert version.termes.postes == 12
    assert Piece.objects.get().genre == "reprise"


def test_une_convention_ne_se_reprend_pas_deux_fois_sur_les_memes_jours(structure):
    reprendre(fiche(structure))
    with pytest.raises(EntreeInvalide, match="couvre déjà ces jours"):
        reprendre(fiche(structure, debut=date(2026, 1, 1)))
    suite = fiche(structure, debut=date(2027, 1, 1), dernier_jour=date(2029, 12, 31))
    assert reprendre(suite).debut == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"dernier_jour": date(2023, 12, 31)}, "finit avant de commencer"),
        ({"dernier_jour": date(2027, 6, 30)}, "plus de 3 ans"),
        ({"signee_le": date(2099, 1, 1)}, "dans le futur"),
        ({"clauses_jusquau": date(2023, 1, 1)}, "clauses financières finissent avant"),
        ({"identifiant": "1"}, "ne porte l'identifiant"),
        ({"identifiant": "9" * 30}, "ne porte l'identifiant"),
        ({"categorie": "EITI"}, "en EITI"),
    ],
)
def test_ce_qui_ne_va_pas_est_dit(structure, champs, message):
    with pytest.raises(EntreeInvalide, match=message):
        reprendre(fiche(structure, **champs))
    assert not Convention.objects.exists()


def test_un_identifiant_de_plusieurs_categories_demande_laquelle(structure):
    StructureFactory(id_asp=structure.id_asp, categorie="EI", departement=structure.departement,
                     porteur=structure.porteur)  # fmt: skip
    with pytest.raises(EntreeInvalide, match="plusieurs catégories : ACI, EI"):
        reprendre(fiche(structure))
    assert reprendre(fiche(structure, categorie="ACI")).categorie == "ACI"


def test_une_mission_locale_se_reprend_par_son_code():
    mission = MissionLocaleFactory()
    ServiceDepartementalFactory(departement=mission.departement)
    actee = Fiche(mission.code, date(2024, 1, 1), date(2026, 12, 31), date(2024, 1, 12), "acte.pdf")
    convention = reprendre(actee)
    assert (convention.mission_locale, convention.dispositif) == (mission, "ml")


def test_hors_de_son_perimetre_la_structure_n_existe_pas(roles):
    ailleurs = StructureFactory()
    with pytest.raises(EntreeInvalide, match="Aucune structure"):
        reprendre(fiche(ailleurs), roles[Role.DEPARTEMENTAL].acteur)
    with pytest.raises(ActionRefusee):
        reprendre(fiche(ailleurs), roles[Role.DIRECTION_STRUCTURE].acteur)


def test_la_page_reprend_une_convention_et_garde_la_saisie_fautive(client, structure):
    adresse = reverse("conventions:reprendre")
    saisie = {
        "identifiant": structure.id_asp, "debut": "01/01/2024", "dernier_jour": "31/12/2026",
        "signee_le": "12/01/2024", "postes": "12", "taux_durable": "60",
        "taux_transition": "30", "taux_positives": "20",
    }  # fmt: skip
    envoi = lambda: SimpleUploadedFile("acte.pdf", pdf(), content_type="application/pdf")
    refusee = client.post(adresse, saisie | {"acte": envoi()})
    assert refusee.status_code == 400, "110 % de sorties ne se peut pas"
    assert str(structure.id_asp) in refusee.content.decode()
    reponse = client.post(adresse, saisie | {"taux_durable": "20", "acte": envoi()})
    assert reponse["Location"] == Convention.objects.get().get_absolute_url()
    page = client.get(reponse["Location"]).content.decode()
    assert "L’acte a été signé avant sa reprise dans Convenir." in page
    assert "Aucune signature n’est encore demandée" not in page
    assert client.post(adresse, saisie | {"taux_durable": "20", "acte": envoi()}).status_code == 400


# ------------------------------------------------------------------------------------------------- en masse


def archive(lignes: list[dict[str, str]], *noms: str, table: str = "conventions.csv") -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as z:
        rangs = [";".join(COLONNES), *(";".join(x.get(c, "") for c in COLONNES) for x in lignes)]
        z.writestr(table, "\n".join(rangs))
        for nom in noms:
            z.writestr(f"actes/{nom}", pdf())
    return tampon.getvalue()


def ligne(structure, **champs) -> dict[str, str]:
    depart = {
        "identifiant": str(structure.id_asp), "debut": "01/01/2024", "dernier_jour": "31/12/2026",
        "signee_le": "12/01/2024", "postes": "12,50", "fichier": "acte.pdf",
    }  # fmt: skip
    return depart | champs


def envoyer(client, structure, octets: bytes, ecrire: str = "oui"):
    fichier_envoye = SimpleUploadedFile("reprise.zip", octets, content_type="application/zip")
    donnees = {"departement": structure.departement_id, "archive": fichier_envoye, "ecrire": ecrire}
    return client.post(reverse("conventions:reprises"), donnees)


def test_chaque_ligne_a_son_issue_une_faute_ne_retient_pas_les_autres(client, structure):
    autre = StructureFactory(departement=structure.departement)
    ailleurs = StructureFactory()
    lignes = [
        ligne(structure),
        ligne(autre, debut="31/02/2024"),
        ligne(autre, fichier="absent.pdf"),
        ligne(ailleurs),
        ligne(autre, postes="douze", signee_le=""),
        ligne(autre),
    ]
    assert envoyer(client, structure, archive(lignes, "acte.pdf")).status_code == 302
    faite = Operation.objects.get()
    assert (faite.etat, faite.comptes) == ("finie", {"reprise": 2, "écartée": 4})
    details = [x["detail"] for x in faite.rapport]
    assert "ligne 3 : colonne « debut » : « 31/02/2024 » n'est pas une date" in details[1]
    assert "« absent.pdf » n'est pas dans l'archive" in details[2]
    assert "Aucune structure" in details[3]
    assert "colonne « signee_le » : à remplir. colonne « postes »" in details[4]
    assert Convention.objects.get(structure=autre).versions.get().termes.postes.normalize() == 12.5
    page = client.get(faite.get_absolute_url()).content.decode()
    assert "2 reprises, 4 écartées." in page


def test_l_essai_n_ecrit_rien_et_rejouer_ne_double_rien(client, structure):
    octets = archive([ligne(structure)], "acte.pdf")
    envoyer(client, structure, octets, "")
    assert Operation.objects.first().comptes == {"reprise": 1}
    assert not Convention.objects.exists()
    envoyer(client, structure, octets)
    envoyer(client, structure, octets)
    assert Operation.objects.first().comptes == {"écartée": 1}
    assert Convention.objects.count() == 1


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"pas un zip", "archive ZIP lisible"),
        (archive([], table="notes.txt"), "un tableau CSV et un seul"),
    ],
)
def test_une_archive_fautive_est_refusee_tout_de_suite(client, structure, octets, message):
    reponse = envoyer(client, structure, octets)
    assert reponse.status_code == 400
    assert message in reponse.content.decode()
    assert not Operation.objects.exists()


def test_un_tableau_sans_ses_colonnes_arrete_l_operation_et_le_dit(client, structure):
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as z:
        z.writestr("conventions.csv", "identifiant;debut\n1;2")
    envoyer(client, structure, tampon.getvalue())
    faite = Operation.objects.get()
    assert faite.etat == "echouee"
    assert "colonnes manquantes : dernier_jour, signee_le, fichier" in faite.message


def test_les_fichiers_caches_d_une_archive_sont_ignores():
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as z:
        z.writestr("__MACOSX/._conventions.csv", "x")
        z.writestr("dossier\\conventions.csv", "identifiant")
    assert ouvrir_archive(tampon.getvalue(), "a.zip")[0] == "conventions.csv"


def test_le_modele_se_relit_sans_faute(client):
    assert client.get(reverse("conventions:reprises_modele")).content.decode() == modele()
    lue = lire_table(modele().encode(), "modele.csv")[0]
    assert lue.erreurs == ()
    assert lue.fiche.termes.postes == 12
    assert lue.fiche.termes.taux_dynamique == 62


def test_une_convention_deja_suivie_n_est_pas_reprise(client, structure):
    convention_en_cours(structure=structure, debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    envoyer(client, structure, archive([ligne(structure)], "acte.pdf"))
    assert "couvre déjà ces jours" in Operation.objects.get().rapport[0]["detail"]
