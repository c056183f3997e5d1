"""What a day brings by itself: conventions that start or end, payments suspended, what must now be asked of whom.

Each step names its candidates and what is done for one of them. A candidate that fails is set aside with its reason
and the others go on. Running a day again does nothing more: what is done is no longer a candidate, or changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from convenir.contrat.conventions import actes, droit
from convenir.contrat.conventions.actions.lots import ECARTEES, PRETES, a_preparer
from convenir.contrat.conventions.actions.passages import passer
from convenir.contrat.conventions.actions.taches_du_lot import tenir_le_lot
from convenir.contrat.conventions.attendus import SOUS_CONTINUITE, accorder, acte_ailleurs, situation_de
from convenir.contrat.conventions.gardes_des_textes import CATEGORIES_DE_CONTINUITE
from convenir.contrat.conventions.models import Convention, Manquement, Passage, Version
from convenir.contrat.conventions.rules.continuite import Situation
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.contrat.conventions.suites import Evenement, signaler
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.francais import enumeration, pluriel
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.territoires.models import Departement

E = EtatConvention
ACTEUR = Acteur.systeme("Passage du jour")


@dataclass(frozen=True)
class Jour:
    """The day that passes, and the instant it is written."""

    jour: date
    maintenant: datetime


@dataclass(frozen=True)
class Ligne:
    """What was done for one object, or why it was not."""

    etape: str
    reference: str
    partie: str
    detail: str = ""


Candidats = Callable[[Jour], Iterable[Any]]
Faire = Callable[[Any, Jour], str]


@dataclass(frozen=True)
class Etape:
    """A step: its code, its words (one, several), its candidates, what is done for one (empty: nothing changed)."""

    code: str
    un: str
    plusieurs: str
    candidats: Candidats
    faire: Faire


_ETAPES: dict[str, Etape] = {}


def etape(code: str, un: str, plusieurs: str, candidats: Candidats) -> Callable[[Faire], Faire]:
    """Decorate what a step does for one candidate; steps run in the order of their declaration."""

    def declarer(faire: Faire) -> Faire:
        _ETAPES[code] = Etape(code, un, plusieurs, candidats, faire)
        return faire

    return declarer


@dataclass
class Rapport:
    """What a day did, or would do (`essai`)."""

    jour: date
    essai: bool
    faits: list[Ligne] = field(default_factory=list)
    ecartes: list[Ligne] = field(default_factory=list)

    @property
    def comptes(self) -> dict[str, int]:
        """How many things each step did, every step listed."""
        comptes = Counter(ligne.etape for ligne in self.faits)
        return {code: comptes[code] for code in _ETAPES}

    @property
    def phrase(self) -> str:
        """The whole in one sentence."""
        faits = [pluriel(n, _ETAPES[code].un, _ETAPES[code].plusieurs) for code, n in self.comptes.items() if n]
        rates = f" {pluriel(len(self.ecartes), 'cas écarté', 'cas écartés')}." if self.ecartes else ""
        return f"{en_mots(self.jour).capitalize()} : {enumeration(faits) if faits else 'rien de nouveau'}.{rates}"

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON."""
        return {
            "jour": self.jour.isoformat(),
            "essai": self.essai,
            "comptes": self.comptes,
            "faits": [asdict(ligne) for ligne in self.faits],
            "ecartes": [asdict(ligne) for ligne in self.ecartes],
        }


def passer_le_jour(jour: date, *, maintenant: datetime, essai: bool = False) -> Rapport:
    """Let a day pass over every convention; `essai` does each case, reports it, and undoes it at once.

    Each case is its own transaction: a large day never holds the journal, and what is done before a breakdown stays.
    """
    rapport = Rapport(jour, essai)
    for e in list(_ETAPES.values()):
        _faire(e, Jour(jour, maintenant), rapport)
    if not essai and (rapport.faits or rapport.ecartes):
        objet = ("conventions.convention", jour.isoformat(), f"Passage du {en_mots(jour)}")
        apres = {"comptes": rapport.comptes, "ecartes": [asdict(ligne) for ligne in rapport.ecartes]}
        with transaction.atomic():
            journaliser(actes.PASSER_LE_JOUR, objet, auteur=ACTEUR.auteur, apres=apres)
    return rapport


def _faire(e: Etape, quand: Jour, rapport: Rapport) -> None:
    # À l'essai, rien ne reste : une convention déjà traitée ne l'est pas une seconde fois par l'étape suivante.
    vues = {ligne.reference for ligne in rapport.faits if rapport.essai and ligne.etape in AVANT_LA_CONTINUITE}
    for candidat in list(e.candidats(quand)):
        reference, partie = _nommer(candidat)
        if e.code == "continuite" and reference in vues:
            continue
        try:
            with transaction.atomic():
                detail = e.faire(candidat, quand)
                if rapport.essai:
                    transaction.set_rollback(True)
        except ErreurMetier as erreur:
            rapport.ecartes.append(Ligne(e.code, reference, partie, str(erreur)))
            continue
        if detail:
            rapport.faits.append(Ligne(e.code, reference, partie, detail))


AVANT_LA_CONTINUITE = frozenset({"expirees", "suspendues"})


def _nommer(candidat: Any) -> tuple[str, str]:
    if isinstance(candidat, Convention):
        return candidat.reference, candidat.nom_de_la_partie
    return str(candidat.pk), str(candidat)


LIEES = ("structure__porteur", "mission_locale__organisation", "service", "departement")


def _dans(*etats: str) -> Any:
    return Convention.objects.filter(etat__in=etats).select_related(*LIEES).order_by("reference")


