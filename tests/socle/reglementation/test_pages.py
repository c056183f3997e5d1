"""Les pages « Textes et paramètres », rôle par rôle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from convenir.socle.commun.francais import euros
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.reglementation import actions
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.models import ParametreLocal, ValeurAjoutee
from tests.factories_comptes import Connecte, acteurs_par_role
from tests.factories_socle import DepartementFactory, StructureFactory
from tests.socle.reglementation.factories import EI, formulaire_valeur, saisie, saisie_locale

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles() -> dict[Role, Connecte]:
    return acteurs_par_role(StructureFactory())


def lire(connecte: Connecte, nom: str, *args: str, statut: int = 200, **get: str) -> str:
    reponse = connecte.client.get(reverse(f"reglementation:{nom}", args=args), get)
    assert reponse.status_code == statut
    return reponse.content.decode()


def test_chaque_role_lit_et_seuls_certains_ajoutent(roles: dict[Role, Connecte]) -> None:
    for role, connecte in roles.items():
        for nom, args in (("index", ()), ("parametre", ("socle",)), ("textes", ()), ("locaux", ())):
            lire(connecte, nom, *args)
        valeur = 200 if role == Role.ADMINISTRATION else 403
        local = 200 if role in {Role.DEPARTEMENTAL, Role.REGIONAL} else 403
        lire(connecte, "ajouter_valeur", statut=valeur)
        lire(connecte, "ajouter_local", statut=local)
        page = lire(connecte, "parametre", "socle")
        assert (reverse("reglementation:ajouter_valeur") in page) == (role == Role.ADMINISTRATION)


def test_un_visiteur_est_renvoye_a_la_connexion(client: Any) -> None:
    reponse = client.get(reverse("reglementation:index"))
    assert reponse.status_code == 302
    assert "connexion" in reponse["Location"]


def test_toutes_les_pages_s_ouvrent(roles: dict[Role, Connecte]) -> None:
    agent = roles[Role.DEPARTEMENTAL]
    for code in [*catalogue().familles, *catalogue().parametres]:
        page = lire(agent, "parametre", code)
        assert page.count("<h1>") == 1
        assert " style=" not in page
    for code in catalogue().textes:
        lire(agent, "texte", code)
    for code in catalogue().referentiels:
        lire(agent, "referentiel", code)
    lire(agent, "institutions")


def test_les_pages_coutent_un_nombre_fixe_de_requetes(
    roles: dict[Role, Connecte], django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        actions.ajouter_local(Acteur.systeme("Essai"), saisie_locale(DepartementFactory()))
    for nom, args in (("index", ()), ("parametre", ("socle",)), ("parametre", ("motifs-sortie",)), ("locaux", ())):
        with django_assert_max_num_queries(7):
            lire(roles[Role.DEPARTEMENTAL], nom, *args)


def test_la_valeur_a_une_date_et_dans_un_territoire(roles: dict[Role, Connecte]) -> None:
    agent = roles[Role.DEPARTEMENTAL]
    page = lire(agent, "parametre", "socle", date="30/06/2023")
    assert euros(12081) in page
    assert "108\u00a0jours après l’effet" in page
    mayotte = lire(agent, "parametre", "socle", date="30/06/2023", territoire="976")
    assert euros(9120) in mayotte
    assert euros(12081) not in mayotte
    assert "Aucune valeur n’est connue à cette date" in lire(agent, "parametre", "socle", date="2012-01-01")


def test_une_valeur_reconduite_est_a_confirmer_et_dit_pourquoi(roles: dict[Role, Connecte]) -> None:
    page = lire(roles[Role.DEPARTEMENTAL], "parametre", "iae.socle.EI", date="12/10/2026")
    assert "À confirmer" in page
    assert "aucun arrêté 2026 n&#x27;a été trouvé" in page
    assert "Valeur reconduite depuis le 1er\u00a0janvier\u00a02026" in page, "la figure le dit aussi"


def test_ce_qui_a_pris_fin_est_sans_objet_et_non_a_confirmer(roles: dict[Role, Connecte]) -> None:
    page = lire(roles[Role.DEPARTEMENTAL], "parametre", "iae.eiti.plafond", date="12/10/2026")
    assert "A pris fin le 31\u00a0décembre\u00a02024" in page
    assert "Sans objet" in page
    assert "Aucune valeur n’est connue" in lire(roles[Role.DEPARTEMENTAL], "parametre", "iae.bilan.date_limite")


def test_l_histoire_montre_les_baisses_et_la_figure_a_son_tableau(roles: dict[Role, Connecte]) -> None:
    page = lire(roles[Role.DEPARTEMENTAL], "parametre", "socle")
    assert "baisse de 173" in page
    assert "baisse de 184" in page
    assert page.count('role="img"') >= 8
    assert "Confirmé" in page


@pytest.mark.parametrize("mauvaise", ["31/02/2025", "hier", "01/01/0001"])
def test_une_mauvaise_date_est_dite_et_la_page_reste(roles: dict[Role, Connecte], mauvaise: str) -> None:
    page = lire(roles[Role.DEPARTEMENTAL], "parametre", "socle", date=mauvaise)
    assert "fr-message--error" in page


def test_une_adresse_inconnue_est_une_page_404(roles: dict[Role, Connecte]) -> None:
    for nom in ("parametre", "texte", "referentiel", "historique"):
        lire(roles[Role.DEPARTEMENTAL], nom, "rien", statut=404)


def test_l_export_contient_toute_l_histoire(roles: dict[Role, Connecte]) -> None:
    actions.ajouter_valeur(Acteur.systeme("Essai"), saisie(motif="=1+1", texte="@arrêté"))
    texte = lire(roles[Role.DEPARTEMENTAL], "historique", "socle")
    lignes = texte.removeprefix("\ufeff").splitlines()
    attendues = sum(len(p.valeurs) for p in catalogue().parametres.values() if p.famille in {"socle", "mayotte"})
    assert len(lignes) == 1 + attendues + 1
    assert "'=1+1" in texte
    assert ";'@arrêté;" in texte


def test_ajouter_une_valeur_montre_ce_qui_change_puis_l_enregistre(roles: dict[Role, Connecte]) -> None:
    client, adresse = roles[Role.ADMINISTRATION].client, reverse("reglementation:ajouter_valeur")
    assert client.get(adresse, {"code": EI}).context["formulaire"].initial["code"] == EI
    vue = client.post(adresse, {**formulaire_valeur(), "etape": "verifier"}).content.decode()
    assert euros(13304) in vue
    assert euros(13500) in vue
    assert "pénitentiaire" in vue
    assert not ValeurAjoutee.objects.exists()
    assert client.post(adresse, {**formulaire_valeur(), "etape": "modifier"}).status_code == 200
    reponse = client.post(adresse, {**formulaire_valeur(), "etape": "enregistrer"}, follow=True)
    page = reponse.content.decode()
    assert "Valeurs ajoutées dans l’application" in page
    assert "Arrêté fictif du 12 février 2026" in page
    ligne = ValeurAjoutee.objects.get()
    assert (ligne.valeur, ligne.debut, ligne.publie_le) == ("13500", date(2026, 1, 1), date(2026, 2, 20))
    assert ligne.ajoute_par == roles[Role.ADMINISTRATION].utilisateur.nom_complet


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"valeur": "beaucoup"}, "un montant en euros"),
        ({"debut": "31/02/2026"}, "jj/mm/aaaa"),
        ({"texte": ""}, "écrivez son intitulé"),
        ({"certitude": "a_confirmer"}, "ce qui reste à confirmer"),
        ({"code": "iae.perdu"}, "Sélectionnez un choix valide"),
        ({"source": ""}, "obligatoire"),
    ],
)
def test_une_saisie_fausse_revient_au_formulaire(
    roles: dict[Role, Connecte], champs: dict[str, str], mot: str
) -> None:
    reponse = roles[Role.ADMINISTRATION].client.post(
        reverse("reglementation:ajouter_valeur"), {**formulaire_valeur(**champs), "etape": "enregistrer"}
    )
    page = reponse.content.decode()
    assert mot in page
    assert "Le formulaire n’est pas enregistré" in page
    assert not ValeurAjoutee.objects.exists()


def test_un_texte_connu_peut_etre_choisi(roles: dict[Role, Connecte]) -> None:
    donnees = formulaire_valeur(texte="", texte_code="arrete-2024-12-04", debut="01/02/2025")
    roles[Role.ADMINISTRATION].client.post(
        reverse("reglementation:ajouter_valeur"), {**donnees, "etape": "enregistrer"}
    )
    assert ValeurAjoutee.objects.get().texte == "Arrêté du 4 décembre 2024"


def test_retirer_une_valeur_demande_un_motif(roles: dict[Role, Connecte]) -> None:
    ligne = actions.ajouter_valeur(Acteur.systeme("Essai"), saisie())
    adresse = reverse("reglementation:retirer_valeur", args=[ligne.pk])
    assert roles[Role.NATIONAL].client.get(adresse).status_code == 403
    client = roles[Role.ADMINISTRATION].client
    assert client.get(adresse).status_code == 200
    assert not client.post(adresse, {"motif": ""}).context["formulaire"].is_valid()
    page = client.post(adresse, {"motif": "Erreur de lecture"}, follow=True).content.decode()
    assert "Erreur de lecture" in page
    assert client.get(adresse).status_code == 404


def test_enregistrer_puis_terminer_une_definition_locale(roles: dict[Role, Connecte]) -> None:
    agent = roles[Role.DEPARTEMENTAL]
    departement = agent.adhesion.organisation.departement
    autre = DepartementFactory()
    donnees = {
        "departement": departement.pk, "motifs": ["6"], "libelle": "Parcours de santé", "organe": "CDIAE",
        "adopte_le": "10/12/2024", "reference": "relevé n° 4", "debut": "01/01/2025", "dernier_jour": "",
        "motif": "Décision de décembre",
    }  # fmt: skip
    adresse = reverse("reglementation:ajouter_local")
    refus = agent.client.post(adresse, {**donnees, "departement": autre.pk})
    assert not refus.context["formulaire"].is_valid(), "un autre département n'est pas proposé"
    refus = agent.client.post(adresse, {**donnees, "motifs": ["3"]})
    assert not refus.context["formulaire"].is_valid(), "un motif durable n'est pas proposé"
    page = agent.client.post(adresse, donnees, follow=True).content.decode()
    assert "Parcours de santé" in page
    ligne = ParametreLocal.objects.get()
    fin = reverse("reglementation:terminer_local", args=[ligne.pk])
    assert fin in page
    assert fin not in lire(roles[Role.NATIONAL], "locaux")
    assert agent.client.get(fin).status_code == 200
    page = agent.client.post(fin, {"dernier_jour": "30/06/2025", "motif": "Nouvelle décision"}, follow=True)
    assert "Terminée" in page.content.decode()
    page = agent.client.post(fin, {"dernier_jour": "", "motif": "Erreur"}, follow=True)
    assert "Retirée" in page.content.decode()


def test_un_agent_d_ailleurs_ne_termine_pas_une_definition(roles: dict[Role, Connecte]) -> None:
    ligne = actions.ajouter_local(Acteur.systeme("Essai"), saisie_locale(DepartementFactory()))
    fin = reverse("reglementation:terminer_local", args=[ligne.pk])
    for role in (Role.DEPARTEMENTAL, Role.REGIONAL, Role.NATIONAL):
        assert roles[role].client.post(fin, {"motif": "essai"}).status_code == 403
    assert not ParametreLocal.objects.get().est_retire


def test_la_definition_locale_dit_qui_l_a_adoptee(roles: dict[Role, Connecte]) -> None:
    actions.ajouter_local(Acteur.systeme("Essai"), saisie_locale(DepartementFactory(nom="Vaire fictive")))
    page = lire(roles[Role.FRANCE_TRAVAIL], "locaux")
    assert "Vaire fictive" in page
    assert "CDIAE, le 10\u00a0décembre\u00a02024" in page
