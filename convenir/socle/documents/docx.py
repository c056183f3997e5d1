"""Turn typed data into a DOCX that people can edit: same data, same bytes. Templates are ours and versioned."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from convenir.socle.documents.finition import finir, grouper, jour, typographier
from convenir.socle.documents.glyphes import Nettoyage
from convenir.socle.documents.rendu import Contexte, DocumentImpossible, DocumentRendu, dire

GABARITS = Path(__file__).parent / "gabarits"
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A zip member always carries a date: this one, so that the same data give the same bytes.
SANS_DATE = (1980, 1, 1, 0, 0, 0)


def gabarits() -> frozenset[str]:
    """Return the names of the templates that can be rendered."""
    return frozenset(fichier.stem for fichier in GABARITS.glob("*.docx"))


def rendre_docx(
    gabarit: str, donnees: Contexte | Mapping[str, Any], *, horodatage: datetime, fictif: bool
) -> DocumentRendu:
    """Render a document as DOCX.

    Every value is escaped: a text typed by someone can neither break the document nor run as a template. A sign that
    no font can have is replaced, and said at the end of the document, as in the PDF.

    Args:
        gabarit: name of a template, « releve-objectifs ».
        donnees: typed context, or plain data of the same shape.
        horodatage: instant written in the document, that of the freezing of the data, with its time zone.
        fictif: print « DONNÉES FICTIVES » on every page.

    Raises:
        DocumentImpossible: unknown template, or data that do not have the shape it asks for.
        ValueError: `horodatage` has no time zone.
    """
    if horodatage.tzinfo is None:
        raise ValueError("L'horodatage d'un document porte son fuseau.")
    if gabarit not in gabarits():
        raise DocumentImpossible(f"Gabarit de document inconnu : « {gabarit} ».")
    brut = dict(donnees if isinstance(donnees, Mapping) else donnees.en_json()) | {"fictif": fictif}
    nettoyage = Nettoyage(livrees=False)
    modele = DocxTemplate(str(GABARITS / f"{gabarit}.docx"))
    environnement = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    environnement.filters |= {"jour": jour, "empreinte": grouper}
    try:
        modele.render(typographier(nettoyage.nettoyer(brut)), environnement, autoescape=True)
    except jinja2.TemplateError as erreur:
        raise DocumentImpossible(f"Le document « {gabarit} » n'a pas pu être composé : {erreur}") from erreur
    if nettoyage.remplacements:
        modele.docx.add_paragraph(f"Signes remplacés. {' '.join(dire(nettoyage.remplacements))}")
    finir(modele.docx)
    _dater(modele, brut, horodatage)
    tampon = io.BytesIO()
    modele.save(tampon)
    octets = normaliser(tampon.getvalue())
    return DocumentRendu(octets, sha256(octets).hexdigest(), nettoyage.remplacements)


def _dater(modele: DocxTemplate, donnees: Mapping[str, Any], horodatage: datetime) -> None:
    proprietes = modele.docx.core_properties
    instant = horodatage.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    proprietes.created = proprietes.modified = instant
    meta = donnees.get("meta", {})
    proprietes.title, proprietes.author = str(meta.get("titre", ""))[:255], str(meta.get("auteur", ""))[:255]
    proprietes.last_modified_by, proprietes.revision, proprietes.language = "Convenir", 1, "fr-FR"


def normaliser(octets: bytes) -> bytes:
    """Return the same archive, its members in order and without a date: a zip written twice differs otherwise."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lue, zipfile.ZipFile(sortie, "w") as ecrite:
        for nom in sorted(lue.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            membre = zipfile.ZipInfo(nom, SANS_DATE)
            membre.compress_type, membre.external_attr, membre.create_system = zipfile.ZIP_DEFLATED, 0, 3
            ecrite.writestr(membre, lue.read(nom))
    return sortie.getvalue()


def texte_du_docx(octets: bytes) -> str:
    """Return the words of a DOCX, a paragraph per line, cells apart by « | »: what a golden text keeps."""
    from docx import Document
    from docx.table import Table

    document = Document(io.BytesIO(octets))
    lignes = [p.text for section in document.sections for p in section.header.paragraphs]
    for bloc in document.iter_inner_content():
        if isinstance(bloc, Table):
            lignes += [" | ".join(cellule.text.replace("\n", " / ") for cellule in rang.cells) for rang in bloc.rows]
        else:
            lignes.append(bloc.text)
    lignes += [p.text for section in document.sections for p in section.footer.paragraphs]
    return "\n".join(ligne.rstrip() for ligne in lignes if ligne.strip()) + "\n"
