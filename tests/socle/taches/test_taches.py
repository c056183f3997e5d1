"""Proposer une tâche sans la doubler, la lire dans l'ordre où elle presse, la terminer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.contrat.conventions.attendus import Code
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree
from convenir.socle.taches import actes
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.portee import hors_de_portee, reservees, reserver
from convenir.socle.taches.queries import a_faire
from tests.factories_comptes import AdhesionFactory, Connecte, connecter
from tests.factories_socle import OrganisationFactory, StructureFactory
from tests.factories_taches import TacheFactory

pytestmark = pytest.mark.django_db
MACHINE = Auteur.systeme("Tâche de fond")
JEUDI = date(2026, 10, 15)


@pytest.fixture
def agente() -> Connecte:
    return connecter(AdhesionFactory())


def proposition(agente: Connecte, **precisions) -> Proposition:
    socle = Proposition(
        "donnees.livraison", "fluxiae-2026-10", "Importer la livraison d'octobre", agente.adhesion.organisation
    )
    return replace(socle, **precisions)


def test_proposer_deux_fois_la_meme_tache_n_ecrit_rien(agente):
    premiere = proposer(proposition(agente), auteur=MACHINE, maintenant=timezone.now())
    seconde = proposer(proposition(agente), auteur=MACHINE, maintenant=timezone.now())
    assert premiere == seconde
    assert Tache.objects.count() == 1
    assert [e.acte for e in Entree.objects.all()] == [actes.TACHE_PROPOSEE]


def test_proposer_de_nouveau_met_la_tache_ouverte_a_jour(agente):
    proposer(proposition(agente), auteur=MACHINE, maintenant=timezone.now())
    structure = StructureFactory()
    proposer(
        proposition(agente, echeance=JEUDI, risque=Risque.ELEVE, structure=structure),
        auteur=MACHINE,
        maintenant=timezone.now(),
    )
    tache = Tache.objects.get()
    assert (tache.echeance, tache.risque, tache.structure) == (JEUDI, Risque.ELEVE, structure)
    entree = Entree.objects.get(acte=actes.TACHE_MODIFIEE)
    assert entree.charge.avant == {"echeance": None, "risque": 0, "structure": None}
    assert entree.charge.apres == {"echeance": "2026-10-15", "risque": 1, "structure": structure.pk}


def test_une_tache_terminee_peut_se_proposer_de_nouveau(agente):
    tache = proposer(proposition(agente), auteur=MACHINE, maintenant=timezone.now())
    cle = (agente.adhesion.organisation, tache.code, tache.objet)
    assert terminer(*cle, auteur=agente.acteur.auteur, maintenant=timezone.now())
    assert not terminer(*cle, auteur=agente.acteur.auteur, maintenant=timezone.now())
    assert a_faire(agente.acteur, JEUDI).total == 0
    assert proposer(proposition(agente), auteur=MACHINE, maintenant=timezone.now()) != tache
    assert a_faire(agente.acteur, JEUDI).total == 1


def test_les_groupes_suivent_le_jour_et_la_semaine_finit_le_dimanche(agente):
    for echeance in (None, *(JEUDI + timedelta(days=n) for n in (-1, 0, 3, 4))):
        TacheFactory(organisation=agente.adhesion.organisation, echeance=echeance, libelle=str(echeance))
    liste = a_faire(agente.acteur, JEUDI)
    assert [t.libelle for t in liste.en_retard] == ["2026-10-14"]
    assert [t.libelle for t in liste.cette_semaine] == ["2026-10-15", "2026-10-18"]
    assert [t.libelle for t in liste.plus_tard] == ["2026-10-19", "None"]
    assert [g.libelle for g in liste.groupes] == ["En retard", "Cette semaine", "Plus tard"]
    assert [(t.retard, t.reste) for t in liste.toutes] == [
        ("en retard de 1\u00a0jour", ""),
        ("", "aujourd'hui"),
        ("", "dans 3\u00a0jours"),
        ("", "dans 4\u00a0jours"),
        ("", ""),
    ]
    assert liste.phrase == "5\u00a0tâches, dont 1 en retard et 2 à finir cette semaine."


def test_la_phrase_ne_dit_que_ce_qui_est(agente):
    TacheFactory(organisation=agente.adhesion.organisation)
    liste = a_faire(agente.acteur, JEUDI)
    assert liste.phrase == "1\u00a0tâche."
    assert [g.libelle for g in liste.groupes] == ["Plus tard"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.none() | st.integers(-30, 30), st.sampled_from(Risque)), max_size=12))
def test_l_ordre_est_l_echeance_puis_le_risque(agente, tirages):
    with transaction.atomic():
        for jours, risque in tirages:
            echeance = None if jours is None else JEUDI + timedelta(days=jours)
            TacheFactory(organisation=agente.adhesion.organisation, echeance=echeance, risque=risque)
        liste = a_faire(agente.acteur, JEUDI)
        transaction.set_rollback(True)
    assert liste.total == len(tirages)
    cles = [(t.echeance or date.max, -t.risque) for t in liste.toutes]
    assert cles == sorted(cles)


def test_une_seule_requete_quel_que_soit_le_nombre(agente, django_assert_num_queries):
    TacheFactory.create_batch(20, organisation=agente.adhesion.organisation, structure=StructureFactory())
    acteur = agente.acteur
    with django_assert_num_queries(1):
        liste = a_faire(acteur, JEUDI)
        assert {str(t.structure) for t in liste.plus_tard}
    assert liste.total == 20


def test_on_voit_les_siennes_et_celles_de_son_organisation_seulement(agente):
    organisation = agente.adhesion.organisation
    collegue = AdhesionFactory(organisation=organisation)
    TacheFactory(organisation=organisation, libelle="À tous")
    TacheFactory(organisation=organisation, destinataire=agente.utilisateur, libelle="À moi")
    TacheFactory(organisation=organisation, destinataire=collegue.utilisateur, libelle="À elle")
    TacheFactory(destinataire=agente.utilisateur, libelle="D'ailleurs")
    assert {t.libelle for t in a_faire(agente.acteur, JEUDI).plus_tard} == {"À tous", "À moi"}


def test_qui_suit_une_structure_ne_voit_pas_les_taches_des_autres():
    porteur = OrganisationFactory()
    aci, ei = StructureFactory(porteur=porteur), StructureFactory(porteur=porteur, categorie="EI")
    directrice = connecter(AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=porteur, structures=[ei]))
    for structure, libelle in ((aci, "ACI"), (ei, "EI"), (None, "Porteur")):
        TacheFactory(organisation=porteur, structure=structure, libelle=libelle)
    assert {t.libelle for t in a_faire(directrice.acteur, JEUDI).plus_tard} == {"EI", "Porteur"}


def test_sans_adhesion_il_n_y_a_rien_a_faire():
    TacheFactory()
    assert a_faire(Acteur.anonyme(), JEUDI).total == 0
    assert a_faire(Acteur.anonyme(), JEUDI).groupes == []


def test_la_base_refuse_deux_taches_ouvertes_de_la_meme_cle():
    tache = TacheFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TacheFactory(organisation=tache.organisation, objet=tache.objet)


def test_une_tache_de_l_organisation_est_a_qui_peut_la_faire(agente):
    """Un signataire ou un membre de la commission du même service ne voit pas ce qu'il ne peut pas faire."""
    service = agente.adhesion.organisation
    autres = {
        r: connecter(AdhesionFactory(organisation=service, role=r)) for r in (Role.SIGNATAIRE, Role.MEMBRE_CDIAE)
    }
    codes = {
        "instruire": reserver("essai.instruire", Capacite.INSTRUIRE_CONVENTION),
        "signer": reserver("essai.signer", Capacite.SIGNER_CONVENTION),
    }
    for libelle, code in codes.items():
        proposer(proposition(agente, code=code, libelle=libelle), auteur=MACHINE, maintenant=timezone.now())

    def lues(qui: Connecte) -> set[str]:
        return {t.libelle for t in a_faire(qui.acteur, JEUDI).toutes}

    assert lues(agente) == {"instruire", "signer"}
    assert lues(autres[Role.SIGNATAIRE]) == {"signer"}
    assert lues(autres[Role.MEMBRE_CDIAE]) == set()
    membre = autres[Role.MEMBRE_CDIAE].utilisateur
    confiee = proposition(agente, code=codes["instruire"], objet="2", libelle="confiée", destinataire=membre)
    proposer(confiee, auteur=MACHINE, maintenant=timezone.now())
    assert lues(autres[Role.MEMBRE_CDIAE]) == {"confiée"}, "ce qui est confié par son nom reste"


def test_un_code_ne_se_reserve_pas_de_deux_facons():
    reserver("essai.deux", Capacite.INSTRUIRE_CONVENTION)
    with pytest.raises(ValueError, match="autrement"):
        reserver("essai.deux", Capacite.SIGNER_CONVENTION)


def test_toute_tache_des_salles_dit_a_qui_elle_est():
    """Chaque code écrit dans une salle est réservé ; aucune tâche d'un service n'est à un membre de la commission."""
    membre = connecter(AdhesionFactory(role=Role.MEMBRE_CDIAE)).acteur
    declares = {code for code in reservees() if not code.startswith("essai.")}
    assert {"conventions.lot", "objectifs.repondre", "suivi.bilan_a_deposer", "dossier.fournir", "alertes.fin_annexe",
            "livraison.quarantaine", *Code} <= declares  # fmt: skip
    assert declares <= set(hors_de_portee(membre))
