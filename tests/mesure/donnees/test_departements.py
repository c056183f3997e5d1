"""Two départements load each their own FluxIAE delivery on one platform; none ends or erases what is of another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.effets import couverture
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.mesure.donnees.policies import raison_hors_perimetre
from convenir.mesure.donnees.rapport import Issue
from convenir.mesure.donnees.vigueur import repartir
from convenir.mesure.indicateurs.actions import calculer
from convenir.mesure.indicateurs.queries import trace, valeurs
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import ServiceDepartementalFactory
from tests.mesure.donnees.outils import lire_sql
from tests.mesure.donnees.test_seuils import amputer, livrer

SEMAINE = timedelta(days=7)
LOIRE, VENDEE = (100005,), (100001, 100002, 100003, 100004)  # what is NOT there
ETP = "iae.etp.realises"


def jour(rang: int) -> datetime:
    return datetime(2026, 1, rang)  # noqa: DTZ001


def test_chaque_departement_a_la_derniere_qui_le_couvre():
    nationale = {"44": jour(1), "85": jour(1), "29": jour(1)}
    assert repartir({1: nationale}) == {1: frozenset()}
    assert repartir({1: nationale, 2: {"44": jour(2)}}) == {2: frozenset(), 1: frozenset({"44"})}
    assert list(repartir({1: nationale, 2: {"44": jour(2)}, 3: {"44": jour(3)}})) == [3, 1]
    assert repartir({1: nationale | {"44": jour(4)}, 2: {"44": jour(2)}}) == {1: frozenset()}


def agent(code: str) -> Acteur:
    return connecter(
        AdhesionFactory(organisation=ServiceDepartementalFactory(departement=Departement.objects.get(code=code)))
    ).acteur


def lignes(vue: str) -> int:
    return lire_sql(f"SELECT count(*) FROM {queries.sources_courantes()[vue].relation}")[0][0]


@pytest.fixture
def regionale(mini, donnees, geographie, acteur):
    """A delivery of both départements in force."""
    actions.appliquer(mini, acteur)
    return Livraison.objects.get()


@pytest.mark.django_db
def test_deux_departements_chargent_chacun_la_leur(donnees, geographie, tmp_path):
    a44, a85 = agent("44"), agent("85")
    assert actions.appliquer(livrer(tmp_path / "a", amputer(*LOIRE)), a44).issue is Issue.APPLIQUEE
    rapport = actions.appliquer(livrer(tmp_path / "b", amputer(*VENDEE)), a85)
    assert (rapport.issue, rapport.seuils, rapport.effets["termines"]) == (Issue.APPLIQUEE, [], 0)
    assert Structure.objects.suivies().count() == 6
    assert queries.uuids_en_vigueur() == set(Livraison.objects.values_list("uuid", flat=True))
    ensemble = {vue: lignes(vue) for vue in ("Structure", "AnnexeFinanciere", "ContratMission", "EtatMensuelIndiv")}
    deux = calculer([2025])
    # One file of both gives the same figures; its motif of confirmation is not asked: nothing is lost.
    assert actions.appliquer(livrer(tmp_path / "c"), Acteur.systeme("Essai")).issue is Issue.APPLIQUEE
    assert len(queries.uuids_en_vigueur()) == 1
    assert {vue: lignes(vue) for vue in ensemble} == ensemble
    assert calculer([2025]).sha256 == deux.sha256


@pytest.mark.django_db
def test_une_livraison_departementale_laisse_les_autres(regionale, tmp_path):
    avant = {vue: lignes(vue) for vue in ("Structure", "Salarie", "Formations", "EtatMensuelIndiv")}
    monde = amputer(*VENDEE)
    plus = replace(monde, mois=tuple(replace(m, heures=m.heures + 10) for m in monde.mois))
    rapport = actions.appliquer(livrer(tmp_path / "b", plus, EXTRACTION_MINI + SEMAINE), agent("85"))
    assert (rapport.issue, rapport.seuils, rapport.effets["termines"]) == (Issue.APPLIQUEE, [], 0)
    assert {vue: lignes(vue) for vue in avant} == avant
    assert not AnnexeLue.objects.exclude(disparue_le=None).exists()
    instantane = calculer([2025])
    emi = [f for f in instantane.fichiers if f["vue"] == "EtatMensuelIndiv"]
    assert [f["remplaces"] for f in emi] == [[], ["85"]]
    assert valeurs(instantane, "siae", "100001-ACI").get(ETP, "2025").valeur == 2
    assert len({f.sha256 for f in trace(instantane, "departement", "85", ETP, "2025").fichiers}) >= 2
    realises = valeurs(
        instantane,
        "departement",
        "85",
    ).get(ETP, "2025")
    assert realises.est_disponible
    assert trace(instantane, "departement", "85", ETP, "2025").etapes[0].effectif == len(plus.mois)


@pytest.mark.django_db
def test_un_departement_qui_perd_ses_structures_demande_un_motif(regionale, tmp_path):
    dossier = livrer(tmp_path / "b", amputer(*LOIRE, 100001, 100003), EXTRACTION_MINI + SEMAINE)
    rapport = actions.essayer(dossier, agent("44"))
    assert {"structures", "annexes", "lignes.EtatMensuelIndiv"} <= {s["code"] for s in rapport.seuils}
    assert rapport.effets_par_objet["structures"]["termines"] == 2


@pytest.mark.django_db
def test_le_refus_dit_le_vrai_motif(donnees, geographie, mini):
    rapport = actions.essayer(mini, agent("85"))
    assert rapport.issue is Issue.REFUSEE
    assert "contient aussi des structures de départements hors de votre périmètre : " in rapport.refus[0]
    assert "(44)" in rapport.refus[0]


@pytest.mark.django_db
def test_chaque_departement_revient_pour_lui_seul(regionale, tmp_path):
    a44, a85 = agent("44"), agent("85")
    actions.appliquer(livrer(tmp_path / "b", amputer(*VENDEE), EXTRACTION_MINI + SEMAINE), a85)
    ampute = livrer(tmp_path / "c", amputer(*LOIRE, 100001, 100003), EXTRACTION_MINI + SEMAINE)
    actions.appliquer(ampute, a44, motif_confirmation="une erreur")
    assert Structure.objects.suivies().count() == 4
    actions.remettre_en_vigueur(regionale, "la livraison était incomplète", a44)
    assert Structure.objects.suivies().count() == 6
    assert queries.remplacements()[regionale.uuid] == {"85"}, "la Vendée garde la sienne"
    with pytest.raises(EntreeInvalide, match="déjà celle en vigueur dans votre périmètre"):
        actions.remettre_en_vigueur(regionale, "encore", a44)
    with pytest.raises(ActionRefusee, match="aucun département de votre périmètre"):
        actions.remettre_en_vigueur(Livraison.objects.get(nom="c"), "pas la mienne", a85)


@pytest.mark.django_db
def test_au_dela_de_la_moitie_des_regions_un_departement_absent_a_disparu(geographie):
    moitie = Decimal("0.5")
    connus = set(Departement.objects.values_list("code", flat=True))
    # Four régions are known here: Pays de la Loire (44, 85), Bretagne (29), Nouvelle-Aquitaine (17), Grand Est (54).
    assert couverture({"44", "85"}, moitie) == {"44", "85"}
    assert couverture({"44", "29"}, moitie) == {"44", "29"}, "la moitié n'est pas au-delà"
    assert couverture({"44", "29", "17"}, moitie) == connus
    assert couverture({"44", "85"}, Decimal(0)) == {"44", "85"}, "une seule région n'est jamais nationale"
    assert couverture({"44", "99"}, moitie) == {"44"}
    refus = raison_hors_perimetre(agent("44"), {"44", "29", "17"}, connus)
    assert refus.startswith("Cette livraison est nationale")
    assert raison_hors_perimetre(Acteur.systeme("Essai"), {"44", "29", "17"}, connus) is None
