"""The accounts of the demonstration, and the preparation of a database: doing it twice changes nothing."""

from __future__ import annotations

import pytest

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import AXES_ML, Objectif
from convenir.contrat.travaux.models import Travail
from convenir.restitution.commandes.demo import preparer_demo
from convenir.restitution.demonstration import comptes, conventions, dossiers, travaux
from convenir.restitution.demonstration.objectifs import DEBUT, creer_les_negociations
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import MissionLocale, Nature, Organisation, Structure
from convenir.socle.territoires.models import Commune, Departement
from tests.factories_socle import (
    AgenceFranceTravailFactory,
    ConseilDepartementalFactory,
    MissionLocaleFactory,
    ServiceDepartementalFactory,
    ServiceNationalFactory,
    ServiceRegionalFactory,
    StructureFactory,
)
from tests.restitution.test_commandes import lancer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


@pytest.fixture
def region() -> str:
    """The organisations that the preparation and the demonstration put in a région."""
    ServiceNationalFactory()
    for departement in Departement.objects.filter(region="52"):
        for fabrique in (ServiceDepartementalFactory, ConseilDepartementalFactory, AgenceFranceTravailFactory):
            fabrique(departement=departement)
    ServiceRegionalFactory(region=departement.region)
    return "52"


def etat() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Utilisateur, Adhesion, Organisation, Entree))


def test_trois_comptes_par_role(region, systeme):
    crees = comptes.creer(region, systeme)
    attendus = dict.fromkeys(Role, comptes.NOMBRE)
    attendus |= dict.fromkeys(ROLES_STRUCTURE, comptes.NOMBRE + comptes.MISSIONS_LOCALES)
    assert {role: sum(c.role == role for c in crees) for role in Role} == attendus
    assert len({c.email for c in crees}) == sum(attendus.values())
    assert all(c.email.endswith(".invalid") for c in crees)


def test_recreer_ne_cree_rien(region, systeme):
    premiers = comptes.creer(region, systeme)
    avant = etat()
    assert comptes.creer(region, systeme) == premiers
    assert etat() == avant


def test_chacun_entre_avec_son_role_et_voit_ce_qu_il_doit(region, systeme, client):
    for compte in comptes.creer(region, systeme):
        utilisateur = Utilisateur.objects.get(email=compte.email)
        assert utilisateur.check_password(comptes.MOT_DE_PASSE)
        acteur = acteur_de(utilisateur)
        assert acteur.role == compte.role
        vues = Structure.objects.visibles_par(acteur.perimetre)
        if acteur.organisation.nature == Nature.MISSION_LOCALE:
            assert not vues.exists()
            siennes = MissionLocale.objects.visibles_par(acteur.perimetre)
            assert {ml.organisation_id for ml in siennes} == {acteur.organisation.pk}
            continue
        if compte.role in {Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.RESEAU, *ROLES_STRUCTURE}:
            assert vues.exists(), compte
        if compte.role in ROLES_STRUCTURE:
            assert {s.porteur_id for s in vues} == {acteur.organisation.pk}


def test_la_demonstration_refuse_une_base_de_production(settings):
    settings.DONNEES_FICTIVES = False
    with pytest.raises(ErreurMetier, match="ne se charge pas dans une base de production"):
        preparer_demo()


def test_la_demonstration_refuse_une_base_qui_tient_deja_des_comptes(region, systeme, settings, tmp_path):
    settings.DOSSIER_DONNEES, settings.REPERE_FICTIF = tmp_path, tmp_path / "DONNEES-FICTIVES"
    comptes.creer(region, systeme)
    avant = Utilisateur.objects.count()
    with pytest.raises(ErreurMetier, match="Donnez-lui un autre dossier"):
        preparer_demo()
    assert Utilisateur.objects.count() == avant
    assert not settings.REPERE_FICTIF.exists()


def test_preparer_deux_fois_ne_change_rien(capsys, settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "neuf"
    assert lancer("preparer") == 0
    assert capsys.readouterr().out == "La base est prête.\n"
    avant = (*etat(), Commune.objects.count())
    assert Commune.objects.count() > 34_000
    assert lancer("preparer") == 0
    assert (*etat(), Commune.objects.count()) == avant


def test_des_conventions_dans_les_principaux_etats_nees_des_vrais_actes(region, systeme):
    departement = Departement.objects.get(pk="44")
    for categorie in ("ACI", "AI", "EI", "ETTI"):
        StructureFactory.create_batch(8, categorie=categorie, departement=departement, commune=None)
    MissionLocaleFactory.create_batch(2, departement=departement)
    assert conventions.creer_celles_de_lannee(region, systeme) == 5
    prochaines = conventions.creer_les_prochaines(region, systeme)
    assert prochaines == 7
    etats = set(Convention.objects.values_list("etat", flat=True))
    assert etats >= {
        "en_cours", "avenant_en_preparation", "manquement", "en_renouvellement", "soumis_avis", "avis_rendu",
        "a_signer", "partiellement_signe", "refuse", "en_negociation",
    }  # fmt: skip
    for convention in Convention.objects.prefetch_related("versions__pieces", "passages"):
        jours = [p.jour for p in convention.passages.order_by("pk")]
        assert jours == sorted(jours), convention
        for version in convention.versions.all():
            assert all("fictif" in a.texte for a in version.termes.axes)
            if version.etat == "signee":
                assert {p.genre for p in version.pieces.all()} == {"acte", "acte_signe"}
    cpo = Convention.objects.get(dispositif="ml", etat="en_cours")
    assert set(Objectif.objects.filter(convention=cpo, etat="convenu").values_list("axe", flat=True)) == set(AXES_ML)
    avant = etat()
    assert conventions.creer_celles_de_lannee(region, systeme) == 0
    assert conventions.creer_les_prochaines(region, systeme) == 0
    assert etat() == avant, "recommencer ne crée rien"


def test_une_structure_n_a_qu_une_demande_pour_l_annee_qui_vient(region, systeme, settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path
    departement = Departement.objects.get(pk="44")
    for categorie in ("ACI", "AI", "EI", "ETTI"):
        StructureFactory.create_batch(8, categorie=categorie, departement=departement, commune=None)
    comptes.creer(region, systeme)
    dossiers.creer(region, systeme)
    conventions.creer_les_prochaines(region, systeme)
    assert creer_les_negociations(region, systeme) == 3
    suivantes = Convention.objects.filter(debut=DEBUT, structure__isnull=False)
    assert len(set(suivantes.values_list("structure", flat=True))) == suivantes.count()
    premiere = suivantes.filter(categorie="ACI").order_by("structure__id_asp").first()
    assert (premiere.etat, premiere.dossier.depose_le is None) == ("en_negociation", False)
    jours = [p.jour for p in premiere.passages.order_by("pk")]
    assert jours == sorted(jours)


def test_les_registres_de_trois_missions_locales_et_un_retrait(region, systeme, settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path
    assert travaux.creer(region, systeme) == 5 + 4 + 3
    assert Travail.objects.filter(retire_le__isnull=False).count() == 1
    assert Travail.objects.filter(pieces__isnull=False).count() == 3
    assert all("fictif" in t.intitule for t in Travail.objects.all())
    avant = Entree.objects.count()
    assert travaux.creer(region, systeme) == 12
    assert Entree.objects.count() == avant, "recommencer ne crée rien"
