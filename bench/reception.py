"""Reception of a national year against DuckDB reading the same files and writing Parquet, with no check at all.

Both read the same gzip and the same plain text; each measure is the best of several fresh processes. The rival is
taken in its best form: types guessed or texts, whichever is faster. Rows are compared first.

    python bench/reception.py [--echelle 1.0] [--essais 2]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from convenir.mesure.donnees.formats import Colonne, TypeColonne, Vue, vues_fluxiae
from convenir.mesure.donnees.reception import receptionner
from convenir.socle.commun.francais import nombre

LIGNES = {"EtatMensuelIndiv": 2_000_000, "ContratMission": 900_000, "Salarie": 300_000}
HORODATE = "05012026_063004"
RIVAUX = ("types devinés", "textes")
_FORMES = {
    "salarie_nir": "cast(100000000000000 + i * 7919 as varchar)",
    "salarie_nom_usage": "'NOM FICTIF ' || (i % 5000)",
    "salarie_prenom": "'PRENOM FICTIF ' || (i % 300)",
    "salarie_rci_libelle": "if(i % 2 = 0, 'M.', 'MME')",
    "salarie_codeinseecom": "cast(10000 + i % 35000 as varchar)",
    "salarie_code_dpt": "printf('%03d', 1 + i % 95)",
    "salarie_adr_qpv_type": "if(i % 4 = 0, 'QP', 'NQP')",
    "salarie_adr_zrr_classement": "if(i % 9 = 0, 'C', 'NC')",
    "emi_sme_annee": "2025",
    "emi_sme_mois": "1 + i % 12",
}


def expression(vue: Vue, colonne: Colonne, rang: int) -> str:
    """SQL of an invented value: full keys, other columns filled two times in three."""
    alea = f"(hash(i * 131 + {rang}) % 1000000)::bigint"
    if colonne.nom in vue.cle:
        return "1000000 + i"
    jour = f"strftime(date '2022-01-01' + cast({alea} % 1400 as integer), '%d/%m/%Y')"
    par_type = {
        TypeColonne.ENTIER: f"{alea} % 300000" if colonne.obligatoire else f"{alea} % 40",
        TypeColonne.DECIMAL: f"cast({alea} % 15200 as decimal(18, 2)) / 100",
        TypeColonne.DATE: jour,
        TypeColonne.HORODATAGE: f"{jour} || ' 00:00:00'",
        TypeColonne.BOOLEEN: f"if({alea} % 3 = 0, 'true', 'false')",
        TypeColonne.DUREE: "'35:00'",
        TypeColonne.TEXTE: f"{jour} || ' 00:00:00'" if "_date_" in colonne.nom else f"'K' || ({alea} % 400)",
    }
    valeur = _FORMES.get(colonne.nom, par_type[colonne.type])
    if colonne.obligatoire or colonne.nom in _FORMES:
        return f'{valeur} as "{colonne.nom}"'
    return f'if(hash(i + {rang} * 7) % 3 = 0, null, {valeur}) as "{colonne.nom}"'


def ecrire(dossier: Path, nom: str, lignes: int) -> None:
    """Write one view as the ASP does, plain and gzipped."""
    vue = vues_fluxiae()[nom]
    corps = dossier / "corps.csv"
    colonnes = ", ".join(expression(vue, c, r) for r, c in enumerate(vue.colonnes))
    duckdb.sql(f"copy (select {colonnes} from range({lignes}) t(i)) to '{corps}' (delim '|', header false, quote '')")
    fichier = dossier / "clair" / f"fluxIAE_{nom}_{HORODATE}.csv"
    fichier.parent.mkdir(exist_ok=True)
    barres = "|" * (len(vue.colonnes) - 1)
    with fichier.open("wb") as sortie, corps.open("rb") as entree:
        sortie.write(f"DEB{nom}{HORODATE}{barres}\n{'|'.join(c.nom for c in vue.colonnes)}\n".encode())
        shutil.copyfileobj(entree, sortie, 1 << 20)
        sortie.write(f"FIN{lignes}{barres}\n".encode())
    corps.unlink()
    (dossier / "gzip").mkdir(exist_ok=True)
    with fichier.open("rb") as entree, gzip.open(dossier / "gzip" / f"{fichier.name}.gz", "wb", 1) as sortie:
        shutil.copyfileobj(entree, sortie, 1 << 20)


def mesurer_convenir(livraison: Path, sortie: Path) -> int:
    reception = receptionner(livraison, sortie, cle="mesure", mot_de_passe=None, taille_max=8 << 30)
    return sum(recu.lignes for recu in reception.vues.values())


def mesurer_duckdb(livraison: Path, sortie: Path, forme: str) -> int:
    sortie.mkdir()
    connexion = duckdb.connect()
    textes = "true" if forme == "textes" else "false"
    lues = 0
    for fichier in sorted(livraison.iterdir()):
        copie = sortie / f"{fichier.name}.parquet"
        source = (
            f"read_csv('{fichier}', delim='|', header=true, skip=1, quote='', escape='', "
            f"all_varchar={textes}, ignore_errors=true)"
        )
        connexion.sql(f"copy (select * from {source}) to '{copie}' (format parquet, compression zstd)")
        # Lue comme un texte, la ligne FIN est une ligne de plus : elle ne compte pas.
        premiere = connexion.sql(f"select * from '{copie}' limit 0").columns[0]
        requete = (
            f"select count(*) from '{copie}' where not coalesce(starts_with(\"{premiere}\"::varchar, 'FIN'), false)"
        )
        lues += connexion.sql(requete).fetchall()[0][0]
    return lues


def dans_un_processus(essais: int, *arguments: str) -> dict[str, float]:
    """Best of several fresh processes: seconds, processor seconds, MiB at the peak, rows."""
    mesures = []
    for _ in range(essais):
        sortie = subprocess.run([sys.executable, __file__, "--un", *arguments], check=True, capture_output=True)
        mesures.append(json.loads(sortie.stdout))
    return min(mesures, key=lambda m: m["secondes"])


def un(arguments: list[str]) -> None:
    moteur, livraison = arguments[0], Path(arguments[1])
    with tempfile.TemporaryDirectory(dir=livraison.parent) as temporaire:
        debut = time.perf_counter()
        if moteur == "convenir":
            lignes = mesurer_convenir(livraison, Path(temporaire) / "sortie")
        else:
            lignes = mesurer_duckdb(livraison, Path(temporaire) / "sortie", arguments[2])
        duree = time.perf_counter() - debut
    crete = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    temps = os.times()
    print(json.dumps({"secondes": duree, "cpu": temps.user + temps.system, "mio": crete, "lignes": lignes}))


def comparer(dossier: Path, essais: int) -> None:
    for contenant in ("clair", "gzip"):
        livraison = str(dossier / contenant)
        notre = dans_un_processus(essais, "convenir", livraison)
        rivaux = {forme: dans_un_processus(essais, "duckdb", livraison, forme) for forme in RIVAUX}
        forme, rival = min(rivaux.items(), key=lambda r: r[1]["secondes"])
        assert {r["lignes"] for r in rivaux.values()} == {notre["lignes"]}, (notre, rivaux)
        rapport = f"{notre['secondes'] / rival['secondes']:.2f}".replace(".", ",")
        print(
            f"réception, {contenant} : {nombre(int(notre['lignes']))} lignes en {_secondes(notre)} ; "
            f"DuckDB sans contrôle ({forme}) : {_secondes(rival)} ; "
            f"rapport {rapport} (visé : 1,8 au plus, crête d'un Gio)"
        )


def _secondes(mesure: dict[str, float]) -> str:
    texte = f"{mesure['secondes']:.2f} s ({mesure['cpu']:.1f} s de processeur) et {mesure['mio']:.0f} Mio"
    return texte.replace(".", ",")


def main() -> None:
    if sys.argv[1:2] == ["--un"]:
        return un(sys.argv[2:])
    lecteur = argparse.ArgumentParser(description="Mesure la réception d'une livraison nationale.")
    lecteur.add_argument("--echelle", type=float, default=float(os.environ.get("CONVENIR_BENCH_ECHELLE", "1")))
    lecteur.add_argument("--essais", type=int, default=2)
    options = lecteur.parse_args()
    with tempfile.TemporaryDirectory(prefix="convenir-bench-") as temporaire:
        for nom, lignes in LIGNES.items():
            ecrire(Path(temporaire), nom, max(1, int(lignes * options.echelle)))
        comparer(Path(temporaire), options.essais)


if __name__ == "__main__":
    main()
