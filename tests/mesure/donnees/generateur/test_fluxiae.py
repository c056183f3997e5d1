from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from convenir.mesure.donnees.generateur import generer_fluxiae
from convenir.mesure.donnees.generateur.colonnes import colonnes
from convenir.mesure.donnees.generateur.fluxiae import VUES
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.identifiants import lire_numero_annexe, siret_valide
from convenir.socle.commun.montants import montant_annexe
from tests.mesure.donnees.generateur.conftest import SIAE, Livraison


def _octets(dossier: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(dossier.iterdir())}


def test_same_arguments_same_bytes(generer: Callable[..., Livraison], fautive: Livraison) -> None:
    autre = generer(siae=SIAE, annees=(2024, 2025), erreurs=0.02, graine=7)
    assert _octets(autre.dossier) == _octets(fautive.dossier)


def test_another_seed_gives_another_world(generer: Callable[..., Livraison], saine: Livraison) -> None:
    autre = generer(siae=SIAE, annees=(2024, 2025), erreurs=0, graine=8)
    assert autre.verite() != saine.verite()


@pytest.mark.parametrize("vue", VUES)
def test_format_is_that_of_the_asp(saine: Livraison, vue: str) -> None:
    texte = saine.texte(vue)
    champs = len(colonnes(vue))
    assert texte[0] == f"DEB{vue}05012026_063004" + "|" * (champs - 1)
    assert texte[1] == "|".join(colonnes(vue)) == texte[1].lower()
    assert texte[-2] == f"FIN{len(texte) - 4}" + "|" * (champs - 1)
    assert texte[-1] == ""
    assert {ligne.count("|") for ligne in texte[:-1]} == {champs - 1}
    assert not any("\r" in ligne or '"' in ligne for ligne in texte)


def test_summary_counts_what_is_written(saine: Livraison) -> None:
    resume = saine.resume
    assert resume.siae == SIAE
    assert resume.lignes["EtatMensuelIndiv"] == len(saine.lignes("EtatMensuelIndiv"))
    assert resume.fautes == {}
    assert "40 SIAE" in str(resume).replace("\u202f", " ")
    assert asdict(resume)["jusquau"] == "2025-12-31"


def test_everything_is_marked_fictitious(saine: Livraison) -> None:
    for structure in saine.lignes("Structure"):
        assert structure["structure_denomination"].endswith("(fictif)")
        for champ in ("structure_siret_signature", "structure_siret_actualise"):
            assert structure[champ].startswith("000")
            assert siret_valide(structure[champ])
        assert structure["structure_siret_signature"][:9] == structure["structure_siret_actualise"][:9]
        assert structure["structure_adresse_mail_corresp_technique"].endswith(".invalid")
    for salarie in saine.lignes("Salarie")[:500]:
        assert "FICTIF" in salarie["salarie_nom_usage"]
        assert 13 <= int(salarie["salarie_nir"][3:5]) <= 19


def test_names_are_unique_and_diverse(saine: Livraison) -> None:
    noms = [s["structure_denomination"] for s in saine.lignes("Structure")]
    assert len(set(noms)) == len(noms)
    assert len({nom.split()[0] for nom in noms}) >= 10


def test_annexe_totals_and_targets_hold_to_the_cent(saine: Livraison) -> None:
    postes = [a for a in saine.lignes("AnnexeFinanciere") if a["af_mesure_dispositif_code"] != "FDI_DC"]
    assert len(postes) > SIAE
    for a in postes:
        debut, fin = (date(*map(int, reversed(a[f"af_date_{b}_effet"].split("/")))) for b in ("debut", "fin"))
        mois = (fin.year - debut.year) * 12 + fin.month - debut.month + 1
        attendu = montant_annexe(
            Decimal(a["af_etp_postes_insertion"]), Decimal(a["af_montant_unitaire_annuel_valeur"]), mois
        )
        assert Decimal(a["af_montant_total_annuel"]) == attendu
        parts = [Decimal(a[f"af_taux_prev_sorties_{k}"]) for k in ("durable", "trans", "positives")]
        assert Decimal(a["af_taux_prev_sorties_dynamiques"]) == sum(parts)
        assert sum(parts) == 0 or 40 <= sum(parts) <= 75
        assert lire_numero_annexe(a["af_numero_annexe_financiere"]).departement == a["af_numero_convention"][1:3]


