"""First lines of a file: DEB, names of the columns, number of fields; and its last one, FIN."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from convenir.mesure.donnees.formats import Colonne, Vue
from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.reception.contenants import NOM_DE_VUE

ECHANTILLON = 64 << 10
COLONNES_MAX = 1000
_DEB = re.compile(rb"^DEB(?P<vue>[A-Za-z]+?)(?P<jour>[0-9]{8})_(?P<heure>[0-9]{6})\|*\s*$")
_FIN = re.compile(rb"^FIN(?P<lignes>[0-9]{1,12})\|*\s*$")
# Un nom de colonne de l'ASP : des mots en minuscules liés par des soulignés. Rien d'autre n'est répété dans un
# rapport, car la première ligne d'un fichier sans en-tête porte des noms de personnes.
_NOM_DE_COLONNE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class ColonneRecue:
    """A column of the file: its place, the name it may be called by, and what is known of it."""

    rang: int
    nom: str
    connue: Colonne | None = None


@dataclass
class Tete:
    """What the first lines say."""

    vue: Vue
    colonnes: list[ColonneRecue]
    largeur: int
    premiere_ligne: int
    octets: int
    date_extraction: datetime | None
    anomalies: list[Anomalie] = field(default_factory=list)
    constantes: dict[int, str] = field(default_factory=dict)
    """Columns that the file has not got, by rank, and the one value they take."""

    @property
    def inconnues(self) -> list[ColonneRecue]:
        """Columns that the format does not describe."""
        return [c for c in self.colonnes if c.connue is None and c.nom]

    @property
    def manquantes(self) -> list[Colonne]:
        """Known columns that the file lacks, among those that the copy keeps."""
        recues = {c.connue.nom for c in self.colonnes if c.connue}
        return [c for c in self.vue.conservees if c.nom not in recues and not c.deduite]


def vue_du_fichier(nom: str, debut: bytes, vues: Mapping[str, Vue]) -> Vue | None:
    """Return the view of a file, by its name, else by its DEB line; a view never heard of is only described.

    Returns None when nothing says that the file is a FluxIAE view.
    """
    par_nom, par_deb = NOM_DE_VUE.search(nom), _DEB.match(_premiere(debut))
    if not par_nom and not par_deb:
        return None
    dit = par_nom["vue"] if par_nom else par_deb["vue"].decode()  # type: ignore[index]
    connue = next((v for v in vues.values() if v.nom.lower() == dit.lower()), None)
    return connue or Vue(nom=dit, contenu="vue inconnue", conservee=False)


def lire_tete(fichier: str, debut: bytes, vue: Vue) -> Tete:
    """Read the first lines of a file.

    Args:
        fichier: its name, for the messages and the date.
        debut: its first lines, in UTF-8, at least as far as the header.
        vue: what the view should hold.

    Raises:
        LivraisonRefusee: empty file, DEB line of another view, missing key column, column written twice.
    """
    # Le dernier morceau est vide ou coupé par la taille de l'échantillon.
    lignes = debut[:ECHANTILLON].split(b"\n")[:-1] or [b""]
    anomalies: list[Anomalie] = []
    date = _date_du_nom(fichier)
    rang = 0
    if deb := _DEB.match(lignes[0].rstrip()):
        date = _controler_deb(fichier, vue, deb, date, anomalies)
        rang = 1
    entete = lignes[rang] if rang < len(lignes) else b""
    if not entete.strip() or _FIN.match(entete):
        raise refus(fichier, "le fichier est vide")
    noms = [_normaliser(n) for n in entete.decode(errors="replace").rstrip("\r").split("|")]
    if len(noms) > COLONNES_MAX:
        raise refus(fichier, f"plus de {COLONNES_MAX} colonnes : ce n'est pas une vue FluxIAE", ligne=rang + 1)
    suite = lignes[rang + 1 :]
    if vue.ordre_connu and not any(vue.colonne(n) for n in noms):
        noms = _ordre_connu(fichier, vue, len(noms), rang, anomalies)
        suite = lignes[rang:]
    else:
        rang += 1
    verifier_entete(fichier, vue, noms, rang)
    largeur = _largeur(noms, suite)
    colonnes = [ColonneRecue(i, _nom_dicible(n, i, vue), vue.colonne(n)) for i, n in enumerate(noms[:largeur])]
    octets = sum(len(ligne) + 1 for ligne in lignes[:rang])
    tete = Tete(vue, colonnes, largeur, rang + 1, octets, date, anomalies)
    tete.anomalies += manques(fichier, tete)
    return tete


def lire_fin(octets: bytes) -> tuple[bytes, int | None]:
    """Take the FIN line off the end of a file; return the data lines and the count announced, None without FIN."""
    utile = octets.rstrip(b"\r\n \t")
    debut = utile.rfind(b"\n") + 1
    trouve = _FIN.match(utile[debut:])
    if trouve:
        return octets[:debut], int(trouve["lignes"])
    return (utile + b"\n" if utile else b""), None


def _premiere(debut: bytes) -> bytes:
    return debut.split(b"\n", 1)[0].rstrip()


def _normaliser(nom: str) -> str:
    return re.sub(r"\s+", " ", nom.strip().strip('"').strip()).lower()


def _nom_dicible(nom: str, rang: int, vue: Vue) -> str:
    connue = vue.colonne(nom)
    if connue:
        return connue.nom
    if not nom:
        return ""
    return nom if _NOM_DE_COLONNE.match(nom) and len(nom) <= 80 else f"colonne n° {rang + 1}"


def _date(jour: str, heure: str) -> datetime | None:
    try:
        return datetime.strptime(jour + heure, "%d%m%Y%H%M%S").replace(tzinfo=_PARIS)
    except ValueError:
        return None


def _date_du_nom(fichier: str) -> datetime | None:
    trouve = NOM_DE_VUE.search(fichier)
    return _date(trouve["jour"], trouve["heure"]) if trouve else None


def _controler_deb(
    fichier: str, vue: Vue, deb: re.Match[bytes], date_du_nom: datetime | None, anomalies: list[Anomalie]
) -> datetime | None:
    dite = deb["vue"].decode()
    if dite.lower() != vue.nom.lower():
        raise refus(
            fichier, f"le nom annonce la vue {vue.nom}, la ligne DEB la vue {dite} ; renvoyez le bon fichier", ligne=1
        )
    date = _date(deb["jour"].decode(), deb["heure"].decode())
    if date and date_du_nom and date != date_du_nom:
        message = "la date de la ligne DEB n'est pas celle du nom du fichier ; celle de la ligne DEB est retenue"
        anomalies.append(Anomalie(fichier, message, Gravite.AVERTISSEMENT, 1))
    return date or date_du_nom


def _ordre_connu(fichier: str, vue: Vue, nombre: int, rang: int, anomalies: list[Anomalie]) -> list[str]:
    connus = [c.nom for c in vue.colonnes]
    if nombre - len(connus) not in (0, 1):
        message = f"pas de ligne d'en-tête, et {nombre} champs au lieu de {len(connus)} : colonnes non reconnues"
        raise refus(fichier, message, ligne=rang + 1)
    message = "pas de ligne d'en-tête : les colonnes sont lues dans l'ordre connu de cette vue"
    anomalies.append(Anomalie(fichier, message, Gravite.AVERTISSEMENT, rang + 1))
    return connus + [""] * (nombre - len(connus))


def verifier_entete(fichier: str, vue: Vue, noms: list[str], rang: int) -> None:
    """Check that no known column is written twice and that none without which a row says nothing is absent.

    Args:
        rang: line of the header.

    Raises:
        LivraisonRefusee: naming the columns.
    """
    doubles = sorted({c.nom for n in noms if noms.count(n) > 1 and (c := vue.colonne(n))})
    if doubles:
        raise refus(fichier, f"colonne écrite deux fois dans l'en-tête : {', '.join(doubles)}", ligne=rang)
    presentes = {c.nom for n in noms if (c := vue.colonne(n))}
    absentes = [c.nom for c in vue.colonnes if c.obligatoire and c.nom not in presentes]
    if vue.conservee and absentes:
        message = (
            f"colonne indispensable absente : {', '.join(absentes)}. Sans elle, les lignes ne peuvent être rattachées"
        )
        raise refus(fichier, message, ligne=rang, colonne=absentes[0])


def _largeur(noms: list[str], suite: list[bytes]) -> int:
    """Number of fields of a line; header and data may disagree by one nameless last column."""
    comptes = Counter(ligne.count(b"|") + 1 for ligne in suite[:1000] if b"|" in ligne and not _FIN.match(ligne))
    largeur = len(noms)
    if largeur in comptes or not comptes:
        return largeur
    frequente = comptes.most_common(1)[0][0]
    if frequente == largeur + 1 and all(
        x.rstrip(b"\r").endswith(b"|") for x in suite[:1000] if x.count(b"|") == largeur
    ):
        noms.append("")
        return frequente
    return frequente if frequente == largeur - 1 and not noms[-1] else largeur


def manques(fichier: str, tete: Tete) -> list[Anomalie]:
    """Warn about each known column that the file lacks."""
    if not tete.vue.conservee:
        return []
    message = "colonne absente du fichier : ce qui en dépend sera « manquant »"
    return [Anomalie(fichier, message, Gravite.AVERTISSEMENT, colonne=c.nom) for c in tete.manquantes]
