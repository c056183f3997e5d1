"""What a delivery of missions locales changes, compared with what is in force for the same missions locales."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
from django.utils import timezone

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees import queries
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.entrepots import NOM_CSV
from convenir.mesure.donnees.formats import VUE_AGREGATS
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.preparation import Preparation
from convenir.mesure.donnees.reception import NOM_COPIE
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.socle.commun.francais import FINE, nombre, pluriel
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.organisations.reseau import (
    CommuneLue,
    EffetsReseau,
    MissionLocaleLue,
    Reseau,
    comparer_reseau,
)

# A year is told to be covered from a quarter of the events of the fullest one: the past of each youth is not a year.
PART_DUNE_ANNEE = 4
# Events that show how far a folder goes: a quiet month without a contact may still have others.
JOURS_CONNUS = (
    ("actualite", "date_evt"), ("proposition", "date_prop"), ("parcours", "date_entree"), ("parcours", "date_sortie"),
)  # fmt: skip
COLONNES_CSV = (
    "niveau", "code_territoire", "indicateur", "ventilation", "modalite", "periode", "numerateur", "denominateur",
    "valeur", "statut",
)  # fmt: skip
# The order of the canonical CSV: an empty breakdown comes first.
TRI = "niveau, code_territoire, indicateur, COALESCE(ventilation, ''), COALESCE(modalite, ''), periode, ligne"
NOMS = {"missions_locales": "missions", "communes": "communes"}


@dataclass
class EffetsMl:
    """Missions locales and communes created, changed, ended; thresholds reached."""

    reseau: EffetsReseau = field(default_factory=EffetsReseau)
    seuils: list[dict[str, Any]] = field(default_factory=list)

    def comptes(self) -> dict[str, int]:
        """Return the numbers of the report, missions locales and communes together."""
        par_objet = self.par_objet().values()
        return {cle: sum(c[cle] for c in par_objet) for cle in ("crees", "modifies", "termines")}

    def par_objet(self) -> dict[str, dict[str, int]]:
        """Return the same numbers, missions locales and communes apart."""
        return {
            objet: {cle: len(getattr(getattr(self.reseau, nom), cle)) for cle in ("crees", "modifies", "termines")}
            for objet, nom in NOMS.items()
        }

    def details(self, limite: int) -> dict[str, Any]:
        """Return the codes by kind of object, at most `limite` of each."""
        return {
            objet: {cle: getattr(getattr(self.reseau, nom), cle)[:limite] for cle in ("crees", "modifies", "termines")}
            for objet, nom in NOMS.items()
        }


def contenu_ml(preparation: Preparation, fils: int | None) -> dict[str, Any]:
    """Read back what a prepared delivery says of the missions locales: fields of `effets.Contenu`."""
    with connexion([dossier_entrepot()], preparation.dossier / ".debordement", fils) as base:
        if preparation.source == Source.AGREGATS_ML:
            annees = _annees_des_agregats(base, preparation.motif(VUE_AGREGATS))
            _ecrire_csv(base, preparation)
            connues = MissionLocale.objects.filter(code__in=annees).values_list("departement", flat=True)
            departements = set(connues)
            arrete = _dernier_mois(base, preparation.motif(VUE_AGREGATS))
            return {"apportes": departements, "couverts": departements, "annees": annees, "arrete_au": arrete}
        missions = _missions(base, preparation)
        reseau = Reseau(missions, _communes(base, preparation), _attendues(preparation))
        departements = {m.departement for m in missions}
        annees = _annees(base, preparation, reseau.codes)
        arrete = _dernier_jour(base, preparation)
    return {
        "apportes": departements, "couverts": departements, "reseau": reseau, "annees": annees, "arrete_au": arrete,
    }  # fmt: skip


def _missions(base: duckdb.DuckDBPyConnection, preparation: Preparation) -> list[MissionLocaleLue]:
    lignes = base.execute(
        "SELECT ml_id, COALESCE(nom, ''), dept_code, COALESCE(statut, ''), module_entreprise FROM "
        f"{parquet(preparation.motif('structure'))} ORDER BY ml_id"
    ).fetchall()
    return [MissionLocaleLue(*ligne) for ligne in lignes]


def _communes(base: duckdb.DuckDBPyConnection, preparation: Preparation) -> list[CommuneLue] | None:
    """Return the zones; the last day of a file is the first day out."""
    if "zone_ml" not in preparation.vues:
        return None
    lignes = base.execute(
        f"SELECT ml_id, commune_code, date_debut, date_fin FROM {parquet(preparation.motif('zone_ml'))} ORDER BY ALL"
    ).fetchall()
    return [CommuneLue(ml, c, debut, fin and fin + timedelta(days=1)) for ml, c, debut, fin in lignes]


def _attendues(preparation: Preparation) -> frozenset[str]:
    """Return the missions locales that the same depositor brought before, and that are still read from it."""
    siennes = {
        e.livraison_uuid: e for e in queries.entrepots_ml() if e.organisation_id == preparation.organisation_id
    }  # fmt: skip
    return frozenset(
        code for e in siennes.values() if e.nature == Source.MISSIONS_LOCALES for code in e.missions_locales
    )


def _annees(
    base: duckdb.DuckDBPyConnection, preparation: Preparation, codes: Collection[str]
) -> dict[str, list[int]]:  # fmt: skip
    """Return the years of each mission locale: those of its contacts, first ones and half-years before left out."""
    annees: dict[str, list[int]] = {code: [] for code in sorted(codes)}
    if "actualite" not in preparation.vues:
        return annees
    lignes = base.execute(
        "SELECT ml_id, an FROM (SELECT ml_id, year(date_evt) AS an, count(*) AS n, "
        "max(n) OVER (PARTITION BY ml_id) AS m, max(an) OVER (PARTITION BY ml_id) AS dernier FROM "
        f"{parquet(preparation.motif('actualite'))} GROUP BY ml_id, an) "
        f"WHERE n * {PART_DUNE_ANNEE} >= m OR an = dernier ORDER BY ml_id, an"
    ).fetchall()
    for ml, an in lignes:
        annees.setdefault(ml, []).append(an)
    return annees


def _dernier_jour(base: duckdb.DuckDBPyConnection, preparation: Preparation) -> date | None:
    """Return the last day that the records tell of, not after today: they know nothing after it."""
    jours = [
        f"SELECT {colonne} AS jour FROM {parquet(preparation.motif(table))}"
        for table, colonne in JOURS_CONNUS
        if table in preparation.vues
    ]
    if not jours:
        return None
    requete = f"SELECT max(jour) FROM ({' UNION ALL '.join(jours)}) WHERE jour <= ?"
    ligne = base.execute(requete, [timezone.localdate()]).fetchone()
    return ligne[0] if ligne else None


def _dernier_mois(base: duckdb.DuckDBPyConnection, motif: str) -> date | None:
    """Return the last day of the last month that has a value; none when the file has no month."""
    mois = "TRY_CAST(periode || '-01' AS DATE)"
    ligne = base.execute(
        f"SELECT last_day(max({mois})) FROM {parquet(motif)} WHERE regexp_full_match(periode, '[0-9]{{4}}-[0-9]{{2}}')"
    ).fetchone()
    return ligne[0] if ligne else None


def _ecrire_csv(base: duckdb.DuckDBPyConnection, preparation: Preparation) -> None:
    """Write the accepted values of the levels kept as they were received: the one CSV that the engine reads."""
    copie = preparation.dossier / VUE_AGREGATS / NOM_COPIE
    presentes = {n for (n, *_) in base.execute(f"DESCRIBE SELECT * FROM {parquet(copie)}").fetchall()}
    colonnes = ", ".join(c if c in presentes else f"'' AS {c}" for c in COLONNES_CSV)
    base.execute(
        f"COPY (SELECT {colonnes} FROM {parquet(copie)} AS c "
        f"SEMI JOIN {parquet(preparation.motif(VUE_AGREGATS))} AS e USING (ligne) "
        f"WHERE niveau IN ('site', 'ml') ORDER BY {TRI}) TO {texte(str(copie.with_name(NOM_CSV)))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', NULLSTR '')"
    )


def _annees_des_agregats(base: duckdb.DuckDBPyConnection, motif: str) -> dict[str, list[int]]:
    lignes = base.execute(
        f"SELECT DISTINCT ml_id, annee FROM {parquet(motif)} WHERE ml_id IS NOT NULL AND annee IS NOT NULL "
        "ORDER BY ALL"
    ).fetchall()
    annees: dict[str, list[int]] = {}
    for ml, an in lignes:
        annees.setdefault(ml, []).append(an)
    return annees


def effets_ml(preparation: Preparation, reseau: Reseau | None, part_max: Decimal) -> EffetsMl:
    """Compare a prepared delivery with what is in force, and write nothing.

    Args:
        reseau: missions locales and zones; None for indicators alone.
        part_max: share (0 to 1) above which a disappearance asks for a reason.
    """
    effets = EffetsMl()
    if reseau is not None:
        effets.reseau = comparer_reseau(reseau, timezone.localdate())
        perdues = len(reseau.attendues - reseau.codes)
        _seuil(effets, "missions_locales", ("mission locale", "missions locales"), len(reseau.attendues), perdues,
               part_max)  # fmt: skip
        avant, perdus = jeunes_perdus(preparation, reseau.codes)
        _seuil(effets, "jeunes", ("dossier de jeune", "dossiers de jeunes"), avant, perdus, part_max)
    if Livraison.objects.filter(empreinte=preparation.empreinte, appliquee_le__isnull=False).exists():
        message = "Ces fichiers ont déjà été appliqués, puis remplacés par une livraison plus récente."
        effets.seuils.append({"code": "deja_remplacee", "message": message})
    return effets


def jeunes_perdus(preparation: Preparation, codes: Collection[str]) -> tuple[int, int]:
    """Return, for some missions locales, the files of youths in force and those that the delivery no longer has."""
    anciens = [
        e for e in queries.entrepots_ml() if e.nature == Source.MISSIONS_LOCALES and e.missions_locales & set(codes)
    ]
    if not anciens:
        return 0, 0
    union = " UNION ".join(
        f"SELECT jeune_id, ml_id FROM {parquet(e.motif('jeune'))} "
        f"WHERE ml_id IN ({_liste(e.missions_locales & set(codes))})"
        for e in anciens
    )
    with connexion([dossier_entrepot()], preparation.dossier / ".debordement") as base:
        requete = (
            f"SELECT count(*), count(*) FILTER (WHERE n.jeune_id IS NULL) FROM ({union}) AS a "
            f"LEFT JOIN {parquet(preparation.motif('jeune'))} AS n USING (jeune_id, ml_id)"
        )
        avant, perdus = base.execute(requete).fetchone() or (0, 0)
    return int(avant), int(perdus)


def _liste(codes: Collection[str]) -> str:
    return ", ".join(map(texte, sorted(codes))) or "''"


def _seuil(effets: EffetsMl, code: str, quoi: tuple[str, str], avant: int, perdus: int, part_max: Decimal) -> None:
    if avant and perdus > part_max * avant:
        effets.seuils.append(seuil(code, quoi, avant, perdus, part_max))


def seuil(code: str, quoi: tuple[str, str], avant: int, perdus: int, part_max: Decimal) -> dict[str, Any]:
    """Return a threshold reached, as the report says it."""
    return {
        "code": code,
        "message": f"{pluriel(perdus, *quoi)} sur {nombre(avant)} ne {'serait' if perdus < 2 else 'seraient'} "
        f"plus là (seuil : {nombre(part_max * 100)}{FINE}%).",
        "avant": avant,
        "apres": avant - perdus,
    }
