"""Import from the command line: report, question, exit code (décisions, § 3)."""

from __future__ import annotations

import json as _json
import sys
from pathlib import Path
from typing import Any

from convenir.mesure.donnees.actions.imports import appliquer as _appliquer
from convenir.mesure.donnees.actions.imports import essayer
from convenir.mesure.donnees.rapport import Issue, Rapport
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import nombre
from convenir.socle.comptes.acteur import Acteur

FAIT, ENTREE_FAUSSE, MAL_EMPLOYE = 0, 1, 2
ANOMALIES_MONTREES = 30


def importer_en_ligne_de_commande(
    chemin: Path | str,
    *,
    essai: bool = False,
    appliquer: bool = False,
    confirmer: str | None = None,
    sans_fin: str | None = None,
    json: bool = False,
    encodage: str | None = None,
) -> int:
    """Import a delivery as « Ligne de commande » and write the report on the standard output.

    Args:
        chemin: a folder, an archive or a file.
        essai: report only.
        appliquer: apply without a question.
        confirmer: reason to go on beyond a threshold.
        sans_fin: reason to go on without a FIN line.
        json: write the report as JSON.
        encodage: of the files, when they are not in UTF-8.

    Returns:
        0 done (even with lines set aside), 1 the delivery is wrong, 2 the command is misused. Without `essai` or
        `appliquer`: the report, then a question; without a terminal, 2 and nothing written.
    """
    if (essai and appliquer) or not Path(chemin).exists():
        motif = "Choisissez --essai ou --appliquer." if essai and appliquer else f"« {chemin} » n'existe pas."
        return _dire_erreur(motif, MAL_EMPLOYE, json)
    acteur = Acteur.systeme("Ligne de commande")
    try:
        if not appliquer:
            rapport = essayer(chemin, acteur, encodage=encodage)
            if essai or rapport.issue is not Issue.ESSAI:
                return _rendre(rapport, json)
            if not sys.stdin.isatty():
                _ecrire(rapport, json)
                print("Rien n'est écrit. Ajoutez --essai pour ce rapport seul, --appliquer pour importer.", file=sys.stderr)
                return MAL_EMPLOYE
            _ecrire(rapport, json)
            if not _demander(rapport):
                print("Rien n'est écrit.", file=sys.stderr)
                return FAIT
            confirmer = confirmer or (_motif("seuils atteints") if rapport.seuils else None)
            sans_fin = sans_fin or (_motif("ligne FIN absente") if rapport.sans_fin else None)
        rapport = _appliquer(
            chemin, acteur, motif_confirmation=confirmer, motif_sans_fin=sans_fin, encodage=encodage,
        )  # fmt: skip
        return _rendre(rapport, json)
    except ErreurMetier as erreur:
        return _dire_erreur(str(erreur), ENTREE_FAUSSE, json)


def _rendre(rapport: Rapport, json: bool) -> int:
    _ecrire(rapport, json)
    return ENTREE_FAUSSE if rapport.issue in (Issue.REFUSEE, Issue.A_CONFIRMER) else FAIT


def _demander(rapport: Rapport) -> bool:
    return input("Appliquer cette livraison ? [o/N] ").strip().lower() in {"o", "oui"}


def _motif(quoi: str) -> str:
    return input(f"Motif ({quoi}) : ")


def _dire_erreur(message: str, code: int, json: bool) -> int:
    if json:
        print(_json.dumps({"erreur": message}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return code


def _ecrire(rapport: Rapport, json: bool) -> None:
    if json:
        print(_json.dumps(rapport.as_dict(), ensure_ascii=False, indent=2, default=str))
        return
    print("\n".join(lignes_du_rapport(rapport)))


def lignes_du_rapport(rapport: Rapport) -> list[str]:
    """Return the report as lines of text: the sentence, the views, what was set aside, what asks for a reason."""
    lignes = [rapport.phrase, ""]
    for vue, c in rapport.vues.items():
        lignes.append(
            f"  {vue:<22} {nombre(c['lues']):>12} lues {nombre(c['acceptees']):>12} acceptées "
            f"{nombre(c['quarantaine']):>8} à l'écart"
        )
    lignes += [f"  Vue décrite, valeurs non gardées : {d['vue']}" for d in rapport.decrites]
    lignes += [_lieu(a) for a in rapport.anomalies[:ANOMALIES_MONTREES]]
    if rapport.anomalies_total > ANOMALIES_MONTREES:
        lignes.append(f"  … {nombre(rapport.anomalies_total - ANOMALIES_MONTREES)} autres ; --json les donne.")
    lignes += [f"Avertissement, {nombre(g['nombre'])} fois : {g['message']}" for g in rapport.par_message
               if g["gravite"] == "avertissement"]  # fmt: skip
    lignes += [f"Correction : {c['objet']}, {c['champ']}. {c['message']}" for c in rapport.corrections]
    lignes += [f"À confirmer (--confirmer MOTIF) : {s['message']}" for s in rapport.seuils]
    lignes += [f"Ligne FIN absente (--sans-fin MOTIF) : {nom}" for nom in rapport.sans_fin]
    return lignes


def _lieu(anomalie: dict[str, Any]) -> str:
    lieu = [str(anomalie["fichier"])]
    if anomalie["ligne"] is not None:
        lieu.append(f"ligne {anomalie['ligne']}")
    if anomalie["colonne"]:
        lieu.append(str(anomalie["colonne"]))
    valeur = f" « {anomalie['valeur']} »" if anomalie["valeur"] else ""
    return f"  {', '.join(lieu)}{valeur} : {anomalie['message']}"


__all__ = ["importer_en_ligne_de_commande", "lignes_du_rapport"]
