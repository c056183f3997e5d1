"""The entry charter as a document to hand to those who enter data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from convenir.mesure.indicateurs.qualite import Article, charte
from convenir.restitution.fiches.qualite import articles
from convenir.socle.commun import francais
from convenir.socle.documents.rendu import DocumentRendu
from convenir.socle.documents.rendu import rendre as composer

TITRE = "Charte de saisie des missions locales"


def rendre_charte(horodatage: datetime, *, fictif: bool) -> DocumentRendu:
    """Render the charter as a tagged PDF; same charter, same thresholds, same bytes.

    Args:
        horodatage: instant written in the PDF; its day is that of the thresholds.
        fictif: print « DONNÉES FICTIVES » on every page.

    Raises:
        DocumentImpossible: the typesetter refused the data.
    """
    return composer("charte-de-saisie", donnees(horodatage), horodatage=horodatage, fictif=fictif)


def donnees(horodatage: datetime) -> dict[str, Any]:
    """Return the data of the document."""
    jour = timezone.localdate(horodatage)
    return {
        "meta": {
            "titre": TITRE, "type": "Charte de saisie", "reference": f"Version du {francais.jour(jour)}",
            "auteur": "Convenir", "objet": "Ce que chacun saisit, comment on le mesure, ce qu'une faute change",
            "mots": ["missions locales", "charte de saisie", "qualité des données"],
            "etat": "Articles et seuils à confirmer : le texte de 2011 annonce la charte sans la donner",
            "nature": charte().texte,
        },
        "articles": [_article(numero, *lu) for numero, lu in enumerate(articles(jour), 1)],
    }  # fmt: skip


def _article(numero: int, a: Article, seuil: str) -> dict[str, Any]:
    return {
        "numero": str(numero), "code": a.code, "titre": a.titre, "article": a.article,
        "mesure": f"{a.libelle} : {a.numerateur}" + ("" if a.genre == "mediane" else f", sur {a.denominateur}"),
        "seuil": seuil, "consequence": a.consequence, "indicateurs": ", ".join(a.indicateurs),
    }  # fmt: skip
