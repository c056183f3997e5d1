"""Zonings supplied by the users: strict reading, all or nothing, idempotent, absent when not loaded."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.auteur import Auteur
from convenir.socle.journal.models import Entree
from convenir.socle.territoires.actions import charger_geographie, charger_zonage
from convenir.socle.territoires.models import AncienCode, CommuneZonage, Genre, Zonage
from convenir.socle.territoires.queries import zonages_charges
from convenir.socle.territoires.zonages import lire_zonage
from tests.factories_socle import CommuneFactory

AUTEUR = Auteur.systeme("Test")
REELLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "geo" / "communes.csv"
ENTETE = "code_zone,nom,code_commune,part\n"
LYON, BRON, VILLEURBANNE = "69123", "69029", "69266"


def lire(texte, exclusif=False, communes=(LYON, BRON, VILLEURBANNE), anciens=None):
    octets = texte if isinstance(texte, bytes) else texte.encode()
    return lire_zonage(octets, "zones.csv", communes=set(communes), anciens=anciens or {}, exclusif=exclusif)


def test_un_fichier_bien_forme_est_lu_bom_et_lignes_vides_compris():
    lu = lire('\ufeffcode_zone,nom,code_commune\n\n8401,"Lyon, centre",69123\n8401,"Lyon, centre",69029\n')

    assert lu.zones == {"8401": "Lyon, centre"}
    assert lu.parts == {("8401", LYON): "totale", ("8401", BRON): "totale"}


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("", ["zones.csv est vide"]),
        ("code_zone;nom;code_commune\n", ["ligne 1", "points-virgules", "virgules"]),
        ("code_zone,nom\n", ["ligne 1", "il manque la colonne code_commune"]),
        ("code_zone,nom,code_commune,surface\n", ["ligne 1", "« surface »"]),
        ("code_zone,nom,code_commune,nom\n", ["ligne 1", "« nom »"]),
        (ENTETE + "1,Z,69123\n", ["ligne 2", "3\N{NO-BREAK SPACE}valeurs au lieu de 4"]),
        (ENTETE + "1,,69123,\n", ["ligne 2, colonne nom", "vide"]),
        (ENTETE + "1,Z,1004,\n", ["ligne 2, colonne code_commune", "« 1004 »", "zéro initial"]),
        (ENTETE + "1,Z,69123,moitié\n", ["ligne 2, colonne part", "« moitié »", "totale, partielle"]),
        (ENTETE + "1,Z,69123,\n1,Y,69029,\n", ["ligne 3, colonne nom", "« Y »", "« Z »"]),
        (ENTETE + "1,Z,69123,\n1,Z,69123,\n", ["ligne 3, colonne code_commune", "déjà"]),
        (ENTETE + f"{'1' * 21},Z,69123,\n", ["ligne 2", "20 caractères"]),
        (ENTETE + '1,"Z,69123,\n', ["guillemet"]),
        ((ENTETE + "1,Zone d'été,69123,\n").encode("latin-1"), ["ligne 2", "UTF-8"]),
        (ENTETE + "1,Z,99999,\n", ["colonne code_commune", "aucun code"]),
    ],
)
def test_un_fichier_fautif_est_refuse_en_disant_ou_et_comment_s_en_sortir(texte, attendus):
    with pytest.raises(EntreeInvalide) as refus:
        lire(texte)

    for attendu in ("zones.csv", *attendus):
        assert attendu in str(refus.value)


def test_toutes_les_fautes_sont_dites_ensemble_sans_noyer_le_lecteur():
    texte = ENTETE + "".join(f"{i},Z,{i},\n" for i in range(60))

    with pytest.raises(EntreeInvalide) as refus:
        lire(texte)

    messages = str(refus.value).splitlines()
    assert len(messages) == 21
    assert messages[-1] == "… et 40 autres erreurs."


def test_une_commune_n_est_que_dans_une_zone_d_emploi():
    texte = ENTETE + "1,A,69123,\n2,B,69123,\n"

    assert len(lire(texte).parts) == 2
    with pytest.raises(EntreeInvalide, match="deux zones"):
        lire(texte, exclusif=True)


def test_une_commune_inconnue_est_rapportee_sans_bloquer():
    lu = lire(ENTETE + "1,A,69123,\n1,A,69998,\n")

    assert lu.inconnues == [(3, "69998")]
    assert len(lu.parts) == 1


def test_un_ancien_code_rattache_la_commune_actuelle_en_partie_et_ne_prevaut_jamais():
    anciens = {"69001": LYON, "69002": BRON}
    texte = ENTETE + "1,A,69001,\n1,A,69002,\n1,A,69029,\n"

    lu = lire(texte, anciens=anciens)

    assert lu.anciens == 2
    assert lu.parts == {("1", LYON): "partielle", ("1", BRON): "totale"}


def test_en_zone_d_emploi_la_ligne_de_la_commune_actuelle_l_emporte_sur_l_ancien_code():
    lu = lire(ENTETE + "1,A,69001,\n2,B,69123,\n", anciens={"69001": LYON}, exclusif=True)

    assert lu.parts == {("2", LYON): "totale"}


@pytest.fixture
def communes(db):
    return [CommuneFactory(code=code) for code in (LYON, BRON, VILLEURBANNE)]


def ecrire(dossier, texte):
    fichier = dossier / "zones.csv"
    fichier.write_text(texte, "utf-8")
    return fichier


def test_ce_qui_n_est_pas_charge_est_dit_absent(communes, tmp_path):
    assert zonages_charges() == {Genre.ZONE_EMPLOI: None, Genre.QPV: None, Genre.ZRR_FRR: None}

    charger_zonage(ecrire(tmp_path, ENTETE + "QP1,A,69123,partielle\n"), "qpv", 2015, AUTEUR)
    charger_zonage(ecrire(tmp_path, ENTETE + "QN1,A,69123,partielle\n"), "qpv", 2024, AUTEUR)

    assert zonages_charges() == {Genre.ZONE_EMPLOI: None, Genre.QPV: 2024, Genre.ZRR_FRR: None}


def test_charger_deux_fois_n_ecrit_qu_une_fois(communes, tmp_path):
    fichier = ecrire(tmp_path, ENTETE + "1,A,69123,\n1,A,69029,\n")

    premier = charger_zonage(fichier, Genre.ZONE_EMPLOI, 2020, AUTEUR)
    second = charger_zonage(fichier, Genre.ZONE_EMPLOI, 2020, AUTEUR)

    assert (premier.zones, premier.rattachements, premier.ecrits) == (1, 2, 3)
    assert second.ecrits == 0
    assert Entree.objects.filter(acte="territoires.charger_zonage").count() == 1


def test_un_nouveau_fichier_du_meme_millesime_remplace_l_ancien(communes, tmp_path):
    charger_zonage(ecrire(tmp_path, ENTETE + "1,A,69123,\n2,B,69029,\n"), Genre.ZRR_FRR, 2024, AUTEUR)
    charger_zonage(ecrire(tmp_path, ENTETE + "1,A',69123,partielle\n"), Genre.ZRR_FRR, 2024, AUTEUR)

    assert list(Zonage.objects.values_list("code", "nom")) == [("1", "A'")]
    assert list(CommuneZonage.objects.values_list("commune", "part")) == [(LYON, "partielle")]


def test_un_refus_ne_laisse_rien(communes, tmp_path):
    with pytest.raises(EntreeInvalide):
        charger_zonage(ecrire(tmp_path, ENTETE + "1,A,69123,\n2,B,xx,\n"), Genre.QPV, 2024, AUTEUR)

    assert not Zonage.objects.exists()
    assert not Entree.objects.exists()


@pytest.mark.parametrize(
    ("genre", "millesime", "attendu"), [("zus", 2024, "zone_emploi, qpv, zrr_frr"), ("qpv", 24, "n'est pas une année")]
)
def test_genre_et_millesime_sont_verifies(communes, tmp_path, genre, millesime, attendu):
    with pytest.raises(EntreeInvalide, match=attendu):
        charger_zonage(ecrire(tmp_path, ENTETE), genre, millesime, AUTEUR)


def test_un_fichier_illisible_ou_une_geographie_absente_se_disent(db, tmp_path):
    with pytest.raises(EntreeInvalide, match="ne peut pas être lu"):
        charger_zonage(tmp_path / "absent.csv", Genre.QPV, 2024, AUTEUR)
    with pytest.raises(EntreeInvalide, match="convenir preparer"):
        charger_zonage(ecrire(tmp_path, ENTETE), Genre.QPV, 2024, AUTEUR)


@pytest.mark.skipif(not REELLES.exists(), reason="../shared/data absent : pas de zones d'emploi réelles à charger")
def test_les_zones_d_emploi_de_l_insee_se_chargent(db, tmp_path):
    charger_geographie()
    texte = io.StringIO()
    ecrivain = csv.writer(texte, lineterminator="\n")
    ecrivain.writerow(["code_zone", "nom", "code_commune"])
    with REELLES.open(encoding="utf-8") as flux:
        for ligne in csv.DictReader(flux):
            if ligne["code_zone_emploi_2020"]:
                ecrivain.writerow(
                    [ligne["code_zone_emploi_2020"], f"Zone {ligne['code_zone_emploi_2020']}", ligne["code_commune"]]
                )

    resultat = charger_zonage(ecrire(tmp_path, texte.getvalue()), Genre.ZONE_EMPLOI, 2020, AUTEUR)

    assert resultat.inconnues == ()
    assert resultat.rattachements > 34_800
    assert AncienCode.objects.exists()
