"""« À faire », fed by a calculation and by a delivery; a task closes when its cause is gone."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.indicateurs.models import Instantane, SituationStructure
from convenir.mesure.indicateurs.signals import instantane_calcule
from convenir.restitution.portail import taches
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.territoires.models import Departement
from tests.factories_socle import ServiceDepartementalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


@pytest.fixture
def services() -> dict[str, object]:
    return {d.pk: ServiceDepartementalFactory(departement=d) for d in Departement.objects.all()}


def recalculer() -> None:
    """What happens once a calculation is committed."""
    instantane_calcule.send(Instantane, instantane=Instantane.objects.get(dispositif="iae"))


def ouvertes() -> set[tuple[str, str]]:
    lues = Tache.objects.filter(faite_le=None).select_related("organisation__departement")
    return {(t.code, t.structure.code if t.structure else t.organisation.departement_id) for t in lues}


def test_un_calcul_propose_une_tache_par_service_et_genre_d_alerte(services):
    recalculer()
    assert ouvertes() == {
        ("alertes.realisation", "44"), ("alertes.saisie", "44"), ("alertes.realisation", "85"),
        ("alertes.sorties", "85"), ("alertes.saisie.structure", "100002-EI"),
        ("alertes.saisie.structure", "100003-AI"), ("alertes.saisie.structure", "100004-ETTI"),
    }  # fmt: skip
    saisie = Tache.objects.get(code="alertes.saisie")
    assert saisie.libelle == "3\xa0structures : demander les états mensuels manquants"
    assert (saisie.risque, saisie.echeance) == (Risque.ELEVE, date(2026, 1, 30))
    assert saisie.url == f"{reverse('portail:structures')}?annee=2025&motif=saisie"


def test_le_lien_d_une_tache_montre_autant_de_structures_qu_elle_en_compte(services, personnes):
    recalculer()
    tache = Tache.objects.get(code="alertes.realisation", organisation=services["85"])
    assert tache.libelle.startswith("1\xa0structure :")
    assert personnes[Role.DEPARTEMENTAL].client.get(tache.url).context["page"].paginator.count == 1


def test_recommencer_ne_change_rien(services):
    recalculer()
    avant = list(Tache.objects.order_by("pk").values()), Entree.objects.count()
    recalculer()
    assert (list(Tache.objects.order_by("pk").values()), Entree.objects.count()) == avant


def test_une_tache_se_ferme_quand_sa_cause_est_levee(services):
    recalculer()
    SituationStructure.objects.filter(structure__id_asp=100006).update(alertes=[])
    recalculer()
    assert not [cle for cle in ouvertes() if cle[1] == "85"]
    assert Tache.objects.exclude(faite_le=None).count() == 2
    SituationStructure.objects.filter(structure__categorie="ETTI").update(alertes=[])
    recalculer()
    assert Tache.objects.get(code="alertes.saisie", faite_le=None).libelle.startswith("2\xa0structures")
    assert ("alertes.saisie.structure", "100004-ETTI") not in ouvertes()


def test_une_annexe_qui_s_acheve_a_la_premiere_echeance(services):
    alerte = {
        "code": "fin_annexe",
        "gravite": "moderee",
        "fait": "x.",
        "chiffre": "1",
        "seuil": "1",
        "consequence": "y.",
    }
    Instantane.objects.update(arrete_au=date(2025, 11, 30))
    SituationStructure.objects.filter(structure__departement="85").update(
        alertes=[alerte], fin_annexe=date(2025, 12, 31)
    )
    recalculer()
    assert Tache.objects.get(code="alertes.fin_annexe").echeance == date(2025, 12, 31)


def test_un_departement_sans_service_ne_casse_rien():
    recalculer()
    assert {code for code, _ in ouvertes()} == {"alertes.saisie.structure"}


def test_la_direction_voit_la_tache_de_sa_structure(personnes):
    porteur = personnes[Role.DIRECTION_STRUCTURE].adhesion.organisation
    situation = SituationStructure.objects.filter(structure__id_asp=100006, annee=2025)
    situation.update(alertes=[{"code": "saisie", "fait": "x."}])
    recalculer()
    assert Tache.objects.get(organisation=porteur).structure == Structure.objects.get(id_asp=100006)
    page = personnes[Role.DIRECTION_STRUCTURE].client.get("/").content.decode()
    assert "saisir les états mensuels manquants" in page


# ------------------------------------------------------------------------------------------------ livraisons


def appliquee(organisation, **rapport) -> Livraison:
    livraison = Livraison.objects.create(source="fluxiae", auteur_nom="X", organisation=organisation, rapport=rapport)
    taches.apres_une_livraison(livraison_uuid=livraison.uuid)
    return livraison


def test_une_livraison_avec_des_lignes_a_l_ecart_propose_une_tache(services):
    livraison = appliquee(services["44"], quarantaine=12)
    tache = Tache.objects.get(code="livraison.quarantaine")
    assert "vérifier 12\xa0lignes mises à l’écart" in tache.libelle
    assert tache.organisation == services["44"]
    taches.apres_une_livraison(livraison_uuid=livraison.uuid)
    assert Tache.objects.count() == 1


def test_une_livraison_saine_ou_sans_organisation_n_en_propose_pas(services):
    appliquee(services["44"], quarantaine=0)
    appliquee(None, quarantaine=12)
    assert not Tache.objects.exists()


def test_les_deux_signaux_sont_ecoutes():
    def ecoute(signal, identifiant: str) -> bool:
        return any(cle[0][0] == identifiant for cle in (SimpleNamespace(r=r).r for r in signal.receivers))

    assert ecoute(instantane_calcule, "portail.taches.calcul")
    assert ecoute(livraison_appliquee, "portail.taches.livraison")
