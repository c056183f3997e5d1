"""Produce the DOCX templates of convenir/socle/documents/gabarits, from one declared layout.

Usage: python outils/produire_gabarits.py
A test checks that the templates kept are those this file makes: they are changed here, then produced again.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from convenir.socle.documents.docx import GABARITS, normaliser  # noqa: E402

GRIS = RGBColor(0x56, 0x56, 0x56)


def nouveau() -> TypeDocument:
    """An A4 page, sober styles, the language of the document, reference and mention in the header."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
        Mm(20),
        Mm(18),
        Mm(25),
        Mm(20),
    )
    for nom, taille, gras in (
        ("Normal", 10, False),
        ("Title", 18, True),
        ("Heading 1", 13, True),
        ("Heading 2", 11, True),
    ):
        style = document.styles[nom]
        style.font.name, style.font.size, style.font.bold = "Arial", Pt(taille), gras
        style.font.color.rgb = RGBColor(0x16, 0x16, 0x16)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Arial")
        if nom != "Normal":
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(4)
    _langue(document)
    _petit(
        section.header.paragraphs[0],
        "Convenir, {{ meta.type }}. {{ meta.reference }}{% if fictif %}. DONNÉES FICTIVES{% endif %}",
    )
    _petit(section.footer.paragraphs[0], "{{ meta.etat }} {{ meta.nature }}")
    return document


def _langue(document: TypeDocument) -> None:
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(langue)


def _petit(paragraphe, texte: str) -> None:  # type: ignore[no-untyped-def]
    trait = paragraphe.add_run(texte)
    trait.font.size, trait.font.color.rgb = Pt(8), GRIS


def tableau(
    document: TypeDocument, tetes: Sequence[str], boucle: str, cellules: Sequence[str], largeurs: Sequence[float]
) -> Table:
    """A table whose body rows repeat over a list; the head row repeats on every page."""
    table = document.add_table(rows=4, cols=len(tetes))
    table.style = "Table Grid"
    for cellule, tete in zip(table.rows[0].cells, tetes, strict=True):
        cellule.paragraphs[0].add_run(tete).bold = True
    _repeter(table)
    table.rows[1].cells[0].text = f"{{%tr for {boucle} %}}"
    for cellule, valeur in zip(table.rows[2].cells, cellules, strict=True):
        cellule.text = valeur
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for rang in table.rows:
        for cellule, largeur in zip(rang.cells, largeurs, strict=True):
            cellule.width = Mm(largeur)
            for paragraphe in cellule.paragraphs:
                paragraphe.paragraph_format.space_after = Pt(0)
    return table


def _repeter(table: Table) -> None:
    marque = OxmlElement("w:tblHeader")
    marque.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(marque)


def releve_objectifs() -> TypeDocument:
    """Record of the negotiation of the objectives of a year."""
    d = nouveau()
    d.add_paragraph("{%p for service in services %}")
    d.add_paragraph("{{ service }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{{ meta.titre }}", style="Title")
    d.add_paragraph("{{ objet }}")
    tableau(d, ("Élément", "Valeur"), "paire in identite", ("{{ paire[0] }}", "{{ paire[1] }}"), (60, 112))
    d.add_paragraph("Objectifs", style="Heading 1")
    d.add_paragraph("{{ phrase }}")
    tableau(
        d, ("Objectif", "Base", "Cible", "Issue de la négociation"), "o in objectifs",
        ("{{ o.libelle }}", "{{ o.base }}", "{{ o.cible }}", "{{ o.etat }}"), (72, 30, 30, 40),
    )  # fmt: skip
    d.add_paragraph("{%p if somme %}")
    d.add_paragraph("{{ somme }}")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("Positions des parties, dans leurs mots", style="Heading 1")
    d.add_paragraph("{%p for o in objectifs %}")
    d.add_paragraph("{{ o.libelle }}", style="Heading 2")
    d.add_paragraph("{%p if o.positions %}")
    d.add_paragraph("{%p for p in o.positions %}")
    ligne = d.add_paragraph()
    ligne.add_run("{{ p.partie }}, {{ p.jour }}, {{ p.valeur }}. ").bold = True
    ligne.add_run("{{ p.raisons }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p else %}")
    d.add_paragraph("Aucune position écrite.")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p for mention in absents %}")
    d.add_paragraph("{{ mention }}")
    d.add_paragraph("{%p endfor %}")
    d.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
    return d


