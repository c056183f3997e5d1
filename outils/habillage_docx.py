"""The one layout of our DOCX templates: page, styles, header and footer, tables, signatures; like that of the PDF.

A template is laid out here, filled by docxtpl, then finished by `socle/documents/finition.py` (widths).
"""

from __future__ import annotations

from collections.abc import Sequence

from docx import Document
from docx.document import Document as TypeDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

ENCRE, GRIS, POLICE = RGBColor(0x16, 0x16, 0x16), RGBColor(0x56, 0x56, 0x56), "Arial"
FILET, TRAIT = "9E9E9E", "161616"
LARGEUR = 172  # mm entre les marges
# Chaque style : son nom, sa taille, sa graisse, sa couleur, puis l’espace avant et après lui en points.
STYLES = (
    ("Normal", 10, False, ENCRE, 0, 5),
    ("Title", 18, True, ENCRE, 0, 2),
    ("Heading 1", 13, True, ENCRE, 14, 4),
    ("Heading 2", 10.5, True, ENCRE, 9, 2),
    ("Service", 8.5, False, GRIS, 0, 0),
    ("Objet", 11, False, GRIS, 0, 10),
    ("Visa", 10, False, ENCRE, 6, 0),
    ("Partie", 10, False, ENCRE, 0, 4),
    ("Point", 10, False, ENCRE, 0, 3),
    ("Cellule", 9, False, ENCRE, 2, 2),
    ("Note", 8, False, GRIS, 4, 8),
    ("Fait", 10, False, ENCRE, 12, 10),
    ("Signature", 9, False, ENCRE, 2, 0),
    ("Paraphes", 8, False, GRIS, 20, 6),
)


