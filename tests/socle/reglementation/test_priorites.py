"""A département records the share of a public that it seeks: who may, from when, until when, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.reglementation import actions, queries
from convenir.socle.reglementation.models import ParametreLocal
from tests.factories_comptes import acteurs_par_role
from tests.factories_socle import DepartementFactory, StructureFactory
from tests.socle.reglementation.factories import saisie_priorite

pytestmark = pytest.mark.django_db
SYSTEME = Acteur.systeme("Essai")


def test_une_priorite_vaut_a_ses_dates_dans_son_departement() -> None:
    departement = DepartementFactory()
    actions.ajouter_priorite(
        SYSTEME, saisie_priorite(departement, part=Decimal("12.5"), dernier_jour=date(2025, 12, 31))
    )
    lue = queries.priorites(departement.code, date(2025, 12, 31))["rsa.oui"]
    assert (lue.part, lue.organe, lue.adopte_le) == (Decimal("12.5"), "CDIAE", date(2024, 12, 10))
    assert queries.priorites(departement.code, date(2024, 12, 31)) == {}
    assert queries.priorites(departement.code, date(2026, 1, 1)) == {}
    assert queries.priorites(DepartementFactory().code, date(2025, 6, 1)) == {}
    charge = Entree.objects.get(acte="reglementation.priorite_ajoutee").charge
    assert charge.apres["elements"] == ["rsa.oui", "12.5"]


def test_elle_ne_devient_pas_une_sortie_positive() -> None:
    departement = DepartementFactory()
    avant = queries.charger().version
    actions.ajouter_priorite(SYSTEME, saisie_priorite(departement))
    assert queries.motifs_positifs_locaux(departement.code, date(2025, 6, 1)) == set()
    assert queries.charger().version == avant, "aucun chiffre ne change"


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"public": "sexe.autre"}, "Choisissez-le dans la liste"),
        ({"part": Decimal(0)}, "pourcentage"),
        ({"part": Decimal("100.01")}, "pourcentage"),
        ({"dernier_jour": date(2024, 12, 31)}, "précède"),
        ({"adopte_le": date(2099, 1, 1)}, "futur"),
        ({"motif": " "}, "motif"),
    ],
)
def test_une_priorite_fausse_est_refusee(champs: dict[str, object], mot: str) -> None:
    with pytest.raises(EntreeInvalide, match=mot):
        actions.ajouter_priorite(SYSTEME, saisie_priorite(DepartementFactory(), **champs))


def test_un_public_na_quune_priorite_a_la_fois() -> None:
    departement = DepartementFactory()
    premiere = actions.ajouter_priorite(SYSTEME, saisie_priorite(departement))
    suivante = saisie_priorite(departement, debut=date(2026, 1, 1), part=Decimal(45))
    with pytest.raises(EntreeInvalide, match="vaut déjà du"):
        actions.ajouter_priorite(SYSTEME, suivante)
    actions.terminer_local(SYSTEME, premiere.pk, date(2025, 12, 31), "nouvelle décision")
    actions.ajouter_priorite(SYSTEME, suivante)
    actions.ajouter_priorite(SYSTEME, saisie_priorite(departement, public="age.moins_26"))
    assert queries.priorites(departement.code, date(2025, 12, 31))["rsa.oui"].part == 40
    assert queries.priorites(departement.code, date(2026, 1, 1))["rsa.oui"].part == 45
    actions.retirer_local(SYSTEME, premiere.pk, "erreur")
    assert "rsa.oui" not in queries.priorites(departement.code, date(2025, 12, 31))


def test_chaque_role_a_lecran() -> None:
    structure = StructureFactory()
    liste, ajout = reverse("reglementation:priorites"), reverse("reglementation:ajouter_priorite")
    champs = {
        "departement": structure.departement.pk, "public": "rsa.oui", "part": "12,5", "organe": "CDIAE",
        "adopte_le": "10/12/2024", "reference": "relevé n° 4", "debut": "01/01/2025", "dernier_jour": "",
        "motif": "Décision de décembre",
    }  # fmt: skip
    for role, personne in acteurs_par_role(structure).items():
        assert personne.client.get(liste).status_code == 200
        permis = role in {Role.REGIONAL, Role.DEPARTEMENTAL}
        assert personne.client.get(ajout).status_code == (200 if permis else 403)
        reponse = personne.client.post(ajout, champs)
        assert reponse.status_code == (302 if permis else 403)
        if not permis:
            with pytest.raises(ActionRefusee):
                actions.ajouter_priorite(personne.acteur, saisie_priorite(structure.departement))
            continue
        ligne = ParametreLocal.objects.get(retire_le=None)
        page = personne.client.get(liste).content.decode()
        assert "Bénéficiaires du RSA" in page
        assert "12,5" in page
        assert "vaut déjà du" in personne.client.post(ajout, champs).content.decode()
        fin = reverse("reglementation:terminer_local", args=[ligne.pk])
        assert "Publics prioritaires" in personne.client.get(fin).content.decode()
        reponse = personne.client.post(fin, {"dernier_jour": "", "motif": "erreur de saisie"})
        assert reponse["Location"] == liste
