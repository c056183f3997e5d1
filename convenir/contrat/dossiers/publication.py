"""A file as plain JSON, for the command line and the API: as much of it as its reader may see."""

from __future__ import annotations

from typing import Any

from convenir.contrat.conventions.queries.publication import decimal
from convenir.contrat.dossiers import policies, queries, rules
from convenir.contrat.dossiers.models import Dossier, Financement
from convenir.contrat.dossiers.referentiel import Section
from convenir.socle.comptes.acteur import Acteur


def en_resume(dossier: Dossier) -> dict[str, Any]:
    """Return a line of the list; without SQL once the list is read."""
    convention = dossier.convention
    return {
        "reference": convention.reference,
        "denomination": convention.nom_de_la_partie,
        "cadre": dossier.cadre,
        "departement": convention.departement_id,
        "annee": dossier.annee,
        "etat": convention.etat,
        "etat_libelle": convention.get_etat_display(),
        "depose_le": dossier.depose_le.isoformat() if dossier.depose_le else None,
        "complet_le": dossier.complet_le.isoformat() if dossier.complet_le else None,
        "pieces_attendues": getattr(dossier, "pieces_attendues", None),
        "questions_rouvertes": getattr(dossier, "questions_rouvertes", None),
    }


def en_dictionnaire(acteur: Acteur, dossier: Dossier) -> dict[str, Any]:
    """Return a file in ten SQL queries: whole, or as one funder receives it (its request and its sections)."""
    entier = policies.lit_en_entier(acteur)
    demandes = list(dossier.financements.all())
    lues = demandes if entier else [f for f in demandes if f.organisation_id == getattr(acteur.organisation, "pk", 0)]
    etat, sections = queries.completude(dossier), _lisibles(dossier, lues, entier=entier)
    montrees = {s.code for s in sections} | {"pieces", "financements", "projet"}
    resume = en_resume(dossier)
    resume["pieces_attendues"] = dossier.demandes.filter(fournie_le=None, abandonnee_le=None).count()
    resume["questions_rouvertes"] = dossier.commentaires.filter(repondu_le=None, leve_le=None).count()
    return resume | {
        "projection": not entier,
        "regles_au": dossier.reference_jour.isoformat(),
        "faits": etat.faits,
        "attendus": etat.attendus,
        "manques": [{"section": m.section, "code": m.code, "libelle": m.libelle, "raison": m.raison}
                    for m in etat.manques if m.section in montrees],
        "sections": _sections(dossier, sections),
        "financements": [
            {"nature": f.nature, "nom": f.nom, "base": decimal(f.base, "euros"),
             "efforts": decimal(f.efforts, "euros"), "total": decimal(f.total, "euros"), "objet": f.objet,
             "a_confirmer": f.a_confirmer, "origine": f.origine}
            for f in lues
        ],
        "actions": [
            {"axe": a.axe, "element": a.element, "intitule": a.intitule, "moyens": a.moyens,
             "calendrier": a.calendrier, "indicateur": a.indicateur, "preuve": a.preuve,
             "orientation": a.orientation, "attendue_par": a.attendue_par, "a_confirmer": a.a_confirmer,
             "origine": a.origine}
            for a in dossier.actions.all()
        ],
        "presentations": [
            {"axe": p.axe, "texte": p.texte, "a_confirmer": p.a_confirmer, "origine": p.origine}
            for p in dossier.presentations.exclude(texte="")
        ],
        "pieces": [
            {"genre": p.genre, "nom": p.nom, "format": p.format, "taille": p.taille, "sha256": p.sha256}
            for p in dossier.pieces.filter(retiree_le=None)
        ],
        "accuses": [
            {"rang": a.rang, "recu_le": a.recu_le.isoformat(), "limite_le": a.limite_le.isoformat(),
             "delai_mois": a.delai_mois, "delai_a_confirmer": a.a_confirmer}
            for a in dossier.accuses.all()
        ],
    }  # fmt: skip


def _lisibles(dossier: Dossier, lues: list[Financement], *, entier: bool) -> tuple[Section, ...]:
    """Return the sections read: all of them, or those that the projection of a funder holds."""
    if entier:
        return dossier.sections
    codes = {s.code for f in lues for s in rules.projection(dossier.sections, f.nature)}
    return tuple(s for s in dossier.sections if s.code in codes)


def _sections(dossier: Dossier, sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    reponses = {r.champ: r for r in dossier.reponses.all()}
    return [
        {
            "code": s.code,
            "titre": s.titre,
            "texte": s.texte,
            "reponses": [
                {"code": c.code, "libelle": c.libelle, "valeur": r.valeur if (r := reponses.get(c.code)) else "",
                 "a_confirmer": bool(r and r.a_confirmer), "origine": r.origine if r else ""}
                for c in s.champs
            ],
        }
        for s in sections
    ]  # fmt: skip
