from __future__ import annotations

import hashlib
import hmac
import logging
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from convenir.mesure.donnees.formats import vues_fluxiae
from convenir.mesure.donnees.generateur import generer_mini
from convenir.mesure.donnees.generateur.fautes import ARCHIVES, FAUTES, ISSUES
from convenir.mesure.donnees.reception import LivraisonRefusee, Reception, receptionner
from convenir.socle.commun.erreurs import EntreeInvalide

from .fabrique import gz, nom_de, poser, sept_zip, structures, tarrer, texte, zipper

EXTRAITS = Path(__file__).resolve().parents[5] / "shared" / "data" / "formats"
CLE = "clé de test"
ENTETES = ("structure_id_siae", "structure_siret_signature", "structure_denomination")


def recevoir(tmp_path: Path, chemin: Path | None = None, **options: object) -> Reception:
    reglages: dict = {"cle": CLE, "mot_de_passe": None, "taille_max": 1 << 30, **options}
    return receptionner(chemin or tmp_path / "livraison", tmp_path / "copies", **reglages)


def livrer(tmp_path: Path, **fichiers: str | bytes) -> Path:
    """Write a folder of views: `Structure=texte`; a name with a dot is taken as it is."""
    dossier = tmp_path / "livraison"
    dossier.mkdir(exist_ok=True)
    for vue, contenu in fichiers.items():
        octets = contenu.encode() if isinstance(contenu, str) else contenu
        poser(dossier, vue if "." in vue else nom_de(vue), octets)
    return dossier


def copie(reception: Reception, vue: str) -> list[dict]:
    return pq.read_table(reception.vues[vue].chemin_copie).to_pylist()


def messages(anomalies: list, vue: str = "") -> list[str]:
    return [str(a) for a in anomalies if "n'est pas dans la livraison" not in a.message and vue in a.fichier]


def refuser(tmp_path: Path, motif: str, chemin: Path | None = None, **options: object) -> LivraisonRefusee:
    """Check that the delivery is refused for that reason and that nothing is left written."""
    with pytest.raises(LivraisonRefusee, match=motif) as refusee:
        recevoir(tmp_path, chemin, **options)
    assert not (tmp_path / "copies").exists()
    return refusee.value


def test_a_view_is_copied_row_by_row_with_its_lines_and_its_digests(tmp_path):
    octets = structures(3).encode()
    livrer(tmp_path, Structure=octets)
    recu = recevoir(tmp_path).vues["Structure"]
    assert (recu.lignes, recu.lignes_ecartees, recu.sans_fin) == (3, 0, False)
    assert recu.sha256_recu == hashlib.sha256(octets).hexdigest()
    assert recu.sha256_copie == hashlib.sha256(recu.chemin_copie.read_bytes()).hexdigest()
    assert recu.chemin_copie == tmp_path / "copies" / "Structure" / "conserve.parquet"
    assert recu.date_extraction == datetime(2022, 2, 7, 6, 30, 4, tzinfo=ZoneInfo("Europe/Paris"))
    assert recu.colonnes == ENTETES
    lignes = pq.read_table(recu.chemin_copie).to_pylist()
    assert lignes[2] == {
        "structure_id_siae": "900003",
        "structure_siret_signature": "26290411300061",
        "structure_denomination": "STRUCTURE FICTIVE 2",
        "ligne": 5,
    }


def test_the_same_content_gives_the_same_bytes_whatever_wraps_it(tmp_path):
    empreintes = set()
    for rang, emballer in enumerate((lambda o: o, gz, lambda o: zipper({"x": o}), lambda o: sept_zip({"x": o}))):
        dossier = tmp_path / str(rang)
        dossier.mkdir()
        livrer(dossier, Structure=emballer(structures(200).encode()))
        empreintes.add(recevoir(dossier).vues["Structure"].sha256_copie)
    assert len(empreintes) == 1


def test_the_size_of_the_blocks_changes_no_row(tmp_path):
    contenu = structures(4000).replace("FICTIVE 2000", "FICTIVE\n2000")
    livrer(tmp_path, Structure=contenu)
    entier = copie(recevoir(tmp_path), "Structure")
    assert copie(recevoir(tmp_path, taille_bloc=70_000), "Structure") == entier
    assert len(entier) == 4000


