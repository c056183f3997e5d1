"""Ajouter au droit : qui le peut, ce qui est gardé, ce qui est refusé."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.reglementation import actions, queries
from convenir.socle.reglementation.models import ParametreLocal, ValeurAjoutee
from tests.factories_comptes import acteurs_par_role
from tests.factories_socle import DepartementFactory, StructureFactory
from tests.socle.reglementation.factories import EI, saisie, saisie_locale

pytestmark = pytest.mark.django_db
SYSTEME = Acteur.systeme("Essai")


def test_un_ajout_vaut_a_sa_date_et_se_lit_au_journal() -> None:
    avant = queries.version_reglementaire()
    ligne = actions.ajouter_valeur(SYSTEME, saisie())
    assert ligne.valeur == "13500"
    assert queries.valeur(EI, date(2026, 6, 1)).valeur == Decimal(13500)
    assert queries.valeur(EI, date(2025, 12, 31)).valeur == Decimal(13304)
    assert queries.version_reglementaire() != avant
    entree = Entree.objects.get()
    assert entree.acte == "reglementation.valeur_ajoutee"
    assert entree.charge.avant["valeur"] == "13304"
    assert entree.charge.apres["valeur"] == "13500"
    assert entree.charge.apres["source"] == "https://exemple.invalid/arrete"


def test_deux_ajouts_a_la_meme_date_sont_refuses_et_rien_n_est_ecrit_deux_fois() -> None:
    actions.ajouter_valeur(SYSTEME, saisie())
    with pytest.raises(EntreeInvalide, match="déjà été ajoutée"):
        actions.ajouter_valeur(SYSTEME, saisie(valeur="14 000"))
    assert ValeurAjoutee.objects.count() == Entree.objects.count() == 1


def test_retirer_rend_la_valeur_d_avant_et_garde_la_trace() -> None:
    ligne = actions.ajouter_valeur(SYSTEME, saisie())
    actions.retirer_valeur(SYSTEME, ligne.pk, "Erreur de saisie")
    assert queries.valeur(EI, date(2026, 6, 1)).valeur == Decimal(13304)
    gardee = ValeurAjoutee.objects.get()
    assert gardee.est_retire
    assert gardee.motif_retrait == "Erreur de saisie"
    assert Entree.objects.count() == 2
    with pytest.raises(EntreeInvalide, match="déjà retirée"):
        actions.retirer_valeur(SYSTEME, ligne.pk, "Encore")
    actions.ajouter_valeur(SYSTEME, saisie(valeur="14 000"))
    assert queries.valeur(EI, date(2026, 6, 1)).valeur == Decimal(14000)


def test_on_ne_retire_pas_sans_motif() -> None:
    ligne = actions.ajouter_valeur(SYSTEME, saisie())
    with pytest.raises(EntreeInvalide, match="motif"):
        actions.retirer_valeur(SYSTEME, ligne.pk, "  ")
    assert not ValeurAjoutee.objects.get().est_retire


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"valeur": "beaucoup"}, "un montant en euros"),
        ({"dernier_jour": date(2025, 12, 31)}, "précède la date d'effet"),
        ({"source": " "}, "la source"),
        ({"texte": ""}, "le texte"),
        ({"motif": ""}, "le motif"),
        ({"a_confirmer": True}, "pourquoi"),
    ],
)
def test_une_saisie_fausse_est_refusee_en_disant_quoi_corriger(champs: dict[str, object], mot: str) -> None:
    with pytest.raises(EntreeInvalide, match=mot):
        actions.ajouter_valeur(SYSTEME, saisie(**champs))
    assert not ValeurAjoutee.objects.exists()


def test_un_parametre_inconnu_est_refuse() -> None:
    with pytest.raises(queries.ParametreInconnu):
        actions.ajouter_valeur(SYSTEME, saisie(code="iae.socle.ESAT"))


def test_l_apercu_dit_ce_qui_change_sans_rien_ecrire() -> None:
    vue = actions.apercu(saisie())
    assert vue.avant is not None
    assert (vue.avant.valeur, vue.apres.valeur, vue.remplace) == (Decimal(13304), Decimal(13500), False)
    assert any("pénitentiaire" in libelle for libelle in vue.suivis)
    assert actions.apercu(saisie(debut=date(2025, 1, 1))).remplace
    assert not ValeurAjoutee.objects.exists()


def test_une_valeur_attendue_des_textes_peut_enfin_etre_saisie() -> None:
    actions.ajouter_valeur(SYSTEME, saisie(code="iae.bilan.date_limite", valeur="03-31", debut=date(2026, 1, 1)))
    assert queries.valeur("iae.bilan.date_limite", date(2026, 6, 1)).valeur == "03-31"


def test_seule_l_administration_ajoute_une_valeur() -> None:
    for role, connecte in acteurs_par_role().items():
        if role == Role.ADMINISTRATION:
            continue
        with pytest.raises(ActionRefusee):
            actions.ajouter_valeur(connecte.acteur, saisie())
        with pytest.raises(ActionRefusee):
            actions.retirer_valeur(connecte.acteur, 1, "essai")
    assert not ValeurAjoutee.objects.exists()


def test_la_base_refuse_un_retrait_a_moitie_dit() -> None:
    ligne = actions.ajouter_valeur(SYSTEME, saisie())
    ligne.retire_par = "Camille"
    with pytest.raises(IntegrityError), transaction.atomic():
        ligne.save()


def test_une_definition_locale_compte_dans_son_departement() -> None:
    departement = DepartementFactory()
    actions.ajouter_local(SYSTEME, saisie_locale(departement, dernier_jour=date(2025, 12, 31)))
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 6, 1)) == {"6"}
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 12, 31)) == {"6"}
    assert queries.motifs_positifs_locaux(departement.code, date(2026, 1, 1)) == set()
    assert queries.motifs_positifs_locaux("ZZ", date(2025, 6, 1)) == set()
    motifs = queries.motifs_de_sortie(date(2025, 6, 1), departement=departement.code)
    assert (motifs["6"].categorie, motifs["6"].locale, motifs["8"].categorie) == ("positive", True, "autre")
    assert queries.motifs_de_sortie(date(2025, 6, 1))["6"].categorie == "autre"


@pytest.mark.parametrize("motif", ["3", "10", "17"])
def test_un_motif_dynamique_ou_retire_ne_change_pas_par_decision_locale(motif: str) -> None:
    with pytest.raises(EntreeInvalide, match="décision locale"):
        actions.ajouter_local(SYSTEME, saisie_locale(DepartementFactory(), motifs=(motif,)))


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"motifs": ()}, "au moins un motif"),
        ({"dernier_jour": date(2024, 12, 31)}, "précède"),
        ({"adopte_le": date(2099, 1, 1)}, "futur"),
    ],
)
def test_une_definition_fausse_est_refusee(champs: dict[str, object], mot: str) -> None:
    with pytest.raises(EntreeInvalide, match=mot):
        actions.ajouter_local(SYSTEME, saisie_locale(DepartementFactory(), **champs))


def test_un_agent_ne_definit_que_pour_son_territoire() -> None:
    structure = StructureFactory()
    roles = acteurs_par_role(structure)
    permis = {Role.REGIONAL, Role.DEPARTEMENTAL}
    for role, connecte in roles.items():
        if role in permis:
            actions.ajouter_local(connecte.acteur, saisie_locale(structure.departement))
        else:
            with pytest.raises(ActionRefusee):
                actions.ajouter_local(connecte.acteur, saisie_locale(structure.departement))
        with pytest.raises(ActionRefusee):
            actions.ajouter_local(connecte.acteur, saisie_locale(DepartementFactory()))
    assert ParametreLocal.objects.count() == len(permis)


def test_terminer_une_definition_garde_le_passe() -> None:
    departement = DepartementFactory()
    ligne = actions.ajouter_local(SYSTEME, saisie_locale(departement))
    with pytest.raises(EntreeInvalide, match="précède"):
        actions.terminer_local(SYSTEME, ligne.pk, date(2024, 12, 31), "Nouvelle décision")
    actions.terminer_local(SYSTEME, ligne.pk, date(2025, 6, 30), "Nouvelle décision")
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 6, 30)) == {"6"}
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 7, 1)) == set()


def test_retirer_une_definition_l_efface_de_toutes_les_dates_sauf_de_la_memoire() -> None:
    departement = DepartementFactory()
    ligne = actions.ajouter_local(SYSTEME, saisie_locale(departement))
    actions.retirer_local(SYSTEME, ligne.pk, "Saisie par erreur")
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 6, 30)) == set()
    assert ParametreLocal.objects.get().motif_retrait == "Saisie par erreur"
    with pytest.raises(EntreeInvalide, match="déjà retiré"):
        actions.terminer_local(SYSTEME, ligne.pk, date(2025, 6, 30), "Encore")
