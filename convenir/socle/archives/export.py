"""A slip to hand over: its list, and for a transfer its files, in one ZIP whose same content gives the same bytes.

Not a SEDA package: the manifest is plain CSV and XML, to be turned into one by the Archives' own tool (à confirmer).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from django.db import transaction

from convenir.socle.archives import actes, registre
from convenir.socle.archives.models import Bordereau, SensBordereau
from convenir.socle.archives.queries import departements_tenus
from convenir.socle.archives.rules import Article, Fichier
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.stockage import relire
from convenir.socle.documents.tableurs import SANS_DATE, Cellule, ecrire_csv
from convenir.socle.journal.actions import journaliser

COLONNES = ("fonds", "cle", "libelle", "debut", "clos_le", "fichier", "nom", "taille", "sha256")
Lue = tuple[str, Article]


def rangs_du_bordereau(bordereau: Bordereau) -> Iterator[list[Cellule]]:
    """Yield the list of a slip, as it was visaed."""
    yield ["fonds", "cle", "libelle", "date_ancienne", "date_recente", "fichiers", "octets", "empreinte", "fait_le"]
    for x in bordereau.lignes.all():
        yield [x.fonds, x.cle, x.libelle, x.debut, x.clos_le, x.fichiers, x.taille, x.empreinte, x.faite_le]


@transaction.atomic
def exporter(acteur: Acteur, bordereau: Bordereau) -> bytes:
    """Return the package of a transfer: manifests, then each file checked against its fingerprint.

    Raises:
        ActionRefusee: no right, not a transfer, or a record that changed since the slip was made.
        EntreeInvalide: a file that is no longer the one kept.
    """
    if bordereau.departement_id not in {d.pk for d in departements_tenus(acteur)}:
        raise ActionRefusee("Ce bordereau n'est pas dans votre périmètre.")
    if bordereau.sens != SensBordereau.VERSEMENT:
        raise ActionRefusee("Un bordereau d'élimination ne se verse pas.")
    lues = list(_lire(bordereau))
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        _ecrire(archive, "manifeste.csv", "".join(ecrire_csv(_rangs(lues))).encode())
        _ecrire(archive, "manifeste.xml", _xml(bordereau, lues).encode())
        for code, article in lues:
            for f in article.fichiers:
                _ecrire(archive, _chemin(code, article, f.sha256, f.suffixe), relire(f.sha256, f.suffixe))
    journaliser(actes.EXPORTER, bordereau, auteur=acteur.auteur, apres={"articles": len(lues)})
    return tampon.getvalue()


def _lire(bordereau: Bordereau) -> Iterator[Lue]:
    for ligne in bordereau.lignes.all():
        article = registre.trouver(ligne.fonds).lire(ligne.cle)
        if article is None or article.empreinte != ligne.empreinte:
            raise ActionRefusee(f"« {ligne.libelle} » a changé depuis le bordereau : préparez-en un autre.")
        yield ligne.fonds, article


def _chemin(code: str, article: Article, sha256: str, suffixe: str) -> str:
    return f"{code}/{article.cle}/{sha256}{suffixe}"


def _rangs(lues: list[Lue]) -> Iterator[list[Cellule]]:
    yield list(COLONNES)
    for code, a in lues:
        for f in a.fichiers:
            chemin = _chemin(code, a, f.sha256, f.suffixe)
            yield [code, a.cle, a.libelle, a.debut, a.clos_le, chemin, f.nom, f.taille, f.sha256]


def _xml(bordereau: Bordereau, lues: list[Lue]) -> str:
    """Write the same as XML, with who signed and what the table says."""
    lignes = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<versement numero={quoteattr(bordereau.numero)} prepare-le={quoteattr(bordereau.prepare_le.isoformat())}>",
        f"  <signataire qualite={quoteattr(bordereau.qualite)}>{escape(bordereau.signataire)}</signataire>",
    ]
    for code, a in lues:
        dates = f"debut={quoteattr(a.debut.isoformat())} fin={quoteattr(a.clos_le.isoformat())}"
        lignes.append(f"  <article fonds={quoteattr(code)} cle={quoteattr(a.cle)} {dates}>")
        lignes.append(f"    <libelle>{escape(a.libelle)}</libelle>")
        lignes += [_fichier(_chemin(code, a, f.sha256, f.suffixe), f) for f in a.fichiers]
        lignes.append("  </article>")
    return "\n".join([*lignes, "</versement>", ""])


def _fichier(chemin: str, f: Fichier) -> str:
    marques = f"chemin={quoteattr(chemin)} octets={quoteattr(str(f.taille))} sha256={quoteattr(f.sha256)}"
    return f"    <fichier {marques}>{escape(f.nom)}</fichier>"


def _ecrire(archive: zipfile.ZipFile, nom: str, octets: bytes) -> None:
    membre = zipfile.ZipInfo(nom, date_time=SANS_DATE)
    membre.compress_type, membre.external_attr = zipfile.ZIP_DEFLATED, 0o640 << 16
    archive.writestr(membre, octets)
