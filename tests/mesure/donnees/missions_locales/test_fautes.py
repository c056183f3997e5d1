"""Every fault of a delivery of missions locales has its outcome, says why, and loses nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.organisations.models import MissionLocale

pytestmark = pytest.mark.django_db


def changer(fichier: Path, change: Callable[[list[str]], list[str]]) -> None:
    fichier.write_text("".join(change(fichier.read_text().splitlines(keepends=True))))


def ajouter(table: str, ligne: str) -> Callable[[Path], None]:
    """Add a row at the end of a table."""
    return lambda dossier: changer(dossier / f"{table}.csv", lambda x: [*x, f"{ligne}\n"])


def remplacer(table: str, avant: str, apres: str) -> Callable[[Path], None]:
    """Change some text of a table, once."""

    def faire(dossier: Path) -> None:
        contenu = (dossier / f"{table}.csv").read_text()
        assert avant in contenu
        (dossier / f"{table}.csv").write_text(contenu.replace(avant, apres, 1))

    return faire


def seulement_lentete(table: str) -> Callable[[Path], None]:
    return lambda dossier: changer(dossier / f"{table}.csv", lambda x: x[:1])


def sans(table: str) -> Callable[[Path], None]:
    return lambda dossier: (dossier / f"{table}.csv").unlink()


def octets(table: str, contenu: bytes) -> Callable[[Path], None]:
    def faire(dossier: Path) -> None:
        (dossier / f"{table}.csv").write_bytes(contenu)

    return faire


# Refused whole: how, and the words of the reason.
REFUSEES = {
    "table_jeune_absente": (sans("jeune"), "a table jeune n'est pas dans la livraison"),
    "table_structure_absente": (sans("structure"), "a table structure n'est pas dans la livraison"),
    "table_jeune_sans_ligne": (seulement_lentete("jeune"), "aucune ligne"),
    "fichier_vide": (octets("actualite", b""), "vide"),
    "colonne_cle_absente": (remplacer("actualite", "date_evt", "quand"), "colonne indispensable absente : date_evt"),
    "colonne_ecrite_deux_fois": (remplacer("jeune", "sexe", "ml_id"), "colonne écrite deux fois"),
    "ni_utf8": (octets("site", "site_id,ml_id\nS1,Orl\xe9ans\n".encode("latin-1")), "UTF-8"),
    "archive_abimee": (octets("site", gzip.compress(b"site_id,ml_id\n" * 999)[:40]), "archive est abîmée"),
    "derniere_ligne_coupee": (ajouter("actualite", "A99,J1"), "tronqué"),
    "guillemet_jamais_ferme": (ajouter("structure", 'ML09999,"Mission'), "guillemet"),
    "parquet_abime": (octets("site", b"PAR1 rien de lisible PAR1"), "Parquet est abîmé"),
}

# Read all the same: how, table, words of the warning.
AVERTIES = {
    "table_absente": (sans("parrain"), "La table parrain n'est pas dans la livraison"),
    "table_vide": (seulement_lentete("mise_en_relation"), "aucune ligne"),
    "colonne_inconnue": (remplacer("jeune", "sexe", "genre"), "Colonne inconnue"),
    "colonne_facultative_absente": (remplacer("jeune", "rqth", "handicap"), "Colonne absente du fichier"),
    "commune_dans_deux_zones": (ajouter("zone_ml", "ML08501,44109,2008-01-01,"), "ressort d'une autre mission locale"),
    "code_facultatif_inconnu": (remplacer("jeune", ",F,", ",X,"), "Ce code n'est pas dans la liste"),
    "ligne_en_double": (
        lambda d: changer(d / "actualite.csv", lambda x: [*x, x[1]]),
        "copie exacte d'une autre",
    ),
    "jeune_dans_deux_missions_locales": (lambda d: None, "suivi par plusieurs missions locales"),
    "naissance_hors_d_age": (remplacer("jeune", "2004-01-01", "1970-01-01"), "âge à la création"),
}

# Rows set aside: how, table, column, words of the reason, rows set aside in the table.
ECARTEES = {
    "sortie_avant_entree": (
        ajouter("parcours", "P99,J1,ML04401,CIVIS,,,2025-03-01,2025-02-01,,"), "parcours", "date_sortie",
        "La sortie du dispositif précède l'entrée", 1,
    ),
    "jeune_inconnu": (
        ajouter("actualite", "A99,J99,ML04401,,2025-03-03,,atelier,"), "actualite", "jeune_id", "Le jeune", 1,
    ),
    "jeune_d_une_autre_mission_locale": (
        ajouter("actualite", "A99,J6,ML04401,,2025-03-03,,atelier,"), "actualite", "jeune_id", "Le jeune", 1,
    ),
    "mission_locale_inconnue": (ajouter("site", "S9,ML99999,44109,siege"), "site", "ml_id", "La mission locale", 1),
    "mission_locale_indecidable": (
        ajouter("proposition", "PR99,,J5,,2025-03-03,social,,,"), "proposition", "ml_id", "mission locale est absente",
        1,
    ),
    "date_impossible": (
        ajouter("actualite", "A99,J1,ML04401,,2025-02-31,,atelier,"), "actualite", "date_evt", "n'existe pas", 1,
    ),
    "date_a_venir": (
        ajouter("actualite", "A99,J1,ML04401,,2199-01-01,,atelier,"), "actualite", "date_evt", "postérieure", 1,
    ),
    "code_obligatoire_inconnu": (
        ajouter("actualite", "A99,J1,ML04401,,2025-03-03,,visite,"), "actualite", "type", "Ce code n'est pas", 1,
    ),
    "cle_en_double": (
        ajouter("actualite", "A01,J1,ML04401,,2025-03-03,,atelier,"), "actualite", "actualite_id", "même clé", 2,
    ),
    "siret_invalide": (
        ajouter("entreprise", "E99,00000001800000,,,"), "entreprise", "siret", "pas un SIRET", 1,
    ),
    "effectif_negatif": (
        ajouter("icare_rh", "ML04401,2023,autre,,-3,1.00,false"), "icare_rh", "personnes", "négative", 1,
    ),
    "departement_inconnu": (
        ajouter("structure", "ML09999,Inconnue,52,99,association,true"), "structure", "dept_code", "département", 1,
    ),
    "ligne_trop_longue": (
        lambda d: changer(d / "actualite.csv", lambda x: [x[0], x[1].rstrip("\n") + ",en trop\n", *x[2:]]),
        "actualite", "", "champs au lieu de", 1,
    ),
}  # fmt: skip


def lignes_conservees(rapport) -> None:
    for vue, compte in rapport.vues.items():
        assert compte["lues"] == compte["acceptees"] + compte["quarantaine"] + compte["doublons"], vue


@pytest.mark.parametrize("nom", sorted(REFUSEES))
def test_la_livraison_est_refusee_entiere(nom, petit, importer, donnees):
    faire, mots = REFUSEES[nom]
    faire(petit)
    rapport = importer(petit)
    assert rapport.issue is Issue.REFUSEE
    assert any(mots in refus for refus in rapport.refus), rapport.refus
    assert not Livraison.objects.exists()
    assert not MissionLocale.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []


@pytest.mark.parametrize("nom", sorted(AVERTIES))
def test_la_livraison_est_lue_avec_un_avertissement(nom, petit, donnees, geographie, acteur):
    faire, mots = AVERTIES[nom]
    faire(petit)
    rapport = actions.essayer(petit, acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.refus == []
    assert rapport.quarantaine == 0
    assert any(mots in a["message"] for a in rapport.avertissements), [a["message"] for a in rapport.avertissements]
    lignes_conservees(rapport)


@pytest.mark.parametrize("nom", sorted(ECARTEES))
def test_la_ligne_est_mise_a_lecart(nom, petit, donnees, geographie, acteur):
    faire, table, colonne, mots, nombre = ECARTEES[nom]
    faire(petit)
    rapport = actions.essayer(petit, acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.refus == []
    trouvees = [a for a in rapport.anomalies if mots in a["message"] and a["colonne"] == colonne]
    assert len(trouvees) == nombre, rapport.anomalies
    assert all(a["fichier"] == f"{table}.csv" and a["ligne"] > 1 for a in trouvees)
    assert rapport.vues[table]["quarantaine"] == nombre
    lignes_conservees(rapport)


def test_un_texte_cite_sur_deux_lignes_se_lit_et_les_lignes_suivantes_gardent_leur_numero(
    petit, donnees, geographie, acteur
):
    ajouter("structure", 'ML04409,"Deux\nlignes",52,44,association,true')(petit)
    ajouter("structure", "ML09999,Inconnue,52,99,association,true")(petit)
    rapport = actions.essayer(petit, acteur, source=Source.MISSIONS_LOCALES)
    assert rapport.vues["structure"] == {"lues": 4, "acceptees": 3, "quarantaine": 1, "doublons": 0}
    assert rapport.anomalies[0]["ligne"] == 6
