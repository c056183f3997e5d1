"""Ce que chacun lit de chaque état : l'agent de l'État, la structure, le financeur, France Travail."""

from __future__ import annotations

import re

import pytest

from convenir.contrat.conventions import states
from convenir.contrat.conventions.lectures import LECTURES, LECTURES_D_AVENANT, Lecteur, lecteur_de, lecture
from convenir.contrat.conventions.models import Convention, Signature
from convenir.contrat.conventions.mots import TOURS
from convenir.contrat.conventions.states import EN_SUSPENS, EtatConvention
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import TERMES, ConventionFactory, CpoFactory, SignatureFactory, VersionFactory
from tests.factories_socle import AgenceFranceTravailFactory, ConseilDepartementalFactory

R = Role
DES_QUATRE = {R.DEPARTEMENTAL: Lecteur.ETAT, R.DIRECTION_STRUCTURE: Lecteur.STRUCTURE,
              R.FINANCEUR: Lecteur.FINANCEUR, R.FRANCE_TRAVAIL: Lecteur.FRANCE_TRAVAIL}  # fmt: skip


def test_chaque_etat_dit_a_chacun_sa_phrase():
    assert set(LECTURES) == set(EtatConvention)
    assert set(LECTURES_D_AVENANT) == set(EN_SUSPENS)
    for table in (LECTURES, LECTURES_D_AVENANT):
        for etat, dites in table.items():
            assert set(dites) == set(Lecteur), etat
            assert len(set(dites.values())) == 4, f"{etat} : chacun lit la sienne"


def test_la_structure_est_adressee_et_nul_n_y_parle_d_elle_en_tiers():
    for table in (LECTURES, LECTURES_D_AVENANT):
        for etat, dites in table.items():
            dite = dites[Lecteur.STRUCTURE]
            assert re.search(r"\b[Vv](ous|otre|os)\b|^Remplissez|^Fournissez|^Proposez|^Les voies", dite), etat
            assert "{la}" not in dite.lower(), etat
            assert "la structure" not in dite, etat


@pytest.mark.parametrize("cpo", [False, True])
@pytest.mark.parametrize("role", DES_QUATRE)
@pytest.mark.parametrize("etat", EtatConvention)
def test_aucune_phrase_ne_garde_un_trou_et_une_cpo_ne_dit_pas_ce_qu_elle_n_a_pas(etat, role, cpo):
    dites = [lecture(role, etat, avenant, cpo=cpo) for avenant in (None, *sorted(EN_SUSPENS))]
    if cpo and role == R.FRANCE_TRAVAIL:
        assert set(dites) == {None}, "France Travail ne signe pas une CPO"
        return
    assert not [d for d in dites if d is None or "{" in d or not d.endswith(".")]
    atteints = {E for t in states.TRANSITIONS.values() for E in t.passages if E not in {"soumis_avis", "avis_rendu"}}
    if cpo and etat in atteints:
        assert not re.search(r"commission|extranet|la structure", dites[0])


def test_qui_regarde_seulement_lit_la_phrase_neutre():
    for role in (R.NATIONAL, R.RESEAU, R.MEMBRE_CDIAE, R.ADMINISTRATION, None):
        assert lecteur_de(role) is None
        assert lecture(role, "en_cours", None, cpo=False) is None
    assert set(TOURS) == set(EtatConvention)


def gens(convention: Convention):
    """One person of each audience, and a national agent."""
    organisations = {
        R.DEPARTEMENTAL: convention.service, R.DIRECTION_STRUCTURE: convention.organisation,
        R.FINANCEUR: ConseilDepartementalFactory(departement=convention.departement),
        R.FRANCE_TRAVAIL: AgenceFranceTravailFactory(departement=convention.departement),
    }  # fmt: skip
    return {role: connecter(AdhesionFactory(organisation=o, role=role)) for role, o in organisations.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("etat", ["depose", "incomplet", "en_negociation", "soumis_avis", "signe", "manquement"])
def test_la_page_dit_a_chacun_la_phrase_de_son_role(etat):
    convention = ConventionFactory(etat=etat, etat_precedent="en_cours" if etat == "manquement" else "")
    VersionFactory(convention=convention, termes=TERMES)
    lues = {}
    for role, qui in gens(convention).items():
        page = qui.client.get(convention.get_absolute_url()).content.decode()
        lues[role] = page.split("<dt>Ensuite</dt>")[1].split("</dd>")[0]
        assert lecture(role, etat, None, cpo=False) in lues[role].replace("&#x27;", "'"), role
    assert len(set(lues.values())) == 4


@pytest.mark.django_db
def test_la_partie_attendue_lit_a_vous_les_autres_son_nom():
    convention = ConventionFactory(etat="a_signer")
    version = VersionFactory(convention=convention, termes=TERMES, etat="a_signer")
    personnes = gens(convention)
    agence = personnes[R.FRANCE_TRAVAIL].acteur.organisation
    SignatureFactory(version=version, partie="france_travail", ordre=1, organisation=agence, autorite="L’agence")
    SignatureFactory(version=version, partie="etat", ordre=2, organisation=convention.service, autorite="Le préfet")

    def tour(role) -> str:
        page = personnes[role].client.get(convention.get_absolute_url()).content.decode()
        return page.split("<dt>À qui le tour</dt>")[1].split("</dd>")[0]

    assert "À vous" in tour(R.FRANCE_TRAVAIL)
    assert agence.nom in tour(R.DIRECTION_STRUCTURE)
    assert "À vous" not in tour(R.DEPARTEMENTAL), "l'État signe en dernier"
    Signature.objects.filter(organisation=agence).delete()
    assert "À vous" in tour(R.DEPARTEMENTAL)


@pytest.mark.django_db
def test_une_cpo_en_negociation_n_annonce_a_personne_un_avis_de_commission():
    convention = CpoFactory(etat="en_negociation")
    VersionFactory(convention=convention)
    agent = connecter(AdhesionFactory(organisation=convention.service, role=R.DEPARTEMENTAL))
    page = agent.client.get(convention.get_absolute_url()).content.decode()
    ensuite = page.split("<dt>Ensuite</dt>")[1].split("</dd>")[0]
    assert "mettez la convention à la signature" in ensuite
    assert "commission" not in ensuite
