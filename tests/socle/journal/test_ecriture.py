"""Écrire au journal : une suite sans trou, qui ne se change pas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.empreintes import GENESE
from convenir.socle.journal.models import Entree, JournalImmuable
from convenir.socle.journal.queries import tete
from tests.socle.journal.outils import NADIA, ecrire


@pytest.mark.django_db
def test_les_entrees_se_suivent_et_chacune_porte_l_empreinte_de_la_precedente():
    premiere, deuxieme, troisieme = ecrire(3)
    assert [premiere.numero, deuxieme.numero, troisieme.numero] == [1, 2, 3]
    assert premiere.precedente == GENESE
    assert deuxieme.precedente == premiere.empreinte
    assert (tete().numero, tete().empreinte) == (3, troisieme.empreinte)


@pytest.mark.django_db
def test_un_journal_vide_a_la_genese_pour_tete():
    assert (tete().numero, tete().empreinte) == (0, GENESE)


@pytest.mark.django_db
def test_l_entree_dit_qui_pour_qui_quoi_sur_quoi():
    (entree,) = ecrire(1)
    relue = Entree.objects.get(pk=entree.pk)
    assert relue.acteur_nom == "Nadia Ferrand"
    assert relue.organisation_nom == "DDETS de la Vaire"
    assert (relue.objet_type, relue.objet_id, relue.objet_libelle) == ("test.objet", "0", "Objet 0")
    assert (relue.charge.avant, relue.charge.apres) == ({"etp": 0}, {"etp": 1})


@pytest.mark.django_db
def test_un_montant_et_une_date_s_ecrivent_en_texte():
    (entree,) = ecrire(1, apres={"montant": Decimal("430578.10"), "le": date(2026, 10, 15), "part": 1e16})
    entree.charge.refresh_from_db()
    assert entree.charge.apres == {"montant": "430578.10", "le": "2026-10-15", "part": "1e+16"}


@pytest.mark.django_db
def test_une_instance_de_modele_se_decrit_elle_meme():
    (precedente,) = ecrire(1)
    (entree,) = ecrire(1, objet=precedente)
    assert (entree.objet_type, entree.objet_id) == ("journal.entree", "1")


@pytest.mark.django_db
def test_un_texte_trop_long_ou_impossible_en_base_est_ramene_a_sa_colonne():
    (entree,) = ecrire(1, objet=("test.objet", "1", "Ré\x00seau " + "x" * 400))
    assert len(Entree.objects.get(pk=entree.pk).objet_libelle) == 300


@pytest.mark.django_db
def test_un_processus_ecrit_sous_son_nom():
    (entree,) = ecrire(1, auteur=Auteur.systeme("Ligne de commande"))
    assert (entree.acteur_id, entree.acteur_nom, entree.organisation_id) == (None, "Ligne de commande", None)


@pytest.mark.django_db
def test_une_entree_ne_se_change_ni_ne_se_retire():
    (entree,) = ecrire(1)
    entree.acteur_nom = "Quelqu'un d'autre"
    for refuse in (
        entree.save,
        entree.delete,
        Entree.objects.all().delete,
        lambda: Entree.objects.update(acteur_nom="x"),
        lambda: Entree.objects.bulk_update([entree], ["acteur_nom"]),
        lambda: Entree.objects.bulk_create([Entree()]),
    ):
        with pytest.raises(JournalImmuable):
            refuse()
    assert Entree.objects.get().acteur_nom == "Nadia Ferrand"


@pytest.mark.django_db
def test_l_acte_annule_emporte_son_entree():
    def echouer() -> None:
        with transaction.atomic():
            ecrire(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        echouer()
    assert tete().numero == 0
    assert not Entree.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_journaliser_hors_transaction_est_une_faute():
    with pytest.raises(RuntimeError, match="transaction"):
        journaliser("test.acte", ("t", "1", "x"), auteur=NADIA)


@pytest.mark.django_db
def test_une_valeur_sans_forme_convenue_est_refusee():
    with pytest.raises(TypeError, match="object"):
        ecrire(1, apres={"x": object()})
