"""A column that the file does not have is never read as zero: what depends on it is missing (décisions, § 3)."""

from __future__ import annotations

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur.fautes import sans_colonne
from convenir.mesure.indicateurs.absences import Absences
from convenir.mesure.indicateurs.actions import calculer, calculer_sans_base
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.queries import valeurs
from tests.mesure.donnees.test_departements import LOIRE, VENDEE
from tests.mesure.donnees.test_seuils import amputer, livrer

pytestmark = pytest.mark.django_db
SIAE = "100001-ACI"
# Column removed: what becomes missing, what is left as it was; (indicator, breakdown, modality).
CAS = {
    ("ContratMission", "contrat_niveau_de_formation_code"): (
        [("iae.publics.presents", "niveau_formation", "cap_bep"), ("iae.eligibilite.criteres_niveau_2", "", "")],
        [("iae.publics.presents", "", ""), ("iae.publics.presents", "rsa", "oui")],
    ),
    ("ContratMission", "contrat_salarie_rsa"): (
        [("iae.publics.presents", "rsa", "oui"), ("iae.eligibilite.critere_niveau_1", "", "")],
        [("iae.publics.presents", "ass", "oui")],
    ),
    ("Salarie", "salarie_rci_libelle"): (
        [("iae.publics.presents", "sexe", "femme")],
        [("iae.publics.presents", "age", "moins_26")],
    ),
    ("EtatMensuelIndiv", "emi_nb_heures_travail"): (
        [(f"iae.{c}", "", "") for c in ("etp.realises", "etp.taux_realisation", "publics.presents", "aide.utilisee")],
        [("iae.etp.conventionnes", "", ""), ("iae.sorties.constatees", "", "")],
    ),
    ("AnnexeFinanciere", "af_mt_cofinance"): (
        [("iae.aide.cofinancement", "", ""), ("iae.aide.part_departement", "", "")],
        [("iae.aide.allouee", "", "")],
    ),
}


def lus(instantane: Instantane, cles: list[tuple[str, str, str]]) -> set[str]:
    lues = valeurs(instantane, "siae", SIAE)
    return {str(lues.get(code, "2025", ventilation, modalite).statut) for code, ventilation, modalite in cles}


@pytest.mark.parametrize(("vue", "colonne"), list(CAS), ids=lambda x: x)
def test_ce_qui_depend_de_la_colonne_est_manquant(vue, colonne, mini, donnees, geographie, acteur):
    sans_colonne(mini, vue, colonne)
    actions.appliquer(mini, acteur)
    instantane = calculer((2025,))
    manquants, autres = CAS[vue, colonne]
    assert lus(instantane, manquants) == {"manquant"}
    assert lus(instantane, autres) == {"disponible"}
    attendue = "sexe" if colonne == "salarie_rci_libelle" else colonne
    assert f"{vue}.{attendue}" in instantane.perimetre["colonnes_absentes"]


def test_sans_motif_nulle_part_les_taux_manquent_les_sorties_constatees_restent(mini, donnees, geographie, acteur):
    for vue, prefixe in (("ContratMission", "contrat"), ("EtatMensuelIndiv", "emi")):
        for genre in ("id", "code"):
            sans_colonne(mini, vue, f"{prefixe}_motif_sortie_{genre}")
    actions.appliquer(mini, acteur)
    instantane = calculer((2025,))
    taux = [(f"iae.sorties.{c}", "", "") for c in ("taux_dynamique", "durable", "examinees", "motif_inconnu")]
    assert lus(instantane, taux) == {"manquant"}
    assert lus(instantane, [("iae.sorties.constatees", "", "")]) == {"disponible"}


def test_une_livraison_entiere_ne_manque_de_rien(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)
    assert calculer((2025,)).perimetre["colonnes_absentes"] == []
    assert Instantane.objects.get().perimetre["vues_absentes"] == []


def test_calculer_sans_base_lit_aussi_les_colonnes_livrees(mini, donnees, geographie, acteur, tmp_path):
    sans_colonne(mini, "ContratMission", "contrat_salarie_rsa")
    rapport = actions.appliquer(mini, acteur)
    calculer_sans_base((2025,), donnees / "entrepot" / str(rapport.livraison), tmp_path / "sortie.csv")
    lignes = (tmp_path / "sortie.csv").read_text("utf-8").splitlines()
    assert f"siae,{SIAE},iae.publics.presents,rsa,oui,2025,,,,manquant" in lignes


# --------------------------------------------------------------------------- une livraison partielle parmi d'autres


@pytest.fixture
def deux_departements(donnees, geographie, acteur, tmp_path):
    """Vendée (85) delivers a column less than Loire-Atlantique (44), and no training at all."""
    actions.appliquer(livrer(tmp_path / "a", amputer(*LOIRE)), acteur)
    vendee = livrer(tmp_path / "b", amputer(*VENDEE))
    sans_colonne(vendee, "ContratMission", "contrat_salarie_rsa")
    next(vendee.glob("fluxIAE_Formations_*")).unlink()
    actions.appliquer(vendee, acteur)
    return calculer((2025,))


RSA = ("iae.publics.presents", "2025", "rsa", "oui")
HEURES = ("iae.formation.heures", "2025")
LIEUX = [
    ("siae", "100001-ACI", "disponible"), ("departement", "44", "disponible"), ("siae", "100005-ACI", "manquant"),
    ("departement", "85", "manquant"), ("region", "52", "manquant"), ("france", "FR", "manquant"),
]  # fmt: skip


@pytest.mark.parametrize(("niveau", "code", "statut"), LIEUX)
def test_la_colonne_absente_d_une_livraison_partielle_ne_manque_que_la_ou_elle_vaut(
    niveau, code, statut, deux_departements
):
    lues = valeurs(deux_departements, niveau, code)
    assert {str(lues.get(*cle).statut) for cle in (RSA, HEURES)} == {statut}
    if niveau in ("siae", "departement"):
        assert lues.get("iae.publics.presents", "2025").est_disponible


def test_ce_que_les_autres_ont_livre_n_en_change_pas(deux_departements, donnees, acteur, tmp_path):
    avant = valeurs(deux_departements, "departement", "44")
    actions.appliquer(livrer(tmp_path / "c"), acteur)
    entiere = valeurs(calculer((2025,)), "departement", "44")
    assert avant.get(*RSA) == entiere.get(*RSA)
    assert avant.get(*HEURES) == entiere.get(*HEURES)


def test_l_instantane_dit_ce_qui_manque_dans_chaque_departement(deux_departements):
    perimetre = deux_departements.perimetre
    assert perimetre["colonnes_absentes"] == ["ContratMission.contrat_salarie_rsa"]
    assert Absences.de(perimetre, "44") == Absences()
    assert Absences.de(perimetre, "85") == Absences(("Formations",), ("ContratMission.contrat_salarie_rsa",))
