"""Vérifier le journal : toute falsification est trouvée et située."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.journal.actions import ancrer, effacer_charge
from convenir.socle.journal.empreintes import CHAMPS, empreinte_entree
from convenir.socle.journal.models import Charge, Entree, Tete
from convenir.socle.journal.queries import verifier
from tests.socle.journal.outils import NADIA, ecrire, falsifier, retirer

pytestmark = pytest.mark.django_db
LONGUEUR = 6


class Archiviste:
    """Quelqu'un qui peut effacer une charge."""

    auteur = NADIA
    organisation = None

    def __init__(self, autorise: bool = True) -> None:
        self.autorise = autorise

    def peut(self, capacite: str) -> bool:
        return self.autorise

    def exiger(self, capacite: str) -> None:
        if not self.autorise:
            raise ActionRefusee("Non.")


def autre(champ: str, valeur: object) -> object:
    """Une valeur différente, du même type."""
    if champ == "instant":
        return valeur + timedelta(microseconds=1)
    if isinstance(valeur, str):
        return valeur[:-1] + ("0" if valeur[-1:] != "0" else "1")
    return (valeur or 0) + 100


def ruptures() -> list[tuple[int, str]]:
    return [(r.numero, r.nature) for r in verifier().ruptures]


def test_un_journal_intact_est_valide_avec_sa_reserve():
    ecrire(LONGUEUR)
    rapport = verifier()
    assert rapport.valide
    assert rapport.as_dict() == {
        "valide": True,
        "entrees": LONGUEUR,
        "premiere_rupture": None,
        "ancre": {
            "fichier": None,
            "numero": None,
            "message": "Sans ancre, une coupe à la fin du journal ne peut pas être exclue.",
        },
    }


def test_un_journal_vide_est_valide():
    assert verifier().as_dict()["entrees"] == 0
    assert verifier().valide


TEXTES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
ENTIERS = st.none() | st.integers(-(2**40), 2**40)
FAUX = {
    "numero": st.integers(LONGUEUR + 1, 2**40),
    "instant": st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "acteur_id": ENTIERS,
    "organisation_id": ENTIERS,
}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(donnees=st.data(), champ=st.sampled_from([*CHAMPS, "empreinte"]), rang=st.integers(1, LONGUEUR))
def test_tout_champ_altere_est_situe(donnees, champ, rang):
    faux = donnees.draw(FAUX.get(champ, TEXTES))
    with transaction.atomic():
        ecrire(LONGUEUR)
        assume(getattr(Entree.objects.get(numero=rang), champ) != faux)
        falsifier(rang, **{champ: faux})
        constat = verifier().premiere_rupture
        transaction.set_rollback(True)
    assert constat.numero == rang


@pytest.mark.parametrize("champ", [c for c in CHAMPS if c not in {"numero", "precedente"}])
def test_une_entree_refaite_avec_son_empreinte_est_demasquee_par_la_suivante(champ):
    ecrire(LONGUEUR)
    refaire(3, champ)
    assert (3, "remplacee") in ruptures()


def refaire(numero: int, champ: str) -> None:
    """Altérer un champ et recalculer l'empreinte, comme un faussaire averti."""
    champs = {c: getattr(Entree.objects.get(numero=numero), c) for c in CHAMPS}
    champs[champ] = autre(champ, champs[champ])
    falsifier(numero, **{champ: champs[champ]}, empreinte=empreinte_entree(champs))


def test_la_derniere_entree_refaite_est_demasquee_par_la_tete():
    ecrire(LONGUEUR)
    refaire(LONGUEUR, "acteur_nom")
    assert ruptures() == [(LONGUEUR, "ancre")]


@pytest.mark.parametrize(("retirees", "situee"), [((1,), 1), ((3,), 3), ((3, 4, 5), 3), ((6,), 6), ((5, 6), 5)])
def test_des_entrees_retirees_sont_situees(retirees, situee):
    ecrire(LONGUEUR)
    retirer(*retirees)
    rapport = verifier()
    assert not rapport.valide
    assert rapport.premiere_rupture.numero == situee
    assert rapport.premiere_rupture.nature in {"retiree", "fin"}


def test_une_entree_retiree_dont_on_a_resserre_les_numeros_est_situee():
    ecrire(LONGUEUR)
    retirer(3)
    for numero in range(4, LONGUEUR + 1):
        deplacer(numero, numero - 1)
    assert verifier().premiere_rupture.numero == 3


def deplacer(ancien: int, nouveau: int) -> None:
    falsifier(ancien, numero=nouveau)
    Charge.objects.filter(pk=ancien).update(entree=nouveau)


def test_deux_entrees_echangees_sont_situees():
    ecrire(LONGUEUR)
    deplacer(3, 99)
    deplacer(4, 3)
    deplacer(99, 4)
    assert verifier().premiere_rupture.numero == 3


def test_une_entree_inseree_au_milieu_est_situee():
    ecrire(LONGUEUR)
    for numero in range(LONGUEUR, 3, -1):
        deplacer(numero, numero + 1)
    avant, apres = Entree.objects.get(numero=3), Entree.objects.get(numero=5)
    champs = {c: getattr(apres, c) for c in CHAMPS} | {
        "numero": 4,
        "precedente": avant.empreinte,
        "acteur_nom": "Une autre personne",
    }
    Entree(**champs, empreinte=empreinte_entree(champs)).save()
    charge = Charge.objects.get(pk=5)
    Charge.objects.create(entree_id=4, sel=charge.sel, avant=charge.avant, apres=charge.apres)
    assert (verifier().premiere_rupture.numero, verifier().premiere_rupture.nature) == (4, "inseree")


