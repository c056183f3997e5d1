"""Un fichier fautif par genre d'erreur : le fichier, la clé et la ligne sont nommés, en français."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from convenir.socle.reglementation.catalogue import DOSSIER, charger_catalogue
from convenir.socle.reglementation.chargeur import ErreurYaml, charger_yaml_strict
from convenir.socle.reglementation.schema import Booleen, Entier, Jour, Liste, Nombre, Objet, Texte

FAMILLES = """\
familles:
  - code: essai
    groupe: Essai
    libelle: Essai
    chapo: Un essai.
"""
TEXTES = """\
verifie_le: 2026-11-21
textes:
  - code: texte-essai
    nature: arrete
    titre: Arrêté d'essai
    objet: Essai
    source: Recueil d'essai
"""
PARAMETRES = """\
famille: essai
verifie_le: 2026-11-21
parametres:
  - code: essai.montant
    libelle: Montant d'essai
    type: montant
    valeurs:
      - debut: 2024-01-01
        valeur: 10.10
        texte: texte-essai
        source: Recueil d'essai
      - debut: 2025-01-01
        valeur: 20
        texte: texte-essai
        source: Recueil d'essai
"""
REFERENTIEL = """\
code: liste-essai
libelle: Liste
chapo: Une liste.
source: Recueil d'essai
verifie_le: 2026-11-21
colonnes:
  couleur: Couleur
elements:
  - code: A
    libelle: Premier
    attributs:
      couleur: bleu
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    for nom in ("parametres", "textes", "referentiels"):
        (tmp_path / nom).mkdir()
    (tmp_path / "familles.yaml").write_text(FAMILLES, "utf-8")
    (tmp_path / "textes" / "textes.yaml").write_text(TEXTES, "utf-8")
    (tmp_path / "parametres" / "essai.yaml").write_text(PARAMETRES, "utf-8")
    (tmp_path / "referentiels" / "liste.yaml").write_text(REFERENTIEL, "utf-8")
    return tmp_path


def test_un_dossier_juste_se_charge(dossier: Path) -> None:
    lu = charger_catalogue(dossier)
    premiere = lu.parametres["essai.montant"].valeurs[0]
    assert premiere.valeur == Decimal("10.10")
    assert str(premiere.valeur) == "10.10", "un décimal ne passe pas par un flottant"
    assert lu.referentiels["liste-essai"].element("A").attributs == {"couleur": "bleu"}


FAUTES = {
    "cle_inconnue": ("    type: montant", "    type: montant\n    couleur: bleu", "parametres[0].couleur", "inconnue"),
    "date_impossible": ("debut: 2025-01-01", "debut: 2025-02-30", "valeurs[1].debut", "pas une date"),
    "date_mal_ecrite": ("debut: 2025-01-01", "debut: 01/01/2025", "valeurs[1].debut", "AAAA-MM-JJ"),
    "cle_en_double": ("        valeur: 20\n", "        valeur: 20\n        valeur: 3\n", "s[1].valeur", "deux fois"),
    "periodes_confondues": ("debut: 2025-01-01", "debut: 2024-01-01", "valeurs[1].debut", "recouvre"),
    "periodes_en_desordre": ("debut: 2025-01-01", "debut: 2023-01-01", "valeurs[1].debut", "recouvre"),
    "fin_apres_la_suite": (
        "debut: 2024-01-01\n", "debut: 2024-01-01\n        fin: 2025-01-01\n", "valeurs[1].debut", "recouvre"
    ),
    "source_absente": ("        valeur: 20\n        texte: texte-essai\n        source: Recueil d'essai\n",
                       "        valeur: 20\n        texte: texte-essai\n", "valeurs[1].source", "absente"),
    "source_vide": ("valeur: 20\n        texte: texte-essai\n        source: Recueil d'essai",
                    "valeur: 20\n        texte: texte-essai\n        source:", "valeurs[1].source", "vide"),
    "type_inconnu": ("type: montant", "type: argent", "parametres[0].type", "n'est pas admis"),
    "valeur_du_mauvais_type": ("valeur: 20", "valeur: vingt", "valeurs[1].valeur", "un montant en euros"),
    "montant_negatif": ("valeur: 20", "valeur: -20", "valeurs[1].valeur", "un montant en euros"),
    "liste_attendue": ("    valeurs:\n      - debut: 2024", "    valeurs: deux\n    autres:\n      - debut: 2024",
                       "parametres[0].autres", "clé inconnue"),
    "groupe_attendu": ("      - debut: 2025-01-01\n        valeur: 20\n        texte: texte-essai\n"
                       "        source: Recueil d'essai\n", "      - deux\n", "valeurs[1]", "groupe de clés"),
    "texte_inexistant": ("valeur: 20\n        texte: texte-essai", "valeur: 20\n        texte: texte-perdu",
                         "essai.montant", "n'existe pas"),
    "famille_inexistante": ("famille: essai", "famille: perdue", "essai.montant", "n'existe pas"),
    "doute_sans_raison": ("valeur: 20", "valeur: 20\n        a_confirmer: oui", "valeurs[1]", "pourquoi"),
    "booleen_faux": ("valeur: 20", "valeur: 20\n        a_confirmer: peut-être", "a_confirmer", "ni oui ni non"),
    "ni_valeur_ni_renvoi": ("        valeur: 20\n", "", "valeurs[1]", "renvoi"),
    "renvoi_vers_rien": ("valeur: 20", "renvoi: essai.perdu", "essai.montant", "ne mène pas"),
    "renvoi_en_boucle": ("valeur: 20", "renvoi: essai.montant", "essai.montant", "ne mène pas"),
    "reconduction_avant_effet": ("valeur: 20", "valeur: 20\n        reconduit_depuis: 2024-06-01", "rs[1]", "suivre"),
    "choix_en_liste": ("type: montant", "type: choix\n    choix: [un, deux]", "parametres[0].choix", "groupe de clés"),
    "choix_sans_liste": ("type: montant", "type: choix", "parametres[0].choix", "choix"),
    "liste_inadmise": ("type: montant", "type: liste\n    choix:\n      un: Un", "valeurs[0]", "n'est pas admis"),
    "variante_de_rien": ("    type: montant", "    type: montant\n    general: essai.perdu", "essai.", "n'existe"),
    "code_mal_forme": ("code: essai.montant", "code: essai montant", "parametres[0].code", "forme attendue"),
    "retrait_faux": ("    libelle: Montant", "  libelle: Montant", "", "YAML"),
    "fichier_vide": (PARAMETRES, "# rien\n", "", "vide"),
}  # fmt: skip