@etape("expirees", "convention finie", "conventions finies", lambda q: _dans(*SOUS_CONTINUITE).filter(fin__lte=q.jour))
def expirer(convention: Convention, quand: Jour) -> str:
    """End a convention on the day after its last, whenever the command runs."""
    passer(ACTEUR, convention, "expirer", jour=convention.fin, maintenant=quand.maintenant)
    return f"Finie le {en_mots(convention.dernier_jour)}."


@etape("commencees", "convention commencée", "conventions commencées",
       lambda q: _dans(E.SIGNE).filter(debut__lte=q.jour))  # fmt: skip
def commencer(convention: Convention, quand: Jour) -> str:
    """Start a signed convention on its first day, or on the day it was signed when that came later."""
    signee = convention.versions.signees().first()
    jour = max(convention.debut, signee.signee_le or convention.debut) if signee else convention.debut
    passer(ACTEUR, convention, "commencer", jour=min(jour, quand.jour), maintenant=quand.maintenant)
    return f"Depuis le {en_mots(jour)}."


def _clauses_finies(quand: Jour) -> Any:
    """Conventions under the rule of continuity whose last signed clauses are over."""
    signees = Version.objects.filter(convention=OuterRef("pk"), etat=EtatVersion.SIGNEE).order_by("-rang")
    return (
        _dans(*SOUS_CONTINUITE)
        .filter(categorie__in=CATEGORIES_DE_CONTINUITE, fin__gt=quand.jour)
        .annotate(clauses=Subquery(signees.values("clauses_fin")[:1]))
        .filter(clauses__lte=quand.jour)
    )


def _a_suspendre(quand: Jour) -> Iterable[Convention]:
    regle = droit.continuite(quand.jour.year)
    if regle is None or quand.jour <= regle.limite:
        return []
    # Ce qu'un agent a levé dans l'année, avec son motif, ne se suspend plus de soi-même.
    levees = Passage.objects.filter(transition="lever_suspension", jour__year=quand.jour.year)
    finies = _clauses_finies(quand).exclude(etat=E.SUSPENDU).exclude(pk__in=levees.values("convention"))
    return [c for c in finies if not acte_ailleurs(c, quand.jour)]


@etape("suspendues", "suspension constatée", "suspensions constatées", _a_suspendre)
def suspendre(convention: Convention, quand: Jour) -> str:
    """Record that payments are suspended, from the day after the date set by order (31 May at the latest)."""
    regle = droit.continuite(quand.jour.year)
    assert regle is not None  # les candidates en ont une
    jour = max(regle.limite + timedelta(days=1), convention.clauses)  # type: ignore[attr-defined]
    passer(ACTEUR, convention, "suspendre", jour=jour, maintenant=quand.maintenant)
    return f"Avenant {quand.jour.year} non signé le {en_mots(regle.limite)}."


@etape("continuite", "convention à faire signer ou à récupérer", "conventions à faire signer ou à récupérer",
       _clauses_finies)  # fmt: skip
def suivre_la_continuite(convention: Convention, quand: Jour) -> str:
    """Tell what the end of the clauses asks: sign before the date by order, before the reclaim, then reclaim."""
    situation = situation_de(convention, quand.jour)
    change = accorder(convention, jour=quand.jour, maintenant=quand.maintenant)
    if change and (doute := acte_ailleurs(convention, quand.jour)):
        return doute
    if not change or situation not in DITES:
        return ""
    nom, detail = DITES[situation]
    signaler(Evenement(nom, convention, ACTEUR, quand.jour, quand.maintenant, cle=str(quand.jour.year)))
    return detail


DITES = {
    Situation.CONTINUITE: ("continuite", "Termes précédents appliqués par continuité."),
    Situation.REPRISE: ("recuperer", "Aide de l’année à réclamer."),
}


def _manquements_echus(quand: Jour) -> Any:
    echus = Manquement.objects.filter(clos_le=None, observations_le=None, observations_avant__lte=quand.jour)
    return _dans(E.MANQUEMENT).filter(pk__in=echus.values("convention"))


@etape("observations", "délai d’observations passé", "délais d’observations passés", _manquements_echus)
def rendre_au_service(convention: Convention, quand: Jour) -> str:
    """The employer had its time: the service decides."""
    changees = accorder(convention, jour=quand.jour, maintenant=quand.maintenant)
    return "Aucune observation reçue dans le délai." if changees else ""


@dataclass(frozen=True)
class LotAPreparer:
    """The annexes of next year in a département: how many conventions wait for theirs."""

    departement: Departement
    annee: int
    nombre: int

    @property
    def pk(self) -> str:
        """Code under which it is reported."""
        return f"{self.departement.pk}-{self.annee}"

    def __str__(self) -> str:
        return str(self.departement)


def _lots(quand: Jour) -> Iterable[LotAPreparer]:
    """In the last quarter: départements with conventions that run next year without their avenant."""
    if quand.jour.month < QUATRIEME_TRIMESTRE:
        return []
    annee = quand.jour.year + 1
    courent = Convention.objects.filter(
        etat__in=[*PRETES, *ECARTEES], structure__isnull=False, fin__gt=date(annee, 1, 1)
    )
    concernes = Departement.objects.filter(pk__in=courent.values("departement")).order_by("pk")
    return [LotAPreparer(d, annee, len(a_preparer(d.pk, annee))) for d in concernes]


QUATRIEME_TRIMESTRE = 10


@etape("lots", "lot d’annexes à préparer ou à saisir", "lots d’annexes à préparer ou à saisir", _lots)
def rappeler_le_lot(lot: LotAPreparer, quand: Jour) -> str:
    """Ask the service to prepare the annexes of next year, then to look at them, then to key them."""
    return tenir_le_lot(lot.departement.pk, lot.annee, maintenant=quand.maintenant, a_preparer=lot.nombre)
