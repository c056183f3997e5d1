"""Les actes et lettres à relire : texte étalon de chaque DOCX, même texte dans le PDF, droits, remplacement."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.models import Convention, Decision, Manquement
from convenir.contrat.conventions.rules.termes import Chantier, Cofinancement, Ecrit, Termes
from convenir.contrat.dossiers.models import Accuse, DemandeDePiece
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.docx import texte_du_docx
from convenir.socle.documents.models import DocumentProduit
from convenir.socle.organisations.models import Nature
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import TERMES, ConventionFactory, CpoFactory, SignatureFactory, VersionFactory
from tests.factories_dossiers import dossier_rempli
from tests.factories_socle import (
    DepartementFactory,
    OrganisationFactory,
    ServiceDepartementalFactory,
)

pytestmark = pytest.mark.django_db
ETALONS = Path(__file__).with_name("etalons")
INSTANT, JOUR = datetime(2026, 2, 2, 9, tzinfo=UTC), date(2026, 2, 2)
SECTIONS = (
    Ecrit("presentation", "Association née en 2004, conventionnée depuis."), Ecrit("territoire", "Le département."),
    Ecrit("publics", "Personnes sans emploi depuis deux ans."), Ecrit("accompagnement", "Un entretien par mois."),
    Ecrit("remuneration", "Le SMIC, 26 heures par semaine."), Ecrit("offres", "Cinq offres par mois."),
)  # fmt: skip
AXES = (Ecrit("accueil", "Livret d’accueil."), Ecrit("formation", "Permis et CléA."))
CPO = tuple(Ecrit(c, f"Ce que propose l’axe {n}.") for n, c in enumerate(
    ("reperage", "parcours", "entreprises", "expertise", "ingenierie"), 1))  # fmt: skip


def lieu():
    departement = DepartementFactory(code="44", nom="Loire-Atlantique", complement="de la Loire-Atlantique")
    return departement, ServiceDepartementalFactory(departement=departement, nom="DDETS fictive")


def convention(categorie: str = "ACI", **champs) -> Convention:
    """A convention whose every printed word is set."""
    departement, service = lieu()
    porteur = OrganisationFactory(
        nom="Association fictive des Jardins", nature=Nature.SIAE_PORTEUR, departement=departement
    )
    return ConventionFactory(
        reference=f"CONV-44-2026-{categorie}-0042", structure__categorie=categorie, service=service,
        structure__denomination="Les Jardins fictifs", structure__porteur=porteur, structure__code_naf="38.11Z",
        structure__departement=departement, departement=departement, **champs,
    )  # fmt: skip


def version(c: Convention, termes: Termes | None = None, **champs):
    """A version with its three parties."""
    v = VersionFactory(convention=c, termes=termes or replace(TERMES, sections=SECTIONS, axes=AXES), **champs)
    autorites = (("structure", "La personne qui représente la structure"), ("france_travail", "L’agence"),
                 ("etat", "Le préfet de la Loire-Atlantique"))  # fmt: skip
    for ordre, (partie, autorite) in enumerate(autorites, start=1):
        if partie == "france_travail" and c.structure is None:
            continue
        nature = Nature.MISSION_LOCALE if c.structure is None and ordre == 1 else Nature.COLLECTIVITE
        organisation = OrganisationFactory(nom=f"Organisation fictive {ordre}", nature=nature)
        SignatureFactory(version=v, partie=partie, ordre=ordre, organisation=organisation, autorite=autorite)
    return v


def _siae(categorie: str) -> Convention:
    c = convention(categorie)
    termes = replace(TERMES, sections=SECTIONS, axes=AXES)
    if categorie == "ACI":
        conseil = OrganisationFactory(pk=424242, nom="Département fictif")
        part = Cofinancement(str(conseil.pk), conseil.nom, Decimal(2), Decimal(47842))
        chantiers = (
            Chantier("1", "Maraîchage", "Nantes", "Légumes", Decimal(9)),
            Chantier("2", "Berges", "Rezé", "", Decimal(3)),
        )
        termes = replace(termes, chantiers=chantiers, cofinancements=(part,))
    version(c, termes)
    return c


def _cpo() -> Convention:
    departement, service = lieu()
    c = CpoFactory(
        reference="CONV-44-2026-ML-0042", mission_locale__nom="Mission locale fictive", service=service,
        mission_locale__departement=departement, departement=departement,
    )  # fmt: skip
    version(c, Termes(dotation=Decimal(640_000), axes=CPO))
    return c


def _avenant() -> Convention:
    c = convention("EI", etat="avenant_en_preparation")
    version(c)
    c.versions.update(etat="signee", signee_le=date(2026, 1, 20))
    termes = replace(TERMES, sections=SECTIONS, axes=AXES, postes=Decimal("13.5"), taux_durable=Decimal(25))
    version(c, termes, nature="avenant", numero=1, rang=1, effet=date(2026, 7, 1), objet="Un poste et demi de plus")
    return c


def _decision(**champs) -> Convention:
    c = convention("ACI", etat="refuse")
    Decision.objects.create(
        pk=7, convention=c, faits="Le financement n’est pas équilibré.", articles="Code du travail, L. 5132-2",
        signataire="Camille Fictive", qualite="Directrice départementale", fondement="arrêté fictif du 8 janvier",
        voies="Recours gracieux ou contentieux dans les deux mois de la notification.", algorithmique=True,
        prise_le=JOUR, **champs,
    )  # fmt: skip
    return c


def _manquement() -> Convention:
    c = convention("ACI", etat="manquement", etat_precedent="en_cours")
    Manquement.objects.create(
        pk=7, convention=c, faits="Le bilan n’est pas remis.", articles="R. 5132-29 et R. 5132-32", lettre_le=JOUR,
        lettre_numero="1A 000 000 0001 7", observations_avant=date(2026, 3, 3),
    )  # fmt: skip
    return c


def _dossier() -> Convention:
    c = convention("ACI", etat="incomplet")
    dossier = dossier_rempli(c)
    contenu = {
        "periode": "du 1er janvier 2026 au 31 décembre 2028", "recu_le": "2 février 2026", "delai": "2 mois",
        "limite": "2 avril 2026", "silence": "L’absence de réponse à cette date vaut décision de rejet (à confirmer).",
        "a_confirmer": "Délai à confirmer.", "tardif": "", "suite": "Le service vérifie que le dossier est complet.",
        "financements": [["État", "100 000,00 €", "5 000,00 €", "105 000,00 €"]], "pieces": ["Statuts (statuts.pdf)"],
    }  # fmt: skip
    Accuse.objects.create(
        dossier=dossier, rang=1, recu_le=JOUR, delai_mois=2, limite_le=date(2026, 4, 2), contenu=contenu,
        sha256="0" * 64, emis_le=INSTANT,
    )  # fmt: skip
    for pk, precision, echeance in ((7, "Attestation d’assurance", 20), (8, "Comptes de 2025", 27)):
        DemandeDePiece.objects.create(
            pk=pk, dossier=dossier, genre=f"autre{pk}", precision=precision, echeance=date(2026, 2, echeance),
            demandee_le=INSTANT, demandee_par="x",
        )  # fmt: skip
    return c


CAS = {
    "convention-aci": (lambda: _siae("ACI"), "v0"),
    "convention-ai": (lambda: _siae("AI"), "v0"),
    "convention-ei": (lambda: _siae("EI"), "v0"),
    "convention-etti": (lambda: _siae("ETTI"), "v0"),
    "cpo": (_cpo, "v0"),
    "avenant": (_avenant, "v1"),
    "refus": (lambda: _decision(genre="refus"), "decision-7"),
    "resiliation": (lambda: _decision(genre="resiliation", montant=Decimal("12500.5")), "decision-7"),
    "manquement": (_manquement, "manquement-7"),
    "demande-de-pieces": (_dossier, "pieces-8"),
    "accuse-de-reception": (_dossier, "accuse-1"),
}


def ecrit(nom: str) -> produits.Ecrit:
    fabrique, cle = CAS[nom]
    return {e.cle: e for e in produits.ecrits_de(fabrique(), JOUR)}[cle]


def mots(texte: str) -> str:
    return " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("nom", CAS)
def test_texte_etalon(nom):
    """Every word of the editable document is kept; the PDF, from the same context, says the same articles."""
    e = ecrit(nom)
    donnees = e.composer()
    rendus = produits.rendus(donnees, INSTANT)
    obtenu = texte_du_docx(rendus["docx"].octets)
    etalon = ETALONS / f"{nom}.txt"
    if os.environ.get("REFAIRE_ETALONS"):
        etalon.write_text(obtenu, "utf-8")
    assert obtenu == etalon.read_text("utf-8")
    pages = PdfReader(BytesIO(rendus["pdf"].octets)).pages
    imprime = mots(" ".join(p.extract_text() for p in pages)).replace("- ", "")
    for partie in (*donnees.titres, *donnees.annexes):
        for article in partie.articles:
            for texte in (article.titre, *(p[:40] for p in article.paragraphes)):
                assert mots(texte).replace("- ", "") in imprime, texte
    assert produits.rendus(donnees, INSTANT)["docx"].sha256 == rendus["docx"].sha256
    if dossier := os.environ.get("CONVENIR_CAPTURES"):
        (Path(dossier) / f"{nom}.pdf").write_bytes(rendus["pdf"].octets)


def test_chaque_categorie_a_ses_articles():
    textes = {c: (ETALONS / f"convention-{c.lower()}.txt").read_text("utf-8") for c in ("ACI", "AI", "EI", "ETTI")}
    propres = {
        "R. 5132-28": {"ACI"}, "R. 5132-12": {"AI"}, "R. 5132-2 ": {"EI"}, "R. 5132-10-6": {"ETTI"},
        "La continuité": {"ACI", "EI", "ETTI"}, "D. 5132-34": {"ACI"}, "trois jours par semaine": {"AI"},
        "L’emploi des salariés": {"AI", "EI", "ETTI"}, "38.11Z": {"EI"}, "R. 5132-32": {"ACI"}, "R. 5132-5": {"EI"},
        "R. 5132-29)": {"ACI"}, "R. 5132-13": {"AI"}, "Les chantiers": {"ACI"},
    }  # fmt: skip
    for mot, attendues in propres.items():
        assert {c for c, texte in textes.items() if mot in texte} == attendues, mot


def test_une_decision_porte_ses_voies_de_recours_et_la_mention_du_calcul():
    lu = (ETALONS / "refus.txt").read_text("utf-8")
    for attendu in (
        "Les voies et délais de recours",
        "L. 311-3-1",
        "délégation de signature",
        "Code du travail, L. 5132-2",
    ):
        assert attendu in lu


def test_la_page_etablit_un_document_qui_se_remplace_et_le_garde_a_son_territoire():
    c = _siae("ACI")
    agent = connecter(AdhesionFactory(organisation=c.service, role=Role.DEPARTEMENTAL)).client
    adresse = f"{c.get_absolute_url()}ecrits/"
    assert "Pas encore établi" in agent.get(adresse).content.decode()
    assert agent.post(f"{adresse}v0/").status_code == 302
    document = DocumentProduit.objects.get()
    assert {v.format for v in document.versions.all()} == {"docx", "pdf"}
    assert "Voir le document et ses versions" in agent.get(adresse).content.decode()
    assert agent.get(document.get_absolute_url()).status_code == 200
    agent.post(f"{adresse}v0/")
    assert document.versions.count() == 2, "rien n'a changé : rien n'est écrit"
    assert agent.post(f"{adresse}v9/").status_code == 404
    ailleurs = DepartementFactory(code="85", nom="Vendée fictive")
    service = ServiceDepartementalFactory(departement=ailleurs)
    autre = connecter(AdhesionFactory(organisation=service, role=Role.DEPARTEMENTAL)).client
    assert autre.get(adresse).status_code == 404
    assert autre.get(document.get_absolute_url()).status_code in {403, 404}
    directeur = connecter(AdhesionFactory(organisation=c.organisation, role=Role.DIRECTION_STRUCTURE)).client
    assert directeur.get(adresse).status_code == 200
    assert directeur.post(f"{adresse}v0/").status_code == 403
