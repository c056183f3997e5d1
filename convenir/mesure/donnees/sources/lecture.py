"""Reading of an aggregated file into a text copy, so that the same control applies to every source."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from convenir.mesure.donnees.fichiers import FichierPret, ReceptionFaite
from convenir.mesure.donnees.formats import TypeColonne, Vue
from convenir.mesure.donnees.models import Source
from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.sources.detection import fichiers_du_depot
from convenir.mesure.donnees.sources.formats import VUE_DE_LA_SOURCE, colonne_de, vues_agregees
from convenir.socle.commun.identifiants import lire_numero_annexe

Ligne = tuple[int, Sequence[Any]]
PARIS = ZoneInfo("Europe/Paris")
LIGNES_AVANT_ENTETE = 30
CLASSEUR_MAX = 1 << 30
NUMEROS = {"BilanAnnexe": "numero_annexe", "SuiviDgefp": "numero_annexe", "AnnexeMois": "numero_annexe",
           "ExportAnnexes": "af_numero_annexe_financiere"}  # fmt: skip


def receptionner_agregat(
    chemin: Path, dossier: Path, source: Source, *, encodage: str | None = None
) -> ReceptionFaite:
    """Read an aggregated file and write its text copy under `dossier/<Vue>/conserve.parquet`.

    Raises:
        LivraisonRefusee: unreadable workbook, no header, missing key column, no line, unknown encoding.
    """
    fichier = fichiers_du_depot(chemin)[0]
    vue = vues_agregees()[VUE_DE_LA_SOURCE[source]]
    octets = fichier.read_bytes()
    lignes = (
        _lire_classeur(fichier) if source is Source.BILAN_ASP else _lire_csv(fichier.name, octets, source, encodage)
    )
    numero_entete, entetes, donnees = _trouver_entete(vue, fichier.name, lignes)
    rangs = {c.nom: rang for rang, e in enumerate(entetes) if (c := colonne_de(vue, e))}
    inconnues = [str(e).strip() for e in entetes if str(e or "").strip() and not colonne_de(vue, e)]
    manquantes = [c.nom for c in vue.colonnes if c.nom not in rangs and c.nom not in ("avenant", "departement")]
    cles = [c.nom for c in vue.colonnes if c.obligatoire and c.nom not in rangs]
    if cles:
        raise refus(fichier.name, f"Colonne absente : {', '.join(cles)}. Exportez de nouveau le fichier complet.",
                    ligne=numero_entete)  # fmt: skip
    table = _table(vue, rangs, donnees)
    if not table.num_rows:
        raise refus(fichier.name, "Le fichier ne contient aucune ligne de données.")
    copie = dossier / vue.nom / "conserve.parquet"
    copie.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, copie, compression="zstd")
    pret = FichierPret(
        vue=vue.nom, nom=fichier.name, sha256_recu=hashlib.sha256(octets).hexdigest(),
        sha256_copie=hashlib.sha256(copie.read_bytes()).hexdigest(), chemin_copie=copie,
        colonnes=tuple(n for n in table.column_names if n != "ligne"), date_extraction=_date_du_nom(fichier.name),
    )  # fmt: skip
    return ReceptionFaite({vue.nom: pret}, (), _avertissements(fichier.name, inconnues, manquantes), ())


def _avertissements(fichier: str, inconnues: Iterable[str], manquantes: Iterable[str]) -> list[Anomalie]:
    inconnue = "Cette colonne n'est pas connue ; ses valeurs ne sont pas gardées."
    manquante = "Cette colonne est absente ; les chiffres qui en dépendent seront « manquants »."
    return [
        *(Anomalie(fichier, inconnue, Gravite.AVERTISSEMENT, None, c) for c in inconnues),
        *(Anomalie(fichier, manquante, Gravite.AVERTISSEMENT, None, c) for c in manquantes),
    ]


def _lire_classeur(fichier: Path) -> Iterator[Ligne]:
    """Yield the rows of the sheet that holds the data, the largest one."""
    try:
        with zipfile.ZipFile(fichier) as archive:
            if sum(i.file_size for i in archive.infolist()) > CLASSEUR_MAX:
                raise refus(fichier.name, "Le classeur annonce plus d'un gigaoctet ; il n'est pas ouvert.")
        classeur = CalamineWorkbook.from_path(str(fichier))
        feuilles = [classeur.get_sheet_by_name(nom) for nom in classeur.sheet_names]
    except PasswordError:
        raise refus(fichier.name, "Le classeur est protégé par un mot de passe. Enregistrez-le sans.") from None
    except (CalamineError, zipfile.BadZipFile, OSError):
        raise refus(fichier.name, "Le classeur est abîmé. Exportez-le de nouveau.") from None
    plus_grande = max(feuilles, key=lambda f: f.total_height * f.total_width)
    yield from enumerate(plus_grande.to_python(skip_empty_area=False), start=1)


def _lire_csv(nom: str, octets: bytes, source: Source, encodage: str | None) -> Iterator[Ligne]:
    contenu = _decoder(nom, octets, source, encodage)
    entete = contenu.split("\n", 1)[0]
    separateur = ";" if entete.count(";") >= entete.count(",") else ","
    lecteur = csv.reader(io.StringIO(contenu, newline=""), delimiter=separateur)
    try:
        for champs in lecteur:
            yield lecteur.line_num, champs
    except csv.Error:
        raise refus(nom, "La ligne ne se lit pas comme du CSV.", ligne=lecteur.line_num) from None


def _decoder(nom: str, octets: bytes, source: Source, encodage: str | None) -> str:
    """Decode as UTF-8; the DGEFP writes in latin-1; another encoding must be declared."""
    essais = [encodage] if encodage else ["utf-8-sig", *(["cp1252"] if source is Source.SUIVI_DGEFP else [])]
    for essai in essais:
        try:
            return octets.decode(essai)
        except (UnicodeDecodeError, LookupError):
            continue
    raise refus(nom, "L'encodage n'est ni UTF-8 ni celui déclaré. Enregistrez le fichier en UTF-8.")


def _trouver_entete(vue: Vue, nom: str, lignes: Iterable[Ligne]) -> tuple[int, Sequence[Any], Iterator[Ligne]]:
    """Return the line, the cells and the following rows of the header: the first row naming three known columns."""
    suite = iter(lignes)
    for numero, champs in suite:
        if sum(colonne_de(vue, champ) is not None for champ in champs) >= 3:
            return numero, champs, suite
        if numero >= LIGNES_AVANT_ENTETE:
            break
    raise refus(nom, "Aucune ligne d'en-têtes connus n'a été trouvée au début du fichier.")


def _table(vue: Vue, rangs: dict[str, int], lignes: Iterable[Ligne]) -> pa.Table:
    """Return the text columns that are present, those derived from the number, and the line numbers."""
    noms = list(dict.fromkeys([*rangs, *(n for n in ("avenant", "departement") if vue.colonne(n))]))
    colonnes: dict[str, list[str]] = {nom: [] for nom in noms}
    numeros: list[int] = []
    for numero, champs in lignes:
        if not any(str(champ or "").strip() for champ in champs):
            continue
        ligne = {n: _texte(vue, n, champs[r] if r < len(champs) else "") for n, r in rangs.items()}
        ligne |= _derivees(ligne, NUMEROS[vue.nom], vue)
        for nom in noms:
            colonnes[nom].append(ligne.get(nom, ""))
        numeros.append(numero)
    table = {nom: pa.array(valeurs, pa.string()) for nom, valeurs in colonnes.items()}
    return pa.table({**table, "ligne": pa.array(numeros, pa.int64())})


def _texte(vue: Vue, nom: str, valeur: Any) -> str:
    """Return a cell as text: whole floats without decimals, a point for decimals, no thousands space."""
    if isinstance(valeur, float) and valeur.is_integer():
        valeur = int(valeur)
    texte = " ".join(str("" if valeur is None else valeur).split())
    colonne = vue.par_nom[nom]
    if colonne.type in (TypeColonne.DECIMAL, TypeColonne.ENTIER):
        return re.sub(r"[\s\u00a0\u202f]", "", texte).replace(",", ".")
    if colonne.controle == "siret" and texte:
        return texte.replace(" ", "").zfill(14)
    if colonne.type is TypeColonne.DATE and hasattr(valeur, "strftime"):
        return str(valeur.strftime("%d/%m/%Y"))
    return texte


def _derivees(ligne: dict[str, str], colonne_numero: str, vue: Vue) -> dict[str, str]:
    """Return the number without its suffix, its A suffix and its département, when the number can be read."""
    try:
        numero = lire_numero_annexe(ligne.get(colonne_numero, ""))
    except ValueError:
        return {}
    base = f"{numero.mesure}{numero.departement_asp}{numero.millesime:02d}{numero.ordre:04d}"
    derivees = {colonne_numero: base, "departement": numero.departement}
    if vue.colonne("avenant") and not ligne.get("avenant"):
        derivees["avenant"] = "" if numero.avenant is None else str(numero.avenant)
    return derivees


def _date_du_nom(nom: str) -> datetime | None:
    """Return the day written in a file name (`…_20260105…`, `…_05012026…`), midnight; None without one."""
    for motif, forme in ((r"(20\d{6})", "%Y%m%d"), (r"(\d{4}20\d{2})", "%d%m%Y")):
        for trouve in re.findall(motif, nom):
            try:
                return datetime.strptime(trouve, forme).replace(tzinfo=PARIS)
            except ValueError:
                continue
    return None
