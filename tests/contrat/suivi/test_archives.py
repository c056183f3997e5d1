"""Les bilans d'une convention finie se versent, tels qu'ils furent déposés ; ils ne s'éliminent pas."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from convenir.contrat.suivi import archives
from convenir.contrat.suivi.models import Bilan, ChiffreBilan, RubriqueBilan
from convenir.socle.archives import actions, queries
from convenir.socle.archives.export import exporter
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import ConventionFactory

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 27)
SIGNE = actions.Signature("Camille Fictive", "Directrice départementale")


@pytest.fixture
def bilan() -> Bilan:
    convention = ConventionFactory(
        etat="expire", debut=date(2010, 1, 1), fin=date(2013, 1, 1), etat_depuis=date(2013, 1, 1)
    )
    commun = {"convention": convention, "ouvert_le": datetime(2012, 1, 9, 9, tzinfo=UTC)}
    depose = Bilan.objects.create(annee=2011, etat="bilan_depose", depose_le=date(2012, 3, 1), **commun)
    RubriqueBilan.objects.create(bilan=depose, code="moyens", texte="Deux encadrants.")
    ChiffreBilan.objects.create(bilan=depose, code="etp_realises", extranet="11.5", structure="12")
    Bilan.objects.create(annee=2012, **commun)
    return depose


def preparer(bilan: Bilan, sens: str):
    acteur = acteurs_par_role(bilan.convention.structure)[Role.DEPARTEMENTAL].acteur
    article = (archives.CODE, f"{bilan.convention.reference}-2011")
    return acteur, actions.preparer(acteur, bilan.convention.departement, sens, [article], SIGNE, jour=JOUR)


def test_seul_un_bilan_depose_d_une_convention_finie_est_echu(bilan):
    lieu = bilan.convention.departement_id
    (article,) = queries.echus(archives.CODE, lieu, JOUR)
    assert (article.cle, article.clos_le) == (f"{bilan.convention.reference}-2011", date(2012, 12, 31))
    assert queries.echus(archives.CODE, lieu, date(2022, 12, 30)) == [], "dix ans ne sont pas passés"
    bilan.convention.etat = "en_cours"
    bilan.convention.save()
    assert queries.echus(archives.CODE, lieu, JOUR) == []


def test_un_bilan_se_verse_avec_ses_rubriques_et_ses_chiffres_et_ne_s_elimine_pas(bilan):
    with pytest.raises(ActionRefusee, match="se verse aux Archives"):
        preparer(bilan, "elimination")
    acteur, bordereau = preparer(bilan, "versement")
    with zipfile.ZipFile(BytesIO(exporter(acteur, bordereau))) as archive:
        (ligne,) = csv.DictReader(archive.read("manifeste.csv").decode("utf-8-sig").splitlines())
        verse = json.loads(archive.read(ligne["fichier"]))
    assert verse["convention"] == bilan.convention.reference
    assert verse["rubriques"] == {"Moyens humains et matériels": "Deux encadrants."}
    assert verse["chiffres"]["ETP d'insertion réalisés"]["structure"] == "12.000000"
    RubriqueBilan.objects.update(texte="Trois encadrants.")
    with pytest.raises(ActionRefusee, match="a changé depuis le bordereau"):
        exporter(acteur, bordereau)
