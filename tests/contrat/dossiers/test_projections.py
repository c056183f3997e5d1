"""Each funder reads its part of the single file, and nothing of the others'."""

from __future__ import annotations

import pytest
from django.urls import reverse

from convenir.contrat.conventions.documents import produits
from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.actions import Demande
from convenir.contrat.dossiers.models import Dossier, PresentationLibre
from convenir.contrat.dossiers.projections import projeter
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature, NiveauTerritorial
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import convention_en_preparation
from tests.factories_dossiers import INSTANT, PieceJointeFactory, dossier_depose, dossier_rempli
from tests.factories_socle import OrganisationFactory

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def dossier() -> Dossier:
    """The filed application of an EI: it has a section that goes to the State alone."""
    return dossier_depose(convention=convention_en_preparation(categorie="EI"))


@pytest.fixture
def departement(dossier, gens):
    return gens(dossier.convention)[R.FINANCEUR]


@pytest.fixture
def region(dossier):
    conseil = OrganisationFactory(
        nature=Nature.COLLECTIVITE, niveau=NiveauTerritorial.REGIONAL, nom="Région fictive", departement=None,
        region=dossier.convention.departement.region,
    )  # fmt: skip
    return connecter(AdhesionFactory(organisation=conseil, role=R.FINANCEUR))


def page_de(personne, dossier: Dossier) -> str:
    reponse = personne.client.get(dossier.get_absolute_url(), follow=True)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_chaque_financeur_lit_sa_demande_et_aucune_autre(dossier, departement, region):
    siens = (("departement", departement, 12_345), ("region", region, 67_890))
    for nature, qui, base in siens:
        organisation = qui.adhesion.organisation
        dossier.financements.create(
            nature=nature, nom=organisation.nom, organisation=organisation, base=base, objet=f"Objet {nature}"
        )
    for nature, qui, base in siens:
        page = page_de(qui, dossier)
        (autre, autre_base) = next((n, b) for n, _, b in siens if n != nature)
        assert f"Objet {nature}" in page
        assert f"Objet {autre}" not in page
        assert f"{base:,}".replace(",", "\u202f") in page
        assert f"{autre_base:,}".replace(",", "\u202f") not in page
        assert "100\u202f000" not in page, "ni ce qui est demandé à l'État"
        for ligne in dossier.financements.exclude(organisation=qui.adhesion.organisation):
            adresse = reverse("dossiers:projection", args=[dossier.convention.reference, ligne.pk])
            assert qui.client.get(adresse).status_code == 404


def test_une_section_qui_n_est_pas_pour_lui_ne_lui_est_pas_montree_et_c_est_dit(dossier, departement):
    dossier.financements.create(
        nature="departement", nom="Département fictif", organisation=departement.adhesion.organisation, base=1
    )
    page = page_de(departement, dossier)
    assert dossier.reponses.get(champ="suivi.suivi").valeur in page
    assert dossier.reponses.get(champ="salaires.remuneration").valeur not in page
    assert "Ne vont pas à ce financeur : les salaires, les contrats et la durée du travail." in page
    etat = projeter(dossier, dossier.financements.get(nature="etat"))
    assert "salaires" in {s.code for s, _ in etat.sections}
    assert etat.ecartees == ()


def test_la_projection_porte_le_projet_entier_et_dit_ce_que_ce_financeur_attend(dossier, departement, region):
    organisation = departement.adhesion.organisation
    for nature, qui in (("departement", departement), ("region", region)):
        connu = qui.adhesion.organisation
        dossier.financements.create(nature=nature, nom=connu.nom, organisation=connu, base=1)
    PresentationLibre.objects.create(dossier=dossier, axe="formation", texte="Écrit librement.", modifiee_le=INSTANT)
    dossier.actions.update(preuve="le livret", orientation="Axe 2 du plan", attendue_par=organisation.nom,
                           organisation=organisation)  # fmt: skip
    page = page_de(departement, dossier)
    for dit in ("Écrit librement.", "Accueil fictif", "le livret", "Axe 2 du plan"):
        assert dit in page
    assert "Répond à une attente de ce financeur" in page
    assert "Répond à une attente" not in page_de(region, dossier)


