"""À côté d'un objectif : ses résultats, son territoire, les structures comparables sans leur nom, et ce qui manque."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.contrat.objectifs import mesures
from convenir.contrat.objectifs.models import CODES_SORTIES
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs
from tests.factories_objectifs import Negociation, negociation

pytestmark = pytest.mark.django_db
DURABLE = next(code for code, type_ in CODES_SORTIES.items() if type_ == "durable")
D = Decimal


def valeur(annee: int, taux: str, dynamiques: int, sorties: int, ventilation: str = "", modalite: str = "") -> Valeur:
    return Valeur(DURABLE, ventilation, modalite, str(annee), D(dynamiques), D(sorties), D(taux), Statut.DISPONIBLE,
                  unite="%")  # fmt: skip


def dispersion(annee: int, categorie: str, effectif: int) -> list[Valeur]:
    quartiles = {"q1": "15", "mediane": "19", "q3": "26"}
    return [valeur(annee, taux, 0, effectif, f"dispersion_{categorie}", m) for m, taux in quartiles.items()]


@pytest.fixture
def jeu(monkeypatch) -> Negociation:
    """Une négociation de 2026, les chiffres calculés jusqu'en 2025."""
    jeu = negociation()
    version = mesures.definir(jeu.convention, DURABLE, 2026).version
    instantane = Instantane.objects.create(
        sha256="0" * 64, premiere_annee=2023, derniere_annee=2025, arrete_au=date(2025, 12, 31),
        definitions={DURABLE: version},
    )  # fmt: skip
    lus = {
        "siae": [valeur(2023, "20", 2, 10), valeur(2025, "25", 3, 12)],
        "departement": [valeur(2025, "21.5", 43, 200), *dispersion(2025, "ACI", 9)],
        "region": [valeur(2025, "23", 230, 1000)],
    }
    monkeypatch.setattr(mesures.indicateurs, "instantane_courant", lambda **_: instantane)
    monkeypatch.setattr(
        mesures.indicateurs, "valeurs_de_plusieurs",
        lambda _, cles: {cle: Valeurs.de(*cle, lus.get(cle[0], [])) for cle in cles},
    )  # fmt: skip
    return jeu


def page(jeu: Negociation) -> str:
    adresse = reverse("objectifs:negociation", args=[jeu.convention.reference, 2026])
    return jeu.directeur.client.get(adresse).content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_les_resultats_passes_le_territoire_et_les_comparables_sont_a_cote(jeu):
    durable, lieu = jeu.sorties()["durable"], jeu.convention.departement
    lue = page(jeu)
    assert "3 sur 12" in lue
    assert f"{lieu.nom}, 9 structures : médiane 19 %, moitié centrale de 15 % à 26 %" in lue
    assert f"{lieu.nom} : 21,5 % (43 sur 200) ; {lieu.region.nom} : 23" in lue
    assert "Territoire, toutes catégories, 2025" in lue
    durable.refresh_from_db()
    assert (durable.base, durable.base_periode, durable.base_instantane_id) == (
        D(25),
        "2025",
        Instantane.objects.get().pk,
    )
    assert durable.base_texte == "Résultat 2025, 3 sur 12"


def test_ce_qui_se_calcule_sous_une_autre_definition_n_est_pas_montre_a_cote(jeu, monkeypatch):
    jeu.sorties()
    Instantane.objects.update(definitions={DURABLE: 99})
    instantane = Instantane.objects.get()
    monkeypatch.setattr(mesures.indicateurs, "instantane_courant", lambda **_: instantane)
    lue = page(jeu)
    assert "3 sur 12" not in lue
    assert "Territoire, toutes catégories" not in lue


def test_trop_peu_de_structures_ne_font_pas_des_comparables(jeu, monkeypatch):
    jeu.sorties()
    rares = {"departement": dispersion(2025, "ACI", 4)}
    monkeypatch.setattr(
        mesures.indicateurs, "valeurs_de_plusieurs",
        lambda _, cles: {cle: Valeurs.de(*cle, rares.get(cle[0], [])) for cle in cles},
    )  # fmt: skip
    lue = page(jeu)
    assert "4 structures" not in lue
    assert "structures comparables : trop peu, ou non calculées" in lue


def test_sans_donnees_la_page_dit_ce_qui_manque():
    jeu = negociation()
    jeu.sorties()
    assert "résultats : aucune donnée n’est chargée" in page(jeu)
