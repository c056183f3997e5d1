"""SQL of what the indicators may count: the one version of each annexe, the last version of each monthly entry.

These are relations to put in a FROM clause, for DuckDB; their sources are relations too (`read_parquet(…)`, a table).
Rules: décisions, § 4; told in prose in `docs/import.md`.
"""

from __future__ import annotations

from collections.abc import Iterable

from convenir.mesure.donnees.annexes import sql
from convenir.mesure.donnees.annexes.corrections import CorrectionAnnexe, colonnes_corrigees

CLE_MENSUELLE = ("emi_afi_id", "emi_sme_annee", "emi_sme_mois", "emi_pph_id", "emi_ctr_id")


def annexes_retenues(source: str, corrections: Iterable[CorrectionAnnexe] = ()) -> str:
    """Return the relation of the annexes that count: one version each, FDI and unknown measures left out.

    Columns: those of the view, then `categorie` (EI, ETTI, AI, ACI, EITI), `penitentiaire` and `nombre_mois`.

    Args:
        source: relation of the view AnnexeFinanciere.
        corrections: manual corrections in force (`queries.corrections_dannexes()`), which replace the file's values.
    """
    etat, mesure = "af_etat_annexe_financiere_code", "af_mesure_dispositif_code"
    mois = sql.mois_de_lannexe("af_date_debut_effet", "af_date_fin_effet")
    return f"""(
        SELECT * EXCLUDE (rang_version) FROM (
            SELECT *, {sql.categorie(mesure)} AS categorie, upper({mesure}) LIKE '%\\_MP' ESCAPE '\\' AS penitentiaire,
                {mois} AS nombre_mois,
                row_number() OVER (PARTITION BY af_id_annexe_financiere ORDER BY {sql.rang_etat(etat)},
                    COALESCE(af_numero_avenant_modification, 0) DESC, af_id_avenant_modification DESC) AS rang_version
            FROM {colonnes_corrigees(source, corrections)} WHERE {sql.rang_etat(etat)} IS NOT NULL
        ) WHERE rang_version = 1 AND categorie IS NOT NULL)"""


def mensuel_retenu(source: str, annexes: str = "") -> str:
    """Return the relation of the monthly entries that count: those of `annexes`, in their last version alone.

    Per (annexe, month, person, contract) the highest `emi_sme_version`; on a tie, the highest `emi_dsm_id`. Only the
    contracts that have more rows than months may have a month entered several times: the others are taken as they are.

    Args:
        source: relation of the view EtatMensuelIndiv.
        annexes: relation of the annexes that count (`annexes_retenues`); none when the caller joins them itself.
    """
    cle = ", ".join(CLE_MENSUELLE)
    garder = f"SEMI JOIN {annexes} AS a ON a.af_id_annexe_financiere = emi_afi_id" if annexes else ""
    return f"""(
        WITH lus AS MATERIALIZED (SELECT * FROM {source} {garder}),
        suspects AS MATERIALIZED (
            SELECT emi_ctr_id FROM lus GROUP BY emi_ctr_id
            HAVING count(*) > bit_count(bit_or(CAST(1 AS BIGINT) << ((emi_sme_annee * 12 + emi_sme_mois) & 31)))
        ),
        douteux AS MATERIALIZED (SELECT * FROM lus SEMI JOIN suspects USING (emi_ctr_id))
        SELECT * FROM lus ANTI JOIN suspects USING (emi_ctr_id)
        UNION ALL
        SELECT d.* FROM douteux AS d LEFT JOIN (
            SELECT {cle}, max(row(COALESCE(emi_sme_version, 0), emi_dsm_id))[2] AS derniere
            FROM douteux GROUP BY {cle} HAVING count(*) > 1
        ) AS p USING ({cle})
        WHERE p.derniere IS NULL OR p.derniere = d.emi_dsm_id)"""