def nouveau() -> TypeDocument:
    """An A4 page, sober styles, the language of the document, what the PDF says at the head and foot of its pages."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(20), Mm(18)
    section.top_margin, section.bottom_margin = Mm(27), Mm(24)
    section.header_distance, section.footer_distance = Mm(13), Mm(11)
    for style in STYLES:
        _style(document, *style)
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(langue)
    tete, pied = section.header.paragraphs[0], section.footer.paragraphs[0]
    _courant(tete, "bottom")
    tete.add_run("Convenir").bold = True
    tete.add_run("  {{ meta.type }}\t{% if fictif %}DONNÉES FICTIVES    {% endif %}{{ meta.reference }}")
    _courant(pied, "top")
    pied.add_run("{{ meta.etat }}{% if meta.nature %} {{ meta.nature }}{% endif %}\tpage ")
    champ(pied, "PAGE")
    pied.add_run("/")
    champ(pied, "NUMPAGES")
    _petit(tete, pied)
    return document


def _style(
    document: TypeDocument, nom: str, taille: float, gras: bool, couleur: RGBColor, avant: float, apres: float
) -> None:
    styles = document.styles
    style = styles[nom] if nom in styles else styles.add_style(nom, WD_STYLE_TYPE.PARAGRAPH)
    if nom not in ("Normal", "Title", "Heading 1", "Heading 2"):
        style.base_style = styles["Normal"]
    polices = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribut in list(polices.attrib):
        del polices.attrib[attribut]  # une police de thème l'emporterait sur la nôtre
    for famille in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        polices.set(qn(famille), POLICE)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(taille), gras, couleur
    mise = style.paragraph_format
    mise.space_before, mise.space_after, mise.line_spacing = Pt(avant), Pt(apres), 1.08
    mise.keep_with_next = nom.startswith("Heading")
    mise.widow_control = True
    for trait in style.element.findall(f".//{qn('w:pBdr')}"):
        trait.getparent().remove(trait)
    if nom in ("Point", "Partie"):
        mise.left_indent, mise.first_line_indent = Mm(7), Mm(-7)
        mise.tab_stops.add_tab_stop(Mm(7))


def _courant(paragraphe: Paragraph, bord: str) -> None:
    """A running line: what is on the left, what is on the right, a rule towards the text."""
    taquets = paragraphe.paragraph_format.tab_stops
    taquets.add_tab_stop(Mm(LARGEUR), WD_TAB_ALIGNMENT.RIGHT)
    paragraphe.style = "Normal"
    filet(paragraphe, bord)


def _petit(*paragraphes: Paragraph) -> None:
    for trait in (t for p in paragraphes for t in p.runs):
        trait.font.size, trait.font.color.rgb = Pt(8), GRIS


def champ(paragraphe: Paragraph, instruction: str) -> None:
    """A field that the word processor computes: the page, how many there are."""
    for genre, texte in (("begin", ""), ("", instruction), ("separate", ""), ("valeur", "1"), ("end", "")):
        trait = paragraphe.add_run()
        if genre == "valeur":
            trait.text = texte
        elif genre:
            marque = OxmlElement("w:fldChar")
            marque.set(qn("w:fldCharType"), genre)
            trait._r.append(marque)
        else:
            code = OxmlElement("w:instrText")
            code.text = texte
            trait._r.append(code)


def filet(paragraphe: Paragraph, bord: str, *, couleur: str = FILET, epaisseur: int = 4, ecart: int = 4) -> None:
    """A rule above or under a paragraph."""
    bords = OxmlElement("w:pBdr")
    bords.append(_bord(bord, couleur, epaisseur, ecart))
    proprietes = paragraphe._p.get_or_add_pPr()
    proprietes.insert_element_before(bords, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _bord(bord: str, couleur: str, epaisseur: int, ecart: int = 0) -> BaseOxmlElement:
    marque = OxmlElement(f"w:{bord}")
    for nom, valeur in (("val", "single"), ("sz", str(epaisseur)), ("space", str(ecart)), ("color", couleur)):
        marque.set(qn(f"w:{nom}"), valeur)
    return marque


def sans_grille(table: Table, *, entre: bool = True) -> None:
    """Three kinds of rules and no box, as in the PDF; the text of the first column starts at the margin."""
    proprietes = table._tbl.tblPr
    bords = OxmlElement("w:tblBorders")
    bords.append(_bord("top", TRAIT, 8))
    bords.append(_bord("bottom", TRAIT, 8))
    if entre:
        bords.append(_bord("insideH", FILET, 4))
    marges = OxmlElement("w:tblCellMar")
    for cote, valeur in (("left", 60), ("right", 60)):
        marge = OxmlElement(f"w:{cote}")
        marge.set(qn("w:w"), str(valeur))
        marge.set(qn("w:type"), "dxa")
        marges.append(marge)
    for marque in proprietes.findall(qn("w:tblLook")):
        proprietes.remove(marque)
    disposition = OxmlElement("w:tblLayout")
    disposition.set(qn("w:type"), "fixed")
    for ancienne in proprietes.findall(qn("w:tblLayout")):
        proprietes.remove(ancienne)
    retrait = OxmlElement("w:tblInd")  # le filet part de la marge, le texte est en retrait, comme dans le PDF
    retrait.set(qn("w:w"), "60")
    retrait.set(qn("w:type"), "dxa")
    for element in (retrait, bords, disposition, marges):
        proprietes.append(element)


def repeter(table: Table) -> None:
    """Print the head row again on every page."""
    marque = OxmlElement("w:tblHeader")
    marque.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(marque)


def cellule(
    place: _Cell, texte: str, *, gras: bool = False, droite: bool = False, retrait: float = 0, style: str = "Cellule"
) -> Paragraph:
    """A paragraph more in a cell; the first one uses the one that every cell has."""
    premier = place.paragraphs[0]
    paragraphe = premier if len(place.paragraphs) == 1 and not premier.text else place.add_paragraph()
    paragraphe.style = style
    paragraphe.add_run(texte).bold = gras or None
    if droite:
        paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if retrait:
        paragraphe.paragraph_format.left_indent = Mm(retrait)
    return paragraphe


def tableau(
    document: TypeDocument, tetes: Sequence[str], boucle: str, cellules: Sequence[str], *, nombres: Sequence[int] = ()
) -> Table:
    """A table whose body rows repeat over a list; without heads, pairs of a label in grey and its value.

    `nombres`: ranks of the columns of numbers, aligned on the right as in the PDF.
    """
    table = document.add_table(rows=4 if tetes else 3, cols=len(cellules))
    sans_grille(table, entre=bool(tetes))
    for rang, (place, tete) in enumerate(zip(table.rows[0].cells, tetes, strict=False)):
        cellule(place, tete, gras=True, droite=rang in nombres)
    if tetes:
        repeter(table)
    ouvre, corps, ferme = table.rows[-3:]
    cellule(ouvre.cells[0], f"{{%tr for {boucle} %}}")
    for rang, (place, valeur) in enumerate(zip(corps.cells, cellules, strict=True)):
        paragraphe = cellule(place, valeur, droite=rang in nombres)
        if not tetes and not rang:
            paragraphe.runs[0].font.color.rgb = GRIS
    cellule(ferme.cells[0], "{%tr endfor %}")
    return table


def tableau_libre(document: TypeDocument, nom: str) -> None:
    """A table whose columns too come from the data: numbers on the right, « dont … » set back, as in the PDF."""
    table = document.add_table(rows=4, cols=3)
    sans_grille(table)
    for rang, boucle, valeur in ((0, f"t in {nom}.tetes", "t"), (2, "v in rang", "v")):
        ouvre, corps, ferme = table.rows[rang].cells
        cellule(ouvre, f"{{%tc for {boucle} %}}")
        cellule(corps, f"{{%p if loop.index0 in {nom}.nombres %}}")
        cellule(corps, f"{{{{ {valeur} }}}}", gras=rang == 0, droite=True)
        if rang:
            cellule(corps, "{%p elif v.startswith('dont ') %}")
            cellule(corps, "{{ v }}", retrait=3)
        cellule(corps, "{%p else %}")
        cellule(corps, f"{{{{ {valeur} }}}}", gras=rang == 0)
        cellule(corps, "{%p endif %}")
        cellule(ferme, "{%tc endfor %}")
    repeter(table)
    cellule(table.rows[1].cells[0], f"{{%tr for rang in {nom}.rangs %}}")
    cellule(table.rows[3].cells[0], "{%tr endfor %}")


def signatures(document: TypeDocument) -> None:
    """Where each party signs: two or three to a row, its name, room for the date and the signature."""
    d = document
    d.add_paragraph("{%p if signatures %}")
    table = d.add_table(rows=3, cols=3)
    sans_grille(table, entre=False)
    for bords in table._tbl.tblPr.findall(qn("w:tblBorders")):
        table._tbl.tblPr.remove(bords)
    largeur = "2 if signatures|length in (1, 2, 4) else 3"
    cellule(table.rows[0].cells[0], f"{{%tr for lot in signatures|batch({largeur}, '') %}}")
    ouvre, corps, ferme = table.rows[1].cells
    cellule(ouvre, "{%tc for s in lot %}")
    cellule(corps, "{%p if s %}")
    filet(cellule(corps, "{{ s.qualite }}", gras=True, style="Signature"), "top", couleur=TRAIT)
    cellule(corps, "{% if s.nom %}{{ s.nom }}{% else %}Nom et qualité :{% endif %}", style="Signature")
    mise = cellule(corps, "Date et signature", style="Signature").paragraph_format
    mise.space_before, mise.space_after = Mm(16), Mm(4)
    cellule(corps, "{%p else %}")
    cellule(corps, "", style="Signature")
    cellule(corps, "{%p endif %}")
    cellule(ferme, "{%tc endfor %}")
    cellule(table.rows[2].cells[0], "{%tr endfor %}")
    d.add_paragraph("{%p endif %}")
