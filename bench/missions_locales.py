"""Indicators of the missions locales of a whole year: Convenir, SQL by hand (DuckDB, PostgreSQL), pandas, Spark, one scan.

    python bench/missions_locales.py [--echelle 0.05] [--donnees D] [--moteurs duckdb,…] [--sans-croissance]

`--echelle 1` is the aim: 26 million events, 1.3 million youths, 440 missions locales. Results are compared before any
timing. Each engine runs in three fresh processes, warm page cache, imports excluded, in turn with Convenir: each ratio
is of one run. Time is elapsed; the processor time and the peak memory of the process are printed beside.
`--moteurs convenir` measures the growth alone, `--moteurs X --sans-croissance` one rival alone; `--donnees D` keeps the
invented data of each scale from one run to the next. PostgreSQL is measured when DATABASE_URL names a server, and Spark
when asked for by `--moteurs`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))
os.environ.setdefault("CONVENIR_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
ANNEE = 2025
MOTEURS = ("convenir", "duckdb", "balayage", "pandas", "postgresql", "spark")
DEFAUT = "convenir,duckdb,balayage,pandas,postgresql"
# Rival: ratio, bound, and whether Convenir must be at most that many times slower or at least that many times faster.
VISEES = {"duckdb": ("≤", 1.2), "balayage": ("≤", 4.0), "pandas": ("≥", 3.0), "postgresql": ("≥", 6.0)}
MEMOIRE = 4096
CROISSANCE = 2.2
COMMANDE = "import sys; from convenir.restitution.commandes.principal import main; sys.exit(main())"
Cle = tuple[str, str, str, str, str, str]
# Elapsed time (s), peak memory (MiB), processor time (s).
Mesure = tuple[float, float, float]
COLONNES_LUES = {
    "jeune": "jeune_id, ml_id, sexe, naissance_mois",
    "jeune_etat": "jeune_id, ml_id, date_debut, date_fin, niveau, diplome_obtenu, commune_code, qpv, zrr",
    "actualite": "ml_id, jeune_id, site_id, date_evt, type", "proposition": "ml_id, jeune_id, date_prop, domaine, theme",
    "parcours": "ml_id, jeune_id, dispositif, type_appui, financable, date_entree, date_sortie, situation_sortie_id",
    "situation": "situation_id, ml_id, jeune_id, categorie, contrat, aide_non_marchand, qualifiante, date_debut, "
    "date_fin_prevue, date_fin",
    "mise_en_relation": "ml_id, jeune_id, offre_id, date_mer", "offre": "offre_id, collectee_par_ml",
    "contact_entreprise": "entreprise_id, ml_id, date_contact, motif, visite",
    "parrainage": "ml_id, jeune_id, date_debut, date_fin", "parrain": "parrain_id, ml_id, actif_debut, actif_fin",
    "periode_entreprise": "ml_id, jeune_id, type, date_debut, annulee",
}  # fmt: skip


def reglages() -> dict[str, str]:
    """Parameters in force, as the rivals need them."""
    from convenir.mesure.indicateurs.releves_ml.regles import regles

    lues = regles(ANNEE)

    def liste(code: str) -> str:
        return ", ".join(f"'{m}'" for m in lues.mots(code)) or "NULL"

    exclues = "" if lues.oui("emploi_durable.aides_non_marchands") else "AND NOT coalesce(aide_non_marchand, false)"
    return {
        "sans_duree": liste("emploi_durable.contrats_sans_duree"), "avec_duree": liste("emploi_durable.contrats_avec_duree"),
        "non_marchand": exclues, "appuis": liste("autres_dispositifs.types_appui"),
    }  # fmt: skip


def duckdb_ferme(dossier: Path):
    import duckdb

    base = duckdb.connect()
    base.execute("SET threads=2; SET memory_limit='4GB'")
    for fichier in dossier.glob("*.parquet"):
        base.execute(f"CREATE VIEW {fichier.stem} AS SELECT * FROM read_parquet('{fichier}')")
    return base


def lancer(moteur: str, dossier: Path) -> tuple[Callable[[], object], Callable[[object], dict[Cle, int]]]:
    """Prepare an engine; return what is timed, and the reader of its counts."""
    import django

    django.setup()
    if moteur in ("convenir", "spark"):
        from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml

        nom = "duckdb" if moteur == "convenir" else "spark"
        return lambda: calculer_ml(dossier, [ANNEE], moteur=nom), lire_convenir
    if moteur == "balayage":
        base = duckdb_ferme(dossier)
        return lambda: balayer(base), lambda _: {}
    from bench.rivaux import ml_lecture

    if moteur == "duckdb":
        from bench.rivaux.ml_sql import instructions

        base, suite = duckdb_ferme(dossier), list(instructions(reglages()))

        def calculer():
            for nom, requete in suite:
                base.execute(f"CREATE TEMP TABLE {nom} AS {requete}")
            return ml_lecture.deplier(lambda q: base.execute(q).fetchall())

        return calculer, ml_lecture.lire_comptes
    if moteur == "postgresql":
        from bench.rivaux.ml_postgresql import preparer

        return preparer(dossier, reglages()), ml_lecture.lire_comptes
    from bench.rivaux import ml_pandas

    return lambda: ml_pandas.calculer(dossier, ANNEE, reglages()), lambda comptes: comptes


def balayer(base) -> None:
    """Read once the columns that the calculation reads: each value is decoded (its minimum alone is in the file's foot)."""
    for table, colonnes in COLONNES_LUES.items():
        lues = ", ".join(f"bit_xor(hash({c}))" for c in colonnes.split(", "))
        base.execute(f"SELECT {lues} FROM {table}").fetchall()


def lire_convenir(calcul) -> dict[Cle, int]:
    lignes = calcul.base.execute(
        "SELECT z.niveau, z.code, k.indicateur, s.ventilation, s.modalite, s.periode, c.n FROM calculees AS c "
        "JOIN territoires AS z USING (t) JOIN codes AS k USING (i) JOIN cases AS s USING (c) WHERE c.statut = 'disponible'"
    ).fetchall()
    return {ligne[:6]: ligne[6] for ligne in lignes}


def comparer(dossier: Path, moteurs: list[str]) -> int:
    """Compute with every engine and compare every count they share; stop at the first difference."""
    fonction, lire = lancer("convenir", dossier)
    calcul = fonction()
    reference = lire(calcul)
    for moteur in moteurs:
        if moteur in ("convenir", "balayage", "spark"):
            continue
        fonction, lire = lancer(moteur, dossier)
        lus, comparees = lire(fonction()), 0
        for cle, n in lus.items():
            attendu = reference.get(cle)
            if attendu is None and (n == 0 or cle[0] in ("region", "france")):
                continue  # territory not wholly covered, module unused: Convenir gives no figure
            if attendu != n:
                raise SystemExit(f"Écart avec {moteur} : {cle} vaut {attendu} chez Convenir, {n} chez le rival.")
            comparees += 1
        print(f"{comparees} comptes identiques entre Convenir et {moteur}.", flush=True)
    lignes = calcul.lignes
    calcul.__exit__()
    return lignes


def comparer_les_octets(dossier: Path) -> None:
    """Compute with both engines of Convenir, in fresh processes; stop unless they write the same file."""
    empreintes = {}
    with tempfile.TemporaryDirectory(prefix="convenir-bench-") as provisoire:
        for moteur in ("duckdb", "spark"):
            sortie, debut = Path(provisoire) / f"{moteur}.csv", time.perf_counter()
            mots = f"indicateurs calculer --dispositif ml --annee {ANNEE} --moteur {moteur} --entrepot"
            commande = [sys.executable, "-c", COMMANDE, *mots.split(), str(dossier), "--sortie", str(sortie)]
            subprocess.run(commande, check=True, capture_output=True, cwd=RACINE)
            with sortie.open("rb") as fichier:
                empreintes[moteur] = hashlib.file_digest(fichier, "sha256").hexdigest()
            print(
                f"{moteur:11} {time.perf_counter() - debut:8.2f} s, commande entière   {empreintes[moteur]}",
                flush=True,
            )
    if len(set(empreintes.values())) > 1:
        raise SystemExit("Spark et DuckDB n'écrivent pas les mêmes octets.")
    print("Spark et DuckDB écrivent les mêmes octets.", flush=True)


def mesurer(cibles: list[tuple[str, Path]], fois: int) -> list[Mesure]:
    """Return the best measure of some fresh processes of each engine on its folder, in turn."""
    essais: list[list[Mesure]] = [[] for _ in cibles]
    for _ in range(fois):
        for lus, (moteur, dossier) in zip(essais, cibles, strict=True):
            commande = [sys.executable, __file__, "--un", moteur, "--dossier", str(dossier)]
            sortie = subprocess.run(commande, check=True, capture_output=True, text=True).stdout
            lus.append(tuple(json.loads(sortie.splitlines()[-1])))
    return [min(lus) for lus in essais]


def memoire_maximale() -> float:
    """Peak memory of this process, in MiB; `ru_maxrss` would start from that of the process that launched it."""
    lignes = Path("/proc/self/status").read_text().splitlines()
    return next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmHWM")) / 1024


def un_essai(moteur: str, dossier: Path) -> None:
    fonction, _ = lancer(moteur, dossier)
    calcul, debut = time.process_time(), time.perf_counter()
    resultat = fonction()
    duree, calcul = time.perf_counter() - debut, time.process_time() - calcul
    print(json.dumps([duree, memoire_maximale(), calcul]))
    del resultat


def ligne_de(nom: str, mesure: Mesure) -> str:
    """A measure, in words."""
    secondes, mio, calcul = mesure
    return f"{nom:18} {secondes:8.2f} s   {calcul:8.2f} s de processeur   {mio:6.0f} Mio"


CAUSES = {
    "duckdb": "Convenir rend {lignes} valeurs avec zéros, taux, ressources, statuts et vérifications ; le SQL à la main s'arrête aux comptes.",
    "balayage": "chaque événement est joint à son jeune par deux textes, daté dans une période d'état et regroupé par jeune avant "
    "d'être compté ; lire n'est qu'une petite part de ce travail.",
    "pandas": "à petite échelle, la compilation des arbres et la finition, fixes, dominent ; pandas s'arrête à six relations.",
    "postgresql": "ses tables sont chargées, typées et analysées avant la mesure, et il s'arrête aux comptes ; Convenir lit les fichiers et "
    "rend {lignes} valeurs vérifiées. À petite échelle, la finition, fixe, domine.",
}


def rapport(mesures: dict[str, Mesure], lignes: int) -> list[dict]:
    """Print times, memories and ratios; name the cause when an aim is missed."""
    resultats = []
    nous, memoire, _ = mesures["convenir"]
    for moteur, mesure in mesures.items():
        # The processor time of a server is not that of the process which asks it.
        print(ligne_de(moteur, mesure))
    for moteur, (signe, visee) in VISEES.items():
        if moteur in mesures:
            rapport = nous / mesures[moteur][0] if signe == "≤" else mesures[moteur][0] / nous
            atteinte = rapport <= visee if signe == "≤" else rapport >= visee
            quoi = f"Convenir / {moteur}" if signe == "≤" else f"{moteur} / Convenir"
            resultats.append(noter(quoi, rapport, f"{signe} {visee}", atteinte, CAUSES[moteur].format(lignes=lignes)))
    resultats.append(noter("mémoire de Convenir (Mio)", memoire, f"≤ {MEMOIRE}", memoire <= MEMOIRE, "à rechercher."))
    return resultats


def noter(mesure: str, valeur: float, visee: str, atteinte: bool, cause: str) -> dict:
    print(f"{mesure} : {valeur:.2f} (visée {visee}, {'atteinte' if atteinte else 'manquée'})")
    if not atteinte:
        print(f"  Cause : {cause}")
    return {"mesure": mesure, "ratio": round(valeur, 2), "visee": visee, "atteinte": atteinte}


def croissance(donnees: Path, echelle: float, fois: int) -> list[dict]:
    """Time half, once and twice the data, in turn."""
    dossiers = {f: donnees_de(donnees, echelle * f) for f in (0.5, 1.0, 2.0)}
    lues = mesurer([("convenir", d) for d in dossiers.values()], fois)
    mesures = dict(zip(dossiers, lues, strict=True))
    for facteur, mesure in mesures.items():
        print(ligne_de(f"{facteur:g} fois les données", mesure))
    cause = "ce qui ne tient plus dans la mémoire accordée à DuckDB déborde sur le disque."
    resultats = []
    for a, b in ((0.5, 1.0), (1.0, 2.0)):
        fois_plus = mesures[b][0] / mesures[a][0]
        quoi = f"croissance de {a:g} à {b:g} fois les données"
        resultats.append(noter(quoi, fois_plus, f"≤ {CROISSANCE}", fois_plus <= CROISSANCE, cause))
    plus = max(memoire for _, memoire, _ in mesures.values())
    resultats.append(noter("plus grande mémoire (Mio)", plus, f"≤ {MEMOIRE}", plus <= MEMOIRE, "à rechercher."))
    return resultats


def donnees_de(donnees: Path, echelle: float) -> Path:
    """Return the folder of the invented data of a scale, made once; one left half made is made again."""
    dossier, ebauche = donnees / f"x{echelle:g}", donnees / f"x{echelle:g}.ebauche"
    if not dossier.exists():
        shutil.rmtree(ebauche, ignore_errors=True)
        fabriquer(ebauche, echelle)
        ebauche.rename(dossier)
    return dossier


def fabriquer(dossier: Path, echelle: float) -> None:
    import django

    django.setup()
    from convenir.mesure.donnees.generateur_ml import generer_ml

    generer_ml(dossier, annee=ANNEE, france=True, graine=7, erreurs=0, echelle=echelle)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--un", choices=MOTEURS, help=argparse.SUPPRESS)
    options.add_argument("--dossier", type=Path, help="relevés à mesurer, au lieu d'inventer ; sans croissance")
    options.add_argument("--echelle", type=float, default=0.05, help="1 = 26 millions d'événements")
    options.add_argument("--donnees", type=Path, help="dossier où garder les données inventées ; provisoire sinon")
    options.add_argument("--moteurs", default=DEFAUT, help="Convenir est toujours mesuré")
    options.add_argument("--fois", type=int, default=3, help="processus neufs par moteur")
    options.add_argument("--sans-croissance", action="store_true")
    options.add_argument("--json", action="store_true", help="dernière ligne : les ratios en JSON")
    choix = options.parse_args()
    if choix.un:
        un_essai(choix.un, choix.dossier)
        return 0
    voulus = ["convenir", *(m for m in choix.moteurs.split(",") if m != "convenir")]
    moteurs = [m for m in voulus if m != "postgresql" or os.environ.get("DATABASE_URL")]
    if moteurs != voulus:
        print("PostgreSQL n'est pas mesuré : DATABASE_URL ne nomme aucun serveur.")
    with tempfile.TemporaryDirectory(prefix="convenir-bench-") as provisoire:
        donnees = choix.donnees or Path(provisoire)
        dossier = choix.dossier or donnees_de(donnees, choix.echelle)
        charge = f"{os.getloadavg()[0]:.1f} pour {os.cpu_count()} processeurs"
        print(f"Échelle {choix.echelle:g} ; charge de la machine : {charge}.", flush=True)
        resultats = []
        if "spark" in moteurs:
            comparer_les_octets(dossier)
        if len(moteurs) > 1:
            lignes = comparer(dossier, moteurs)
            lues = mesurer([(moteur, dossier) for moteur in moteurs], choix.fois)
            resultats += rapport(dict(zip(moteurs, lues, strict=True)), lignes)
        if not choix.sans_croissance and not choix.dossier:
            resultats += croissance(donnees, choix.echelle, choix.fois)
        if choix.json:
            print(json.dumps({"missions_locales": resultats}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
