"""One damage at a time: each function spoils a sound delivery in one way, to test what an importer makes of it.

The expected outcome of each is in `ISSUES` (decisions on the deliveries of the ASP): « refusee », « avertissement » or
« quarantaine ».
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from convenir.mesure.donnees.generateur.fautes_conteneur import (
    archive_chemin_traversant,
    archive_dix_gigaoctets,
    chemin_traversant,
    dix_gigaoctets_declares,
    en_archive,
    fichier_tronque,
    fichier_vide,
    zip_nomme_gz,
)
from convenir.mesure.donnees.generateur.lecture_brute import Brut, fichier_de

__all__ = [
    "ARCHIVES", "FAUTES", "ISSUES", "archive_chemin_traversant", "archive_dix_gigaoctets", "en_archive",
    "sans_colonne",
]  # fmt: skip

Faute = Callable[[Path], None]


def fin_fausse(dossier: Path) -> None:
    """Make the FIN line announce one row more than the file has."""
    brut = Brut.lire(fichier_de(dossier, "AnnexeFinanciere"))
    brut.fin = brut.ligne_fin(len(brut.lignes) + 1)
    brut.ecrire()


def fin_absente(dossier: Path) -> None:
    """Drop the FIN line, as in a real extract of AnnexeFinanciere."""
    brut = Brut.lire(fichier_de(dossier, "AnnexeFinanciere"))
    brut.fin = None
    brut.ecrire()


def derniere_ligne_tronquee(dossier: Path) -> None:
    """Cut the plain text in the middle of the last row: no FIN line, fewer fields."""
    brut = Brut.lire(fichier_de(dossier, "EtatMensuelIndiv"))
    brut.lignes[-1] = brut.lignes[-1][: len(brut.colonnes) // 2]
    brut.fin, brut.saut_final = None, False
    brut.ecrire()


def colonne_inconnue(dossier: Path) -> None:
    """Add a column nobody has heard of, in the middle of the contracts."""
    brut = Brut.lire(fichier_de(dossier, "ContratMission"))
    brut.colonnes.insert(10, "contrat_colonne_nouvelle")
    for ligne in brut.lignes:
        ligne.insert(10, "X1")
    brut.ecrire()


def sans_colonne(dossier: Path, vue: str, colonne: str) -> None:
    """Remove a column from a view, header and rows."""
    brut = Brut.lire(fichier_de(dossier, vue))
    rang = brut.colonnes.index(colonne)
    for ligne in (brut.colonnes, *brut.lignes):
        del ligne[rang]
    brut.ecrire()


def colonne_manquante(dossier: Path) -> None:
    """Remove a column that is no key: the training level of the contracts."""
    sans_colonne(dossier, "ContratMission", "contrat_niveau_de_formation_code")


def colonne_cle_manquante(dossier: Path) -> None:
    """Remove a key column: the annexe of the monthly entries."""
    sans_colonne(dossier, "EtatMensuelIndiv", "emi_afi_id")


def _modifier(dossier: Path, vue: str, colonne: str, valeur: str, rang: int = 0) -> None:
    brut = Brut.lire(fichier_de(dossier, vue))
    brut.lignes[rang][brut.colonnes.index(colonne)] = valeur
    brut.ecrire()


def guillemet_dans_un_texte(dossier: Path) -> None:
    """Put a lone double quote into the name of a structure."""
    _modifier(dossier, "Structure", "structure_denomination", 'ASSOC "LE RELAIS (fictif)')


def saut_de_ligne_dans_un_texte(dossier: Path) -> None:
    """Break a row in two inside a free text, the line feed followed by the separator as in real files."""
    _modifier(dossier, "Structure", "structure_adresse_admin_cplt_adresse", "BATIMENT B\n")


def mauvais_encodage(dossier: Path) -> None:
    """Write the structures in Latin-1 with an accented letter: neither UTF-8 nor declared."""
    brut = Brut.lire(fichier_de(dossier, "Structure"))
    brut.lignes[0][brut.colonnes.index("structure_denomination")] = "ASSOCIATION DES ÉPÉES FICTIVES"
    brut.encodage = "latin-1"
    brut.ecrire()


def cle_en_double(dossier: Path) -> None:
    """Repeat the key of the first monthly entry with other hours."""
    brut = Brut.lire(fichier_de(dossier, "EtatMensuelIndiv"))
    copie = list(brut.lignes[0])
    rang = brut.colonnes.index("emi_nb_heures_travail")
    copie[rang] = str(int(copie[rang]) + 7)
    brut.ajouter(copie)


def ligne_en_double(dossier: Path) -> None:
    """Repeat a monthly entry to the letter."""
    brut = Brut.lire(fichier_de(dossier, "EtatMensuelIndiv"))
    brut.ajouter(list(brut.lignes[0]))


def mois_orphelin(dossier: Path) -> None:
    """Tie a monthly entry to an annexe that does not exist."""
    _modifier(dossier, "EtatMensuelIndiv", "emi_afi_id", "99999999")


def date_31_02(dossier: Path) -> None:
    """Hire someone on 31 February."""
    _modifier(dossier, "ContratMission", "contrat_date_embauche", "31/02/2025")


def heures_negatives(dossier: Path) -> None:
    """Enter minus twelve hours of work."""
    _modifier(dossier, "EtatMensuelIndiv", "emi_nb_heures_travail", "-12")


def postes_negatifs(dossier: Path) -> None:
    """Agree on a negative number of posts."""
    _modifier(dossier, "AnnexeFinanciere", "af_etp_postes_insertion", "-2.00", rang=-2)


def siret_invalide(dossier: Path) -> None:
    """Change the check digit of a SIRET."""
    _modifier(dossier, "Structure", "structure_siret_actualise", "00000001800000")


def motif_inconnu(dossier: Path) -> None:
    """Give the first exit a reason that the delivered table ignores, in the contract and in the month."""
    for vue, prefixe in (("ContratMission", "contrat"), ("EtatMensuelIndiv", "emi")):
        brut = Brut.lire(fichier_de(dossier, vue))
        identifiant, code = (brut.colonnes.index(f"{prefixe}_motif_sortie_{x}") for x in ("id", "code"))
        sortie = next(ligne for ligne in brut.lignes if ligne[code])
        sortie[identifiant], sortie[code] = "177", "77"
        brut.ecrire()


FAUTES: dict[str, Faute] = {
    f.__name__: f
    for f in (
        fichier_tronque, derniere_ligne_tronquee, fin_fausse, fin_absente, zip_nomme_gz, colonne_inconnue,
        colonne_manquante, colonne_cle_manquante, guillemet_dans_un_texte, saut_de_ligne_dans_un_texte,
        mauvais_encodage, cle_en_double, ligne_en_double, mois_orphelin, date_31_02, heures_negatives, postes_negatifs,
        siret_invalide, motif_inconnu, fichier_vide, dix_gigaoctets_declares, chemin_traversant,
    )
}  # fmt: skip

# Faults of the archive that holds the whole delivery: dossier → path of the archive, written beside the folder.
ARCHIVES: dict[str, Callable[[Path], Path]] = {
    "archive_chemin_traversant": archive_chemin_traversant,
    "archive_dix_gigaoctets": archive_dix_gigaoctets,
}

ISSUES: dict[str, str] = (
    dict.fromkeys(
        (
            "fichier_tronque", "derniere_ligne_tronquee", "fin_fausse", "colonne_cle_manquante", "mauvais_encodage",
            "fichier_vide", "dix_gigaoctets_declares", "chemin_traversant", *ARCHIVES,
        ),
        "refusee",
    )
    | dict.fromkeys(
        (
            "fin_absente", "zip_nomme_gz", "colonne_inconnue", "colonne_manquante", "guillemet_dans_un_texte",
            "saut_de_ligne_dans_un_texte", "ligne_en_double", "motif_inconnu",
        ),
        "avertissement",
    )
    | dict.fromkeys(
        ("cle_en_double", "mois_orphelin", "date_31_02", "heures_negatives", "postes_negatifs", "siret_invalide"),
        "quarantaine",
    )
)  # fmt: skip