def test_a_whole_archive_is_received_and_says_which_views_it_lacks(tmp_path):
    membres = {
        nom_de("Structure", ".csv.gz"): zipper({"a.csv": structures(2).encode()}),
        nom_de("RefMotifSort", ".riae"): texte("RefMotifSort", ("rms_id", "rms_code", "rms_libelle", "rcs_id"), [
            ("1", "3", "Embauche en CDI non aidé", "1")
        ]).encode(),
        "LISEZMOI.txt": b"bonjour\n",
    }  # fmt: skip
    reception = recevoir(tmp_path, poser(tmp_path, "fluxIAE_2022.tar.gz", tarrer(membres)))
    assert sorted(reception.vues) == ["RefMotifSort", "Structure"]
    assert "AnnexeFinanciere" in reception.absentes
    assert "Structure" not in reception.absentes
    dits = [m for m in messages(reception.anomalies) if "colonne absente" not in m]
    assert dits == [
        f"{nom_de('Structure', '.csv.gz')} : le fichier est une archive zip ou 7z malgré son nom ; il a été lu ainsi",
        "LISEZMOI.txt : ce n'est pas une vue FluxIAE ; le fichier n'a pas été lu",
    ]


def test_the_progress_is_told_to_the_caller(tmp_path):
    livrer(tmp_path, Structure=structures(3), RefCategorieSort=texte("RefCategorieSort", ("rcs_id",), [("1",)]))
    vus: list[tuple[str, float]] = []
    recevoir(tmp_path, progression=lambda nom, part: vus.append((nom, part)))
    assert [nom for nom, _ in vus] == [nom_de("RefCategorieSort"), nom_de("Structure")]
    assert vus[-1][1] == 1.0


# --- Ce qui refuse la livraison (décisions, § 3)


