"""A manual correction outlives the imports for a set time, and says who and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from convenir.mesure.donnees import actions, queries, requetes_sql
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini
from convenir.mesure.donnees.models import AnnexeLue, Correction
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import ServiceDepartementalFactory
from tests.mesure.donnees.outils import lire_sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def importee(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)


@pytest.fixture
def suivante(tmp_path):
    dossier = tmp_path / "suivante"
    generer_mini(dossier, extraction=EXTRACTION_MINI + timedelta(days=7))
    return dossier


def annexe() -> AnnexeLue:
    return AnnexeLue.objects.get(id_annexe=4002)


def test_une_correction_dannexe_tient_a_limport_suivant(importee, suivante, acteur):
    correction = actions.corriger(annexe(), "etp", "1,25", "avenant signé le 3 mars", acteur)
    assert annexe().etp == Decimal("1.25")
    assert correction.valeur_fichier == "1.0000"
    rapport = actions.appliquer(suivante, acteur)
    assert annexe().etp == Decimal("1.25")
    assert rapport.effets == {"crees": 0, "modifies": 0, "termines": 0}
    (ecart,) = rapport.corrections
    assert "avenant signé le 3 mars" in ecart["message"]
    assert (ecart["valeur_fichier"], ecart["valeur_corrigee"]) == ("1.0000", "1.2500")


def test_les_indicateurs_lisent_la_valeur_corrigee(importee, acteur):
    actions.corriger(annexe(), "etp", "1.25", "avenant signé", acteur)
    source = f"read_parquet('{queries.sources_courantes()['AnnexeFinanciere'].motif}')"
    relation = requetes_sql.annexes_retenues(source, queries.corrections_dannexes())
    lue = lire_sql(f"SELECT af_etp_postes_insertion FROM {relation} WHERE af_id_annexe_financiere = 4002")
    assert lue == [(Decimal("1.2500"),)]


def test_une_correction_echue_laisse_revenir_le_fichier(importee, suivante, acteur):
    correction = actions.corriger(annexe(), "etp", "1,25", "avenant signé", acteur)
    Correction.objects.filter(pk=correction.pk).update(jusquau=correction.faite_le.date() - timedelta(days=1))
    rapport = actions.appliquer(suivante, acteur)
    assert annexe().etp == Decimal("1.00")
    assert rapport.corrections[0]["echue"]
    assert Correction.objects.get().levee_le is not None


def test_une_correction_de_structure_tient_et_se_leve(importee, suivante, acteur):
    structure = Structure.objects.get(id_asp=100001)
    actions.corriger(structure, "denomination", "LES JARDINS RENOMMÉS", "changement de statuts", acteur)
    actions.appliquer(suivante, acteur)
    structure.refresh_from_db()
    assert structure.denomination == "LES JARDINS RENOMMÉS"
    assert Structure.objects.rechercher("renommes").count() == 1
    actions.lever(Correction.objects.get(), "erreur de ma part", acteur)
    structure.refresh_from_db()
    assert structure.denomination.startswith("LES JARDINS DE L EXEMPLE")
    actes = set(Entree.objects.values_list("acte", flat=True))
    assert {"donnees.corriger", "donnees.lever_correction"} <= actes


def test_une_seconde_correction_remplace_la_premiere(importee, acteur):
    actions.corriger(annexe(), "etp", "1,25", "premier motif", acteur)
    seconde = actions.corriger(annexe(), "etp", "1,50", "second motif", acteur)
    assert seconde.valeur_fichier == "1.0000"
    assert Correction.objects.filter(levee_le=None).count() == 1


@pytest.mark.parametrize(
    ("champ", "valeur", "motif", "message"),
    [
        ("etp", "beaucoup", "motif valable", "12,50"),
        ("etp", "-1", "motif valable", "négative"),
        ("etp", "NaN", "motif valable", "ne convient pas"),
        ("numero", "X", "motif valable", "ne se corrige pas"),
        ("fin_incluse", "2024-01-01", "motif valable", "avant de commencer"),
        ("etp", "1", "motif valable", "rien à corriger"),
        ("etp", "2", "", "motif"),
    ],
)
def test_une_correction_fausse_est_refusee_en_mots(champ, valeur, motif, message, importee, acteur):
    with pytest.raises(EntreeInvalide, match=message):
        actions.corriger(annexe(), champ, valeur, motif, acteur)
    assert not Correction.objects.exists()


def test_un_siret_faux_est_refuse(importee, acteur):
    with pytest.raises(EntreeInvalide, match="SIRET"):
        actions.corriger(Structure.objects.get(id_asp=100001), "siret_actualise", "123", "motif", acteur)


def test_on_ne_corrige_que_dans_son_perimetre(importee):
    agent = connecter(
        AdhesionFactory(
            role=Role.DEPARTEMENTAL,
            organisation=ServiceDepartementalFactory(departement=Departement.objects.get(code="85")),
        )
    )
    with pytest.raises(ActionRefusee, match="périmètre"):
        actions.corriger(annexe(), "etp", "2", "motif valable", agent.acteur)
    vendee = AnnexeLue.objects.get(id_annexe=4006)
    actions.corriger(vendee, "etp", "2", "motif valable", agent.acteur)
    assert Correction.objects.get().auteur == agent.utilisateur