def test_les_reponses_se_lisent_en_francais(dossier, departement):
    dossier.financements.create(nature="departement", nom="x", organisation=departement.adhesion.organisation, base=1)
    dossier.reponses.filter(champ="postes.etp_demandes").update(valeur="18.56")
    dossier.reponses.filter(champ="publics.publics_nombre").update(valeur="1200")
    page = page_de(departement, dossier)
    for dit in ("<dd>18,56</dd>", "<dd>1\u202f200</dd>", "<dd>Oui</dd>", "<dd>Association</dd>"):
        assert dit in page


def test_les_pieces_portent_leur_nom_de_piece(dossier, departement):
    dossier.financements.create(nature="departement", nom="x", organisation=departement.adhesion.organisation, base=1)
    PieceJointeFactory(dossier=dossier, genre="comptes", nom="exercice.pdf")
    page = page_de(departement, dossier)
    assert "Derniers comptes approuvés" in page
    assert "exercice.pdf" in page


def test_le_financeur_se_choisit_dans_la_liste_du_territoire_et_lit_alors_sa_projection(gens, region):
    """The name alone opens nothing; the organisation chosen does, once the application is filed."""
    brouillon = dossier_rempli()
    direction = gens(brouillon.convention)[R.DIRECTION_STRUCTURE]
    page = reverse("dossiers:financements", args=[brouillon.convention.reference])
    conseil = OrganisationFactory(
        nature=Nature.COLLECTIVITE, niveau=NiveauTerritorial.REGIONAL, nom="Région du dossier", departement=None,
        region=brouillon.convention.departement.region,
    )  # fmt: skip
    direction.client.post(page, {"nature": "region", "nom": "Région du dossier", "base": "10", "efforts": "0"})
    assert brouillon.financements.get(nature="region").organisation is None
    champs = {"nature": "region", "organisation": conseil.pk, "base": "10", "efforts": "0"}
    direction.client.post(page, champs)
    ligne = brouillon.financements.get(nature="region")
    assert (ligne.organisation, ligne.nom) == (conseil, "Région du dossier")
    reponse = direction.client.post(page, {"nature": "region", "base": "10", "efforts": "0"})
    assert "Choisissez le financeur dans la liste" in reponse.content.decode()


def test_un_financeur_d_un_autre_territoire_est_refuse(gens):
    brouillon = dossier_rempli()
    direction = gens(brouillon.convention)[R.DIRECTION_STRUCTURE].acteur
    ailleurs = brouillon.convention.structure.porteur
    with pytest.raises(EntreeInvalide, match="n'est pas un financeur de ce territoire"):
        actions.demander_financement(direction, brouillon, Demande("autre", "x", 1, 0, organisation=ailleurs))


def test_un_accuse_liste_chaque_financeur_et_n_est_remis_a_aucun_d_eux(gens):
    rempli = dossier_rempli()
    personnes = gens(rempli.convention)
    financeur, direction = personnes[R.FINANCEUR], personnes[R.DIRECTION_STRUCTURE]
    rempli.financements.create(nature="departement", nom="Département", organisation=financeur.adhesion.organisation)
    depose = actions.deposer(direction.acteur, rempli, jour=INSTANT.date(), maintenant=INSTANT)
    reference = depose.convention.reference
    adresse = reverse("dossiers:accuse", args=[reference, 1])
    assert (financeur.client.get(adresse).status_code, direction.client.get(adresse).status_code) == (404, 200)
    assert "accuse-1" in produits.refus_de_lire(financeur.acteur, reference, ["accuse-1", "v0"])
    assert not produits.refus_de_lire(direction.acteur, reference, ["accuse-1", "v0"])


def test_on_n_ouvre_que_le_dossier_d_une_convention_que_l_on_voit(dossier, gens):
    d_ailleurs = convention_en_preparation()
    for role in (R.DIRECTION_STRUCTURE, R.DEPARTEMENTAL):
        with pytest.raises(ActionRefusee, match="périmètre"):
            actions.ouvrir(gens(dossier.convention)[role].acteur, d_ailleurs, maintenant=INSTANT)
