"""The follow-up of a convention as plain JSON, for the command line and the API: means, commitments, bilans."""

from __future__ import annotations

from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.publication import decimal
from convenir.contrat.conventions.states import AVANT_SIGNATURE
from convenir.contrat.suivi.models import AnalyseDeResultats, Bilan, Engagement, Moyen
from convenir.contrat.suivi.queries.renouvellement import analyses_de
from convenir.contrat.suivi.rules.renouvellement import CAUSES


def en_resume(ligne: Any) -> dict[str, Any]:
    """Return a line of the list of conventions followed; without SQL once the list is read."""
    return {
        "reference": ligne.reference,
        "denomination": ligne.nom_de_la_partie,
        "departement": ligne.departement_id,
        "etat": ligne.etat,
        "fin_incluse": ligne.dernier_jour.isoformat(),
        "bilan": ligne.etat_bilan or "",
        "bilan_en_retard": ligne.bilan_en_retard,
        "moyens_non_livres": ligne.moyens_manques,
        "alertes": [a["fait"] for a in ligne.alertes or []],
        "attendu_asp": ligne.asp_attendu,
    }


def en_suivi(convention: Convention, annee: int | None = None) -> dict[str, Any]:
    """Return the means, the commitments, the bilans and the analyses of a convention, in a fixed number of queries.

    The analyses are those of its page, from its signature, whatever the year: its own and that of the one it renews.
    """
    filtre = {} if annee is None else {"annee": annee}
    return {
        "reference": convention.reference,
        "annee": annee,
        "moyens": [_moyen(m) for m in convention.moyens.filter(**filtre)],
        "engagements": [_engagement(e) for e in convention.engagements.filter(**filtre)],
        "bilans": [en_bilan(b) for b in convention.bilans.filter(**filtre).order_by("annee")],
        "analyses": [_analyse(a) for a in analyses_de(convention)] if convention.etat not in AVANT_SIGNATURE else [],
    }


def _analyse(a: AnalyseDeResultats) -> dict[str, Any]:
    return {
        "convention": a.convention.reference,
        "issue": a.issue,
        "proposition": a.proposition,
        "partenariat": a.partenariat,
        "causes": {cause: getattr(a, cause) for cause in CAUSES},
        "solutions": a.solutions,
        "faite_le": a.faite_le.isoformat(),
        "preconisations": [
            {"libelle": p.libelle, "horizon": p.horizon, "porteur": p.porteur, "etat": p.etat, "suite": p.suite}
            for p in a.preconisations.all()
        ],
    }


def _moyen(m: Moyen) -> dict[str, Any]:
    return {
        "annee": m.annee,
        "nature": m.nature,
        "libelle": m.libelle,
        "fournisseur": m.fournisseur,
        "quantite": decimal(m.quantite, "euros"),
        "unite": m.unite,
        "prevu_le": m.prevu_le.isoformat() if m.prevu_le else None,
        "objectif_servi": m.objectif_servi,
        "etat": m.etat,
        "etat_le": m.etat_le.isoformat() if m.etat_le else None,
        "motif": m.motif,
    }


def _engagement(e: Engagement) -> dict[str, Any]:
    return {
        "annee": e.annee,
        "de_la_structure": e.de_la_structure,
        "partie": e.partie,
        "nature": e.nature,
        "nombre": e.nombre,
        "profil": e.profil,
        "delai_jours": e.delai_jours,
        "referent": e.referent,
        "realise": e.realise,
        "realise_note": e.realise_note,
    }


def en_bilan(b: Bilan) -> dict[str, Any]:
    """Return where a bilan stands: its dates, why it was given back, the accounts that it lacks."""
    return {
        "annee": b.annee,
        "etat": b.etat,
        "depose_le": b.depose_le.isoformat() if b.depose_le else None,
        "echeance": b.echeance.isoformat() if b.echeance else None,
        "depot": str(b.depot) if b.depot else "",
        "motif_du_renvoi": b.motif,
        "sans_compte_rendu": b.sans_compte_rendu,
        "compte_rendu_attendu_le": b.compte_rendu_attendu_le.isoformat() if b.compte_rendu_attendu_le else None,
    }
