"""Pages de la négociation : ce que chacun voit, ce qu'il peut envoyer, ce qui n'est jamais perdu."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.contrat.objectifs import actions, queries, suivi
from convenir.contrat.objectifs.actions import Changements, Reponse
from convenir.contrat.objectifs.models import Axe, Objectif
from convenir.contrat.objectifs.rules import Evolution
from convenir.contrat.objectifs.states import Etat
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import Connecte
from tests.factories_objectifs import Negociation, annexe_lue, negociation
from tests.factories_socle import DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def jeu() -> Negociation:
    return negociation()


def page(qui: Connecte, jeu: Negociation, annee: int = 2026) -> str:
    adresse = reverse("objectifs:negociation", args=[jeu.convention.reference, annee])
    return qui.client.get(adresse).content.decode().replace("\u00a0", " ")


def repondre(qui: Connecte, objectif: Objectif, revision: int, **champs: str):
    prefixe = f"o{objectif.pk}"
    donnees = {f"{prefixe}-{nom}": v for nom, v in champs.items()} | {f"{prefixe}-revision": str(revision)}
    return qui.client.post(reverse("objectifs:repondre", args=[objectif.pk]), donnees)


def test_de_la_pose_a_l_accord_au_navigateur(jeu):
    adresse = reverse("objectifs:negociation", args=[jeu.convention.reference, 2026])
    assert "Poser les trois objectifs de sortie" in page(jeu.agente, jeu)
    jeu.agente.client.post(reverse("objectifs:poser_sorties", args=[jeu.convention.reference, 2026]))
    durable = Objectif.objects.get(indicateur="iae.sorties.taux_durable")
    envoi = repondre(jeu.agente, durable, 0, genre="proposition", valeur="27,5", raisons="Le maraîchage recrute.")
    assert envoi.status_code == 302
    assert envoi["Location"].startswith(adresse)
    lue = page(jeu.directeur, jeu)
    assert "À vous de répondre" in lue
    assert lue.index("Emploi durable : à vous de répondre") < lue.index("Emploi de transition :")
    assert "J’accepte 27,5 %" in lue
    assert "Reprendre ma dernière position" not in page(jeu.agente, jeu)  # ouverte par le directeur
    assert repondre(jeu.directeur, durable, 1, genre="accord").status_code == 302
    assert "Emploi durable : convenu à 27,5 %" in page(jeu.personne(Role.SIGNATAIRE), jeu)


def test_une_reponse_fautive_est_rendue_entiere(jeu):
    durable = jeu.sorties()["durable"]
    for faute, mot in (
        ({"genre": "proposition", "valeur": "beaucoup", "raisons": "Mon texte."}, "« beaucoup » n’est pas un nombre"),
        ({"genre": "proposition", "valeur": "", "raisons": "Mon texte."}, "écrivez la valeur"),
        ({"genre": "proposition", "valeur": "120", "raisons": "Mon texte."}, "compris entre 0 et 100 %"),
    ):
        rendue = repondre(jeu.agente, durable, 0, **faute)
        assert rendue.status_code == 400
        contenu = rendue.content.decode().replace("\u00a0", " ")
        assert mot in contenu
        assert "Mon texte." in contenu


def test_le_second_agent_voit_les_deux_textes(jeu):
    """Two agents editing the same objective at once: the second is told, sees both texts, loses nothing."""
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27", raisons="Première main.")
    rendue = repondre(jeu.agente, durable, 0, genre="proposition", valeur="26", raisons="Seconde main.")
    contenu = rendue.content.decode()
    assert rendue.status_code == 409
    assert "Pendant que vous écriviez" in contenu
    assert "« Première main. »" in contenu
    assert "Seconde main." in contenu
    assert durable.positions.count() == 1


def test_preciser_en_meme_temps_garde_les_deux_textes(jeu):
    durable = jeu.sorties()["durable"]
    adresse = reverse("objectifs:preciser", args=[durable.pk])
    saisie = {"revision": "0", "precisions": "Première main", "paliers": "2027 : 25,5"}
    assert jeu.agente.client.post(adresse, saisie).status_code == 302
    rendue = jeu.directeur.client.post(adresse, saisie | {"precisions": "Seconde main"})
    assert rendue.status_code == 409
    contenu = rendue.content.decode()
    assert "Première main" in contenu
    assert "Seconde main" in contenu
    fautive = jeu.agente.client.post(adresse, saisie | {"revision": "1", "paliers": "2027 25"})
    assert "Ligne 1" in fautive.content.decode()


def test_somme_reference_et_horloge(jeu):
    annexe_lue(jeu.convention.structure, 2024, "55")
    jeu.tout_convenir()
    lue = page(jeu.directeur, jeu)
    assert "<b>60 %</b>sorties dynamiques" in lue
    assert "1er janvier 2027" in lue
    assert "l’écart est de 1 point" in lue
    assert "n’empêche rien" in lue
    assert "valeur attendue dans ce contexte : pas encore calculée" in lue


def test_page_en_un_nombre_fixe_de_requetes(jeu, django_assert_max_num_queries):
    jeu.tout_convenir()
    for rang in range(6):
        jeu.convenir(jeu.poser(f"Objectif local {rang}"), "3")
    page(jeu.directeur, jeu)
    with django_assert_max_num_queries(26):
        assert "Neuf objectifs convenus sur neuf" in page(jeu.directeur, jeu)


def test_france_travail_donne_son_avis_au_navigateur(jeu):
    durable = jeu.sorties()["durable"]
    conseillere = jeu.personne(Role.FRANCE_TRAVAIL)
    assert "Donner l’avis de" in page(conseillere, jeu)
    prefixe = f"a{durable.pk}"
    donnees = {f"{prefixe}-revision": "0", f"{prefixe}-valeur": "25", f"{prefixe}-raisons": "Nos offres s'y prêtent."}
    assert conseillere.client.post(reverse("objectifs:avis", args=[durable.pk]), donnees).status_code == 302
    assert "Nos offres s" in page(jeu.agente, jeu)


def test_suivi_repris_releves_abaisses_refuses(django_assert_max_num_queries):
    """Tableaux de suivi de 2011 : comptes et pourquoi."""
    departement = DepartementFactory()
    repris, abaisse, refuse = (negociation(structure=StructureFactory(departement=departement)) for _ in range(3))
    for jeu, avant in ((repris, "60"), (abaisse, "65"), (refuse, "60")):
        annexe_lue(jeu.convention.structure, 2025, avant)
    repris.tout_convenir()
    abaisse.tout_convenir()
    refuse.dire(refuse.directeur, refuse.sorties()["durable"], "refus", raisons="Le territoire perd ses emplois.")
    national = repris.personne(Role.NATIONAL)
    filtre = suivi.Filtre(2026)
    with django_assert_max_num_queries(4):
        lignes = suivi.lignes(national.acteur, filtre)
    par_structure = {x.structure: x for x in lignes}
    assert [par_structure[str(j.convention.structure.denomination)].evolution for j in (repris, abaisse, refuse)] == [
        Evolution.IDENTIQUE, Evolution.ABAISSE, Evolution.REFUSE,
    ]  # fmt: skip
    dites = {x.structure: [(r.objectif, r.partie, r.mots) for r in x.raisons] for x in lignes}
    assert dites[refuse.convention.structure.denomination] == [
        ("emploi durable", "Structure", "Le territoire perd ses emplois.")
    ]
    # « Si non, pourquoi ? » : l'objectif repris dit ses raisons comme l'abaissé ; les mêmes mots, une fois.
    for jeu in (repris, abaisse):
        (trois,) = dites[jeu.convention.structure.denomination]
        assert trois[0] == "emploi durable, emploi de transition et sorties positives"
    ailleurs = negociation().personne(Role.DEPARTEMENTAL)
    assert suivi.lignes(ailleurs.acteur, filtre) == [], "un département ne lit que ses structures"
    assert len(suivi.lignes(repris.personne(Role.REGIONAL).acteur, filtre)) == 3
    total = suivi.compter(lignes, "categorie")[-1]
    assert (total.libelle, total.total) == ("Ensemble", 3)
    lue = national.client.get(reverse("objectifs:suivi")).content.decode().replace("\u00a0", " ")
    assert "Des SIAE refusent-elles d’entrer dans la négociation" in lue
    assert "Le territoire perd ses emplois." in lue
    assert "2 objectifs n’ont pas augmenté, raisons dites pour 2" in lue
    csv = b"".join(national.client.get(reverse("objectifs:suivi_export", args=["csv"])).streaming_content).decode()
    assert csv.count("\n") == 4
    assert "Abaissés" in csv
    assert "Structure, emploi durable : Le territoire perd ses emplois." in csv
    for format_export in ("xlsx", "ods"):
        reponse = national.client.get(reverse("objectifs:suivi_export", args=[format_export]))
        assert b"".join(reponse.streaming_content).startswith(b"PK")


def test_liste_et_tour(jeu):
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27")
    adresse = reverse("objectifs:liste")
    assert jeu.convention.reference in jeu.directeur.client.get(adresse, {"tour": "moi"}).content.decode()
    assert jeu.convention.reference not in jeu.agente.client.get(adresse, {"tour": "moi"}).content.decode()
    assert (
        jeu.convention.reference
        in jeu.agente.client.get(adresse, {"tour": "ouvertes", "annee": "2026"}).content.decode()
    )


def test_poser_et_juger_au_navigateur(jeu):
    adresse = reverse("objectifs:poser", args=[jeu.convention.reference, 2026])
    assert "Choisissez un indicateur" in jeu.agente.client.post(adresse, {"axe": Axe.FORMATION}).content.decode()
    saisie = {"axe": Axe.FORMATION, "libelle": "Permis obtenus", "unite": "personnes", "sens": "hausse"}
    assert jeu.agente.client.post(adresse, saisie).status_code == 302
    objectif = Objectif.objects.get(libelle="Permis obtenus")
    jeu.convenir(objectif, "6")
    juger = reverse("objectifs:juger", args=[objectif.pk])
    objectif.refresh_from_db()
    donnees = {"revision": str(objectif.revision), "resultat": "7", "source": "Registre"}
    assert jeu.directeur.client.post(juger, donnees).status_code == 302
    objectif.refresh_from_db()
    assert (objectif.issue, objectif.etat) == ("atteint", Etat.CONVENU)


def test_la_liste_dit_a_un_financeur_pourquoi_elle_est_vide(jeu):
    adresse = reverse("objectifs:liste")
    assert "que votre organisation attend" in jeu.personne(Role.FINANCEUR).client.get(adresse).content.decode()
    assert "que votre organisation attend" not in jeu.agente.client.get(adresse).content.decode()


def test_la_liste_compte_chaque_objectif_une_fois_quelles_que_soient_ses_positions(jeu):
    jeu.tout_convenir()
    ligne = queries.negociations(jeu.agente.acteur).get()
    assert (ligne["total"], ligne["convenus"], ligne["clos"]) == (3, 3, 3)
    assert not queries.negociations(jeu.agente.acteur, tour="ouvertes").exists()


def test_qui_donne_un_avis_le_reprend_par_la_page(jeu):
    conseil = jeu.personne(Role.FRANCE_TRAVAIL)
    durable = jeu.sorties()["durable"]
    actions.donner_avis(
        conseil.acteur, durable, Reponse("avis", raisons="Élevé."), revision=durable.revision,
        maintenant=jeu.maintenant,
    )  # fmt: skip
    assert "Reprendre ma dernière position" in page(conseil, jeu)
    assert "Reprendre ma dernière position" not in page(jeu.personne(Role.FINANCEUR), jeu)


def test_les_precisions_renvoyees_telles_quelles_ne_changent_rien(jeu):
    """Un palier à quatre chiffres se relit, et trois décimales ne s'arrondissent pas en passant par la page."""
    objectif = jeu.poser(unite="heures")
    ecrits = Changements(borne_basse=D("0.125"), paliers=[(2027, D(1250)), (2028, D("12.125"))])
    actions.modifier(jeu.agente.acteur, objectif, ecrits, revision=0, maintenant=jeu.maintenant)
    adresse = reverse("objectifs:preciser", args=[objectif.pk])
    initial = jeu.agente.client.get(adresse).context["formulaire"].initial
    renvoi = jeu.agente.client.post(
        adresse, {nom: valeur or "" for nom, valeur in initial.items()} | {"revision": "1"}
    )
    assert renvoi.status_code == 302
    objectif.refresh_from_db()
    assert objectif.borne_basse == D("0.125")
    assert dict(objectif.paliers.values_list("annee", "valeur")) == {2027: D(1250), 2028: D("12.125")}
    espace = {**initial, "revision": str(objectif.revision), "attendu_par": "", "paliers": "2027 : 1 250"}
    assert jeu.agente.client.post(adresse, {n: v or "" for n, v in espace.items()}).status_code == 302
    assert objectif.paliers.get().valeur == D(1250)


def test_une_annee_impossible_est_comme_non_demandee(jeu):
    jeu.sorties()
    for nom in ("objectifs:suivi", "objectifs:liste"):
        assert jeu.agente.client.get(reverse(nom) + "?annee=0001").status_code == 200
