"""Les copies d'une livraison s'éliminent sur un bordereau visé, jamais tant que quelque chose en vigueur les lit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction

from convenir.mesure.donnees import archives
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.models import DepartementCouvert, FichierRecu, Livraison
from convenir.mesure.donnees.queries import uuids_en_vigueur
from convenir.mesure.donnees.states import verifier
from convenir.socle.archives import actions, queries
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.models import Charge
from convenir.socle.journal.queries import verifier as verifier_le_journal
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import acteurs_par_role
from tests.factories_dossiers import PDF
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 27)
SIGNE = actions.Signature("Camille Fictive", "Directrice départementale")
VISA = actions.Visa("Archives départementales fictives", JOUR, "visa.pdf", PDF)


@pytest.fixture
def lieu(settings, tmp_path) -> Departement:
    settings.DOSSIER_DONNEES = tmp_path
    return StructureFactory().departement


@pytest.fixture
def ddets(lieu) -> Acteur:
    return acteurs_par_role(lieu.structures.get())[Role.DEPARTEMENTAL].acteur


def livrer(lieu: Departement, annee: int, *autres: str) -> Livraison:
    """An applied delivery of a year, its copy on disk, its act in the journal."""
    le = datetime(annee + 1, 2, 1, 9, tzinfo=UTC)
    livraison = Livraison.objects.create(
        source="fluxiae", etat="appliquee", appliquee_le=le, recue_le=le, arrete_au=date(annee, 12, 31),
        auteur_nom="x", departements=[lieu.pk, *autres], rapport={"vues": {}}, nom=f"fluxIAE_{annee}",
    )  # fmt: skip
    FichierRecu.objects.create(livraison=livraison, nom="Structure.csv", vue="Structure", sha256_recu="a" * 64,
                               sha256_copie=f"{annee:064d}")  # fmt: skip
    DepartementCouvert.objects.create(livraison=livraison, departement=lieu, depuis=le)
    copie = livraison.dossier / "Structure" / "conserve.parquet"
    copie.parent.mkdir(parents=True)
    copie.write_bytes(b"PAR1")
    with transaction.atomic():
        journaliser(actes.APPLIQUEE, livraison, auteur=Acteur.systeme("Essai").auteur, apres={"empreinte": "e"})
    return livraison


def preparer(acteur: Acteur, lieu: Departement, livraison: Livraison):
    article = (archives.CODE, str(livraison.uuid))
    return actions.preparer(acteur, lieu, "elimination", [article], SIGNE, jour=JOUR)


def test_une_livraison_en_vigueur_recente_ou_de_plusieurs_departements_n_est_pas_echue(lieu):
    seule = livrer(lieu, 2015)
    assert uuids_en_vigueur() == {seule.uuid}
    assert queries.echus(archives.CODE, lieu.pk, JOUR) == [], "rien ne la remplace : les chiffres en viennent"
    livrer(lieu, 2021)
    livrer(lieu, 2014, "85")
    livrer(lieu, 2022)
    (article,) = queries.echus(archives.CODE, lieu.pk, JOUR)
    assert (article.cle, article.clos_le, article.taille) == (str(seule.uuid), date(2015, 12, 31), 4)
    assert queries.echus(archives.CODE, lieu.pk, date(2021, 12, 30)) == [], "six ans ne sont pas passés"


def test_l_elimination_visee_efface_les_copies_et_garde_les_empreintes(
    lieu, ddets, django_capture_on_commit_callbacks
):
    ancienne, courante = livrer(lieu, 2015), livrer(lieu, 2022)
    bordereau = preparer(ddets, lieu, ancienne)
    with pytest.raises(ActionRefusee, match="attend le visa"):
        actions.executer(ddets, bordereau, jour=JOUR)
    actions.viser(ddets, bordereau, VISA)
    with django_capture_on_commit_callbacks(execute=True):
        actions.executer(ddets, bordereau, jour=JOUR)
    ancienne.refresh_from_db()
    assert not Path(ancienne.dossier).exists()
    assert (ancienne.etat, ancienne.rapport, ancienne.appliquee_le.year) == ("eliminee", {}, 2016)
    assert (ancienne.fichiers.get().sha256_recu, ancienne.fichiers.get().conserve) == ("a" * 64, False)
    assert archives.lire(str(ancienne.uuid)) is None
    assert Path(courante.dossier).exists()
    effacees = Charge.objects.filter(entree__acte=actes.APPLIQUEE, effacee_le__isnull=False)
    assert [c.entree.objet_id for c in effacees] == [str(ancienne.pk)]
    assert verifier_le_journal().valide
    with pytest.raises(ActionRefusee, match="éliminée"):
        verifier("remettre", ancienne.etat)


def test_une_livraison_remise_en_vigueur_apres_le_visa_ne_s_elimine_pas(lieu, ddets):
    ancienne = livrer(lieu, 2015)
    livrer(lieu, 2022)
    bordereau = actions.viser(ddets, preparer(ddets, lieu, ancienne), VISA)
    DepartementCouvert.objects.filter(livraison=ancienne).update(depuis=datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(ActionRefusee, match="est en vigueur"):
        actions.executer(ddets, bordereau, jour=JOUR)
    assert Path(ancienne.dossier).exists()
