"""Ce que chaque rôle peut faire, ce que chaque adhésion laisse voir."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import CAPACITES_PAR_ROLE, EN_MOTS, Capacite, raison_du_refus
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale, NiveauTerritorial, Structure
from convenir.socle.organisations.perimetre import Perimetre
from tests.factories_comptes import AdhesionFactory, UtilisateurFactory, acteurs_par_role, connecter
from tests.factories_socle import (
    AgenceFranceTravailFactory,
    ConseilDepartementalFactory,
    DepartementFactory,
    MissionLocaleFactory,
    OrganisationFactory,
    ReseauFactory,
    ServiceRegionalFactory,
    StructureFactory,
)

ICI, REGION, FRANCE, RIEN = "ici", "region", "france", "rien"
VISIBLES = {
    Role.NATIONAL: FRANCE,
    Role.REGIONAL: REGION,
    Role.DEPARTEMENTAL: ICI,
    Role.SIGNATAIRE: ICI,
    Role.DIRECTION_STRUCTURE: "la sienne",
    Role.COLLABORATION_STRUCTURE: "la sienne",
    Role.FRANCE_TRAVAIL: ICI,
    Role.FINANCEUR: ICI,
    Role.MEMBRE_CDIAE: ICI,
    Role.RESEAU: "la sienne",
    Role.ANIMATION_REGIONALE: RIEN,
    Role.DONNEES_NATIONALES: RIEN,
    Role.ADMINISTRATION: RIEN,
}


def test_la_table_des_capacites_couvre_chaque_role_et_chaque_capacite_a_ses_mots():
    assert set(CAPACITES_PAR_ROLE) == set(Role) == set(VISIBLES)
    assert set(EN_MOTS) == set(Capacite)
    assert set().union(*CAPACITES_PAR_ROLE.values()) == set(Capacite)


def test_qui_tient_la_plateforme_ne_voit_pas_les_donnees_et_reciproquement():
    for role, capacites in CAPACITES_PAR_ROLE.items():
        assert not {Capacite.VOIR_STRUCTURES, Capacite.GERER_COMPTES} <= capacites, role


@pytest.mark.django_db
def test_chaque_role_voit_son_perimetre():
    region = DepartementFactory().region
    departement = DepartementFactory(region=region)
    structure = StructureFactory(departement=departement, reseaux=[ReseauFactory()])
    voisine = StructureFactory(departement=departement)
    de_la_region = StructureFactory(departement=DepartementFactory(region=region))
    lointaine = StructureFactory()
    attendus = {
        FRANCE: {structure, voisine, de_la_region, lointaine},
        REGION: {structure, voisine, de_la_region},
        ICI: {structure, voisine},
        "la sienne": {structure},
        RIEN: set(),
    }
    for role, connecte in acteurs_par_role(structure).items():
        vues = set(Structure.objects.visibles_par(connecte.acteur.perimetre))
        assert vues == attendus[VISIBLES[role]], role


@pytest.mark.django_db
def test_chaque_role_voit_les_missions_locales_de_son_perimetre():
    structure = StructureFactory(departement=DepartementFactory(), reseaux=[ReseauFactory()])
    ici = MissionLocaleFactory(departement=structure.departement)
    de_la_region = MissionLocaleFactory(departement=DepartementFactory(region=structure.departement.region))
    lointaine = MissionLocaleFactory()
    attendus = {FRANCE: {ici, de_la_region, lointaine}, REGION: {ici, de_la_region}, ICI: {ici}, "la sienne": set()}
    for role, connecte in acteurs_par_role(structure).items():
        vues = set(MissionLocale.objects.visibles_par(connecte.acteur.perimetre))
        attendues = {ici, de_la_region} if role == Role.ANIMATION_REGIONALE else attendus.get(VISIBLES[role], set())
        assert vues == attendues, role


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE])
def test_une_mission_locale_ne_voit_qu_elle_et_aucune_siae(role):
    sienne, autre = MissionLocaleFactory.create_batch(2)
    StructureFactory(departement=sienne.departement)
    perimetre = connecter(AdhesionFactory(role=role, organisation=sienne.organisation)).acteur.perimetre
    assert list(MissionLocale.objects.visibles_par(perimetre)) == [sienne] != [autre]
    assert not Structure.objects.visibles_par(perimetre).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "fabrique", "niveau"),
    [
        (Role.FINANCEUR, ConseilDepartementalFactory, "region"),
        (Role.FRANCE_TRAVAIL, AgenceFranceTravailFactory, "region"),
        (Role.SIGNATAIRE, ServiceRegionalFactory, "region"),
        (Role.DEPARTEMENTAL, ServiceRegionalFactory, "aucun"),
        (Role.MEMBRE_CDIAE, ServiceRegionalFactory, "aucun"),
    ],
)
def test_un_role_du_territoire_dans_un_organisme_regional(role, fabrique, niveau):
    region = DepartementFactory().region
    organisation = fabrique(niveau=NiveauTerritorial.REGIONAL, departement=None, region=region, nom="Fictive")
    acteur = AdhesionFactory(role=role, organisation=organisation).utilisateur
    assert acteur_de(acteur).perimetre.niveau == niveau


@pytest.mark.django_db
def test_une_adhesion_suit_les_structures_nommees_ou_toutes_celles_du_porteur():
    porteur = OrganisationFactory()
    aci, ei = StructureFactory(porteur=porteur), StructureFactory(porteur=porteur, categorie="EI")
    etrangere = StructureFactory()

    def vues(*nommees: Structure) -> set[int]:
        adhesion = AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=porteur, structures=list(nommees))
        return set(acteur_de(adhesion.utilisateur).perimetre.structures)

    assert vues() == {aci.pk, ei.pk}
    assert vues(ei) == {ei.pk}
    assert vues(ei, etrangere) == {ei.pk}
    assert vues(etrangere) == set()


@pytest.mark.django_db
def test_une_adhesion_vaut_de_son_debut_a_la_veille_de_sa_fin():
    adhesion = AdhesionFactory(debut=date(2026, 3, 1), fin=date(2026, 6, 1), fin_motif="Mutation")
    for jour, role in (
        (date(2026, 2, 28), None),
        (date(2026, 3, 1), Role.DEPARTEMENTAL),
        (date(2026, 5, 31), Role.DEPARTEMENTAL),
        (date(2026, 6, 1), None),
    ):
        acteur = acteur_de(adhesion.utilisateur, jour=jour)
        assert acteur.role == role
        assert (acteur.perimetre.niveau == "aucun") == (role is None)
    assert adhesion.dernier_jour == date(2026, 5, 31)


@pytest.mark.django_db
def test_l_adhesion_choisie_compte_si_elle_est_la_sienne_et_en_vigueur():
    hier = timezone.localdate() - timedelta(days=1)
    premiere = AdhesionFactory()
    seconde = AdhesionFactory(utilisateur=premiere.utilisateur, debut=date(2021, 1, 1))
    finie = AdhesionFactory(utilisateur=premiere.utilisateur, fin=hier, fin_motif="Départ")
    d_une_autre = AdhesionFactory()
    for choisie, attendue in (
        (None, premiere),
        (seconde.pk, seconde),
        (finie.pk, premiere),
        (d_une_autre.pk, premiere),
    ):
        assert acteur_de(premiere.utilisateur, choisie=choisie).adhesion == attendue
    assert acteur_de(premiere.utilisateur).adhesions == (premiere, seconde)


@pytest.mark.django_db
def test_sans_adhesion_rien_n_est_permis():
    for acteur in (acteur_de(AnonymousUser()), acteur_de(UtilisateurFactory()), Acteur.anonyme()):
        assert acteur.perimetre == Perimetre.aucun()
        assert not any(acteur.peut(capacite) for capacite in Capacite)
        with pytest.raises(ActionRefusee, match="aucune aujourd'hui"):
            acteur.exiger(Capacite.VOIR_STRUCTURES)


@pytest.mark.django_db
def test_le_refus_nomme_le_role_l_acte_et_qui_peut():
    raison = raison_du_refus(acteur_de(AdhesionFactory().utilisateur), Capacite.GERER_COMPTES)
    assert "« Agent départemental »" in raison
    assert "gérer les comptes" in raison
    assert raison.endswith("Rôles qui le permettent : Administration.")


def test_la_machine_peut_tout_sous_son_nom():
    acteur = Acteur.systeme("Ligne de commande")
    assert all(acteur.peut(capacite) for capacite in Capacite)
    assert acteur.perimetre == Perimetre.france()
    assert acteur.auteur.nom == "Ligne de commande"
    assert not acteur.est_etat


def test_la_page_de_documentation_dit_la_meme_table():
    page = (Path(__file__).parents[3] / "docs" / "comptes-et-droits.md").read_text(encoding="utf-8")
    for role, capacites in CAPACITES_PAR_ROLE.items():
        mots = " ; ".join(EN_MOTS[capacite] for capacite in Capacite if capacite in capacites)
        assert f"| {role.label} | {mots} |" in page, role
