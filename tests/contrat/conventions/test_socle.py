"""Créer une convention, la faire avancer, figer ce qui est signé."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from convenir.contrat.conventions import gardes, queries
from convenir.contrat.conventions.actions import (
    NouvelleConvention,
    TermesChanges,
    creer,
    modifier_termes,
    passer,
)
from convenir.contrat.conventions.models import Convention, Version, VersionSignee
from convenir.contrat.conventions.queries.page import lire
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import (
    INSTANT,
    CpoFactory,
    VersionFactory,
    convention_en_cours,
    convention_en_preparation,
)
from tests.factories_socle import ServiceDepartementalFactory, StructureFactory

JOUR = date(2026, 1, 5)
SYSTEME = Acteur.systeme("Essai")


def demande(structure, **champs):
    return NouvelleConvention(structure, date(2026, 1, 1), date(2029, 1, 1), **champs)


@pytest.mark.django_db
def test_creer_tire_une_reference_prepare_la_version_initiale_et_journalise():
    structure = StructureFactory()
    service = ServiceDepartementalFactory(departement=structure.departement)
    convention = creer(SYSTEME, demande(structure, termes=Termes(postes=Decimal(8))), maintenant=INSTANT)
    assert convention.reference == f"CONV-{structure.departement_id}-2026-ACI-0001"
    assert convention.service == service
    version = convention.versions.get()
    assert (version.nature, version.rang, version.termes.postes) == ("initiale", 0, 8)
    assert Entree.objects.filter(acte="conventions.creer").count() == 1


@pytest.mark.django_db
def test_une_convention_sans_service_de_l_etat_connu_est_refusee_sans_prendre_de_numero():
    structure = StructureFactory()
    with pytest.raises(EntreeInvalide, match="Aucun service"):
        creer(SYSTEME, demande(structure), maintenant=INSTANT)
    ServiceDepartementalFactory(departement=structure.departement)
    assert creer(SYSTEME, demande(structure), maintenant=INSTANT).reference.endswith("-0001")


@pytest.mark.django_db
def test_qui_peut_creer_et_qui_voit_un_brouillon():
    structure = StructureFactory()
    gens = acteurs_par_role(structure)
    convention = creer(gens[Role.DIRECTION_STRUCTURE].acteur, demande(structure), maintenant=INSTANT)
    with pytest.raises(ActionRefusee):
        creer(gens[Role.FINANCEUR].acteur, demande(structure), maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="périmètre"):
        creer(gens[Role.DIRECTION_STRUCTURE].acteur, demande(StructureFactory()), maintenant=INSTANT)
    voient = {role for role, qui in gens.items() if queries.convention_visible(qui.acteur, convention.reference)}
    assert voient == {
        Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.DIRECTION_STRUCTURE,
        Role.COLLABORATION_STRUCTURE,
    }  # fmt: skip
    Convention.objects.update(etat=EtatConvention.DEPOSE)
    assert queries.convention_visible(gens[Role.FINANCEUR].acteur, convention.reference)
    assert not queries.convention_visible(gens[Role.RESEAU].acteur, convention.reference)


@pytest.mark.django_db
def test_un_passage_change_l_etat_et_s_inscrit_aux_deux_journaux():
    convention = convention_en_preparation()
    passer(SYSTEME, convention, "deposer", jour=JOUR, maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="motif"):
        passer(SYSTEME, convention, "declarer_incomplet", jour=JOUR, maintenant=INSTANT)
    rendue = passer(SYSTEME, convention, "declarer_incomplet", jour=JOUR, maintenant=INSTANT, motif="Sans statuts")
    assert rendue.etat == EtatConvention.INCOMPLET
    assert [p.vers for p in convention.passages.all()] == ["depose", "incomplet"]
    assert Entree.objects.filter(acte="conventions.declarer_incomplet").count() == 1
    with pytest.raises(ActionRefusee, match="incomplète"):
        passer(SYSTEME, convention, "instruire", jour=JOUR, maintenant=INSTANT)


@pytest.mark.django_db
def test_une_salle_du_dessus_declare_sa_garde_et_le_passage_en_dit_la_raison(monkeypatch):
    monkeypatch.setattr(gardes, "_GARDES", {})

    @gardes.garde("instruire", texte="essai")
    def le_dossier_est_relu(contexte):
        return "Relisez d'abord le dossier."

    convention = convention_en_preparation(EtatConvention.COMPLET)
    with pytest.raises(ActionRefusee, match="Relisez d'abord"):
        passer(SYSTEME, convention, "instruire", jour=JOUR, maintenant=INSTANT)
    with pytest.raises(ValueError, match="ne déclare pas"):
        gardes.garde("inconnue", texte="essai")(le_dossier_est_relu)


@pytest.mark.django_db
def test_une_version_signee_est_immuable_par_le_code_et_par_la_base():
    version = convention_en_cours().versions.get()
    version.objet = "autre"
    with pytest.raises(VersionSignee):
        version.save()
    with pytest.raises(VersionSignee):
        Version.objects.filter(pk=version.pk).update(objet="autre")
    with pytest.raises(ActionRefusee, match="figés"):
        modifier_termes(SYSTEME, version, Termes(), jeton=version.jeton, maintenant=INSTANT)
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE conventions_version SET objet = 'autre' WHERE id = %s", [version.pk])


@pytest.mark.django_db
def test_deux_agents_sur_les_memes_termes_le_second_est_averti_et_ne_perd_rien():
    version = convention_en_preparation(EtatConvention.EN_NEGOCIATION).versions.get()
    modifier_termes(SYSTEME, version, Termes(postes=Decimal(13)), jeton=version.jeton, maintenant=INSTANT)
    with pytest.raises(TermesChanges) as capture:
        modifier_termes(SYSTEME, version, Termes(postes=Decimal(14)), jeton=version.jeton, maintenant=INSTANT)
    assert capture.value.version.termes.postes == 13
    assert capture.value.proposes.postes == 14


@pytest.mark.django_db
def test_les_termes_a_une_date_sont_ceux_de_la_derniere_version_signee_en_effet():
    convention = convention_en_cours()
    VersionFactory(
        convention=convention, nature="avenant", rang=1, numero=1, effet=date(2026, 7, 1), signee_le=date(2026, 6, 2),
        etat=EtatVersion.SIGNEE, termes=Termes(postes=Decimal(14)),
    )  # fmt: skip
    assert queries.termes_au(convention, date(2025, 12, 31)) is None
    assert queries.termes_au(convention, date(2026, 6, 30)).postes == 12
    assert queries.termes_au(convention, date(2026, 7, 1)).postes == 14
    en_vigueur = {
        jour: lire(SYSTEME, convention, jour).en_vigueur.termes.postes
        for jour in (date(2026, 6, 30), date(2026, 7, 1))
    }
    assert list(en_vigueur.values()) == [12, 14], "la page dit comme la lecture, dès le jour de l'effet"


@pytest.mark.django_db
def test_une_cpo_lie_une_mission_locale_et_une_seule_partie():
    cpo = CpoFactory()
    assert str(cpo).endswith(cpo.mission_locale.nom)
    with pytest.raises(DatabaseError), transaction.atomic():
        CpoFactory(structure=StructureFactory(), categorie="ACI")
