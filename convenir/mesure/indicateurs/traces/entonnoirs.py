"""Funnels, counted in the prepared relations of the structures concerned."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from convenir.mesure.indicateurs.traces.modele import Etape
from convenir.socle.commun.francais import MOIS


@dataclass(frozen=True)
class Periode:
    """A period of the catalogue: `2025`, `2025-03`, `2025-03-cumul`."""

    texte: str

    @property
    def annee(self) -> int:
        """Its year."""
        return int(self.texte[:4])

    @property
    def mois(self) -> tuple[int, int]:
        """First and last months."""
        if len(self.texte) < 7:
            return 1, 12
        dernier = int(self.texte[5:7])
        return (1 if self.texte.endswith("cumul") else dernier), dernier

    @property
    def mots(self) -> str:
        """« en 2025 », « en mars 2025 », « de janvier à mars 2025 »."""
        premier, dernier = self.mois
        if (premier, dernier) == (1, 12):
            return f"en {self.annee}"
        if premier == dernier:
            return f"en {MOIS[dernier - 1]} {self.annee}"
        return f"de janvier à {MOIS[dernier - 1]} {self.annee}"


def _compter(base: duckdb.DuckDBPyConnection, requete: str) -> int:
    ligne = base.execute(requete).fetchone()
    return int(ligne[0] or 0) if ligne else 0


def _derouler(premier: tuple[str, int], suites: list[tuple[str, int]]) -> tuple[Etape, ...]:
    """Build the steps from what remains at the start and what each step sets aside; silent steps are left out."""
    etapes, reste = [Etape(*premier)], premier[1]
    for libelle, ecarte in suites:
        if ecarte:
            reste -= ecarte
            etapes.append(Etape(libelle, reste, ecarte))
    return tuple(etapes)


def sorties(base: duckdb.DuckDBPyConnection, periode: Periode, limite: str) -> tuple[Etape, ...]:
    """Return the funnel from ended contracts to exits examined."""
    an = periode.annee
    fini = f"fin BETWEEN DATE '{an}-01-01' AND LEAST(DATE '{an}-12-31', DATE '{limite}')"
    contrats = _compter(base, f"SELECT count(*) FROM contrats WHERE {fini}")
    sejours = _compter(base, f"SELECT count(*) FROM sejours WHERE {fini}")

    def sortis(condition: str) -> int:
        return _compter(base, f"SELECT count(*) FROM releve_sorties WHERE sortie = 1 AND {condition}")

    constatees = sortis("true")
    return _derouler(
        (f"Contrats terminés {periode.mots}", contrats),
        [
            ("Contrat suivi d'un autre dans la structure", contrats - sejours),
            ("Même personne, autre sortie dans l'année", sejours - constatees),
            ("Milieu pénitentiaire, présenté à part", sortis("penitentiaire")),
            ("Séjour trop court pour la catégorie", sortis("NOT penitentiaire AND exclusion = 'duree'")),
            ("Heures insuffisantes pour la catégorie", sortis("NOT penitentiaire AND exclusion = 'heures'")),
            ("Motif « retrait des sorties constatées »", sortis("NOT penitentiaire AND exclusion = 'retrait'")),
        ],
    )


def etats_mensuels(base: duckdb.DuckDBPyConnection, periode: Periode, lecture: str) -> tuple[Etape, ...]:
    """Return the funnel from monthly states read to monthly states counted.

    Args:
        base: prepared relations.
        periode: the period.
        lecture: SELECT of the monthly states of these structures, every annexe included.
    """
    premier, dernier = periode.mois
    entre = f"BETWEEN {premier} AND {dernier}"
    lus = _compter(
        base, f"SELECT count(*) FROM ({lecture}) WHERE emi_sme_annee = {periode.annee} AND emi_sme_mois {entre}"
    )
    des_annexes = _compter(
        base,
        f"SELECT count(*) FROM ({lecture}) AS l SEMI JOIN annexes_siae AS a ON a.annexe = l.emi_afi_id "
        f"WHERE emi_sme_annee = {periode.annee} AND emi_sme_mois {entre}",
    )
    retenus = _compter(base, f"SELECT count(*) FROM mensuel WHERE mois {entre}")
    penitentiaires = _compter(base, f"SELECT count(*) FROM mensuel WHERE mois {entre} AND penitentiaire")
    return _derouler(
        (f"États mensuels lus {periode.mots}", lus),
        [
            ("Annexe rejetée, remplacée ou du FDI", lus - des_annexes),
            ("Version remplacée par une plus récente", des_annexes - retenus),
            ("Milieu pénitentiaire, présenté à part", penitentiaires),
        ],
    )


def personnes(base: duckdb.DuckDBPyConnection, periode: Periode) -> tuple[Etape, ...]:
    """Return the funnel from monthly states to persons present."""
    premier, dernier = periode.mois
    entre = f"mois BETWEEN {premier} AND {dernier} AND NOT penitentiaire"
    lus = _compter(base, f"SELECT count(*) FROM mensuel WHERE {entre}")
    travailles = _compter(base, f"SELECT count(*) FROM mensuel WHERE {entre} AND heures2 > 0")
    distinctes = _compter(
        base,
        "SELECT count(DISTINCT COALESCE(p.personne, m.pph)) FROM mensuel AS m LEFT JOIN salaries AS p USING (pph) "
        f"WHERE {entre} AND heures2 > 0",
    )
    return _derouler(
        (f"États mensuels retenus {periode.mots}", lus),
        [
            ("Mois sans heure travaillée", lus - travailles),
            ("Autres mois et autres contrats des mêmes personnes", travailles - distinctes),
        ],
    )


def annexes(base: duckdb.DuckDBPyConnection, periode: Periode, lecture: str) -> tuple[Etape, ...]:
    """Return the funnel from versions of annexes read to annexes counted."""
    an = periode.annee
    dans = f"year(af_date_debut_effet) <= {an} AND year(af_date_fin_effet) >= {an}"
    lues = _compter(base, f"SELECT count(*) FROM ({lecture}) WHERE {dans}")
    fdi = _compter(
        base, f"SELECT count(*) FROM ({lecture}) WHERE {dans} AND upper(af_mesure_dispositif_code) LIKE 'FDI%'"
    )
    actives = f"year(debut) <= {an} AND year(fin) >= {an}"
    retenues = _compter(base, f"SELECT count(*) FROM annexes_siae WHERE {actives}")
    prison = _compter(base, f"SELECT count(*) FROM annexes_siae WHERE {actives} AND penitentiaire")
    return _derouler(
        (f"Versions d'annexe en vigueur {periode.mots}", lues),
        [
            ("Annexes du fonds de développement de l'inclusion", fdi),
            ("Version rejetée, annulée ou remplacée", lues - fdi - retenues),
            ("Milieu pénitentiaire, présenté à part", prison),
        ],
    )
