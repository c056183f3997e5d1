"""Produce the DOCX templates of convenir/socle/documents/gabarits, from one declared layout.

Usage: python outils/produire_gabarits.py
A test checks that the templates kept are those this file makes: they are changed here, then produced again.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from docx.document import Document as TypeDocument
from docx.shared import Pt

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from convenir.socle.documents.docx import GABARITS, normaliser  # noqa: E402
from outils.habillage_docx import (  # noqa: E402
    GRIS,
    TRAIT,
    filet,
    nouveau,
    signatures,
    tableau,
    tableau_libre,
)


def _tete(document: TypeDocument, titre: str, paires: str) -> None:
    """Who speaks, the title, what it is about, the identity of the act."""
    d = document
    d.add_paragraph("{%p for service in services %}")
    d.add_paragraph("{{ service }}", style="Service")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph(titre, style="Title").paragraph_format.space_before = Pt(10)
    d.add_paragraph("{{ objet }}", style="Objet")
    d.add_paragraph(f"{{%p if {paires} %}}")
    tableau(d, (), f"paire in {paires}", ("{{ paire[0] }}", "{{ paire[1] }}"))
    d.add_paragraph("{%p endif %}")


def releve_objectifs() -> TypeDocument:
    """Record of the negotiation of the objectives of a year."""
    d = nouveau()
    _tete(d, "{{ meta.titre }}", "identite")
    d.add_paragraph("Objectifs", style="Heading 1")
    d.add_paragraph("{{ phrase }}")
    tableau(
        d, ("Objectif", "Base", "Cible", "Issue de la négociation"), "o in objectifs",
        ("{{ o.libelle }}", "{{ o.base }}", "{{ o.cible }}", "{{ o.etat }}"), nombres=(1, 2),
    )  # fmt: skip
    d.add_paragraph("{%p if somme %}")
    d.add_paragraph("{{ somme }}", style="Note")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("Positions des parties, dans leurs mots", style="Heading 1")
    d.add_paragraph("{%p for o in objectifs %}")
    d.add_paragraph("{{ o.libelle }}", style="Heading 2")
    d.add_paragraph("{%p if o.repond %}")
    d.add_paragraph("{{ o.repond }}")
    d.add_paragraph("{%p endif %}")
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
    d.add_paragraph("{{ mention }}", style="Note")
    d.add_paragraph("{%p endfor %}")
    return d


def _articles(document: TypeDocument, liste: str) -> None:
    """The articles of a part, numbered through the act; a part of a letter carries no number."""
    d = document
    d.add_paragraph(f"{{%p for a in {liste} %}}")
    d.add_paragraph("{%p if a.numerote %}")
    d.add_paragraph("{%p set compte.n = compte.n + 1 %}")
    d.add_paragraph("Article\u00a0{{ compte.n }} – {{ a.titre }}", style="Heading 2")
    d.add_paragraph("{%p elif a.titre %}")
    d.add_paragraph("{{ a.titre }}", style="Heading 2")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p for p in a.paragraphes %}")
    d.add_paragraph("{{ p }}")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p for p in a.puces %}")
    d.add_paragraph("{{ loop.index }}°\t{{ p }}", style="Point")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if a.tableau %}")
    tableau_libre(d, "a.tableau")
    d.add_paragraph("{%p if a.tableau.pied %}")
    d.add_paragraph("{{ a.tableau.pied }}", style="Note")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p endfor %}")


def _entre(document: TypeDocument) -> None:
    """Recitals, then the parties and who represents each."""
    d = document
    d.add_paragraph("{%p for v in visas %}")
    d.add_paragraph("Vu {{ v }}\u202f;", style="Visa")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if parties %}")
    d.add_paragraph("Entre\u00a0:").paragraph_format.space_before = Pt(10)
    d.add_paragraph("{%p for p in parties %}")
    ligne = d.add_paragraph("–\t", style="Partie")
    ligne.add_run("{{ p[0] }}").bold = True
    ligne.add_run(", {{ p[1] }} {% if p[2] %}{{ p[2] }}{% else %}[nom et qualité]{% endif %}\u202f;")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("il est convenu ce qui suit.").paragraph_format.space_before = Pt(4)
    d.add_paragraph("{%p endif %}")


def _preuve(document: TypeDocument) -> None:
    """The initials of each party under the annexes, then what proves the terms."""
    d = document
    d.add_paragraph("{%p if annexes and signatures %}")
    d.add_paragraph("Paraphes{% for s in signatures %}    ______________________{% endfor %}", style="Paraphes")
    d.add_paragraph("{%p endif %}")
    d.add_paragraph("{%p if preuve %}")
    ligne = d.add_paragraph(style="Note")
    filet(ligne, "top", couleur=TRAIT, epaisseur=8)
    ligne.paragraph_format.space_before = Pt(14)
    ligne.add_run("Empreinte des données figées (SHA-256)").bold = True
    ligne.add_run("{% if preuve.figees_le %}, le {{ preuve.figees_le|jour }}{% endif %}\u00a0: ")
    trait = ligne.add_run("{{ preuve.empreinte|empreinte }}")
    trait.font.name = "Courier New"
    ligne.add_run(". ")
    ligne.add_run("Vérifier ce document.").bold = True
    ligne.add_run(" {{ preuve.comment }}")
    for trait in ligne.runs:
        trait.font.color.rgb = GRIS
    d.add_paragraph("{%p endif %}")


def acte() -> TypeDocument:
    """A convention, a CPO, an avenant or a letter: the same context as the PDF."""
    d = nouveau()
    d.add_paragraph("{%p set compte = namespace(n=0) %}")
    _tete(d, "{{ titre }}", "cartouche")
    _entre(d)
    d.add_paragraph("{%p for partie in titres %}")
    d.add_paragraph("{%p if partie.titre %}")
    d.add_paragraph("{{ partie.titre }}", style="Heading 1")
    d.add_paragraph("{%p endif %}")
    _articles(d, "partie.articles")
    d.add_paragraph("{%p endfor %}")
    d.add_paragraph("{%p if fait %}")
    d.add_paragraph("{{ fait }}", style="Fait")
    d.add_paragraph("{%p elif signatures %}")
    d.add_paragraph("Signatures", style="Fait")
    d.add_paragraph("{%p endif %}")
    signatures(d)
    d.add_paragraph("{%p for partie in annexes %}")
    d.add_paragraph("{%p if loop.first %}")
    d.add_paragraph("{{ partie.titre }}", style="Heading 1").paragraph_format.page_break_before = True
    d.add_paragraph("{%p else %}")
    d.add_paragraph("{{ partie.titre }}", style="Heading 1")
    d.add_paragraph("{%p endif %}")
    _articles(d, "partie.articles")
    d.add_paragraph("{%p endfor %}")
    _preuve(d)
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
