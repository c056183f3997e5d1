"""Le DOCX rendu : sa page, ses tableaux, ses signatures, ses espaces ; ce que voit qui l'ouvre."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn

from convenir.contrat.conventions.documents.contextes import ActeDocument, Article, Tableau, Titre
from convenir.socle.documents.contextes import Meta
from convenir.socle.documents.docx import rendre_docx
from convenir.socle.documents.finition import typographier

INSTANT = datetime(2026, 2, 2, 9, tzinfo=UTC)
SIGNATAIRES = ("La structure", "France Travail", "Le préfet")
ACTE = ActeDocument(
    meta=Meta(titre="Acte", reference="CONV-1", auteur="Service", objet="Acte", etat="En préparation", type="Lettre"),
    services=("Préfecture", "Service"),
    titre="Convention", objet="Une structure",
    cartouche=(("Référence", "CONV-1"),),
    titres=(Titre("Titre I", (
        Article("Objet", ("Premier.",)), Article("Durée", ("Deuxième.",)),
        Article("Suite", ("Il présente :",), ("un point ;", "un autre.")),
    )),),
    annexes=(Titre("Annexe 1", (Article("", ("Voici.",), tableau=Tableau(
        ("Objectif qui se dit en beaucoup de mots", "Cible 2026"),
        (("Sorties dynamiques", "62 %"), ("dont emploi durable", "23 %")), nombres=(1,),
    ), numerote=False),)),),
    fait="Fait en 3 exemplaires.",
    signatures=tuple({"qualite": q, "nom": ""} for q in SIGNATAIRES),
    preuve={"empreinte": "ab" * 32, "figees_le": "2026-03-01", "comment": "Comparez."},
)  # fmt: skip


def rendu(acte: ActeDocument = ACTE):
    return Document(BytesIO(rendre_docx("acte", acte, horodatage=INSTANT, fictif=True).octets))


def test_chaque_page_dit_sa_reference_et_son_numero():
    section = rendu().sections[0]
    assert "CONV-1" in section.header.paragraphs[0].text
    assert "DONNÉES FICTIVES" in section.header.paragraphs[0].text
    pied = section.footer.paragraphs[0]._p
    assert [c.text for c in pied.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_aucun_paragraphe_vide_et_une_seule_police():
    document = rendu()
    assert [p.text for p in document.paragraphs if not p.text.strip()] == []
    for nom in ("Normal", "Title", "Heading 1", "Heading 2"):
        polices = document.styles[nom].element.rPr.find(qn("w:rFonts"))
        assert {cle.split("}")[1]: v for cle, v in polices.attrib.items()} == dict.fromkeys(
            ("ascii", "hAnsi", "cs", "eastAsia"), "Arial"
        ), "une police de thème l'emporterait"


@pytest.mark.parametrize(("nombre", "colonnes", "rangs"), [(1, 2, 1), (2, 2, 1), (3, 3, 1), (4, 2, 2), (5, 3, 2)])
def test_chaque_partie_a_sa_place_pour_signer(nombre, colonnes, rangs):
    signatures = tuple({"qualite": f"Partie {n}", "nom": "Camille Fictive" if n else ""} for n in range(nombre))
    table = rendu(replace(ACTE, signatures=signatures)).tables[1]
    assert (len(table.columns), len(table.rows)) == (colonnes, rangs)
    lues = [c.text for r in table.rows for c in r.cells if c.text]
    assert [t.split("\n")[0] for t in lues] == [s["qualite"] for s in signatures]
    assert all(t.endswith("Date et signature") for t in lues)
    assert lues[0].split("\n")[1].startswith("Nom et qualité")
    assert all(t.split("\n")[1] == "Camille Fictive" for t in lues[1:])


def test_les_signatures_restent_avec_deux_articles_et_une_annexe_ouvre_sa_page():
    lies = {p.text.split("–")[-1].strip(): bool(p.paragraph_format.keep_with_next) for p in rendu().paragraphs}
    assert (lies["Premier."], lies["Deuxième."], lies["Il présente\u00a0:"]) == (False, True, True)
    assert lies["Fait en 3 exemplaires."]
    (annexe,) = [p for p in rendu().paragraphs if p.text == "Annexe 1"]
    assert annexe.paragraph_format.page_break_before


def gardes(*articles: Article) -> list[str]:
    """The texts that the page must keep with what follows, up to « Fait … »."""
    paragraphes = rendu(replace(ACTE, titres=(Titre("Titre I", articles),))).paragraphs
    fin = next(n for n, p in enumerate(paragraphes) if p.text.startswith("Fait"))
    debut = next(n for n, p in enumerate(paragraphes) if p.text == "Titre I")
    textes = [p for p in paragraphes[debut + 1 : fin] if p.style.name != "Heading 2"]
    return [p.text for p in textes if p.paragraph_format.keep_with_next]


def test_un_article_long_ne_laisse_pas_une_page_blanche_devant_les_signatures():
    """Two articles that do not fit together with the signatures: the last one alone, else its last paragraph."""
    longs = ("Mot " * 200,) * 3
    assert gardes(Article("Long", longs), Article("Court", ("Fin.",))) == ["Fin."]
    assert gardes(Article("Court", ("Début.",)), Article("Long", (*longs, "Fin."))) == ["Fin."]
    assert gardes(Article("Un", ("A.",)), Article("Deux", ("B.",)), Article("Trois", ("C.",))) == ["B.", "C."]


def test_un_tableau_tient_entre_les_marges_et_donne_la_place_aux_textes():
    document = rendu()
    for table in document.tables:
        assert round(sum(c.width.mm for c in table.columns)) == 172
    objectifs = document.tables[2]
    texte, nombre = (c.width.mm for c in objectifs.columns)
    assert texte > 3 * nombre
    assert nombre > 20, "« Cible 2026 » tient sur une ligne"
    assert [r.cells[0].paragraphs[0].paragraph_format.left_indent is not None for r in objectifs.rows] == [
        False, False, True,
    ], "« dont … » est en retrait"  # fmt: skip


def test_deux_tableaux_de_suite_restent_deux_tableaux():
    seul = Article("", tableau=Tableau(("Ligne", "Valeur"), (("A", "1"),), nombres=(1,)), numerote=False)
    document = rendu(replace(ACTE, titres=(Titre("", (seul, seul)),), fait=""))
    blocs = [b for b in document.element.body if b.tag in {qn("w:p"), qn("w:tbl")}]
    touchent = [a for a, b in pairwise(blocs) if a.tag == b.tag == qn("w:tbl")]
    assert len(document.tables) == 5
    assert touchent == []


def test_les_espaces_insecables_sont_ceux_du_pdf():
    assert typographier("du 1er mars 2026 : « ceci » ; 10 % (R. 5132-2), n° 4") == (
        "du 1er\u00a0mars\u00a02026\u00a0: «\u00a0ceci\u00a0»\u202f; 10\u202f% (R.\u00a05132-2), n°\u00a04"
    )
    assert typographier("aux articles L. 5132-1, article 83") == "aux articles\u00a0L.\u00a05132-1, article 83"
    assert typographier({"a": ["2 mois", 3, None]}) == {"a": ["2\u00a0mois", 3, None]}


def test_l_empreinte_se_compare_a_l_oeil_et_porte_son_jour():
    dite = rendu().paragraphs[-1].text
    assert " ".join(["abababab"] * 8) in dite
    assert "1er\u00a0mars\u00a02026" in dite


def test_un_ordinal_a_sa_finale_en_exposant_comme_dans_le_pdf():
    """In the body, a table and the foot; the text itself and its formatting do not change."""
    acte = replace(
        ACTE, meta=replace(ACTE.meta, etat="Lettre du 1er mars 2026"), objet="Une 2e demande, le 1er mars 2026",
        cartouche=(("Reçue le", "1er juin 2026"),), fait="Le 31e jour et la 1ere fois, 12e.",
    )  # fmt: skip
    document = rendu(acte)
    pied = document.sections[0].footer.paragraphs[0]
    (recue,) = [t.rows[0].cells[1].paragraphs[0] for t in document.tables if t.rows[0].cells[0].text == "Reçue le"]
    lus = {p.text.replace("\u00a0", " "): p for p in (*document.paragraphs, recue)}
    for texte, eleves in (
        ("Une 2e demande, le 1er mars 2026", ["e", "er"]), ("1er juin 2026", ["er"]), ("Le 31e jour et la 1ere fois, "
        "12e.", ["e", "e"]), ("Article 1 – Objet", []),
    ):  # fmt: skip
        suites = lus[texte].runs
        assert [r.text for r in suites if r.font.superscript] == eleves, texte
        assert len({(r.font.bold, r.font.size) for r in suites}) == 1
    assert [r.text for r in pied.runs if r.font.superscript] == ["er"]
    assert [c.text for c in pied._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_une_seule_apostrophe_dans_un_document():
    """What people type with the apostrophe of the keyboard is printed as the words around it; quotes stay."""
    articles = (Article("Objet", ("L'accueil d’aujourd'hui, à 5'30, dit 'ici'.",)),)
    lus = [p.text for p in rendu(replace(ACTE, titres=(Titre("", articles),))).paragraphs]
    assert "L’accueil d’aujourd’hui, à 5'30, dit 'ici'." in lus
