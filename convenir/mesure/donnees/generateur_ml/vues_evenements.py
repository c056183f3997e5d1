"""Tables of the events of the youths."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.generateur_ml import rendu
from convenir.mesure.donnees.generateur_ml.actualites import DOMAINES, THEMES, TYPES
from convenir.mesure.donnees.generateur_ml.dispositifs import CIVIS as RANG_CIVIS
from convenir.mesure.donnees.generateur_ml.dispositifs import CODES, COTRAITANCE, MOTIFS, PRESENT
from convenir.mesure.donnees.generateur_ml.ecriture import Colonnes
from convenir.mesure.donnees.generateur_ml.lot import Lot
from convenir.mesure.donnees.generateur_ml.marges import marges, tirer
from convenir.mesure.donnees.generateur_ml.situations import (
    ALTERNANCE,
    CATEGORIES,
    CONTRATS,
    EMPLOI,
    EN_COURS,
    FORMATION,
)
from convenir.mesure.donnees.generateur_ml.vues_jeunes import Textes

RETARD = 30
PART_EN_RETARD = 0.02
PREMIERE_HEURE, DERNIERE_HEURE = 8 * 3600, 18 * 3600
HEURES = ("35.00", "39.00", "30.00", "24.00", "20.00", "17.50", "10.00")
POIDS_DES_HEURES = {"35.00": 58, "39.00": 12, "30.00": 9, "24.00": 8, "20.00": 7, "17.50": 3, "10.00": 3}
SUITES = {"acceptee": 42, "refusee": 9, "sans_suite": 35, "": 14}
SOURCES = {"mission_locale": 72, "jeune": 16, "france_travail": 9, "autre": 3}


def actualite(lot: Lot, t: Textes, ids: pa.Array) -> tuple[Colonnes, np.ndarray]:
    """One row for each contact; returns also which were entered late."""
    a, rng = lot.actualites, lot.rng
    ml = lot.jeunes.ml[a.jeune]
    sites = np.diff(t.premier_site)[ml]
    prefere = (lot.jeunes.personne[a.jeune] * 2654435761 >> 7) % sites
    ailleurs = rng.random(len(a), dtype=np.float32) < 0.12
    rang = np.where(ailleurs, (rng.random(len(a), dtype=np.float32) * sites).astype(np.int64), prefere)
    saisie, retard = _saisie(lot, a.jour, ml)
    return {
        "actualite_id": ids,
        **t.de(lot, a.jeune),
        "site_id": rendu.prendre(t.sites, t.premier_site[ml] + np.minimum(rang, sites - 1)),
        "date_evt": rendu.jours(a.jour),
        "date_saisie": saisie,
        "type": rendu.textes(TYPES, a.type),
    }, retard


def _saisie(lot: Lot, jour: np.ndarray, ml: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """Instant of entry: mostly the same day, sometimes more than a month later."""
    rng, nombre = lot.rng, len(jour)
    parts = np.array([m.effet_de("saisie_tardive", PART_EN_RETARD) for m in lot.missions])
    tirage = rng.random(nombre, dtype=np.float32)
    tardive = tirage < parts[ml]
    delai = np.where(rng.random(nombre, dtype=np.float32) < 0.72, 0, rng.integers(1, 12, nombre, dtype=np.int32))
    delai = np.where(tardive, rng.integers(RETARD + 1, 150, nombre, dtype=np.int32), delai)
    quand = np.minimum(jour + delai, lot.fenetre.extraction)
    seconde = rng.integers(PREMIERE_HEURE, DERNIERE_HEURE, nombre, dtype=np.int32)
    return rendu.instants(quand, seconde), (quand - jour) > RETARD


def proposition(lot: Lot, t: Textes, ids: pa.Array) -> Colonnes:
    """One row for each proposition; `ids` are those of the actualités."""
    p, a = lot.propositions, lot.actualites
    return {
        "proposition_id": rendu.identifiants(lot.rang, len(p)),
        "actualite_id": ids.take(pa.array(p.actualite)),
        **t.de(lot, a.jeune[p.actualite]),
        "date_prop": rendu.jours(a.jour[p.actualite]),
        "domaine": rendu.textes(DOMAINES, p.domaine),
        "theme": rendu.textes([theme for _, theme in THEMES], p.theme),
        "suite": rendu.textes([s or None for s in SUITES], tirer(lot.rng, SUITES, len(p))),  # type: ignore[misc]
    }


def parcours(lot: Lot, t: Textes, situations: pa.Array) -> Colonnes:
    """One row for each stay in a programme; `situations` are the identifiers of the situations."""
    p = lot.parcours
    codes = [*CODES, "CIVIS_RENF"]
    renforce = (p.dispositif == RANG_CIVIS) & lot.jeunes.peu_qualifie[p.jeune]
    appuis = [str(r.get("type_appui", "")) for r in marges()["dispositifs"].values()]
    return {
        "parcours_id": rendu.identifiants(lot.rang, len(p)),
        **t.de(lot, p.jeune),
        "dispositif": rendu.textes(codes, np.where(renforce, len(codes) - 1, p.dispositif)),
        "type_appui": rendu.textes(("renforce", "projet"), rangs_d_appui(appuis)[p.dispositif]),
        "financable": rendu.booleens(p.financable, vides=p.dispositif != COTRAITANCE),
        "date_entree": rendu.jours(p.entree),
        "date_sortie": rendu.jours(p.sortie, vides=p.sortie == PRESENT),
        "motif_sortie": rendu.textes(MOTIFS, np.where(p.sorti, p.motif, -1)),
        "situation_sortie_id": rendu.prendre(situations, lot.situations.de_parcours),
    }


def rangs_d_appui(appuis: list[str]) -> np.ndarray:
    """Rank of each kind of support, -1 for none."""
    return np.array([{"renforce": 0, "projet": 1}.get(a, -1) for a in appuis])


def situation(lot: Lot, t: Textes, ids: pa.Array) -> Colonnes:
    """One row for each situation."""
    s, rng, nombre = lot.situations, lot.rng, len(lot.situations)
    contrats = list(CONTRATS.values())
    non_marchand = np.array([c[3] for c in contrats])
    travail = s.categorie <= ALTERNANCE
    employeur = np.where(travail & (rng.random(nombre) < marges()["situations"]["avec_siret"]), 1, -1)
    entreprises = lot.axe_3.entreprises.au_hasard(rng, lot.jeunes.ml[s.jeune])
    saisie, _ = _saisie(lot, s.debut, lot.jeunes.ml[s.jeune])
    return {
        "situation_id": ids,
        **t.de(lot, s.jeune),
        "categorie": rendu.textes(CATEGORIES, s.categorie),
        "contrat": rendu.textes([c[0] for c in contrats], s.contrat),
        "aide_non_marchand": rendu.booleens(non_marchand[s.contrat], vides=s.categorie != EMPLOI),
        "qualifiante": rendu.booleens(s.qualifiante, vides=s.categorie != FORMATION),
        "date_debut": rendu.jours(s.debut),
        "date_fin_prevue": rendu.jours(s.prevue, vides=s.prevue == EN_COURS),
        "date_fin": rendu.jours(s.fin, vides=s.fin == EN_COURS),
        "heures_hebdo": rendu.decimaux(HEURES, np.where(travail, tirer(rng, POIDS_DES_HEURES, nombre), -1), 2),
        "siret": rendu.prendre(sirets(lot), np.where(employeur < 0, -1, entreprises)),
        "date_saisie": saisie,
        "source": rendu.textes(tuple(SOURCES), tirer(rng, SOURCES, nombre)),
    }


def sirets(lot: Lot) -> pa.Array:
    """Invented SIRET of the companies of the lot."""
    return rendu.sirets_fictifs(np.arange(len(lot.axe_3.entreprises.ml), dtype=np.int64) + lot.rang * 20_000)
