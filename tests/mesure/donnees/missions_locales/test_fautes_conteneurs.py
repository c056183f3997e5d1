"""The faults of the ASP, one by one, on a delivery of missions locales: containers here, contents in `test_fautes`."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur.fautes import ISSUES
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.organisations.models import MissionLocale
from tests.mesure.donnees.missions_locales import test_fautes
from tests.mesure.donnees.missions_locales.test_fautes import lignes_conservees

pytestmark = pytest.mark.django_db
DIX_GIGAOCTETS = 10 * 2**30


def en_zip(chemin: Path, membres: dict[str, bytes], declaree: int | None = None) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in membres.items():
            archive.writestr(nom, octets)
        if declaree is not None:
            archive.filelist[0].file_size = declaree
    return chemin


def membres(dossier: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(dossier.iterdir())}


def a_la_place(table: str, faire: Callable[[Path, bytes], object]) -> Callable[[Path], Path]:
    """Replace a table by `table.csv.gz`, made from its bytes."""

    def changer(dossier: Path) -> Path:
        contenu = (dossier / f"{table}.csv").read_bytes()
        (dossier / f"{table}.csv").unlink()
        faire(dossier / f"{table}.csv.gz", contenu)
        return dossier

    return changer


def _tronque(chemin: Path, contenu: bytes) -> None:
    octets = gzip.compress(contenu * 40)
    chemin.write_bytes(octets[: len(octets) // 2])


def _lien(dossier: Path) -> Path:
    chemin = dossier.parent / "lien.tar"
    with tarfile.open(chemin, "w") as archive:
        lien = tarfile.TarInfo("site.csv")
        lien.type, lien.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(lien)
        for nom, octets in membres(dossier).items():
            info = tarfile.TarInfo(f"a/{nom}")
            info.size = len(octets)
            archive.addfile(info, io.BytesIO(octets))
    return chemin


def _abimee(dossier: Path) -> Path:
    chemin = en_zip(dossier.parent / "abimee.zip", membres(dossier))
    octets = bytearray(chemin.read_bytes())
    octets[60:160] = bytes(100)
    chemin.write_bytes(octets)
    return chemin


# Name of the fault in the list of the ASP, or a new one → how it is done here, words of the reason.
REFUSEES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "fichier_tronque": (a_la_place("actualite", _tronque), "archive est abîmée"),
    "dix_gigaoctets_declares": (
        a_la_place("actualite", lambda c, x: en_zip(c, {"actualite.csv": x}, DIX_GIGAOCTETS)), "plus que la limite"),
    "chemin_traversant": (
        a_la_place("site", lambda c, x: en_zip(c, {"../../../site.csv": x})), "sort de son dossier"),
    "archive_chemin_traversant": (
        lambda d: en_zip(d.parent / "t.zip", membres(d) | {"../../evasion.csv": b"site_id,ml_id\n"}),
        "sort de son dossier"),
    "archive_dix_gigaoctets": (lambda d: en_zip(d.parent / "g.zip", membres(d), DIX_GIGAOCTETS), "plus que la limite"),
    "archive_abimee": (_abimee, "abîmée"),
    "archive_avec_un_lien": (_lien, "lien vers un autre fichier"),
    "deux_fois_le_meme_nom": (
        lambda d: en_zip(d.parent / "d.zip", membres(d) | {"b/jeune.csv": (d / "jeune.csv").read_bytes()}), ""),
}  # fmt: skip
# The faults of the ASP whose mechanism a delivery of missions locales does not have, and why.
SANS_OBJET = {
    "fin_fausse": "no FIN line",
    "fin_absente": "no FIN line",
    "guillemet_dans_un_texte": "quoted CSV: a lone quote is refused (guillemet_jamais_ferme)",
    "postes_negatifs": "no posts",
    "motif_inconnu": "an optional code: code_facultatif_inconnu",
}
# Fault of the ASP → the same one in `test_fautes`, under its name there.
AUTREMENT_NOMMEES = {
    "derniere_ligne_tronquee": "derniere_ligne_coupee", "colonne_manquante": "colonne_facultative_absente",
    "colonne_cle_manquante": "colonne_cle_absente", "mauvais_encodage": "ni_utf8", "mois_orphelin": "jeune_inconnu",
    "date_31_02": "date_impossible", "heures_negatives": "effectif_negatif",
}  # fmt: skip
ICI = {"zip_nomme_gz", "saut_de_ligne_dans_un_texte", "archive_mot_de_passe"}


def test_chaque_faute_de_lasp_est_rejouee_ou_sans_objet():
    """The list of the ASP is the reference: a fault added there must be dealt with here."""
    rejouees = REFUSEES.keys() | ICI | test_fautes.REFUSEES.keys() | test_fautes.AVERTIES.keys()
    rejouees |= test_fautes.ECARTEES.keys()
    for nom in ISSUES:
        assert nom in SANS_OBJET or AUTREMENT_NOMMEES.get(nom, nom) in rejouees, nom


@pytest.mark.parametrize("nom", sorted(REFUSEES))
def test_la_livraison_est_refusee_entiere(nom, petit, importer, donnees, tmp_path):
    faire, mots = REFUSEES[nom]
    rapport = importer(faire(petit))
    assert rapport.issue is Issue.REFUSEE
    assert any(mots in refus for refus in rapport.refus), rapport.refus
    assert rapport.refus[0][0].isupper()
    assert not Livraison.objects.exists()
    assert not MissionLocale.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []
    assert not list(tmp_path.parent.rglob("evasion.csv"))


def test_un_zip_nomme_gz_se_lit_avec_un_avertissement(petit, importer, acteur):
    a_la_place("actualite", lambda c, x: en_zip(c, {"actualite.csv": x}))(petit)
    rapport = importer(petit)
    assert rapport.issue is Issue.APPLIQUEE
    assert any("zip" in a["message"].lower() for a in rapport.avertissements), rapport.avertissements
    lignes_conservees(rapport)


@pytest.mark.parametrize("forme", ["zip", "tar.gz"])
def test_la_meme_livraison_en_archive_est_la_meme(petit, importer, forme):
    premiere = importer(petit)
    chemin = petit.parent / f"livraison.{forme}"
    if forme == "zip":
        en_zip(chemin, membres(petit))
    else:
        with tarfile.open(chemin, "w:gz") as archive:
            archive.add(petit, "livraison")
    assert importer(chemin).livraison == premiere.livraison


def test_un_essai_dune_livraison_fautive_dit_la_meme_chose_et_necrit_rien(petit, donnees, geographie, acteur):
    faire, mots = REFUSEES["fichier_tronque"]
    rapport = actions.essayer(faire(petit), acteur, source=Source.MISSIONS_LOCALES)
    assert any(mots in refus for refus in rapport.refus)
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []
