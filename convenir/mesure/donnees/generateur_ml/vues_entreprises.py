"""Tables of axis 3: companies, offers, introductions, contacts, periods, sponsors."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.generateur_ml import rendu
from convenir.mesure.donnees.generateur_ml.ecriture import Colonnes
from convenir.mesure.donnees.generateur_ml.entreprises import (
    CONTRATS_D_OFFRE,
    DUREES_D_OFFRE,
    EN_COURS,
    MOTIFS,
    NAF,
    RESULTATS,
    ROME,
    TRANCHES,
    genres_de_periode,
)
from convenir.mesure.donnees.generateur_ml.lot import Lot
from convenir.mesure.donnees.generateur_ml.vues_evenements import sirets
from convenir.mesure.donnees.generateur_ml.vues_jeunes import Textes


def tables(lot: Lot, t: Textes) -> dict[str, Colonnes]:
    """Every table of axis 3, by name."""
    entreprises = rendu.identifiants(lot.rang, len(lot.axe_3.entreprises.ml))
    offres = rendu.identifiants(lot.rang, len(lot.axe_3.offres.ml))
    return {
        "entreprise": _entreprise(lot, t, entreprises),
        "offre": _offre(lot, t, offres, entreprises),
        "mise_en_relation": _mise_en_relation(lot, t, offres),
        "contact_entreprise": _contact(lot, t, entreprises),
        "periode_entreprise": _periode(lot, t, entreprises),
        **_parrainage(lot, t),
    }


def _entreprise(lot: Lot, t: Textes, ids: pa.Array) -> Colonnes:
    e = lot.axe_3.entreprises
    return {
        "entreprise_id": ids,
        "siret": sirets(lot),
        "naf": rendu.textes(NAF, e.naf),
        "effectif_tranche": rendu.textes(tuple(TRANCHES), e.tranche),
        "commune_code": rendu.prendre(t.communes, e.commune),
    }


def _offre(lot: Lot, t: Textes, ids: pa.Array, entreprises: pa.Array) -> Colonnes:
    o = lot.axe_3.offres
    durees = np.array(list(DUREES_D_OFFRE.values()))[o.contrat]
    return {
        "offre_id": ids,
        "ml_id": rendu.prendre(t.missions, o.ml),
        "entreprise_id": rendu.prendre(entreprises, o.entreprise),
        "collectee_par_ml": rendu.booleens(o.collectee > 0, vides=o.collectee < 0),
        "date_offre": rendu.jours(o.jour),
        "contrat": rendu.textes(tuple(CONTRATS_D_OFFRE), o.contrat),
        "duree_jours": pa.array(durees.astype(np.int64), mask=durees == 0),
        "rome": rendu.textes(ROME, o.rome),
    }


def _mise_en_relation(lot: Lot, t: Textes, offres: pa.Array) -> Colonnes:
    m = lot.axe_3.mises_en_relation
    return {
        "mer_id": rendu.identifiants(lot.rang, len(m.jeune)),
        "offre_id": rendu.prendre(offres, m.offre),
        **t.de(lot, m.jeune),
        "date_mer": rendu.jours(m.jour),
        "resultat": rendu.textes(tuple(RESULTATS), m.resultat),
    }


def _contact(lot: Lot, t: Textes, entreprises: pa.Array) -> Colonnes:
    c = lot.axe_3.contacts
    return {
        "contact_id": rendu.identifiants(lot.rang, len(c.ml)),
        "entreprise_id": rendu.prendre(entreprises, c.entreprise),
        "ml_id": rendu.prendre(t.missions, c.ml),
        "date_contact": rendu.jours(c.jour),
        "motif": rendu.textes(tuple(MOTIFS), c.motif),
        "visite": rendu.booleens(c.visite),
    }


def _periode(lot: Lot, t: Textes, entreprises: pa.Array) -> Colonnes:
    p = lot.axe_3.periodes
    return {
        "periode_id": rendu.identifiants(lot.rang, len(p.jeune)),
        **t.de(lot, p.jeune),
        "entreprise_id": rendu.prendre(entreprises, p.entreprise),
        "type": rendu.textes(tuple(genres_de_periode(lot.fenetre)), p.genre),
        "date_debut": rendu.jours(p.debut),
        "date_fin": rendu.jours(p.fin),
        "annulee": rendu.booleens(p.annulee),
    }


def _parrainage(lot: Lot, t: Textes) -> dict[str, Colonnes]:
    p = lot.axe_3.parrainages
    parrains = rendu.identifiants(lot.rang, len(p.parrain_ml))
    return {
        "parrain": {
            "parrain_id": parrains,
            "ml_id": rendu.prendre(t.missions, p.parrain_ml),
            "actif_debut": rendu.jours(p.parrain_debut),
            "actif_fin": rendu.jours(p.parrain_fin, vides=p.parrain_fin == EN_COURS),
        },
        "parrainage": {
            "parrainage_id": rendu.identifiants(lot.rang, len(p.jeune)),
            "parrain_id": rendu.prendre(parrains, p.parrain),
            **t.de(lot, p.jeune),
            "date_debut": rendu.jours(p.debut),
            "date_fin": rendu.jours(p.fin, vides=p.fin == EN_COURS),
        },
    }
