"""Kind of a deposit, told from its content and never from its extension alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

from convenir.mesure.donnees.models import Source
from convenir.mesure.donnees.reception.anomalies import refus
from convenir.mesure.donnees.sources.formats import VUE_DE_LA_SOURCE, colonne_de, vues_agregees

TETE = 65_536
_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf", b"PK\x05\x06")
ATTENDU = (
    "Sont lus : une livraison FluxIAE (fichiers fluxIAE_… ou leur archive), le classeur des bilans de l'ASP "
    "(DataON….xlsx), le suivi hebdomadaire de la DGEFP (.csv), un export d'annexes (.csv) et les heures par annexe et "
    "par mois (.csv)."
)


def fichiers_du_depot(chemin: Path) -> list[Path]:
    """Return the files of a deposit: the file itself, or those of the folder and its subfolders, by name."""
    if chemin.is_dir():
        return sorted(f for f in chemin.rglob("*") if f.is_file() and not f.name.startswith("."))
    return [chemin]


def detecter(chemin: Path) -> Source:
    """Return the source of a deposit.

    Raises:
        LivraisonRefusee: nothing to read, an unknown kind of file, or several kinds at once.
        FileNotFoundError: the path does not exist.
    """
    if not chemin.exists():
        raise FileNotFoundError(chemin)
    fichiers = fichiers_du_depot(chemin)
    if not fichiers:
        raise refus(chemin.name, f"Le dossier est vide. {ATTENDU}")
    sources = {fichier: _source(fichier) for fichier in fichiers}
    connues = {s for s in sources.values() if s is not None}
    if not connues:
        raise refus(fichiers[0].name, f"Ce fichier n'est pas d'un genre connu. {ATTENDU}")
    if len(connues) > 1:
        raise refus(chemin.name, "Ces fichiers viennent de plusieurs sources. Déposez une source à la fois.")
    source = connues.pop()
    if source is not Source.FLUXIAE and len(fichiers) > 1:
        raise refus(chemin.name, "Cette source se dépose un fichier à la fois.")
    return source


def _source(fichier: Path) -> Source | None:
    with fichier.open("rb") as flux:
        tete = flux.read(TETE)
    if fichier.name.lower().startswith("fluxiae_") or tete.startswith(_ARCHIVES) or tete[257:262] == b"ustar":
        return Source.FLUXIAE
    if tete.startswith(b"PK\x03\x04"):
        return Source.BILAN_ASP if _est_un_classeur(fichier) else Source.FLUXIAE
    premiere = tete.decode("utf-8-sig", "replace") if _utf8(tete) else tete.decode("cp1252", "replace")
    premiere = premiere.split("\n", 1)[0].strip("\r")
    if premiere.startswith("DEB") or "|" in premiere:
        return Source.FLUXIAE
    return source_de_lentete(premiere)


def _utf8(octets: bytes) -> bool:
    try:
        octets[: len(octets) - 3].decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _est_un_classeur(fichier: Path) -> bool:
    try:
        with zipfile.ZipFile(fichier) as archive:
            return any(nom.startswith("xl/") for nom in archive.namelist())
    except zipfile.BadZipFile:
        return False


def source_de_lentete(entete: str) -> Source | None:
    """Return the CSV source whose mandatory columns are all in a header line."""
    separateur = ";" if entete.count(";") >= entete.count(",") else ","
    champs = [champ.strip('"') for champ in entete.split(separateur)]
    for source in (Source.SUIVI_DGEFP, Source.EXPORT_ANNEXES, Source.ANNEXE_MOIS):
        vue = vues_agregees()[VUE_DE_LA_SOURCE[source]]
        trouvees = {c.nom for champ in champs if (c := colonne_de(vue, champ))}
        cles = {c.nom for c in vue.colonnes if c.obligatoire}
        if source is Source.SUIVI_DGEFP:
            cles |= {"type_aide"}
        if cles <= trouvees or (len(cles & trouvees) > len(cles) // 2 and len(trouvees) >= 3):
            return source
    return None
