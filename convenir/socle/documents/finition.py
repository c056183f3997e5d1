"""Finish a filled DOCX as the typesetter does the PDF: no-break spaces, ordinals, widths, what stays together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from convenir.socle.commun.francais import FINE, INSECABLE, MOIS
from convenir.socle.commun.francais import jour as en_mots

LARGEUR = 172  # mm entre les marges, comme le PDF
SIGNE, MARGE = 1.75, 4.5  # mm : un signe de 9 points, les marges d'une cellule
SOLIDAIRE = 14  # au-delà, un tableau se coupe entre deux rangs
TETE_D_UNE_LIGNE = 20  # signes ; au-delà, la tête d'une colonne prend plusieurs lignes
D_UN_BLOC, SIGNES_PAR_LIGNE = 1500, 90  # ce qui tient ensemble sur une page, signatures comprises, comme le PDF
PAIRE = 52  # mm : le libellé d'une paire
_DATES = re.compile(rf"\b(\d{{1,2}}|1er) ({'|'.join(MOIS)}|ans|mois|jours|ETP)(?: (\d{{4}}))?\b")
_ABREGE = re.compile(r"\b(n°|art\.|p\.|M\.|Mme|[LRD]\.|articles?(?= [LRD]\.)) (?=\S)")
_ORDINAL = re.compile(r"((?<=\b1)er\b|(?<=\b\d)e\b|(?<=\b\d\d)e\b)")
_DE_TEXTE = {qn(f"w:{nom}") for nom in ("rPr", "t", "tab", "br")}  # ce qu’une suite découpée sait rendre
_HAUTS = re.compile(r" ([;!?%€])")


def typographier(valeur: Any) -> Any:
    """Return the same data, its texts with the no-break spaces that the PDF gets from its own rule."""
    if isinstance(valeur, str):
        return _texte(valeur)
    if isinstance(valeur, Mapping):
        return {cle: typographier(dedans) for cle, dedans in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [typographier(dedans) for dedans in valeur]
    return valeur


def _texte(texte: str) -> str:
    net = _DATES.sub(lambda m: INSECABLE.join(partie for partie in m.groups() if partie), texte)
    net = _ABREGE.sub(rf"\1{INSECABLE}", net)
    net = _HAUTS.sub(rf"{FINE}\1", net)
    return net.replace(" :", f"{INSECABLE}:").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")


def jour(iso: str) -> str:
    """Write in words a day that the data hold as « 2026-03-01 »."""
    return _texte(en_mots(date.fromisoformat(iso)))


def grouper(empreinte: str) -> str:
    """Write a fingerprint in groups of eight signs, to be compared by eye."""
    return " ".join(empreinte[rang : rang + 8] for rang in range(0, len(empreinte), 8))


def finir(document: Document) -> None:
    """Raise the ordinals, give each table its widths and keep together what a page must not part."""
    for paragraphe in _paragraphes(document):
        _elever_les_ordinaux(paragraphe)
    blocs = list(document.iter_inner_content())
    for bloc in blocs:
        if isinstance(bloc, Table):
            _finir_table(bloc)
    _garder_avec_les_signatures(blocs)
    for bloc, suite in zip(blocs, [*blocs[1:], None], strict=True):
        # Le texte qui annonce une liste ou un tableau reste avec lui ; une liste ne laisse pas son dernier point seul.
        if isinstance(bloc, Paragraph) and (isinstance(suite, Table) or _est_un_point(suite)):
            bloc.paragraph_format.keep_with_next = True
        if isinstance(bloc, Table) and isinstance(suite, Table):
            suite._tbl.addprevious(
                document.add_paragraph(style="Paraphes")._p
            )  # deux tableaux qui se touchent n'en font qu'un
    if blocs and isinstance(blocs[-1], Table):
        document.add_paragraph(style="Paraphes")  # Word veut un paragraphe après un tableau final


def _paragraphes(document: Document) -> Iterator[Paragraph]:
    """Yield every paragraph: those of the body, of its tables, of the heads and feet of its pages."""
    liees = [lien.target_part for lien in document.part.rels.values() if lien.reltype in (RT.HEADER, RT.FOOTER)]
    for partie in (document.part, *liees):
        for element in partie.element.iter(qn("w:p")):
            yield Paragraph(element, document._body)


def _elever_les_ordinaux(paragraphe: Paragraph) -> None:
    """Write « 1er » and « 2e » with a raised ending, as in the PDF; a run that holds something else is left whole."""
    for suite in paragraphe.runs:
        if _ORDINAL.search(suite.text) and all(element.tag in _DE_TEXTE for element in suite._r):
            _decouper(suite)


def _decouper(suite: Run) -> None:
    """Cut a run around the endings of its ordinals, which are raised; its formatting stays."""
    debut, *morceaux = _ORDINAL.split(suite.text)
    for rang, texte in reversed(list(enumerate(morceaux))):
        if texte:
            copie = Run(deepcopy(suite._r), suite._parent)
            copie.text, copie.font.superscript = texte, rang % 2 == 0 or None
            suite._r.addnext(copie._r)
    suite.text = debut


def _est_un_point(bloc: Paragraph | Table | None) -> bool:
    """Say whether a block is a short item of a list; a long text may be cut."""
    return isinstance(bloc, Paragraph) and _style(bloc) == "Point" and len(bloc.text) < 300


def _garder_avec_les_signatures(blocs: list[Paragraph | Table]) -> None:
    """Keep the end of the act with « Fait … » and the signatures: no page signed without a text, as in the PDF.

    The last two articles, as far as they fit together; failing that, the last paragraph.
    """
    fait = next((n for n, bloc in enumerate(blocs) if _style(bloc) == "Fait"), None)
    if fait is None:
        return
    for bloc in blocs[_debut_de_la_fin(blocs, fait) : fait + 1]:
        if isinstance(bloc, Paragraph):
            bloc.paragraph_format.keep_with_next = True


def _debut_de_la_fin(blocs: list[Paragraph | Table], fait: int) -> int:
    """Return the rank of the first block of what stays with the signatures."""
    debut, articles, signes = max(fait - 1, 0), 0, 0
    for rang in range(fait - 1, -1, -1):
        bloc, style = blocs[rang], _style(blocs[rang])
        if not isinstance(bloc, Paragraph) or style == "Heading 1":
            break
        signes += len(bloc.text) + (SIGNES_PAR_LIGNE if style == "Point" else 0)
        if signes > D_UN_BLOC or articles == 2:
            break
        if style == "Heading 2":
            debut, articles = rang, articles + 1
    return debut


def _style(bloc: Paragraph | Table | None) -> str:
    """Return the name of the style of a paragraph; nothing for a table."""
    return str(bloc.style.name) if isinstance(bloc, Paragraph) and bloc.style else ""


def _finir_table(table: Table) -> None:
    largeurs = _largeurs(table)
    for colonne, largeur in zip(table.columns, largeurs, strict=True):
        colonne.width = Mm(largeur)
    rangs = list(table.rows)
    for numero, rang in enumerate(rangs):
        _ne_pas_couper(rang)
        solidaire = len(rangs) <= SOLIDAIRE and numero + 1 < len(rangs)
        for cellule, largeur in zip(rang.cells, largeurs, strict=True):
            cellule.width = Mm(largeur)
            for paragraphe in cellule.paragraphs:
                paragraphe.paragraph_format.keep_with_next = solidaire or None


def _ne_pas_couper(rang: _Row) -> None:
    rang._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _largeurs(table: Table) -> list[float]:
    """Return the width of each column: what its numbers need, then the rest shared by the lengths of the texts."""
    rangs = [rang.cells for rang in table.rows]
    nombre = len(table.columns)
    if rangs[0][0].paragraphs[0].style.name == "Signature":
        return [LARGEUR / nombre] * nombre
    tetes = bool(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader"))
    if not tetes:
        return [PAIRE, LARGEUR - PAIRE]
    chiffres = [cellule.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cellule in rangs[0]]
    besoins = [_besoin([r[n].text for r in rangs], chiffres[n]) for n in range(nombre)]
    fixes = sum(b for b, de_nombres in zip(besoins, chiffres, strict=True) if de_nombres)
    textes = sum(b for b, de_nombres in zip(besoins, chiffres, strict=True) if not de_nombres)
    if not textes or fixes > LARGEUR * 0.75:
        return [b * LARGEUR / (fixes + textes) for b in besoins]
    part = (LARGEUR - fixes) / textes
    return [b if de_nombres else b * part for b, de_nombres in zip(besoins, chiffres, strict=True)]


def _besoin(textes: list[str], de_nombres: bool) -> float:
    """Return what a column asks for, in mm: its longest value; a head and a long text may take several lines."""
    seule = len(textes[0]) <= TETE_D_UNE_LIGNE
    mots = len(textes[0]) if seule else max((len(mot) for mot in textes[0].split(" ")), default=1)
    valeurs = max((len(texte) for texte in textes[1:]), default=1)
    if de_nombres:
        return max(mots * 1.95, min(valeurs, 34) * SIGNE) + MARGE
    return max(mots * 1.95, min(max(valeurs, 8), 60) * SIGNE) + MARGE
