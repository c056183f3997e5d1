"""Disasters stop, unless a reason is given; what vanishes is dated, never deleted; the way back exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.generateur.ecriture import ecrire_lignes
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini, lignes_mini
from convenir.mesure.donnees.generateur.mini_monde import MONDE_MINI
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure

pytestmark = pytest.mark.django_db
PLUS_TARD = EXTRACTION_MINI + timedelta(days=7)


def livrer(dossier, monde=MONDE_MINI, extraction: datetime = PLUS_TARD):
    generer_mini(dossier, monde=monde, extraction=extraction)
    return dossier


def amputer(*ids):
    """The tiny world without some structures."""
    garder = [a for a in MONDE_MINI.annexes if a.id_asp not in ids]
    salaries = [s for s in MONDE_MINI.salaries if s.id_asp not in ids]
    contrats = [c for c in MONDE_MINI.contrats if c.salarie_id in {s.salarie_id for s in salaries}]
    connus = {c.id_contrat for c in contrats}
    return replace(
        MONDE_MINI,
        structures=tuple(s for s in MONDE_MINI.structures if s.id_asp not in ids),
        annexes=tuple(garder),
        salaries=tuple(salaries),
        contrats=tuple(contrats),
        mois=tuple(m for m in MONDE_MINI.mois if m.id_contrat in connus),
        formations=tuple(f for f in MONDE_MINI.formations if f[0] in connus),
    )


@pytest.fixture
def en_vigueur(mini, donnees, geographie, acteur):
    actions.appliquer(mini, acteur)
    return Livraison.objects.get()


def test_un_quart_de_structures_en_moins_demande_un_motif(en_vigueur, tmp_path, acteur):
    dossier = livrer(tmp_path / "b", amputer(100001, 100003, 100004))
    rapport = actions.appliquer(dossier, acteur)
    assert rapport.issue is Issue.A_CONFIRMER
    assert {"structures", "annexes", "lignes.EtatMensuelIndiv"} <= {s["code"] for s in rapport.seuils}
    assert Livraison.objects.count() == 1
    with pytest.raises(EntreeInvalide, match="motif"):
        actions.appliquer(dossier, acteur, motif_confirmation=" ")
    rapport = actions.appliquer(dossier, acteur, motif_confirmation="fusion de trois associations")
    assert rapport.issue is Issue.APPLIQUEE
    assert rapport.effets_par_objet["structures"]["termines"] == 3
    assert Structure.objects.count() == 6
    assert Structure.objects.suivies().count() == 3
    assert AnnexeLue.objects.filter(disparue_le=PLUS_TARD.date()).count() == 4
    charge = Entree.objects.filter(acte="donnees.livraison_appliquee").first().charge
    assert charge.apres["motif_confirmation"] == "fusion de trois associations"


def test_une_structure_qui_revient_reprend_sa_place(en_vigueur, tmp_path, acteur):
    actions.appliquer(livrer(tmp_path / "b", amputer(100001, 100003, 100004)), acteur, motif_confirmation="essai")
    revenue = livrer(tmp_path / "c", extraction=PLUS_TARD + timedelta(days=7))
    actions.appliquer(revenue, acteur)
    assert Structure.objects.suivies().count() == 6
    assert not AnnexeLue.objects.exclude(disparue_le=None).exists()
    assert AnnexeLue.objects.filter(retenue=True).count() == 6


def test_une_seule_structure_en_moins_passe(en_vigueur, tmp_path, acteur):
    rapport = actions.appliquer(livrer(tmp_path / "b", amputer(100004)), acteur)
    assert rapport.issue is Issue.APPLIQUEE
    assert rapport.effets_par_objet["structures"]["termines"] == 1


def test_une_livraison_plus_ancienne_demande_un_motif(en_vigueur, tmp_path, acteur):
    ancienne = livrer(tmp_path / "b", extraction=EXTRACTION_MINI - timedelta(days=7))
    rapport = actions.appliquer(ancienne, acteur)
    assert rapport.issue is Issue.A_CONFIRMER
    assert [s["code"] for s in rapport.seuils] == ["plus_ancienne"]


def test_une_livraison_partielle_garde_le_reste(en_vigueur, tmp_path, acteur):
    vues = lignes_mini(MONDE_MINI, PLUS_TARD)
    annexes = [{**a, "af_nb_prev_sorties": 9} for a in vues["AnnexeFinanciere"]]
    ecrire_lignes(tmp_path / "b", {"AnnexeFinanciere": annexes}, PLUS_TARD)
    rapport = actions.appliquer(tmp_path / "b", acteur)
    assert rapport.issue is Issue.APPLIQUEE
    assert "Salarie" in rapport.absentes
    assert rapport.quarantaine == 0
    assert Structure.objects.suivies().count() == 6
    courantes = queries.sources_courantes()
    assert courantes["AnnexeFinanciere"].livraison_uuid != courantes["Structure"].livraison_uuid
    assert courantes["Structure"].livraison_uuid == en_vigueur.uuid


def test_on_revient_a_une_livraison_gardee(en_vigueur, tmp_path, acteur):
    actions.appliquer(livrer(tmp_path / "b", amputer(100001, 100003, 100004)), acteur, motif_confirmation="erreur")
    seconde = Livraison.objects.exclude(pk=en_vigueur.pk).get()
    with pytest.raises(EntreeInvalide, match="déjà celle en vigueur"):
        actions.remettre_en_vigueur(seconde, "rien", acteur)
    actions.remettre_en_vigueur(en_vigueur, "la seconde était incomplète", acteur)
    assert Structure.objects.suivies().count() == 6
    assert queries.uuids_en_vigueur() == {en_vigueur.uuid}
    assert Entree.objects.filter(acte="donnees.livraison_remise").count() == 1


def test_les_memes_fichiers_dans_un_autre_contenant_sont_reconnus(en_vigueur, mini, tmp_path, acteur):
    from convenir.mesure.donnees.generateur.fautes import en_archive

    assert actions.essayer(en_archive(mini), acteur).issue is Issue.DEJA_IMPORTEE