def _tableau_libre(document: TypeDocument, nom: str) -> None:
    """A table whose columns too come from the data: a head row, then a row by line."""
    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    for rang, boucle, valeur in ((0, f"t in {nom}.tetes", "{{ t }}"), (2, "v in rang", "{{ v }}")):
        cellules = table.rows[rang].cells
        cellules[0].text, cellules[2].text = f"{{%tc for {boucle} %}}", "{%tc endfor %}"
        trait = cellules[1].paragraphs[0].add_run(valeur)
        trait.bold = rang == 0
    _repeter(table)
    table.rows[1].cells[0].text = f"{{%tr for rang in {nom}.rangs %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for rang in table.rows:
        for cellule in rang.cells:
            for paragraphe in cellule.paragraphs:
                paragraphe.paragraph_format.space_after = Pt(0)


def _articles(document: TypeDocument, liste: str) -> None:
    """The articles of a part, numbered through the act; a part of a letter carries no number."""
    d = document
    d.add_paragraph(f"{{%p for a in {liste} %}}")
    d.add_paragraph("{%p if a.numerote %}")
    d.add_paragraph("{%p set compte.n = compte.n + 1 %}")
    d.add_paragraph("Article {{ compte.n }} – {{ a.titre }}", style="Heading 2")
    d.add_paragraph("{%p elif a.titre %}")
    d.add_paragraph("{{ a.titre }}", style="Heading 2")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p for p in a.paragraphes %}")
    d.add_paragraph("{{ p }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p for p in a.puces %}")
    d.add_paragraph("{{ loop.index }}° {{ p }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if a.tableau %}")
    _tableau_libre(d, "a.tableau")
    d.add_paragraph("{{ a.tableau.pied }}")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p endfor %}")


def acte() -> TypeDocument:
    """A convention, a CPO, an avenant or a letter: the same context as the PDF."""
    d = nouveau()
    d.add_paragraph("{%p set compte = namespace(n=0) %}")
    d.add_paragraph("{%p for service in services %}")
    d.add_paragraph("{{ service }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{{ titre }}", style="Title")
    d.add_paragraph("{{ objet }}")
    tableau(d, ("Élément", "Valeur"), "paire in cartouche", ("{{ paire[0] }}", "{{ paire[1] }}"), (60, 112))
    d.add_paragraph("{%p for v in visas %}")
    d.add_paragraph("Vu {{ v }} ;")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if parties %}")
    d.add_paragraph("Entre :")
    d.add_paragraph("{%p for p in parties %}")
    ligne = d.add_paragraph()
    ligne.add_run("{{ p[0] }}").bold = True
    ligne.add_run(", {{ p[1] }} ;")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("il est convenu ce qui suit.")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p for partie in titres %}")
    d.add_paragraph("{%p if partie.titre %}")
    d.add_paragraph("{{ partie.titre }}", style="Heading 1")
    d.add_paragraph("{%p endif %}")
    _articles(d, "partie.articles")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{{ fait }}")
    d.add_paragraph("{%p for s in signatures %}")
    ligne = d.add_paragraph()
    ligne.add_run("{{ s.qualite }}").bold = True
    ligne.add_run("{% if s.nom %}, {{ s.nom }}{% endif %}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p for partie in annexes %}")
    d.add_paragraph("{{ partie.titre }}", style="Heading 1")
    _articles(d, "partie.articles")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if preuve %}")
    d.add_paragraph("Empreinte des termes : {{ preuve.empreinte }}. {{ preuve.comment }}")
    d.add_paragraph("{%p endif %}")
    return d


GABARITS_PRODUITS = {"acte": acte, "releve-objectifs": releve_objectifs}


def octets(document: TypeDocument) -> bytes:
    """The normalised bytes of a template."""
    from datetime import datetime

    proprietes = document.core_properties
    proprietes.created = proprietes.modified = datetime(2026, 1, 1)  # noqa: DTZ001 sans fuseau dans le format
    proprietes.author, proprietes.title, proprietes.comments, proprietes.language = "Convenir", "", "", "fr-FR"
    tampon = io.BytesIO()
    document.save(tampon)
    return normaliser(tampon.getvalue())


def main() -> int:
    """Write every template."""
    GABARITS.mkdir(exist_ok=True)
    for nom, produire in GABARITS_PRODUITS.items():
        (GABARITS / f"{nom}.docx").write_bytes(octets(produire()))
        print(f"{nom}.docx")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