@pytest.mark.parametrize("faute", FAUTES)
def test_un_fichier_fautif_est_refuse_en_nommant_la_cle(dossier: Path, faute: str) -> None:
    avant, apres, cle, mot = FAUTES[faute]
    assert avant in PARAMETRES
    (dossier / "parametres" / "essai.yaml").write_text(PARAMETRES.replace(avant, apres, 1), "utf-8")
    with pytest.raises(ErreurYaml) as refus:
        charger_catalogue(dossier)
    assert cle in refus.value.cle
    assert mot in str(refus.value)
    assert "parametres" in refus.value.fichier
    assert refus.value.fichier in str(refus.value)


def test_la_ligne_est_celle_de_la_faute(dossier: Path) -> None:
    (dossier / "parametres" / "essai.yaml").write_text(PARAMETRES.replace("2025-01-01", "2025-02-30"), "utf-8")
    with pytest.raises(ErreurYaml) as refus:
        charger_catalogue(dossier)
    assert refus.value.ligne == 12
    assert str(refus.value) == (
        "parametres/essai.yaml, ligne 12, clé « parametres[0].valeurs[1].debut » : "
        "« 2025-02-30 » n'est pas une date (attendu : AAAA-MM-JJ)."
    )


def test_un_code_defini_dans_deux_fichiers_est_refuse(dossier: Path) -> None:
    (dossier / "parametres" / "second.yaml").write_text(PARAMETRES, "utf-8")
    with pytest.raises(ErreurYaml, match=r"second\.yaml.*défini deux fois \(déjà dans essai\.yaml, ligne 4\)"):
        charger_catalogue(dossier)


def test_un_texte_qui_en_remplace_un_inconnu_est_refuse(dossier: Path) -> None:
    (dossier / "textes" / "textes.yaml").write_text(TEXTES + "    remplace: [texte-perdu]\n", "utf-8")
    with pytest.raises(ErreurYaml, match="texte-perdu"):
        charger_catalogue(dossier)


def test_un_nor_mal_forme_est_refuse(dossier: Path) -> None:
    (dossier / "textes" / "textes.yaml").write_text(TEXTES + "    nor: 123\n", "utf-8")
    with pytest.raises(ErreurYaml, match="NOR"):
        charger_catalogue(dossier)


@pytest.mark.parametrize(
    ("avant", "apres", "mot"),
    [
        ("couleur: bleu", "taille: grand", "attribut inconnu"),
        ("elements:", "elements: []\nautres:", "clé inconnue"),
        ("      couleur: bleu\n", "      couleur: bleu\n  - code: A\n    libelle: Encore\n", "défini deux fois"),
    ],
)
def test_une_liste_fautive_est_refusee(dossier: Path, avant: str, apres: str, mot: str) -> None:
    (dossier / "referentiels" / "liste.yaml").write_text(REFERENTIEL.replace(avant, apres, 1), "utf-8")
    with pytest.raises(ErreurYaml, match=mot):
        charger_catalogue(dossier)


def test_un_fichier_absent_ou_mal_encode_est_dit(tmp_path: Path) -> None:
    with pytest.raises(ErreurYaml, match="ne se lit pas"):
        charger_yaml_strict(tmp_path / "rien.yaml", Texte())
    (tmp_path / "latin.yaml").write_bytes("libellé".encode("latin-1"))
    with pytest.raises(ErreurYaml, match="UTF-8"):
        charger_yaml_strict(tmp_path / "latin.yaml", Texte())


def test_les_formes_lisent_ce_qui_est_ecrit(tmp_path: Path) -> None:
    chemin = tmp_path / "essai.yaml"
    chemin.write_text("jour: 2025-01-31\ncode: 01\nnombre: 0.1\nentier: 12\noui: oui\nliste: [NO, on]\n", "utf-8")
    formes = {"jour": Jour(), "code": Texte(), "nombre": Nombre(), "entier": Entier(), "oui": Booleen()}
    lu = charger_yaml_strict(chemin, Objet({**formes, "liste": Liste(Texte(), 1)}))
    assert lu == {
        "jour": date(2025, 1, 31), "code": "01", "nombre": Decimal("0.1"), "entier": 12, "oui": True,
        "liste": ["NO", "on"],
    }  # fmt: skip


@pytest.mark.parametrize("ecrit", ["1.5", "01", "douze", ""])
def test_un_entier_faux_est_refuse(tmp_path: Path, ecrit: str) -> None:
    (tmp_path / "e.yaml").write_text(f"n: {ecrit}\n", "utf-8")
    with pytest.raises(ErreurYaml, match="nombre entier"):
        charger_yaml_strict(tmp_path / "e.yaml", Objet({"n": Entier()}))


def test_les_fichiers_de_l_installation_sont_justes() -> None:
    lu = charger_catalogue(DOSSIER)
    assert all(v.source for p in lu.parametres.values() for v in p.valeurs)
