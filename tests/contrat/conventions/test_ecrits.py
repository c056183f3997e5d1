"""Les actes et lettres à relire : texte étalon de chaque DOCX, même texte dans le PDF, droits, remplacement."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pypdf import PdfReader

from convenir.contrat.conventions.documents import Article, acte_de, produits
from convenir.contrat.conventions.documents.lettres import lettre_de_decision, lettre_de_manquement
from convenir.contrat.conventions.models import Convention, Decision, GenreDecision, Manquement, Piece
from convenir.contrat.conventions.rules.articles import ARTICLES
from convenir.contrat.conventions.rules.termes import Chantier, Cofinancement, Ecrit, Termes
from convenir.contrat.dossiers.models import Accuse, DemandeDePiece
from convenir.contrat.objectifs.models import Objectif, PalierObjectif
from convenir.contrat.suivi.models import (
    AnalyseDeResultats,
    AnnexeDeFinanceur,
    CampagneDeControle,
    Controle,
    Engagement,
    Moyen,
    Preconisation,
)
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.docx import texte_du_docx
from convenir.socle.documents.models import DocumentProduit
from convenir.socle.documents.stockage import deposer
from convenir.socle.organisations.models import Nature
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import TERMES, ConventionFactory, CpoFactory, SignatureFactory, VersionFactory
from tests.factories_dossiers import dossier_rempli
from tests.factories_socle import (
    ConseilDepartementalFactory,
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
    autorites = (("structure", "Pour l’association, la présidence"), ("france_travail", "L’agence"),
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
        Moyen.objects.create(
            convention=c, annee=2026, nature="dla", libelle="Appui du DLA", fournisseur="DLA fictif", quantite="2.5",
            unite="journées", prevu_le=date(2026, 5, 4), objectif_servi="Emploi durable",
        )  # fmt: skip
        Moyen.objects.create(convention=c, annee=2027, nature="autre", libelle="L’an prochain", fournisseur="État")
        Engagement.objects.create(
            convention=c, annee=2026, partie="France Travail Nantes", nature="orientations", nombre=20,
            profil="inscrits depuis deux ans", delai_jours=10, referent="Conseillère entreprises",
        )  # fmt: skip
        Engagement.objects.create(
            convention=c, annee=2026, de_la_structure=True, partie="Les Jardins fictifs", nature="offres", nombre=12
        )
    version(c, termes)
    return c


def _cpo() -> Convention:
    departement, service = lieu()
    c = CpoFactory(
        reference="CONV-44-2026-ML-0042", mission_locale__nom="Mission locale fictive", service=service,
        mission_locale__departement=departement, departement=departement,
    )  # fmt: skip
    version(c, Termes(dotation=Decimal(640_000), axes=CPO))
    commun = {"convention": c, "annee": 2026, "cree_le": INSTANT, "seuil_partiel": 80, "convenu_le": JOUR}
    couverture = Objectif.objects.create(
        libelle="Jeunes en contact", axe="ml1", nature="indicateur", indicateur="ACT01", grille="2026", version=1,
        definition={"definition": "Jeunes ayant eu au moins une actualité dans la période."}, base=1180, cible=1250,
        borne_basse=1200, etat="convenu", **commun,
    )  # fmt: skip
    PalierObjectif.objects.create(objectif=couverture, annee=2027, valeur=1300)
    Objectif.objects.create(
        libelle="Parrainage", axe="ml3", nature="local", unite="jeunes", cible=40, etat="convenu", **commun
    )
    Objectif.objects.create(
        libelle="Diagnostic local",
        axe="ml4",
        nature="qualitatif",
        attendu="Une étude par an",
        etat="convenu",
        **commun,
    )
    Objectif.objects.create(
        libelle="Logement", axe="ml2", nature="local", etat="desaccord", **commun | {"convenu_le": None}
    )
    return c


def _avenant() -> Convention:
    c = convention("EI", etat="avenant_en_preparation")
    version(c)
    c.versions.update(etat="signee", signee_le=date(2026, 1, 20))
    termes = replace(TERMES, sections=SECTIONS, axes=AXES, postes=Decimal("13.5"), taux_durable=Decimal(25))
    version(c, termes, nature="avenant", numero=1, rang=1, effet=date(2026, 7, 1), objet="Un poste et demi de plus")
    return c


def _avenant_de_clauses() -> Convention:
    """An avenant that changes texts, a site and a co-funder: what comes, what goes, what is written again."""
    c = convention("AI", etat="avenant_en_preparation")
    version(c)
    c.versions.update(etat="signee", signee_le=date(2026, 1, 20))
    conseil = OrganisationFactory(pk=424242, nom="Département fictif")
    termes = replace(
        TERMES, cofinancements=(Cofinancement(str(conseil.pk), conseil.nom, Decimal(2), Decimal(47842)),),
        sections=(*SECTIONS[:2], Ecrit("economie", "Un marché.\n\nUn dépôt-vente l'été."), SECTIONS[2]),
        axes=(Ecrit("accueil", "Livret d'accueil et tutorat."),),
    )  # fmt: skip
    version(c, termes, nature="avenant", numero=1, rang=1, effet=date(2027, 1, 1), objet="Clauses financières 2027")
    return c


def precedente_de(c: Convention, **preconisations: str) -> Convention:
    """The convention that this one renews, its objectives missed; what was recommended, and where each stands."""
    avant = ConventionFactory(
        reference="CONV-44-2023-ACI-0007", structure=c.structure, service=c.service, departement=c.departement,
        debut=date(2023, 1, 1), fin=date(2026, 1, 1), etat="expire",
    )  # fmt: skip
    analyse = AnalyseDeResultats.objects.create(
        convention=avant, issue="non_atteint", contexte="Une usine a fermé.", solutions="Un nouveau partenaire.",
        faite_le=INSTANT, faite_par="x",
    )  # fmt: skip
    for rang, (libelle, etat) in enumerate(preconisations.items()):
        Preconisation.objects.create(
            analyse=analyse, libelle=libelle.replace("_", " "), horizon=2028 - rang, etat=etat, suite="Dite.",
            porteur="Les Jardins fictifs" if rang else "",
        )  # fmt: skip
    Convention.objects.filter(pk=c.pk).update(renouvelle=avant)
    c.refresh_from_db()
    return avant


def _renouvelee() -> Convention:
    c = convention("ACI")
    version(c)
    precedente_de(c, Trouver_un_second_site="ouverte", Recruter_une_encadrante="ouverte", Former_au_tri="faite")
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


def _controle(rangs: list[int]) -> Convention:
    """A control whose proofs came late, and whose second delay runs."""
    c = convention("ACI", etat="en_cours")
    campagne = CampagneDeControle.objects.create(
        departement=c.departement, annee=2026, graine="graine fictive", empreinte="0" * 64, taille=1, tiree_le=INSTANT,
        tiree_par="x",
    )  # fmt: skip
    Controle.objects.create(
        pk=7, campagne=campagne, structure=c.structure, etape="observations", notifie_le=date(2027, 3, 1),
        premier_delai=date(2027, 4, 12), second_delai=date(2027, 5, 26), embauches=rangs,
        auto_prescriptions=31 if rangs else None,
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


def _financeur() -> Convention:
    c = convention("ACI", etat="en_cours")
    region = OrganisationFactory(nom="Région fictive", nature=Nature.COLLECTIVITE)
    Objectif.objects.create(
        convention=c, annee=2026, axe="formation", nature="local", libelle="Permis passés", unite="personnes",
        cible=10, etat="convenu", convenu_le=JOUR, attendu_par=region, cree_le=INSTANT, seuil_partiel=80,
    )  # fmt: skip
    AnnexeDeFinanceur.objects.create(
        pk=7, convention=c, annee=2026, financeur=region.nom, organisation=region, responsabilites="Financer le CléA.",
        prevu=Decimal(10_000), realise=Decimal(9_000), explication="Un poste vacant.", rendu_le=date(2027, 3, 1),
    )  # fmt: skip
    return c


CAS = {
    "convention-aci": (lambda: _siae("ACI"), "v0"),
    "convention-ai": (lambda: _siae("AI"), "v0"),
    "convention-ei": (lambda: _siae("EI"), "v0"),
    "convention-etti": (lambda: _siae("ETTI"), "v0"),
    "convention-eiti": (lambda: _siae("EITI"), "v0"),
    "convention-renouvelee": (_renouvelee, "v0"),
    "cpo": (_cpo, "v0"),
    "avenant": (_avenant, "v1"),
    "avenant-clauses": (_avenant_de_clauses, "v1"),
    "refus": (lambda: _decision(genre="refus"), "decision-7"),
    "resiliation": (lambda: _decision(genre="resiliation", montant=Decimal("12500.5")), "decision-7"),
    "suspension": (lambda: _decision(genre="suspension"), "decision-7"),
    "reprise-de-sommes": (lambda: _decision(genre="reprise_sommes", montant=Decimal("57410.4")), "decision-7"),
    "controle": (
        lambda: _decision(
            genre="controle", montant=Decimal(800), effet_du=date(2026, 3, 1), effet_au=date(2026, 9, 1)
        ),
        "decision-7",
    ),
    "controle-justificatifs": (lambda: _controle([3, 8, 21]), "controle-7-1"),
    "controle-observations": (lambda: _controle([]), "controle-7-2"),
    "manquement": (_manquement, "manquement-7"),
    "demande-de-pieces": (_dossier, "pieces-8"),
    "accuse-de-reception": (_dossier, "accuse-1"),
    "compte-rendu-financeur": (_financeur, "financeur-7"),
}


CATEGORIES = ("ACI", "AI", "EI", "ETTI", "EITI")


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
    lues = PdfReader(BytesIO(rendus["pdf"].octets)).pages
    imprime = mots(" ".join(p.extract_text() for p in lues)).replace("- ", "")
    for partie in (*donnees.titres, *donnees.annexes):
        for article in partie.articles:
            for texte in (article.titre, *(p[:40] for p in article.paragraphes)):
                assert mots(texte).replace("- ", "") in imprime, texte
    assert produits.rendus(donnees, INSTANT)["docx"].sha256 == rendus["docx"].sha256
    if dossier := os.environ.get("CONVENIR_CAPTURES"):
        for genre, rendu in rendus.items():
            (Path(dossier) / f"{nom}.{genre}").write_bytes(rendu.octets)


def pages(nom: str) -> list[str]:
    """The text of each page of a document, as it is printed."""
    e = ecrit(nom)
    octets = produits.rendus(e.composer(), e.instant)["pdf"].octets
    return [mots(p.extract_text()) for p in PdfReader(BytesIO(octets)).pages]


def places(octets: bytes) -> list[list[tuple[float, float, str]]]:
    """The texts of each page and where each begins, in points from the bottom left of the page."""
    lues = []
    for page in PdfReader(BytesIO(octets)).pages:
        textes: list[tuple[float, float, str]] = []

        def lire(texte, cm, tm, _police, _taille, textes=textes):
            if texte.strip():
                textes.append((cm[4] + tm[4], cm[5] - tm[5], texte.strip()))

        page.extract_text(visitor_text=lire)
        lues.append(textes)
    return lues


NOMBRE = re.compile(
    r"(au moins |au plus |entre )?[−+]?\d[\d ,]*( ?(€|%|ETP|h|[a-z]+ées|jeunes))?( et .*|, soit .*)?|–|n\. d\."
)


@pytest.mark.parametrize("nom", CAS)
def test_une_colonne_de_textes_s_aligne_a_gauche_une_colonne_de_nombres_a_droite(nom):
    donnees = ecrit(nom).composer()
    for partie in (*donnees.titres, *donnees.annexes):
        for tableau in (a.tableau for a in partie.articles if a.tableau):
            colonnes = list(zip(*tableau.rangs, strict=True))
            attendues = tuple(i for i, c in enumerate(colonnes) if all(NOMBRE.fullmatch(mots(v)) for v in c))
            assert tableau.nombres == attendues, tableau.tetes


def test_les_lieux_d_un_tableau_commencent_sous_leur_tete():
    """In the PDF itself: « Nantes » and « Rezé », of two lengths, start where « Lieu » starts; the posts end alike."""
    e = ecrit("convention-aci")
    debuts = {
        texte: round(x)
        for page in places(produits.rendus(e.composer(), e.instant)["pdf"].octets)
        for x, _, texte in page
        if texte in {"Lieu", "Nantes", "Rezé"}
    }
    assert len(debuts) == 3
    assert len(set(debuts.values())) == 1, debuts
    assert min(debuts.values()) > 60, "la deuxième colonne n'est pas au bord de la page"


def test_le_docx_aligne_les_memes_colonnes_a_droite():
    e = ecrit("convention-aci")
    document = Document(BytesIO(produits.rendus(e.composer(), e.instant)["docx"].octets))
    (chantiers,) = [t for t in document.tables if t.rows[0].cells[0].text == "Chantier"]
    for rang in chantiers.rows:
        alignes = [c.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for c in rang.cells]
        assert alignes == [False, False, True], [c.text for c in rang.cells]


@pytest.mark.parametrize("nom", ["convention-aci", "convention-ei", "convention-ai", "convention-etti", "cpo"])
def test_la_page_signee_porte_plusieurs_articles_et_les_annexes_courtes_une_seule_page(nom):
    lues = pages(nom)
    (signee,) = [i for i, p in enumerate(lues) if "Date et signature" in p]
    assert len(re.findall(r"Article \d+ –", lues[signee])) >= 2
    assert len(lues) <= signee + 2, "les annexes, leurs paraphes et la preuve tiennent sur une page"
    assert len({i for i, p in enumerate(lues) if "Annexe 1 –" in p or "Annexe 2 –" in p}) <= 1
    assert "Vérifier ce document" in lues[-1]


def test_une_annexe_longue_se_coupe_et_rien_ne_deborde():
    c = convention("ACI")
    chantiers = tuple(Chantier(f"{n:03d}", f"Chantier {n}", "Nantes", "", Decimal(1)) for n in range(80))
    v = version(c, replace(TERMES, chantiers=chantiers))
    commun = {"convention": c, "annee": 2026, "cree_le": INSTANT, "seuil_partiel": 80, "convenu_le": JOUR}
    for n in range(60):
        Objectif.objects.create(
            libelle=f"Objectif local n° {n}", axe="formation", nature="local", cible=n, etat="convenu", **commun
        )
    lues = [
        mots(p.extract_text())
        for p in PdfReader(BytesIO(produits.rendus(acte_de(v, JOUR), INSTANT)["pdf"].octets)).pages
    ]
    assert all(f"Objectif local n° {n} " in " ".join(lues) for n in range(60))
    assert all(f"page {i}/{len(lues)}" in p for i, p in enumerate(lues, 1))


@pytest.mark.parametrize("nombre", [0, 5, 9, 13, 17, 30])
def test_aucun_texte_ne_descend_sous_le_pied_de_page(nombre):
    """Blocks that never break must fit a page: whatever the number of objectives and of co-funders."""
    c = _siae("ACI")
    v = c.versions.get()
    commun = {"convention": c, "annee": 2026, "cree_le": INSTANT, "seuil_partiel": 80, "convenu_le": JOUR}
    for n in range(nombre):
        Objectif.objects.create(
            libelle=f"Un objectif local assez long pour tenir sur deux lignes, n° {n}", axe="formation",
            nature="local", cible=n, etat="convenu", **commun,
        )  # fmt: skip
        if n < 5:
            financeur = OrganisationFactory(nom=f"Cofinanceur fictif {n}")
            SignatureFactory(version=v, partie="financeur", ordre=9 + n, organisation=financeur, autorite="x")
    for lus in places(produits.rendus(acte_de(v, JOUR), INSTANT)["pdf"].octets):
        pied = next(y for _, y, texte in lus if texte.startswith("Convention initiale, version"))
        assert not [(round(y), texte) for _, y, texte in lus if y < pied + 10 and abs(y - pied) > 1]


@pytest.mark.parametrize("longueur", [21, 22, 56, 60, 63, 64])
def test_une_longue_decision_ne_se_signe_pas_sur_une_page_sans_texte(longueur):
    """Ways of appeal too long to stay whole with the signature leave it their last paragraph, whatever the cut."""
    c = _decision(genre="refus")
    c.decisions.update(
        voies="\n\n".join(["Une voie de recours, son délai et le tribunal compétent, dits au long."] * longueur)
    )
    lettre = lettre_de_decision(c.decisions.get())
    octets = produits.rendus(lettre, INSTANT)["pdf"].octets
    signee = [mots(p.extract_text()) for p in PdfReader(BytesIO(octets)).pages][-1]
    assert "Date et signature" in signee
    assert "Une voie de recours" in signee


def test_une_partie_est_nommee_par_qui_signe_ou_laisse_une_ligne_a_remplir():
    for nom in ("convention-aci", "cpo"):
        assert "qui représente" not in (ETALONS / f"{nom}.txt").read_text("utf-8")
    c = _cpo()
    v = c.versions.get()
    assert acte_de(v, JOUR).parties[1] == ("Organisation fictive 1", "dite « la mission locale », représentée par", "")
    v.signatures.filter(partie="structure").update(
        etat="signee", signataire="Camille Fictive", qualite="Présidente", titre="titulaire", voie="papier",
        signee_le=JOUR,
    )  # fmt: skip
    acte = acte_de(v, JOUR)
    assert acte.parties[1][2] == "Camille Fictive, présidente"
    assert acte.signatures[0] == {"qualite": "Organisation fictive 1", "nom": "Camille Fictive, présidente"}


def test_un_acte_en_preparation_dit_deja_ses_parties():
    c = _cpo()
    c.versions.get().signatures.all().delete()
    parties = acte_de(c.versions.get(), JOUR).parties
    assert [p[0] for p in parties] == ["L’État", c.mission_locale.organisation.nom]
    inconnu = replace(TERMES, cofinancements=(Cofinancement("ville", "Ville sans organisation", None, Decimal(1)),))
    ei = convention("EI")
    assert acte_de(VersionFactory(convention=ei, termes=inconnu), JOUR).parties == (), "une partie n'est pas connue"


def test_un_acte_signe_ailleurs_renvoie_au_fichier_joint_et_ne_laisse_rien_a_remplir():
    c = _siae("EI")
    c.versions.get().signatures.all().delete()
    c.versions.update(etat="signee", signee_le=date(2026, 1, 20))
    acte = acte_de(c.versions.get(), JOUR)
    assert (acte.parties, acte.signatures) == ((), ())
    assert "hors de Convenir" in acte.fait
    imprime = PdfReader(BytesIO(produits.rendus(acte, INSTANT)["pdf"].octets)).pages
    assert "hors de Convenir" in " ".join(mots(p.extract_text()) for p in imprime)


def test_un_avenant_de_cpo_sans_objectif_n_a_pas_d_annexe_vide():
    c = _cpo()
    c.objectifs.all().delete()
    c.versions.update(etat="signee", signee_le=date(2026, 1, 20))
    suivante = version(c, Termes(dotation=Decimal(650_000), axes=CPO), nature="avenant", numero=1, rang=1,
                       effet=date(2027, 1, 1))  # fmt: skip
    assert [a.titre for a in acte_de(c.versions.get(rang=0), JOUR).annexes] == ["Annexe – Objectifs 2026"]
    acte = acte_de(suivante, JOUR)
    assert acte.annexes == ()
    assert "annexes" not in acte.titres[0].articles[0].paragraphes[0]


def test_une_cpo_dit_ses_objectifs_sa_modification_sa_fin_et_ses_recours():
    lu = mots((ETALONS / "cpo.txt").read_text("utf-8"))
    for attendu in (
        "– Modification", "– Non-respect et résiliation", "– Recours", "– Durée et renouvellement", "L. 5314-2",
        "Annexe – Objectifs 2026", "Jeunes en contact | 1", "au moins 1", "Grille 2026", "désaccord consigné",
        "Diagnostic local : Une étude par an (axe 4",
    ):  # fmt: skip
        assert attendu in lu, attendu


def test_les_moyens_et_les_engagements_de_l_annee_sont_dans_l_acte():
    lu = mots((ETALONS / "convention-aci.txt").read_text("utf-8"))
    assert "Annexe 3 – Moyens et engagements 2026" in lu
    assert "Appui du DLA | DLA fictif | Emploi durable | 4 mai 2026 | 2,5 journées" in lu
    assert "Orientation de personnes : inscrits depuis deux ans | Conseillère entreprises | 20 | 10" in lu
    assert "L’an prochain" not in lu
    assert "Annexe 3" not in (ETALONS / "convention-ei.txt").read_text("utf-8")


def test_l_acte_qui_renouvelle_porte_les_preconisations_encore_ouvertes():
    """Circular of 2008, annex 7: over several years, so in the act that follows; what is done is not carried."""
    lu = mots((ETALONS / "convention-renouvelee.txt").read_text("utf-8"))
    assert "Annexe 3 – Préconisations à suivre" in lu
    assert "Recruter une encadrante | Les Jardins fictifs | CONV-44-2023-ACI-0007 | 2027" in lu
    assert "Trouver un second site | – | CONV-44-2023-ACI-0007 | 2028" in lu
    assert "Former au tri" not in lu


def test_une_cpo_accorde_le_nombre_de_ses_annexes():
    c = _cpo()
    objet = acte_de(c.versions.get(), JOUR).titres[0].articles[0].paragraphes[0]
    assert objet.endswith("Son annexe en fait partie.")
    Moyen.objects.create(convention=c, annee=2026, nature="autre", libelle="Un local", fournisseur="Commune")
    objet = acte_de(c.versions.get(), JOUR).titres[0].articles[0].paragraphes[0]
    assert objet.endswith("Ses annexes en font partie.")


def test_l_annexe_d_une_partie_d_annee_multiplie_le_mois_arrondi():
    """13,5 ETP at 23 921 €: the month is 26 911,125, rounded to 26 911,13, then six times."""
    lu = mots((ETALONS / "avenant.txt").read_text("utf-8"))
    assert "26 911,13 €" in lu
    assert "G. Montant socle de la période (F × 6 mois) | 161 466,78 €" in lu
    assert "du 1er juillet 2026 au 31 décembre 2026" in lu


def test_le_compte_rendu_d_un_financeur_ne_dit_pas_deux_fois_l_ecart():
    lu = mots((ETALONS / "compte-rendu-financeur.txt").read_text("utf-8"))
    assert "Écart | −1 000,00 €, soit −10,0 % du prévu" in lu
    assert "écart de" not in lu


def test_l_annexe_d_un_financeur_dit_ou_en_est_un_objectif_sans_changer_ses_majuscules():
    c = _financeur()
    c.objectifs.update(etat="a_l_etat", cible=None, convenu_le=None)
    (annexe,) = produits.ecrits_de(c, JOUR)[:1]
    assert annexe.composer().titres[0].articles[0].puces == ("Permis passés : à l’État de répondre.",)


def test_les_lettres_d_un_controle_disent_quoi_jusqu_a_quand_et_d_ou_vient_le_tirage():
    lu = mots((ETALONS / "controle-justificatifs.txt").read_text("utf-8"))
    for dit in ("3 des 31 embauches de 2026", "rangée par date : 3, 8, 21.", "fin du 12 avril 2027", "graine fictive",
                "Le 1er mars 2027."):  # fmt: skip
        assert dit in lu, dit
    lu = mots((ETALONS / "controle-observations.txt").read_text("utf-8"))
    for dit in ("n’ont pas été produits avant la fin du 12 avril 2027", "fin du 26 mai 2027", "Le 14 avril 2027."):
        assert dit in lu, dit
    toutes = _controle([])
    (premiere,) = [e for e in produits.ecrits_de(toutes, JOUR) if e.cle == "controle-7-1"]
    assert "toutes les embauches de 2026" in premiere.composer().titres[0].articles[1].paragraphes[0]


def test_les_lettres_d_un_controle_restent_entre_le_service_et_la_structure(gens):
    c = _controle([3])
    personnes = gens(c)
    for role, lisible in ((Role.DEPARTEMENTAL, True), (Role.DIRECTION_STRUCTURE, True), (Role.FINANCEUR, False),
                          (Role.FRANCE_TRAVAIL, False)):  # fmt: skip
        refus = produits.refus_de_lire(personnes[role].acteur, c.reference, ["controle-7-1", "v0"])
        assert ("controle-7-1" not in refus) == lisible, role


def test_un_controle_d_une_autre_annee_ou_pas_encore_notifie_n_a_pas_de_lettre():
    c = _controle([3])
    assert [e.cle for e in produits.ecrits_de(c, JOUR)] == ["controle-7-1", "controle-7-2"]
    Controle.objects.update(notifie_le=None, premier_delai=None, second_delai=None, etape="justificatifs")
    assert produits.ecrits_de(c, JOUR) == []
    Controle.objects.update(notifie_le=JOUR, premier_delai=date(2026, 3, 16))
    CampagneDeControle.objects.update(annee=2025)
    assert produits.ecrits_de(c, JOUR) == []


def test_chaque_categorie_a_ses_articles():
    textes = {c: mots((ETALONS / f"convention-{c.lower()}.txt").read_text("utf-8")) for c in CATEGORIES}
    propres = {
        "article R. 5132-28 ": {"ACI"}, "article R. 5132-12 ": {"AI"}, "article R. 5132-2 ": {"EI"},
        "article R. 5132-10-7 ": {"ETTI"}, "article 83 de la loi du 5 septembre 2018": {"EITI"},
        "La continuité": {"ACI", "AI", "EI", "ETTI"}, "D. 5132-34": {"ACI"}, "trois jours par semaine": {"AI"},
        "(R. 5132-29-1)": {"ACI"}, "(R. 5132-14)": {"AI"}, "(R. 5132-3-1)": {"EI"}, "(R. 5132-10-8-1)": {"ETTI"},
        "L’emploi des salariés": {"EI"}, "38.11Z": {"EI"}, "L’activité exclusive": {"ETTI"}, "Les chantiers": {"ACI"},
        "(R. 5132-29)": {"ACI"}, "(R. 5132-13)": {"AI"}, "(R. 5132-3)": {"EI"}, "(R. 5132-10-8)": {"ETTI"},
        "(R. 5132-35)": {"ACI"}, "(R. 5132-15)": {"AI"}, "(R. 5132-4)": {"EI"}, "(R. 5132-10-9)": {"ETTI"},
        "(R. 5132-32)": {"ACI"}, "(R. 5132-16)": {"AI"}, "(R. 5132-5)": {"EI"}, "(R. 5132-10-10)": {"ETTI"},
        "(R. 5132-43)": {"ACI"}, "(R. 5132-26)": {"AI"}, "(R. 5132-6)": {"EI"}, "(R. 5132-10-11)": {"ETTI"},
    }  # fmt: skip
    for mot, attendues in propres.items():
        assert {c for c, texte in textes.items() if mot in texte} == attendues, mot


@pytest.mark.parametrize(
    ("categorie", "attendu"),
    [("ACI", "code du travail, article R. 5132-32"), ("AI", "code du travail, article R. 5132-16"),
     ("EI", "code du travail, article R. 5132-5"), ("ETTI", "code du travail, article R. 5132-10-10"),
     ("EITI", "clauses de la convention")],
)  # fmt: skip
def test_la_lettre_de_manquement_cite_le_texte_de_la_categorie_et_d_aucune_autre(categorie, attendu):
    c = convention(categorie, etat="manquement", etat_precedent="en_cours")
    m = Manquement.objects.create(
        pk=7, convention=c, faits="Des heures inventées.", articles="x", lettre_le=JOUR, lettre_numero="1A",
        observations_avant=date(2026, 3, 3), obligatoire=True,
    )  # fmt: skip
    lettre = lettre_de_manquement(m)
    textes = " ".join(p for titre in lettre.titres for a in titre.articles for p in a.paragraphes)
    assert f"({attendu})" in textes
    cites = set(re.findall(r"R\. 5132-[\d-]+", textes))
    propres = ARTICLES.get(categorie)
    assert cites == ({propres.manquement, propres.fausse_declaration} if propres else set())
    assert "obligatoire" in textes


def test_une_decision_porte_ses_voies_de_recours_et_la_mention_du_calcul():
    lu = mots((ETALONS / "refus.txt").read_text("utf-8"))
    for attendu in (
        "Les voies et délais de recours",
        "L. 311-3-1",
        "délégation de signature",
        "Code du travail, L. 5132-2",
    ):
        assert attendu in lu


def test_chaque_genre_de_decision_a_sa_lettre_et_dit_ce_qu_elle_decide():
    lettres = {
        "refus": "Le conventionnement demandé est refusé.", "resiliation": "La convention est résiliée.",
        "suspension": "Les versements de l’aide sont suspendus.", "reprise-de-sommes": "57 410,40 €",
        "controle": "est suspendue du 1er mars 2026 au 31 août 2026 inclus.",
    }  # fmt: skip
    assert len(lettres) == len(GenreDecision)
    for nom, dit in lettres.items():
        lu = mots((ETALONS / f"{nom}.txt").read_text("utf-8"))
        assert dit in lu, nom
        assert "Les voies et délais de recours" in lu, nom


def test_une_lettre_nomme_son_destinataire_et_ne_dit_sa_notification_qu_une_fois_faite():
    """The letter reaches its reader before its proof: it does not tell that it is still to be notified."""
    c = _decision(genre="refus")
    lettre = lettre_de_decision(c.decisions.get())
    assert lettre.objet == "Destinataire : Association fictive des Jardins, pour « Les Jardins fictifs »"
    assert [libelle for libelle, _ in lettre.cartouche] == ["Référence", "Décision du"]
    notifiee = c.decisions.get()
    notifiee.notifiee_le = date(2026, 2, 9)
    assert lettre_de_decision(notifiee).cartouche[-1] == ("Notifiée le", "9\u00a0février\u00a02026")


def test_une_ligne_vide_saisie_separe_deux_paragraphes():
    c = _decision(genre="refus")
    c.decisions.update(faits="Le plan n’est pas équilibré.\n\n \nIl manque :\n- un bail ;\n- un encadrant.\n")
    (motifs,) = [a for a in lettre_de_decision(c.decisions.get()).titres[0].articles if a.titre == "Les motifs"]
    assert motifs.paragraphes == ("Le plan n’est pas équilibré.", "Il manque :\n- un bail ;\n- un encadrant.")
    assert Article("Axes", puces=("Accueil : un livret.\n\n\nUn tuteur.",)).puces == (
        "Accueil : un livret.\nUn tuteur.",
    )


def test_une_decision_par_delegation_se_signe_pour_le_prefet_une_autre_en_son_nom():
    c = _decision(genre="refus")
    assert lettre_de_decision(c.decisions.get()).signatures == (
        {"qualite": "Pour le préfet et par délégation, directrice départementale", "nom": "Camille Fictive"},
    )
    c.decisions.update(fondement="", qualite="Le préfet de la Loire-Atlantique")
    lettre = lettre_de_decision(c.decisions.get())
    assert lettre.signatures[0]["qualite"] == "Le préfet de la Loire-Atlantique"
    assert not any("délégation" in v for v in lettre.visas)


def test_un_acte_se_lit_par_ses_parties_et_par_qui_lit_ses_objectifs():
    c = _siae("EI")
    Convention.objects.filter(pk=c.pk).update(etat="en_negociation")
    v = c.versions.get()
    acte = Piece.objects.create(
        convention=c, version=v, genre="acte", nom="acte.pdf", taille=9, suffixe=".pdf", jour=JOUR, deposee_le=INSTANT,
        sha256=deposer(b"%PDF-1.7\n", "acte.pdf").sha256, deposee_par="x",
    )  # fmt: skip
    conseil = connecter(
        AdhesionFactory(organisation=ConseilDepartementalFactory(departement=c.departement), role=Role.FINANCEUR)
    )
    agent = connecter(AdhesionFactory(organisation=c.service, role=Role.DEPARTEMENTAL))
    adresse = reverse("conventions:piece", args=[c.reference, acte.pk])

    def lit(qui) -> tuple[bool, int]:
        return produits.GENRE.lire(qui.acteur, f"{c.reference}/v0") is None, qui.client.get(adresse).status_code

    assert lit(conseil) == (True, 200), "les taux de sortie sont des termes : qui lit la convention les lit"
    Objectif.objects.create(
        convention=c, annee=2026, axe="formation", nature="local", libelle="Permis", cible=10, etat="convenu",
        convenu_le=JOUR, cree_le=INSTANT, seuil_partiel=80,
    )  # fmt: skip
    assert (lit(conseil), lit(agent)) == ((False, 403), (True, 200))
    assert "v0" not in conseil.client.get(f"{c.get_absolute_url()}ecrits/").content.decode()
    SignatureFactory(version=v, partie="financeur", ordre=9, organisation=conseil.acteur.organisation, autorite="x")
    assert lit(conseil) == (True, 200), "une partie lit l'acte qu'elle signe"


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
