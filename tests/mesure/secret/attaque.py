"""The reader's side: what may be deduced of each masked count, by linear programmes written apart from the product."""

import numpy as np
from scipy.optimize import linprog

INCONNU = float("inf")


def intervalles(comptes, caches, relations):
    """Least and greatest value of each masked count under every published figure and every relation."""
    rang = {c: i for i, c in enumerate(sorted(caches, key=repr))}
    egales, moindres = [], []

    def noter(ou, termes, droite=0):
        ligne = np.zeros(len(rang))
        for cellule, coefficient in termes:
            if cellule in rang:
                ligne[rang[cellule]] += coefficient
            else:
                droite -= coefficient * comptes[cellule]
        if ligne.any():
            ou.append((ligne, droite))

    for r in relations:
        parts = [p for p in r.parts if p in comptes]
        if r.total not in comptes or not parts:
            continue
        somme = [(r.total, -1), *((p, 1) for p in parts)]
        if r.genre == "somme":
            noter(egales, somme, sum(comptes[p] for p in parts) - comptes[r.total])
        for p in parts if r.genre != "somme" else ():
            noter(moindres, [(p, 1), (r.total, -1)])
        if r.genre == "borne":
            noter(moindres, [(c, -k) for c, k in somme])
    return {cellule: _bornes(i, len(rang), egales, moindres) for cellule, i in rang.items()}


def _bornes(i, n, egales, moindres):
    systeme = {}
    for nom, lignes in (("eq", egales), ("ub", moindres)):
        if lignes:
            systeme |= {f"A_{nom}": np.array([a for a, _ in lignes]), f"b_{nom}": [b for _, b in lignes]}
    bornes = []
    for sens in (1, -1):
        resultat = linprog([sens if j == i else 0 for j in range(n)], **systeme, bounds=(0, None), method="highs")
        assert resultat.status in (0, 3), resultat.message
        bornes.append(resultat.x[i] if resultat.status == 0 else INCONNU)
    return tuple(bornes)
