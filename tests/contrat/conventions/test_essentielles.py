"""Données essentielles des conventions de subvention : décret n° 2017-779, arrêté du 17 novembre 2017."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from convenir.contrat.conventions.queries.essentielles import publication
from convenir.contrat.conventions.rules.essentielles import COLONNES, Subvention, rang, rangs, trier
from convenir.contrat.conventions.rules.termes import Cofinancement, Termes
from convenir.contrat.conventions.states import EtatVersion
from convenir.restitution.commandes.principal import main
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import SYSTEME
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import (
    TERMES,
    AnnexeFinanciereFactory,
    CpoFactory,
    VersionFactory,
    convention_en_cours,
)
from tests.factories_socle import OrganisationFactory

pytestmark = pytest.mark.django_db
SIRET_ETAT, SIRET_PORTEUR, SIRET_DEPARTEMENT = "13002526500013", "38047555800058", "22440002800011"
UNE = Subvention(
    "DDETS fictive", SIRET_ETAT, date(2026, 1, 5), "CONV-44-2026-ACI-0001, convention initiale", "Association fictive",
    SIRET_PORTEUR, "9220", "Aide aux postes, 2026", Decimal("287052"), date(2026, 1, 1), date(2027, 1, 1),
)  # fmt: skip
SEUIL = Decimal(23000)


def test_un_rang_suit_les_colonnes_et_les_motifs_du_schema():
    lu = dict(zip(COLONNES, rang(UNE), strict=True))
    assert len(COLONNES) == 16
    assert (lu["montant"], lu["dateConvention"], lu["pourcentageSubvention"]) == ("287052.00", "2026-01-05", "1.00")
    assert lu["datesPeriodeVersement"] == "2026-01-01/2026-12-31"
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?", lu["datesPeriodeVersement"])
    assert (lu["nature"], lu["conditionsVersement"], lu["notificationUE"]) == ("aide en numéraire", "échelonné", "non")
    assert (lu["idRAE"], lu["rnaBeneficiaire"], lu["dispositifAide"]) == ("", "", ""), (
        "ce qui n'est pas connu est vide"
    )
    assert len(rang(replace(UNE, objet="x" * 400))[COLONNES.index("objet")]) == 256


@pytest.mark.parametrize(
    ("change", "raison"),
    [
        ({"forme": "1000"}, "personne physique"),
        ({"montant": Decimal("23000.00")}, "ne dépasse pas le seuil"),
        ({"siret_attribuant": ""}, "SIRET inconnu : de l'attribuant"),
        ({"siret_beneficiaire": "380475558", "siret_attribuant": ""}, "de l'attribuant et du bénéficiaire"),
    ],
)
def test_ce_qui_n_est_pas_publie_dit_pourquoi(change, raison):
    publiees, ecartees = trier([UNE, replace(UNE, **change)], SEUIL)
    assert publiees == [UNE]
    assert raison in ecartees[0].raison


@pytest.fixture
def cofinancee():
    """Une convention signée en 2026, cofinancée par un département, et son annexe."""
    convention = convention_en_cours()
    type(convention.service).objects.filter(pk=convention.service_id).update(siret=SIRET_ETAT)
    type(convention.structure.porteur).objects.filter(pk=convention.structure.porteur_id).update(siret=SIRET_PORTEUR)
    departement = OrganisationFactory(
        nature="collectivite", nom="Département fictif", siret=SIRET_DEPARTEMENT, departement=convention.departement
    )
    cofinancement = Cofinancement(str(departement.pk), "Ancien nom", Decimal(2), Decimal("47842"))
    termes = replace(TERMES, cofinancements=(cofinancement,))
    version = VersionFactory(convention=convention, rang=1, nature="avenant", numero=1, termes=termes,
                             etat=EtatVersion.SIGNEE, signee_le=date(2026, 2, 3))  # fmt: skip
    AnnexeFinanciereFactory(version=version, etat="valide")
    return convention, departement


def test_l_etat_et_le_cofinanceur_ont_chacun_leur_ligne(cofinancee):
    convention, _ = cofinancee
    lue = publication(SYSTEME, 2026)
    assert {(s.siret_attribuant, s.montant, s.siret_beneficiaire) for s in lue.publiees} == {
        (SIRET_ETAT, Decimal("287052.00"), SIRET_PORTEUR),
        (SIRET_DEPARTEMENT, Decimal("47842"), SIRET_PORTEUR),
    }
    assert {s.signee_le for s in lue.publiees} == {date(2026, 2, 3)}
    assert all(s.reference == f"{convention.reference}, avenant n° 1" for s in lue.publiees)
    assert publication(SYSTEME, 2025).publiees == []


def test_une_annexe_historisee_ou_un_acte_non_signe_n_est_pas_publie(cofinancee):
    convention, _ = cofinancee
    convention.annexes.update(etat="historise")
    assert publication(SYSTEME, 2026).publiees == []
    pendante = VersionFactory(convention=convention, rang=2, nature="avenant", numero=2)
    AnnexeFinanciereFactory(version=pendante, etat="preparee")
    assert publication(SYSTEME, 2026).publiees == []


def test_la_dotation_d_une_cpo_est_publiee():
    cpo = CpoFactory(etat="en_cours")
    organisation = cpo.organisation
    type(organisation).objects.filter(pk=organisation.pk).update(siret=SIRET_PORTEUR)
    type(cpo.service).objects.filter(pk=cpo.service_id).update(siret=SIRET_ETAT)
    VersionFactory(convention=cpo, termes=Termes(dotation=Decimal(480000)), etat=EtatVersion.SIGNEE,
                   signee_le=date(2026, 1, 9))  # fmt: skip
    (dite,) = publication(SYSTEME, 2026).publiees
    assert (dite.montant, dite.objet) == (Decimal(480000), "Convention pluriannuelle d’objectifs, 2026")


def test_l_avenant_d_une_cpo_remplace_la_dotation_de_son_annee_et_ne_s_y_ajoute_pas():
    cpo = CpoFactory(etat="en_cours")
    signee = {"convention": cpo, "etat": "signee", "signee_le": date(2026, 2, 1)}
    VersionFactory(termes=Termes(dotation=Decimal(100_000)), **signee)
    avenant = {"nature": "avenant", "numero": 1, "rang": 1, "effet": date(2026, 7, 1)}
    VersionFactory(termes=Termes(dotation=Decimal(120_000)), **signee, **avenant)
    lue = publication(SYSTEME, 2026)
    assert [s.montant for s in (*lue.publiees, *(e.subvention for e in lue.ecartees))] == [Decimal(120_000)]


def test_un_financeur_ne_publie_que_ce_qu_il_accorde_et_une_structure_rien(cofinancee):
    convention, departement = cofinancee
    gens = acteurs_par_role(convention.structure)
    financeur = gens[Role.FINANCEUR].acteur
    assert publication(financeur, 2026).publiees == []
    (sienne,) = publication(replace(financeur, organisation=departement), 2026).publiees
    assert sienne.attribuant == departement.nom
    page = reverse("conventions:essentielles")
    assert gens[Role.DIRECTION_STRUCTURE].client.get(page).status_code == 403
    lue = gens[Role.DEPARTEMENTAL].client.get(page, {"annee": "2026"}).content.decode()
    assert "2 subventions à publier" in lue.replace("\xa0", " ")
    assert "décret" in lue.lower()


def test_le_fichier_et_la_commande_disent_la_meme_chose_sans_marque(cofinancee, capsys):
    convention, _ = cofinancee
    client = acteurs_par_role(convention.structure)[Role.DEPARTEMENTAL].client
    reponse = client.get(reverse("conventions:essentielles_export"), {"annee": "2026"})
    texte = b"".join(reponse.streaming_content).decode()
    assert texte.startswith("nomAttribuant,idAttribuant,dateConvention")
    assert reponse["Content-Type"].startswith("text/csv")
    assert main(["conventions", "donnees-essentielles", "--annee", "2026"]) == 0
    sortie = capsys.readouterr()
    assert sortie.out == texte
    assert len(list(csv.reader(texte.splitlines()))) == 3
    assert list(rangs([])) == [list(COLONNES)]


def test_la_commande_dit_ce_qu_elle_ecarte(capsys):
    version = convention_en_cours().versions.get()
    AnnexeFinanciereFactory(version=version, etat="valide")
    assert main(["conventions", "donnees-essentielles", "--annee", str(version.signee_le.year)]) == 0
    assert "SIRET inconnu" in capsys.readouterr().err