def test_one_version_in_force_for_each_annexe(duck: duckdb.DuckDBPyConnection) -> None:
    faux = duck.execute("""
        SELECT af_id_annexe_financiere FROM AnnexeFinanciere GROUP BY 1
        HAVING count(*) FILTER (af_etat_annexe_financiere_code IN ('VALIDE', 'PROVISOIRE', 'CLOTURE')) <> 1
    """).fetchall()
    assert faux == []


def test_renewal_repeats_the_last_posts(duck: duckdb.DuckDBPyConnection) -> None:
    """The provisional version of a year carries the posts in force the year before, under the same number."""
    reprises, total = duck.execute("""
        WITH en_vigueur AS (SELECT * FROM AnnexeFinanciere
          WHERE af_etat_annexe_financiere_code IN ('VALIDE', 'PROVISOIRE', 'CLOTURE'))
        SELECT count(*) FILTER (p.af_etp_postes_insertion = e.af_etp_postes_insertion), count(*)
        FROM AnnexeFinanciere p JOIN en_vigueur e USING (af_numero_annexe_financiere)
        WHERE p.af_date_etat_provisoire <> ''
          AND p.af_numero_avenant_renouvellement::int = e.af_numero_avenant_renouvellement::int + 1
    """).fetchone()
    assert total > 10
    assert reprises >= total * 0.85  # the others were modified on the way


@pytest.mark.parametrize(
    ("vue", "cle"),
    [
        ("Structure", "structure_id_siae"), ("Salarie", "salarie_id"), ("ContratMission", "contrat_id_ctr"),
        ("EtatMensuelIndiv", "emi_dsm_id"), ("Missions", "mission_id_mis"), ("Formations", "formation_id_for"),
        ("AnnexeFinanciere", "af_id_avenant_modification"),
    ],
)  # fmt: skip
def test_keys_are_unique(duck: duckdb.DuckDBPyConnection, vue: str, cle: str) -> None:
    assert duck.execute(f"SELECT count(*) - count(DISTINCT {cle}) FROM {vue}").fetchone() == (0,)


@pytest.mark.parametrize(
    ("vue", "colonne", "cible", "cle"),
    [
        ("AnnexeFinanciere", "af_id_structure", "Structure", "structure_id_siae"),
        ("EtatMensuelIndiv", "emi_afi_id", "AnnexeFinanciere", "af_id_annexe_financiere"),
        ("EtatMensuelIndiv", "emi_ctr_id", "ContratMission", "contrat_id_ctr"),
        ("EtatMensuelIndiv", "emi_pph_id", "Salarie", "salarie_id"),
        ("ContratMission", "contrat_id_pph", "Salarie", "salarie_id"),
        ("ContratMission", "contrat_id_structure", "Structure", "structure_id_siae"),
        ("Missions", "mission_id_ctr", "ContratMission", "contrat_id_ctr"),
        ("MissionsEtatMensuelIndiv", "mei_mis_id", "Missions", "mission_id_mis"),
        ("MissionsEtatMensuelIndiv", "mei_dsm_id", "EtatMensuelIndiv", "emi_dsm_id"),
        ("Formations", "formation_id_ctr", "ContratMission", "contrat_id_ctr"),
    ],
)  # fmt: skip
def test_references_hold(duck: duckdb.DuckDBPyConnection, vue: str, colonne: str, cible: str, cle: str) -> None:
    orphelins = duck.execute(f"SELECT count(*) FROM {vue} WHERE {colonne} NOT IN (SELECT {cle} FROM {cible})")
    assert orphelins.fetchone() == (0,)


