"""Ce qu'un acte signé tient reste : au formulaire, dans l'acte imprimé, dans la phrase de l'avenant qui le retire."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from convenir.contrat.conventions.documents import acte_de
from convenir.contrat.conventions.ecriture import SECTIONS, changements_en_mots, noms_des_lignes
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Chantier, Cofinancement, Ecrit, Termes, differences
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import TERMES, ConventionFactory, CpoFactory, VersionFactory
from tests.factories_socle import OrganisationFactory, StructureFactory

JOUR = date(2026, 2, 2)
REPRIS = (Ecrit("remuneration", "Le SMIC, 26 heures."), Ecrit("territoire", "Le pays."))
CATEGORIES = ("ACI", "AI", "EI", "ETTI", "EITI")


def reprise(categorie: str, termes: Termes, **champs: Any) -> tuple[Convention, Version, Any]:
    """A convention taken over, signed, and the avenant that the service now writes; with the agent's browser."""
    structure = StructureFactory(categorie=categorie)
    agent = acteurs_par_role(structure)[Role.DEPARTEMENTAL]
    c = ConventionFactory(
        structure=structure, service=agent.adhesion.organisation, etat="avenant_en_preparation", **champs
    )
    VersionFactory(convention=c, termes=termes, etat="signee", signee_le=date(2026, 1, 20))
    suivante = VersionFactory(
        convention=c, termes=termes, nature="avenant", numero=1, rang=1, effet=date(2026, 7, 1)
    )  # fmt: skip
    return c, suivante, agent.client


def enregistrer_tel_quel(client: Any, adresse: str, **change: str) -> None:
    """Open the form and send it back as it was shown, except what changes."""
    formulaire = client.get(adresse).context["formulaire"]
    montres = {nom: formulaire[nom].value() for nom in formulaire.fields}
    envoye = {nom: v for nom, v in montres.items() if v is not None} | change
    assert client.post(adresse, envoye).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("categorie", CATEGORIES)
def test_une_clause_reprise_survit_a_la_retouche_d_une_autre(categorie):
    c, suivante, client = reprise(categorie, replace(TERMES, sections=REPRIS, axes=(Ecrit("reperage", "Hors IAE."),)))
    adresse = reverse("conventions:clauses", args=[c.reference])
    assert SECTIONS["remuneration"] in client.get(adresse).content.decode().replace("&#x27;", "'")
    enregistrer_tel_quel(client, adresse, **{"sections-territoire": "Le département."})
    suivante.refresh_from_db()
    assert suivante.termes.section("remuneration") == "Le SMIC, 26 heures."
    assert suivante.termes.section("territoire") == "Le département."
    assert suivante.termes.axe("reperage") == "Hors IAE."


@pytest.mark.django_db
def test_un_cofinanceur_que_la_liste_du_departement_n_a_pas_survit_aux_nombres():
    """A region belongs to no département; a funder read in an old act may have no organisation at all."""
    region = OrganisationFactory(nom="Région fictive", nature=Nature.COLLECTIVITE)
    parts = (
        Cofinancement("ville", "Ville sans organisation", None, Decimal(500)),
        Cofinancement(str(region.pk), region.nom, Decimal(2), Decimal(47842)),
    )
    c, suivante, client = reprise("ACI", replace(TERMES, cofinancements=parts))
    enregistrer_tel_quel(client, reverse("conventions:termes", args=[c.reference]), postes="13")
    suivante.refresh_from_db()
    assert suivante.termes.postes == Decimal(13)
    assert suivante.termes.cofinancements == replace(TERMES, cofinancements=parts).cofinancements


@pytest.mark.django_db
@pytest.mark.parametrize("categorie", CATEGORIES)
def test_l_acte_imprime_toutes_les_clauses_qu_il_tient(categorie):
    ecrits = tuple(Ecrit(cle, f"Ce que dit {cle}.") for cle in SECTIONS)
    v = VersionFactory(
        convention=ConventionFactory(structure__categorie=categorie), termes=replace(TERMES, sections=ecrits)
    )
    articles = [a for titre in acte_de(v, JOUR).titres for a in titre.articles]
    for e in ecrits:
        assert [a for a in articles if e.texte in a.paragraphes], e.cle


@pytest.mark.django_db
def test_une_cpo_reprise_avec_une_clause_l_imprime():
    v = VersionFactory(convention=CpoFactory(), termes=Termes(sections=(Ecrit("moyens", "Trois antennes."),)))
    articles = {a.titre: a for titre in acte_de(v, JOUR).titres for a in titre.articles}
    assert articles[SECTIONS["moyens"]].paragraphes == ("Trois antennes.",)
    assert "est à préciser" in articles["La dotation"].paragraphes[0], "un montant absent ne s'écrit pas « – »"


def phrases(avant: Termes, apres: Termes) -> list[str]:
    lues = changements_en_mots(differences(avant, apres), noms_des_lignes(avant, apres))
    return [p.replace("\u00a0", " ").replace("\u202f", " ") for p in lues]


def test_l_avenant_dit_ce_qui_s_ajoute_ce_qui_se_retire_et_cite_les_textes():
    avant = Termes(postes=Decimal(12), montant_unitaire=Decimal(23921), sections=REPRIS)
    apres = Termes(
        postes=Decimal(14), sorties_prevues=30,
        sections=(Ecrit("territoire", "Le département.\n"), Ecrit("economie", "Un marché.")),
    )  # fmt: skip
    assert phrases(avant, apres) == [
        "Postes d'insertion : 14,00 ETP au lieu de 12,00 ETP.",
        "Montant d'un poste : suppression (23 921,00 €).",
        "Sorties prévues : 30 (ajout).",
        "Clause, Insertion dans l'économie locale : « Un marché » (ajout).",
        "Clause, Territoire : « Le département » au lieu de « Le pays ».",
        "Clause, Rémunération, contrats et horaires : suppression (« Le SMIC, 26 heures »).",
    ]


def test_un_chantier_ou_un_cofinanceur_qui_vient_ou_s_en_va_se_dit_en_une_phrase():
    conseil = Cofinancement("7", "Département fictif", Decimal(2), Decimal(47842))
    avant = Termes(chantiers=(Chantier("1", "Berges", "Rezé", "", Decimal(3)), Chantier("2", "Bois")))
    apres = Termes(cofinancements=(conseil,), chantiers=(Chantier("1", "Rives", "Rezé", "", Decimal(4)),))
    assert phrases(avant, apres) == [
        "Cofinancement, Département fictif : ajout (47 842,00 €, 2,00 ETP).",
        "Chantier, Rives, nom : « Rives » au lieu de « Berges ».",
        "Chantier, Rives, postes : 4,00 ETP au lieu de 3,00 ETP.",
        "Chantier, Bois : suppression.",
    ]
