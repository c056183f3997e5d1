"""The page of the follow-up of a convention: what is due, what alerts, what was promised, what is disputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import refus
from convenir.contrat.conventions.states import AVANT_SIGNATURE
from convenir.contrat.objectifs.policies import objectifs_lisibles
from convenir.contrat.suivi.actions.moyens import refus_de_s_engager
from convenir.contrat.suivi.models import EcheanceBilan, SigneNonValide
from convenir.contrat.suivi.queries.bilans import regles_du_calendrier
from convenir.contrat.suivi.queries.financeurs import annexes_lisibles, demandes_sans_annexe
from convenir.contrat.suivi.queries.listes import contestations_vivantes
from convenir.contrat.suivi.queries.renouvellement import analyses_de, obligations_preconisees
from convenir.contrat.suivi.queries.resultats import resultats_de
from convenir.contrat.suivi.rules.calendrier import Obligation, Qui, obligations
from convenir.contrat.suivi.rules.moyens import resume
from convenir.contrat.suivi.states import EtatMoyen
from convenir.mesure.indicateurs.models import SituationStructure
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite


@dataclass(frozen=True)
class Echeance:
    """An obligation read on a day."""

    obligation: Obligation
    qui: str
    reste: str
    passee: bool


class PageSuivi:
    """Everything the page prints, in a fixed number of SQL queries."""

    def __init__(self, convention: Convention, acteur: Acteur, jour: date) -> None:
        self.convention, self.jour = convention, jour
        self.moyens = list(convention.moyens.all())
        self.resultats = resultats_de(convention, self.moyens, objectifs_lisibles(acteur))
        self.engagements = list(convention.engagements.all())
        self.bilans = list(convention.bilans.select_related("convention"))
        self.peut_instruire = refus(acteur, convention, Capacite.INSTRUIRE_CONVENTION) is None
        self.peut_rediger = refus(acteur, convention, Capacite.REDIGER_DEMANDE) is None
        self.peut_juger = acteur.peut(Capacite.NEGOCIER_OBJECTIFS)
        self.peut_s_engager = refus_de_s_engager(acteur, convention) is None
        self.annexes = list(annexes_lisibles(acteur).filter(convention=convention))
        annee = min(max(jour.year, convention.debut.year), convention.dernier_jour.year)
        self.demandes = list(demandes_sans_annexe(convention, annee)) if self.peut_instruire else []
        self.analyses = analyses_de(convention)
        self.analyse = any(a.convention_id == convention.pk for a in self.analyses)
        self.attendus_asp = list(
            SigneNonValide.objects.filter(version__convention=convention, clos_le=None).select_related("version")
        )
        self.contestations = list(contestations_vivantes(convention.structure)) if convention.structure else []

    @property
    def signee(self) -> bool:
        """Whether it has been signed: before, only what is being negotiated has its place on the page."""
        return self.convention.etat not in AVANT_SIGNATURE

    @property
    def echeances(self) -> list[Echeance]:
        """The calendar of the year, dated first."""
        fixee = EcheanceBilan.objects.filter(
            departement=self.convention.departement_id, annee=self.jour.year - 1
        ).first()
        dues = obligations(
            self.jour.year, self.convention.debut, self.convention.fin, regles_du_calendrier(self.jour),
            bilan_fixe_au=fixee.echeance if fixee else None, est_siae=self.convention.structure_id is not None,
        )  # fmt: skip
        dues += obligations_preconisees(self.analyses, self.jour.year)
        dues.sort(key=lambda o: (o.date is None, o.date or date.max))
        faites = self._faites()
        return [self._echeance(o) for o in dues if o.code not in faites]

    def _faites(self) -> set[str]:
        """Return what is done already: the bilan filed, the terms of the year signed."""
        annee = self.jour.year
        faites = {"bilan"} if any(b.annee == annee - 1 and b.depose_le for b in self.bilans) else set()
        de_l_annee = Q(effet__year=annee) | Q(clauses_fin__gt=date(annee, 1, 1))
        if self.convention.versions.signees().filter(de_l_annee).exists():
            faites |= {"avenant", "reprise"}
        return faites

    def _echeance(self, o: Obligation) -> Echeance:
        qui = self.convention.nom_de_la_partie if o.qui == Qui.STRUCTURE else str(self.convention.service)
        if o.date is None:
            return Echeance(o, qui, "date à fixer par le service", False)
        jours = (o.date - self.jour).days
        reste = f"dans {pluriel(jours, 'jour')}" if jours >= 0 else f"depuis {pluriel(-jours, 'jour')}"
        return Echeance(o, qui, reste if jours else "aujourd’hui", jours < 0)

    @property
    def annees_de_bilan(self) -> list[int]:
        """Years whose bilan may be opened: begun, and not opened yet."""
        ouverts = {b.annee for b in self.bilans}
        return [a for a in self.convention.annees if a <= self.jour.year and a not in ouverts]

    @property
    def alertes(self) -> list[dict[str, Any]]:
        """Early alerts of the latest year computed, each with its rule."""
        if self.convention.structure_id is None:
            return []
        lignes = SituationStructure.objects.filter(structure=self.convention.structure_id).order_by("-annee")
        ligne = lignes.first()
        return list(ligne.alertes) if ligne else []

    @property
    def resume_des_moyens(self) -> str:
        """« 4 moyens : 2 livrés, 1 promis, 1 non livré »."""
        return resume(m.lu for m in self.moyens)

    @property
    def mises_en_garde(self) -> list[tuple[str, str]]:
        """Each objective whose means did not come: missed, it says so; not judged yet, it may be missed for it."""
        dits = [(f"{r.objectif.libelle}, {r.objectif.annee}", r.mise_en_garde) for r in self.resultats.lignes]
        juges = {r.objectif.pk for r in self.resultats.lignes if r.objectif.issue}
        manques: dict[str, list[str]] = {}
        for m in self.moyens:
            if m.etat == EtatMoyen.NON_LIVRE and m.objectif_id not in juges:
                manques.setdefault(m.objectif_servi or "sans objectif nommé", []).append(f"{m.libelle} ({m.motif})")
        craintes = [
            (objectif, f"Non livré : {', '.join(noms)}. S’il n’est pas atteint, ce moyen manquait.")
            for objectif, noms in manques.items()
        ]
        return [(objectif, dit) for objectif, dit in dits if dit] + craintes
