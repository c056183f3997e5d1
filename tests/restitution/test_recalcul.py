"""A new arrêté: the years it bears on are computed again, what was frozen stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.queries import valeurs
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.reglementation.actions import SaisieValeur, ajouter_valeur
from tests.restitution.fabrique import GRAND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]


def examinees(instantane: Instantane, annee: int) -> int:
    return int(valeurs(instantane, "siae", f"{GRAND}-ACI").get("iae.sorties.examinees", str(annee)).valeur or 0)


def test_un_arrete_ajoute_recalcule_le_passe_sans_le_recrire(personnes, django_capture_on_commit_callbacks):
    avant = Instantane.objects.get(dispositif="iae")
    octets, autre_annee = avant.chemin_valeurs.read_bytes(), examinees(avant, 2024)
    assert examinees(avant, 2025) == 12
    saisie = SaisieValeur(
        code="iae.sorties.heures_minimales.ACI",
        debut=date(2025, 1, 1),
        valeur="5000",
        texte="Arrêté fictif du 15 décembre 2025",
        source="https://exemple.invalid/arrete",
        motif="Arrêté paru après la livraison.",
    )
    with django_capture_on_commit_callbacks(execute=True):
        ajouter_valeur(personnes[Role.ADMINISTRATION].acteur, saisie)

    apres = Instantane.objects.filter(dispositif="iae").first()
    assert apres is not None
    assert apres.sha256 != avant.sha256
    assert (examinees(apres, 2025), examinees(apres, 2024)) == (0, autre_annee)
    assert examinees(avant, 2025) == 12, "ce qui était figé se relit tel qu'il était"
    assert avant.chemin_valeurs.read_bytes() == octets
    assert avant.parametres["2025"]["iae.sorties.heures_minimales.ACI"]["valeur"] != "5000"
    actes = set(Entree.objects.values_list("acte", flat=True))
    assert {"reglementation.valeur_ajoutee", "indicateurs.calculer"} <= actes