@pytest.mark.parametrize(
    ("contenu", "motif"),
    [
        pytest.param(b"", "est vide", id="zéro octet"),
        pytest.param("\n\n", "est vide", id="lignes vides"),
        pytest.param("DEBStructure07022022_063004||\n", "est vide", id="DEB seul"),
        pytest.param("|".join(ENTETES) + "\n", "aucune ligne sous l'en-tête", id="en-tête seul"),
        pytest.param(structures(0), "aucune ligne sous l'en-tête", id="FIN0 d'une vue principale"),
        pytest.param(structures(3, fin=4), "FIN annonce 4.lignes, le fichier en contient 3", id="FIN"),
        pytest.param(structures(3, fin=False)[:-40], "dernière ligne a 1.champ au lieu de 3", id="tronqué"),
        pytest.param(texte("Structure", ENTETES[1:], [("1", "2")]), "structure_id_siae", id="clé absente"),
        pytest.param(structures(entete=False), "indispensable absente : structure_id_siae", id="sans en-tête"),
        pytest.param(structures().replace("|", ";"), "structure_id_siae", id="autre séparateur"),
        pytest.param(structures().replace("DEBStructure", "DEBSalarie"), "la ligne DEB la vue Salarie", id="DEB"),
        pytest.param(structures().encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(gz(structures(500).encode())[:60], "abîmée ou incomplète", id="gzip coupé"),
        pytest.param(
            texte("Structure", ("structure_id_siae", "Structure_Id_SIAE"), [("1", "2")]), "deux fois", id="doublon"
        ),
        pytest.param("structure_id_siae|" * 2000 + "\n", "plus de 1000 colonnes", id="trop de colonnes"),
        pytest.param(b"a" * (3 << 20), "plus de|dépasse un million", id="ligne sans fin"),
    ],
)
def test_a_fault_that_refuses_the_delivery(tmp_path, contenu, motif):
    livrer(tmp_path, Structure=contenu, RefCategorieSort=texte("RefCategorieSort", ("rcs_id",), [("1",)]))
    refuser(tmp_path, motif)


def test_a_character_that_is_not_utf8_is_located(tmp_path):
    octets = structures(3).replace("FICTIVE 1", "ÉTOILÉE").encode("latin-1")
    livrer(tmp_path, Structure=octets)
    refusee = refuser(tmp_path, r"ligne 4 : un caractère du champ n° 3 n'est pas en UTF-8.*--encodage latin-1")
    assert "TOIL" not in str(refusee)


@pytest.mark.parametrize("encodage", ["latin-1", "ISO-8859-1", "cp1252", "iso-8859-15"])
def test_a_declared_encoding_is_read(tmp_path, encodage):
    livrer(
        tmp_path,
        Structure=structures(3).replace("FICTIVE 1", "ÉTOILÉE").encode(encodage),
        RefCategorieSort=texte("RefCategorieSort", ("rcs_id", "rcs_libelle"), [("1", "Emploi durable é")]),
    )
    reception = recevoir(tmp_path, encodage=encodage)
    assert copie(reception, "Structure")[1]["structure_denomination"] == "STRUCTURE ÉTOILÉE"
    # Un fichier déjà en UTF-8 n'est pas abîmé par la déclaration.
    assert copie(reception, "RefCategorieSort")[0]["rcs_libelle"] == "Emploi durable é"


def test_a_character_out_of_the_declared_encoding_is_refused(tmp_path):
    livrer(tmp_path, Structure=structures(3).encode().replace(b"FICTIVE 1", b"\x81\x8d"))
    refuser(tmp_path, r"ligne 4 : .* n'est pas en CP1252", encodage="cp1252")


def test_an_unknown_encoding_is_a_wrong_argument(tmp_path):
    livrer(tmp_path, Structure=structures())
    with pytest.raises(EntreeInvalide, match="« ebcdic » n'est pas lu"):
        recevoir(tmp_path, encodage="ebcdic")


def test_every_refusal_of_a_delivery_is_told_at_once(tmp_path):
    livrer(tmp_path, Structure=structures(3, fin=9), RefCategorieSort=b"", RefMotifSort=gz(b"x" * 50)[:20])
    refusee = refuser(tmp_path, "FIN annonce 9")
    assert [a.fichier for a in refusee.anomalies if a.gravite == "refus"] == [
        nom_de("RefCategorieSort"), nom_de("RefMotifSort"), nom_de("Structure")
    ]  # fmt: skip


def test_a_view_delivered_twice_is_refused_naming_both(tmp_path):
    autre = "fluxIAE_Structure_14022022_063004.csv"
    livrer(tmp_path, **{"Structure": structures(), autre: structures().replace("07022022", "14022022")})
    refuser(tmp_path, f"livrée deux fois : {nom_de('Structure')} et {autre}")


def test_a_folder_without_any_view_is_refused(tmp_path):
    livrer(tmp_path, **{"notes.txt": "rien\n"})
    refuser(tmp_path, "aucun fichier FluxIAE")


def test_a_delivery_over_the_limit_stops_at_once(tmp_path):
    livrer(tmp_path, Structure=gz(structures(50_000).encode()), Salarie=gz(structures(50_000).encode()))
    refusee = refuser(tmp_path, "dépasse la limite", taille_max=600_000)
    assert len([a for a in refusee.anomalies if a.gravite == "refus"]) == 1


def test_an_existing_folder_is_given_back_as_it_was(tmp_path):
    (tmp_path / "copies" / "autre").mkdir(parents=True)
    livrer(tmp_path, Structure=structures(3, fin=9))
    with pytest.raises(LivraisonRefusee):
        recevoir(tmp_path)
    assert [c.name for c in (tmp_path / "copies").rglob("*")] == ["autre"]


# --- Ce qui est lu avec un avertissement


def test_unknown_and_missing_columns_are_told_and_unknown_values_are_not_kept(tmp_path):
    entetes = ("structure_id_siae", "structure_gps_secret", "structure_denomination")
    livrer(tmp_path, Structure=texte("Structure", entetes, [("1", "VALEUR CACHEE", "A"), ("2", "", "B")]))
    reception = recevoir(tmp_path)
    recu = reception.vues["Structure"]
    [inconnue] = recu.colonnes_inconnues
    assert (inconnue.nom, inconnue.remplies, inconnue.lignes) == ("structure_gps_secret", 1, 2)
    assert "structure_siret_actualise" in recu.colonnes_manquantes
    assert "structure_adresse_mail_corresp_technique" not in recu.colonnes_manquantes
    dits = messages(reception.anomalies, "Structure")
    assert any("colonne structure_gps_secret : colonne inconnue, remplie à 50,0" in m for m in dits)
    assert any("colonne structure_code_naf : colonne absente du fichier" in m for m in dits)
    assert recu.colonnes == ("structure_id_siae", "structure_denomination")


def test_columns_are_read_by_name_in_any_order_and_any_case(tmp_path):
    entetes = (" Structure_Denomination", '"structure_id_siae"', "")
    livrer(tmp_path, Structure=texte("Structure", entetes, [("A", "1", ""), ("B", "2", "")]))
    assert [r["structure_id_siae"] for r in copie(recevoir(tmp_path), "Structure")] == ["1", "2"]


@pytest.mark.parametrize(("entete", "ligne"), [("a", "b|"), ("a|", "b")])
def test_a_nameless_last_column_may_be_on_one_side_only(tmp_path, entete, ligne):
    corps = (
        "structure_id_siae|structure_denomination"
        + entete[1:]
        + "\n"
        + "".join(f"{i}|x{ligne[1:]}\n" for i in range(3))
    )
    livrer(tmp_path, Structure=corps + "FIN3\n")
    assert [r["structure_denomination"] for r in copie(recevoir(tmp_path), "Structure")] == ["x"] * 3


def test_byte_order_mark_windows_lines_quotes_and_breaks_are_read(tmp_path):
    contenu = structures(3).replace("FICTIVE 0", 'dite "la seule').replace("FICTIVE 1", "EN\nDEUX")
    livrer(tmp_path, Structure=b"\xef\xbb\xbf" + contenu.replace("\n", "\r\n").encode())
    reception = recevoir(tmp_path)
    noms = [r["structure_denomination"] for r in copie(reception, "Structure")]
    assert noms == ['STRUCTURE dite "la seule', "STRUCTURE EN DEUX", "STRUCTURE FICTIVE 2"]
    assert any("ligne 4 : un saut de ligne coupait un texte" in m for m in messages(reception.anomalies))
    assert any("ligne 3 : 1\u00a0guillemet dans les textes" in m for m in messages(reception.anomalies))


def test_a_missing_fin_line_is_told_and_flagged(tmp_path):
    livrer(tmp_path, Structure=structures(fin=False))
    reception = recevoir(tmp_path)
    assert reception.vues["Structure"].sans_fin
    assert any("pas de ligne FIN" in m for m in messages(reception.anomalies))


def test_the_deb_line_may_be_absent_and_its_date_prevails(tmp_path):
    livrer(tmp_path, Structure=structures(deb=False))
    reception = recevoir(tmp_path)
    assert copie(reception, "Structure")[0]["ligne"] == 2
    livrer(tmp_path, Structure=structures().replace("07022022", "08022022"))
    reception = recevoir(tmp_path)
    assert reception.vues["Structure"].date_extraction.day == 8
    assert any("n'est pas celle du nom du fichier" in m for m in messages(reception.anomalies))


def test_the_deb_line_names_a_view_whose_file_was_renamed(tmp_path):
    livrer(tmp_path, **{"export.csv": structures()})
    assert recevoir(tmp_path).vues["Structure"].lignes == 3


def test_monthly_states_without_header_are_read_in_their_known_order(tmp_path):
    vue = vues_fluxiae()["EtatMensuelIndiv"]
    valeurs = {"emi_afi_id": "12", "emi_sme_mois": "3", "emi_sme_annee": "2021", "emi_dsm_id": "77"}
    ligne = [valeurs.get(c.nom, "") for c in vue.colonnes]
    contenu = texte("EtatMensuelIndiv", [c.nom for c in vue.colonnes], [ligne] * 2, entete=False)
    livrer(tmp_path, EtatMensuelIndiv=contenu)
    reception = recevoir(tmp_path)
    premiere = copie(reception, "EtatMensuelIndiv")[0]
    assert {c: premiere[c] for c in valeurs} == valeurs
    assert premiere["ligne"] == 2
    assert any("dans l'ordre connu de cette vue" in m for m in messages(reception.anomalies))


def test_a_reference_table_may_be_empty_when_fin_says_so(tmp_path):
    livrer(tmp_path, Structure=structures(), RefCategorieSort=texte("RefCategorieSort", ("rcs_id", "rcs_code"), []))
    reception = recevoir(tmp_path)
    assert copie(reception, "RefCategorieSort") == []
    assert reception.vues["RefCategorieSort"].colonnes == ("rcs_id", "rcs_code")


def test_an_unreadable_line_is_set_aside_without_its_content(tmp_path):
    livrer(tmp_path, Structure=structures(3).replace("FICTIVE 1", "FICTIVE|MARTIN"))
    reception = recevoir(tmp_path)
    assert (reception.vues["Structure"].lignes, reception.vues["Structure"].lignes_ecartees) == (2, 1)
    [ecart] = [a for a in reception.anomalies if a.gravite == "quarantaine"]
    assert (ecart.ligne, ecart.valeur) == (4, "")
    assert "MARTIN" not in str(ecart)


# --- Chaque faute du générateur, sur une livraison complète

# Celles-ci se voient en comparant des lignes entre elles ou à une table : le contrôle des lignes les trouve ensuite.
PLUS_TARD = {"ligne_en_double", "motif_inconnu"}


@pytest.mark.parametrize("faute", ["aucune", *FAUTES, *ARCHIVES])
def test_each_damage_of_a_whole_delivery_has_its_outcome(tmp_path, faute):
    dossier = tmp_path / "livraison"
    saine = {vue: p.stat().st_size for vue, p in generer_mini(dossier).items()}
    abimer = {**FAUTES, **ARCHIVES}.get(faute)
    chemin = (abimer(dossier) if abimer else None) or dossier
    if ISSUES.get(faute) == "refusee":
        refuser(tmp_path, ".", chemin)
        return
    reception = recevoir(tmp_path, chemin)
    assert set(reception.vues) | {d.vue for d in reception.decrites} == set(saine)
    dits = messages([a for a in reception.anomalies if a.fichier not in {d.nom for d in reception.decrites}])
    attendu = ISSUES.get(faute) == "avertissement" and faute not in PLUS_TARD
    assert len(dits) == attendu


# --- Les vues seulement décrites


def test_other_views_are_counted_and_described_only(tmp_path):
    entetes = ("mpu_af_id", "mpu_nouvelle_colonne", "DUPONT", "1850575123456")
    livrer(
        tmp_path,
        Structure=structures(),
        MarchesPublics=texte("MarchesPublics", entetes, [("1", "", "x", "y"), ("2", "a", "x", "y")]),
        PMSMP=texte("PMSMP", ("pms_id",), [("1",)] * 4),
    )
    reception = recevoir(tmp_path)
    assert set(reception.vues) == {"Structure"}
    marches, pmsmp = reception.decrites
    assert (marches.vue, marches.lignes, pmsmp.lignes) == ("MarchesPublics", 2, 4)
    assert [(c.nom, c.remplies) for c in marches.colonnes] == [
        ("mpu_af_id", 2), ("mpu_nouvelle_colonne", 1), ("colonne n° 3", 2), ("colonne n° 4", 2)
    ]  # fmt: skip
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["Structure"]


# --- Les identités

NIR = "185057512345612"
IDENTITE = {
    "salarie_id": "4242",
    "salarie_rci_libelle": "MME",
    "salarie_nom_usage": "NOMSECRET",
    "salarie_prenom": "PRENOMSECRET",
    "salarie_date_naissance": "17/05/1985",
    "salarie_nir": NIR,
    "salarie_agrement": "999992139048",
    "salarie_date_modification": "01/02/2022 00:00:00",
    "salarie_adr_point_remise": "APTSECRET",
    "salarie_adr_numero_voie": "8787",
    "salarie_adr_libelle_voie": "RUESECRETE",
    "salarie_codeinseecom": "54323",
    "salarie_codepostalcedex": "54400",
    "salarie_commune": "COMMUNESECRETE",
    "salarie_code_dpt": "054",
    "salarie_adr_qpv_type": "QP",
    "salarie_adr_qpv_nom": "QUARTIERSECRET",
    "salarie_adr_is_zrr": "false",
    "salarie_inconnue": "INCONNUSECRET",
}
SECRETS = re.compile(rb"SECRET|MARTIN|18505751234|17/05/1985|999992139048|8787")


def salaries(*lignes: dict[str, str]) -> str:
    return texte("Salarie", IDENTITE, [list(ligne.values()) for ligne in lignes])


def test_an_employee_is_copied_without_identity(tmp_path):
    livrer(tmp_path, Salarie=salaries(IDENTITE))
    [lu] = copie(recevoir(tmp_path), "Salarie")
    assert lu == {
        "salarie_id": "4242",
        "salarie_rci_libelle": "MME",
        "naissance": "1985-05",
        "personne": hmac.new(CLE.encode(), NIR.encode(), hashlib.sha256).hexdigest(),
        "agrement": "true",
        "salarie_date_modification": "01/02/2022 00:00:00",
        "salarie_codeinseecom": "54323",
        "salarie_code_dpt": "054",
        "salarie_adr_qpv_type": "QP",
        "salarie_adr_is_zrr": "false",
        "ligne": 3,
    }


FAUTES_NOMINATIVES = {
    "aucune": lambda t: t,
    "ligne coupée": lambda t: t.replace("NOMSECRET|", "NOM\nSECRET|", 1),
    "champ de trop": lambda t: t.replace("NOMSECRET|", "NOM|SECRET|", 1),
    "champs décalés": lambda t: t.replace("4242|MME|NOMSECRET|PRENOMSECRET|", "4242|NOMSECRET|PRENOMSECRET||", 1),
    "identité dans une colonne gardée": lambda t: t.replace("|QP|", f"|{NIR}|", 1).replace("|MME|", "|NOMSECRET|", 1),
    "date impossible": lambda t: t.replace("17/05/1985", "17/05/1985 NOMSECRET", 1),
    "sans en-tête": lambda t: "\n".join(ligne for ligne in t.split("\n") if "salarie_id" not in ligne),
    "tronquée": lambda t: t[: t.index("RUESECRETE")],
    "compte faux": lambda t: t.replace("FIN3", "FIN7"),
    "octet illisible": lambda t: t.encode().replace(b"PRENOMSECRET", b"PRENOMSECRET\xff", 1),
    "sans NIR": lambda t: t.replace("salarie_nir", "salarie_nir_bis"),
    "vue inconnue": lambda t: t.replace("DEBSalarie", "DEBPersonne"),
    "vue inconnue sans en-tête": lambda t: t[t.index("4242|") :],
}  # fmt: skip


@pytest.mark.parametrize("faute", FAUTES_NOMINATIVES)
@pytest.mark.parametrize("emballage", ["texte", "gzip", "zip dans tar", "7z"])
def test_no_identity_is_written_logged_or_said(tmp_path, caplog, capfd, monkeypatch, faute, emballage):
    caplog.set_level(logging.DEBUG)
    temporaire = tmp_path / "tmp"
    temporaire.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporaire))
    contenu = FAUTES_NOMINATIVES[faute](
        salaries(IDENTITE, {**IDENTITE, "salarie_id": "4243"}, {**IDENTITE, "salarie_id": "4244"})
    )
    octets = contenu if isinstance(contenu, bytes) else contenu.encode()
    nom = nom_de("Personne" if "inconnue" in faute else "Salarie", ".csv.gz")
    emballe = {
        "texte": lambda: octets,
        "gzip": lambda: gz(octets),
        "zip dans tar": lambda: tarrer({nom: zipper({"x.csv": octets}, zipfile.ZIP_STORED)}),
        "7z": lambda: sept_zip({nom: octets}),
    }[emballage]()
    chemin = poser(tmp_path, nom, emballe)
    dit = ""
    try:
        reception = recevoir(tmp_path, chemin)
        dit = repr(reception)
    except LivraisonRefusee as refusee:
        dit = "".join(map(repr, (refusee, refusee.anomalies, refusee.__cause__)))
    chemin.unlink()
    sorties = capfd.readouterr()
    ecrits = [dit.encode(), caplog.text.encode(), sorties.out.encode(), sorties.err.encode()]
    for fichier in tmp_path.rglob("*"):
        if fichier.is_file():
            ecrits.append(fichier.read_bytes())
            ecrits.append(repr(pq.read_table(fichier).to_pylist()).encode())
    trouves = [SECRETS.search(e) for e in ecrits]
    assert trouves == [None] * len(ecrits)
    assert list(temporaire.iterdir()) == []