def test_contracts_of_a_stay_follow_one_another(duck: duckdb.DuckDBPyConnection) -> None:
    """No day between a contract and its renewal: an exit is never invented by a hole."""
    trous = duck.execute("""
        WITH c AS (SELECT contrat_id_pph p, contrat_type_contrat::int rang, contrat_date_premier_client entree,
          strptime(contrat_date_embauche, '%d/%m/%Y')::date debut,
          strptime(contrat_date_fin_contrat, '%d/%m/%Y')::date fin
          FROM ContratMission)
        SELECT count(*) FROM c a JOIN c b ON a.p = b.p AND a.entree = b.entree AND b.rang = a.rang + 1
        WHERE b.debut <> a.fin + 1
    """).fetchone()
    assert trous == (0,)


def test_nothing_exists_after_the_given_day(generer: Callable[..., Livraison]) -> None:
    livraison = generer(siae=25, annees=(2024, 2025), erreurs=0, graine=3, jusquau=date(2025, 4, 10))
    assert livraison.resume.jusquau == "2025-04-10"
    mois = {(int(m["emi_sme_annee"]), int(m["emi_sme_mois"])) for m in livraison.lignes("EtatMensuelIndiv")}
    assert max(mois) == (2025, 3)
    limite = "20250410"
    for vue, champs in (
        ("ContratMission", ("contrat_date_embauche", "contrat_date_sortie_definitive", "contrat_date_creation")),
        ("EtatMensuelIndiv", ("emi_date_fin_reelle", "emi_date_creation")),
        ("AnnexeFinanciere", ("af_date_debut_effet", "af_date_etat_valide", "af_date_etat_cloture")),
        ("Formations", ("formation_date_fin",)),
    ):
        dates = {"".join(reversed(ligne[c].split("/"))) for ligne in livraison.lignes(vue) for c in champs if ligne[c]}
        assert max(dates) <= limite, vue


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"region": "Atlantide"}, "Régions possibles"),
        ({"annees": (2023, 2025)}, "doivent se suivre"),
        ({"annees": ()}, "doivent se suivre"),
        ({"annees": (2018, 2019)}, "commencez à 2019"),
        ({"erreurs": 1.5}, "entre 0 et 1"),
        ({"graine": -1}, "positif ou nul"),
        ({"annees": (2025,), "jusquau": date(2025, 1, 10)}, "Aucun mois n'est complet"),
    ],
)
def test_wrong_arguments_are_said_in_french(tmp_path: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(EntreeInvalide, match=message):
        generer_fluxiae(tmp_path / "x", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("region", ["94", "Corse", "CORSE"])
def test_a_region_is_named_by_its_code_or_its_name(generer: Callable[..., Livraison], region: str) -> None:
    livraison = generer(region=region, siae=6, annees=(2025,), erreurs=0)
    assert {s["structure_adresse_admin_code_insee"][:2] for s in livraison.lignes("Structure")} <= {"2A", "2B"}


def test_progress_is_told(tmp_path: Path) -> None:
    vus: list[tuple[int, int, str]] = []
    generer_fluxiae(
        tmp_path, region="94", siae=6, annees=(2025,), erreurs=0, progression=lambda *etape: vus.append(etape)
    )
    assert vus == [(1, 2, "Corse-du-Sud"), (2, 2, "Haute-Corse")]


def test_running_year_stops_at_the_last_closed_month(generer: Callable[..., Livraison]) -> None:
    cette_annee = date.today().year  # noqa: DTZ011
    if date.today().month == 1:  # noqa: DTZ011
        pytest.skip("en janvier, aucun mois de l'année n'est clos")
    livraison = generer(region="94", siae=6, annees=(cette_annee,), erreurs=0)
    assert date.fromisoformat(livraison.resume.jusquau) < date.today()  # noqa: DTZ011