def test_une_entree_ajoutee_hors_de_convenir_est_situee():
    ecrire(LONGUEUR)
    Tete.objects.update(numero=4, empreinte=Entree.objects.get(numero=4).empreinte)
    assert ruptures() == [(5, "inseree")]


@pytest.mark.parametrize("champ", ["sel", "avant", "apres"])
def test_une_charge_modifiee_est_situee(champ):
    ecrire(LONGUEUR)
    Charge.objects.filter(pk=4).update(**{champ: "autre chose"})
    assert ruptures() == [(4, "charge")]


def test_une_charge_retiree_est_situee():
    ecrire(LONGUEUR)
    models.QuerySet(Charge).filter(pk=2).delete()
    assert ruptures() == [(2, "charge")]


def test_une_charge_effacee_dans_les_regles_laisse_la_chaine_entiere():
    ecrire(LONGUEUR)
    effacement = effacer_charge(2, "Demande du 3 mars", demandeur=Archiviste())
    charge = Charge.objects.get(pk=2)
    assert (charge.avant, charge.apres, charge.sel) == (None, None, "")
    assert charge.effacee_le == effacement.instant
    assert effacement.charge.apres == {"motif": "Demande du 3 mars"}
    assert verifier().valide


@pytest.mark.parametrize(
    "champs",
    [
        {"avant": None, "apres": None, "sel": "", "effacee_le": timezone.now()},
        {"effacee_le": timezone.now()},
    ],
)
def test_une_charge_effacee_sans_acte_est_situee(champs):
    ecrire(LONGUEUR)
    Charge.objects.filter(pk=2).update(**champs)
    assert verifier().premiere_rupture.numero == 2


@pytest.mark.parametrize("champs", [{"avant": {"etp": 9}}, {"effacee_le": None}, {"effacee_le": timezone.now()}])
def test_une_charge_effacee_puis_retouchee_est_situee(champs):
    ecrire(LONGUEUR)
    effacer_charge(2, "Demande", demandeur=Archiviste())
    Charge.objects.filter(pk=2).update(**champs)
    assert ruptures() == [(2, "charge")]


def test_effacer_se_refuse_avec_une_raison():
    ecrire(1)
    with pytest.raises(ActionRefusee):
        effacer_charge(1, "Demande", demandeur=Archiviste(autorise=False))
    with pytest.raises(EntreeInvalide, match="pourquoi"):
        effacer_charge(1, "  ", demandeur=Archiviste())
    with pytest.raises(EntreeInvalide, match="n° 8"):
        effacer_charge(8, "Demande", demandeur=Archiviste())
    effacement = effacer_charge(1, "Demande", demandeur=Archiviste())
    with pytest.raises(EntreeInvalide, match="déjà effacé"):
        effacer_charge(1, "Demande", demandeur=Archiviste())
    with pytest.raises(EntreeInvalide, match="preuve"):
        effacer_charge(effacement.numero, "Demande", demandeur=Archiviste())


def couper(depuis: int) -> None:
    """Couper la fin et remettre la tête en accord : rien dans la base ne le montre."""
    retirer(*range(depuis, LONGUEUR + 1))
    derniere = Entree.objects.filter(numero=depuis - 1).first()
    Tete.objects.update(numero=depuis - 1, empreinte=derniere.empreinte)


def test_une_fin_coupee_avec_soin_ne_se_voit_qu_avec_une_ancre(tmp_path):
    ecrire(LONGUEUR)
    ancre = ancrer(tmp_path)
    couper(5)
    assert verifier().valide
    rapport = verifier(ancre)
    assert (rapport.premiere_rupture.numero, rapport.premiere_rupture.nature) == (5, "fin")
    assert not verifier(tmp_path).valide


def test_un_journal_entierement_refait_ne_se_voit_qu_avec_une_ancre(tmp_path):
    ecrire(LONGUEUR)
    ancre = ancrer(tmp_path)
    retirer(*range(1, LONGUEUR + 1))
    Tete.objects.all().delete()
    ecrire(LONGUEUR)
    assert verifier().valide
    assert verifier(ancre).premiere_rupture.nature == "ancre"


def test_l_ancre_dit_jusqu_ou_elle_garantit(tmp_path):
    ecrire(3)
    ancre = ancrer(tmp_path)
    assert verifier(ancre).reserve == ""
    ecrire(2)
    assert "Ancré jusqu'à l'entrée n° 3" in verifier(ancre).reserve


def test_l_ancre_du_jour_ne_se_recrit_pas(tmp_path):
    ecrire(2)
    ancre = ancrer(tmp_path / "ancres")
    ecrire(2)
    assert ancrer(tmp_path / "ancres") == ancre
    contenu = json.loads(ancre.read_text())
    assert contenu["numero"] == 2
    assert ancre.name == f"ancre-{contenu['jour']}.json"
    assert list(ancre.parent.iterdir()) == [ancre]


@pytest.mark.parametrize("contenu", ["", "[]", '{"numero": 1}', '{"numero": -1, "empreinte": "x"}'])
def test_une_ancre_illisible_est_refusee_avec_son_nom(tmp_path, contenu):
    fichier = tmp_path / "ancre-2026-01-01.json"
    fichier.write_text(contenu)
    with pytest.raises(EntreeInvalide, match="ancre-2026-01-01"):
        verifier(fichier)


def test_un_dossier_sans_ancre_ou_un_fichier_absent_est_refuse(tmp_path):
    with pytest.raises(EntreeInvalide, match="aucune ancre"):
        verifier(tmp_path)
    with pytest.raises(EntreeInvalide, match="impossible de lire"):
        verifier(tmp_path / "absente.json")
