"""Run the relations in order: annexes and contracts once, then those of each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from convenir.mesure.donnees.annexes import sql as regles
from convenir.mesure.donnees.annexes.corrections import CorrectionAnnexe
from convenir.mesure.donnees.requetes_sql import annexes_retenues, mensuel_retenu
from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.connexion import table
from convenir.mesure.indicateurs.parametres import Motif, ParametresAnnee
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.socle.commun.erreurs import EntreeInvalide

ICI = Path(__file__).parent
# Words of the labels of the ASP that name the category of an exit, in the order they are looked for.
CATEGORIES_SORTIE = ("durable", "transition", "positive", "retrait", "autre")


@dataclass
class Prepare:
    """What was found while preparing the records."""

    dernier_mois: date
    motifs: dict[str, Motif] = field(default_factory=dict)
    motifs_par_id: list[tuple[int, str, str]] = field(default_factory=list)
    annexes_depuis: str = "AnnexeFinanciere"


def _sql(nom: str) -> str:
    return (ICI / f"{nom}.sql").read_text(encoding="utf-8")


def _executer(base: duckdb.DuckDBPyConnection, nom: str, /, **valeurs: object) -> None:
    base.execute(_sql(nom).format(**valeurs))


def preparer(
    base: duckdb.DuckDBPyConnection,
    vues: Vues,
    regions: Mapping[str, str],
    rattachements: Mapping[str, str],
    corrections: Sequence[CorrectionAnnexe] = (),
) -> Prepare:
    """Prepare what does not depend on the year.

    Raises:
        EntreeInvalide: there is no annexe to read.
    """
    depuis = next((v for v in ("AnnexeFinanciere", "ExportAnnexes") if v in vues.lues), None)
    if depuis is None:
        raise EntreeInvalide(
            "Aucune annexe financière n'est chargée : sans elle, aucun indicateur ne se calcule. "
            "Importez une livraison qui contient la vue AnnexeFinanciere, ou un export des annexes."
        )
    table(base, "departements", {"departement": "VARCHAR", "region": "VARCHAR"}, sorted(regions.items()))
    table(base, "rattachements", {"siae": "VARCHAR", "departement": "VARCHAR"}, sorted(rattachements.items()))
    total = regles.total_de_la_regle(
        "COALESCE(af_etp_postes_insertion, 0)", "COALESCE(af_montant_unitaire_annuel_valeur, 0)", "nombre_mois"
    )
    retenues = annexes_retenues(f"({vues.lecture('AnnexeFinanciere', depuis=depuis)})", corrections)
    _executer(base, "annexes", retenues=retenues, total=total)
    _executer(base, "siae", Structure=vues.lecture("Structure"))
    _contrats(base, vues)
    prepare = Prepare(_dernier_mois(base, vues), annexes_depuis=depuis)
    _motifs_de_la_livraison(base, vues, prepare)
    return prepare


def _contrats(base: duckdb.DuckDBPyConnection, vues: Vues) -> None:
    _executer(
        base,
        "contrats",
        categorie=regles.categorie("l.contrat_mesure_disp_code"),
        **_lectures(vues, "Salarie", "ContratMission", "RefDureePoleEmploi"),
    )


def _dernier_mois(base: duckdb.DuckDBPyConnection, vues: Vues) -> date:
    """Last day of the last month with an entry; of the last annexe when nothing is entered."""
    lectures = [
        f"SELECT max(make_date(CAST({a} AS INTEGER), CAST({m} AS INTEGER), 1)) AS mois FROM ({vues.lecture(vue)})"
        for vue, a, m in (("EtatMensuelIndiv", "emi_sme_annee", "emi_sme_mois"), ("AnnexeMois", "annee", "mois"))
        if vue in vues.lues
    ]
    for lecture in [*lectures, "SELECT max(fin) AS mois FROM annexes"]:
        ligne = base.execute(f"SELECT last_day(mois) FROM ({lecture})").fetchone()
        if ligne and ligne[0]:
            jour: date = ligne[0]
            return jour
    raise EntreeInvalide("Aucune annexe financière retenue : toutes sont remplacées, rejetées ou du FDI.")


def _motifs_de_la_livraison(base: duckdb.DuckDBPyConnection, vues: Vues, prepare: Prepare) -> None:
    """Read the exit reasons of the delivery, which prevail; one code with two categories keeps neither by its code."""
    lus = base.execute(
        "SELECT m.rms_id, NULLIF(ltrim(trim(m.rms_code), '0'), ''), m.rms_libelle, c.rcs_libelle, c.rcs_code "
        f"FROM ({vues.lecture('RefMotifSort')}) AS m "
        f"LEFT JOIN ({vues.lecture('RefCategorieSort')}) AS c USING (rcs_id) "
        "WHERE m.rms_code IS NOT NULL ORDER BY ALL"
    ).fetchall()
    categories: dict[str, set[str]] = {}
    libelles: dict[str, str] = {}
    for rms_id, code, libelle, rcs_libelle, rcs_code in lus:
        categorie = categorie_de_sortie(rcs_libelle, rcs_code)
        if code is None or categorie is None:
            continue
        prepare.motifs_par_id.append((rms_id, code, categorie))
        categories.setdefault(code, set()).add(categorie)
        libelles.setdefault(code, libelle or f"Motif {code}")
    prepare.motifs = {
        code: Motif(code, libelles[code], trouvees.pop() if len(trouvees) == 1 else "inconnu")
        for code, trouvees in categories.items()
    }


def categorie_de_sortie(libelle: str | None, code: str | None) -> str | None:
    """Return the category of an exit from the label of the ASP; the code 5 is « retrait » in every extract seen."""
    trouvee = next((c for c in CATEGORIES_SORTIE if c in (libelle or "").lower()), None)
    return trouvee or ("retrait" if (code or "").strip() == "5" else None)


def preparer_mois(
    base: duckdb.DuckDBPyConnection, vues: Vues, prepare: Prepare, annee: Annee, parametres: ParametresAnnee
) -> None:
    """Prepare the posts and the hours of a year, by annexe, month and period."""
    _tables_des_parametres(base, prepare, annee, parametres)
    _mensuel(base, vues, annee.annee)
    _executer(base, "agregees", annee=annee.annee, **_lectures(vues, "AnnexeMois", "SuiviDgefp"))
    if vues.a("EtatMensuelIndiv.emi_nb_heures_travail"):
        par_annexe = "SELECT annexe, mois, SUM(heures2) AS heures2 FROM mensuel GROUP BY ALL"
        base.execute("DELETE FROM etp_declares")
    else:
        par_annexe = "SELECT annexe, mois, heures2 FROM annexe_mois_recu"
        if vues.a("AnnexeMois"):
            base.execute("DELETE FROM etp_declares")
    _executer(base, "annexe_mois", annee=annee.annee, mois_clos=annee.mois_clos, heures_par_annexe=par_annexe)


def preparer_annee(
    base: duckdb.DuckDBPyConnection,
    vues: Vues,
    prepare: Prepare,
    annee: Annee,
    parametres: ParametresAnnee,
    limite: date,
) -> None:
    """Prepare the relations of one year: monthly states, stays, exits, persons, trainings."""
    preparer_mois(base, vues, prepare, annee, parametres)
    _executer(base, "sejours", annee=annee.annee)
    _executer(base, "personnes", annee=annee.annee, **_lectures(vues, "Formations"))
    avant = vues.lecture("EtatMensuelIndiv", f"emi_sme_annee < {annee.annee}")
    _executer(base, "sortants", annee=annee.annee, limite=limite, EtatMensuelIndiv=avant)
    _executer(base, "sorties", annee=annee.annee, heures_avant=HEURES_AVANT)
    _executer(base, "bilan", annee=annee.annee, **_lectures(vues, "BilanAnnexe"))
    _executer(base, "formations", annee=annee.annee, **_lectures(vues, "Formations"))


def _lectures(vues: Vues, *noms: str) -> dict[str, str]:
    return {nom: vues.lecture(nom) for nom in noms}


def _mensuel(base: duckdb.DuckDBPyConnection, vues: Vues, annee: int) -> None:
    lecture = f"({vues.lecture('EtatMensuelIndiv', f'emi_sme_annee = {annee}')})"
    _executer(base, "mensuel", retenu=mensuel_retenu(lecture))


# Hours before the year, only for those who leave and whose category cumulates since entry.
HEURES_AVANT = f"""SELECT a.siae_num, COALESCE(p.personne, l.emi_pph_id) AS personne,
        SUM(CAST(COALESCE(l.emi_nb_heures_travail, 0) * 100 AS BIGINT)) AS heures2
    FROM {mensuel_retenu("mensuel_avant")} AS l
    JOIN annexes_siae AS a ON a.annexe = l.emi_afi_id
    LEFT JOIN salaries AS p ON p.pph = l.emi_pph_id
    GROUP BY ALL"""


def _tables_des_parametres(
    base: duckdb.DuckDBPyConnection, prepare: Prepare, annee: Annee, parametres: ParametresAnnee
) -> None:
    table(
        base,
        "parametres_categorie",
        {
            "categorie": "VARCHAR", "heures_etp4": "HUGEINT", "duree_min_mois": "INTEGER",
            "heures_min_annee2": "BIGINT", "heures_min_cumul2": "BIGINT",
        },
        [
            (
                c, _entier(p.heures_etp, 10_000), p.duree_min_mois, _entier(p.heures_min_annee, 100),
                _entier(p.heures_min_cumul, 100),
            )
            for c, p in sorted(parametres.categories.items())
        ],
    )  # fmt: skip
    table(
        base,
        "calendrier",
        {"rang": "INTEGER", "genre": "VARCHAR", "periode": "VARCHAR", "mois": "INTEGER"},
        _calendrier(annee),
    )
    connus = {**parametres.motifs, **prepare.motifs}
    table(base, "motifs_par_id", {"id": "BIGINT", "code": "VARCHAR", "categorie": "VARCHAR"}, prepare.motifs_par_id)
    table(
        base,
        "motifs_par_code",
        {"code": "VARCHAR", "categorie": "VARCHAR"},
        [(code, m.categorie) for code, m in sorted(connus.items())],
    )
    table(
        base,
        "motifs_locaux",
        {"departement": "VARCHAR", "code": "VARCHAR", "debut": "DATE", "fin": "DATE"},
        [(m.departement, m.code, m.debut, m.fin) for m in parametres.locaux],
    )


def _entier(heures: Decimal | None, echelle: int) -> int | None:
    return None if heures is None else int(heures * echelle)


def _calendrier(annee: Annee) -> list[tuple[int, str, str, int]]:
    """Which months make each numbered period: the year, each month, the cumulation to each closed month."""
    periodes = [("annee", str(annee.annee), range(1, 13))]
    periodes += [("mois", f"{annee.annee}-{m:02d}", range(m, m + 1)) for m in range(1, 13)]
    periodes += [("cumul", f"{annee.annee}-{k:02d}-cumul", range(1, k + 1)) for k in range(1, annee.mois_clos + 1)]
    return [(n, genre, periode, m) for n, (genre, periode, mois) in enumerate(periodes) for m in mois]
