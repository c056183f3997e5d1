"""The fiche of a mission locale as a PDF: what it says, to whom, and that it can be checked.

The golden text is made again by `REFAIRE_ETALONS=1 pytest tests/restitution/test_document_ml.py`, then read before
kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from convenir.mesure.indicateurs.models import Instantane
from convenir.restitution.fiches_ml import assemblage, document
from convenir.socle.comptes.roles import Role
from tests.factories_travaux import TravailFactory
from tests.restitution.fabrique_ml import DEDANS, NOMS
from tests.restitution.test_commandes import lancer
from tests.restitution.textes_pdf import comme_l_etalon, lire, texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
ETALON = Path(__file__).parent / "etalons" / "fiche-ML085A-2025.txt"
GEL = datetime(2026, 1, 6, 5, 0, tzinfo=UTC)
PDF = f"/missions-locales/{DEDANS}/fiche.pdf"


@pytest.fixture
def fiche(systeme):
    Instantane.objects.update(calcule_le=GEL)
    mission_locale = assemblage.trouver(systeme, DEDANS)
    TravailFactory(mission_locale=mission_locale, debut="2025-02-01", fin="2025-03-01")
    return assemblage.assembler(systeme, mission_locale, 2025)


def test_texte_etalon(fiche):
    rendu = document.rendre(fiche)
    comme_l_etalon(rendu.octets, ETALON)
    assert rendu.avertissements == ()


def test_memes_donnees_memes_octets(fiche):
    assert document.rendre(fiche).octets == document.rendre(fiche).octets


def test_balise_titre_et_empreinte(fiche):
    lu = lire(document.rendre(fiche).octets)
    racine = lu.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"].value is True
    assert racine["/Lang"] == "fr-FR"
    assert lu.metadata.title == f"Fiche 2025 : {NOMS[DEDANS]}"
    serre = re.sub(r"\s", "", "".join(page.extract_text() for page in lu.pages))
    assert fiche.instantane.sha256 in serre


def test_dit_les_chiffres_de_la_page(fiche):
    lignes = {x.libelle: x for s in document.donnees(fiche).sections for x in s.lignes}
    assert [v.texte for v in lignes["Jeunes en entretien"].annees] == ["150", "140", "n.\u202fd."]
    assert lignes["Taux de sortie en emploi durable"].annees[0].detail.replace("\xa0", " ") == "12 sur 40"
    assert sum(len(s.lignes) for s in fiche.sections) == len(
        [x for s in document.donnees(fiche).sections for x in s.lignes]
    )


def test_chaque_parametre_s_imprime_avec_sa_date(fiche):
    regles = {r.libelle: r for r in document.donnees(fiche).regles}
    assert len(regles) == len(fiche.parametres) > 20
    fenetre = regles["Jeune en demande d'insertion : ancienneté maximale du dernier entretien"]
    assert (fenetre.valeur.replace("\xa0", " "), fenetre.a_confirmer) == ("5 mois", True)
    assert fenetre.depuis.endswith("2008")
    durable = next(
        x
        for s in document.donnees(fiche).sections
        for x in s.lignes
        if x.libelle == "Taux de sortie en emploi durable"
    )
    assert durable.precision.startswith("Complétude")


def test_un_tiers_recoit_les_memes_secrets_que_sur_la_page(personnes):
    reponse = personnes[Role.FINANCEUR].client.get(PDF, {"annee": "2025"})
    assert reponse["Content-Type"] == "application/pdf"
    lu = texte(reponse.content).replace("\xa0", " ").replace("\u202f", " ")
    assert "couvert par le secret" in lu
    complet = texte(personnes[Role.REGIONAL].client.get(PDF, {"annee": "2025"}).content)
    assert "couvert par le secret" not in complet.replace("\xa0", " ")


def test_une_ligne_sans_toutes_ses_valeurs_est_refusee(fiche):
    lues = document.donnees(fiche)
    with pytest.raises(ValueError, match="il faut une valeur par année"):
        replace(lues, annees=lues.annees[:-1]).en_json()


def test_la_ligne_de_commande_l_ecrit(tmp_path, capsys):
    sortie = tmp_path / "fiche.pdf"
    assert lancer("fiche", "--ml", DEDANS, "--annee", "2025", "--format", "pdf", "--sortie", sortie) == 0
    assert sortie.read_bytes().startswith(b"%PDF")
    assert lancer("fiche", "--ml", DEDANS, "--annee", "2025", "--categorie", "ACI") == 2
    assert "n'a pas de --categorie" in capsys.readouterr().err