# --- Les extraits publics de l'ASP


@pytest.mark.skipif(not EXTRAITS.is_dir(), reason="les extraits publics de ../shared/data ne sont pas présents")
def test_the_public_extracts_are_read_whole(tmp_path):
    reception = recevoir(tmp_path, EXTRAITS)
    annexes, structures_lues = reception.vues["AnnexeFinanciere"], reception.vues["Structure"]
    assert (annexes.lignes, annexes.lignes_ecartees, annexes.sans_fin) == (38, 0, True)
    assert (structures_lues.lignes, structures_lues.sans_fin) == (3, False)
    assert annexes.colonnes_inconnues == structures_lues.colonnes_inconnues == ()
    assert annexes.colonnes_manquantes == structures_lues.colonnes_manquantes == ()
    attendues = (
        (EXTRAITS / "exemple_fluxIAE_AnnexeFinanciere_07022022_063004.csv").read_text(encoding="utf-8").split("\n")
    )
    entetes = attendues[1].replace("af_nb_banques numeric", "af_nb_banques").split("|")
    for lue in copie(reception, "AnnexeFinanciere"):
        brute = dict(zip(entetes, attendues[lue.pop("ligne") - 1].split("|"), strict=True))
        assert {c: v or "" for c, v in lue.items()} == {c: brute[c] for c in lue}
