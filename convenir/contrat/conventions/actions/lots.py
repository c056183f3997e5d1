"""Prepare the avenants and the annexes of a year for a whole département: a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max, Prefetch, Q

from convenir.contrat.conventions import actes, droit
from convenir.contrat.conventions.actions.avenants import NouvelAvenant, champs, taux_convenus
from convenir.contrat.conventions.actions.taches_du_lot import CODE, tenir_le_lot
from convenir.contrat.conventions.models import (
    AnnexeFinanciere,
    Convention,
    EtatAnnexe,
    NatureVersion,
    Passage,
    Version,
)
from convenir.contrat.conventions.rules.termes import Taux, Termes, avec_taux
from convenir.contrat.conventions.states import EN_SUSPENS, EtatConvention, EtatVersion
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.montants import montant_annexe
from convenir.socle.commun.periodes import Periode
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.models import Tache
from convenir.socle.territoires.models import Departement

E = EtatConvention
PRETES = (E.EN_COURS, E.EN_RENOUVELLEMENT)
ECARTEES = (E.SUSPENDU, E.MANQUEMENT)
PAR_LOT = 500


@dataclass(frozen=True)
class LigneDeLot:
    """One convention of the batch: what its annexe will say, in ETP and euros, and what asks for a look."""

    reference: str
    partie: str
    postes: str
    montant_unitaire: str
    montant_total: str
    exception: str = ""


@dataclass
class RapportDeLot:
    """What a batch did, or would do (`essai`)."""

    departement: str
    annee: int
    essai: bool
    preparees: list[LigneDeLot] = field(default_factory=list)
    ecartees: list[LigneDeLot] = field(default_factory=list)

    @property
    def exceptions(self) -> list[LigneDeLot]:
        """Annexes prepared that ask for a look, one by one."""
        return [ligne for ligne in self.preparees if ligne.exception]

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain JSON."""
        return {
            "departement": self.departement,
            "annee": self.annee,
            "essai": self.essai,
            "preparees": [asdict(ligne) for ligne in self.preparees],
            "exceptions": len(self.exceptions),
            "ecartees": [asdict(ligne) for ligne in self.ecartees],
        }


@transaction.atomic
def preparer_avenants(
    acteur: Acteur,
    departement: str,
    annee: int,
    *,
    essai: bool,
    jour: date,
    maintenant: datetime,
    seulement: Collection[int] | None = None,
) -> RapportDeLot:
    """Prepare, for each running convention of a département, the avenant and the annexe of a year.

    `seulement`: keys of the conventions to do, to cut a large batch; all when None.

    A convention that already has a pending version, or an avenant of that year, is left alone: replaying the batch
    changes nothing. Suspended ones and those in breach procedure are set aside and named.

    Raises:
        ActionRefusee: no right on this département.
        EntreeInvalide: unknown département.
    """
    _exiger(acteur, departement)
    rapport = RapportDeLot(departement, annee, essai)
    versions, annexes, passages = [], [], []
    montants = _montants(departement, date(annee, 1, 1))
    candidates = _candidates(departement, annee, seulement)
    convenus = taux_convenus([c.pk for c in candidates], annee)
    for convention in candidates:
        taux = convenus.get(convention.pk)
        ligne, version, annexe = _une(convention, annee, montants, taux, maintenant)
        if version is None or annexe is None:
            rapport.ecartees.append(ligne)
            continue
        rapport.preparees.append(ligne)
        versions.append(version)
        annexes.append(annexe)
        passages.append(_passage(acteur, convention, jour, maintenant))
    if not essai and versions:
        _ecrire(acteur, rapport, versions, annexes, passages, jour)
        tenir_le_lot(departement, annee, maintenant=maintenant)
    return rapport


def _exiger(acteur: Acteur, departement: str) -> None:
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    trouve = Departement.objects.filter(pk=departement).first()
    if trouve is None:
        raise EntreeInvalide(f"Le département « {departement} » n'existe pas. Écrivez son code : 44, 2A, 971.")
    if not acteur.perimetre.couvre_departement(trouve.code, trouve.region_id):
        raise ActionRefusee(f"{trouve} n'est pas dans votre territoire.")


def a_preparer(departement: str, annee: int) -> list[int]:
    """Return the keys of the conventions that need an avenant for a year, in the order of their references."""
    return [c.pk for c in _candidates(departement, annee)]


def tenir_le_lot_entier(departement: str, annee: int, *, maintenant: datetime) -> str:
    """Keep the task of a batch equal to what is left, conventions still to prepare included when it asks for them."""
    demandee = Tache.objects.filter(
        code=CODE, objet=f"{departement}-{annee}", faite_le=None, libelle__contains="préparer les annexes"
    )
    reste = len(a_preparer(departement, annee)) if demandee.exists() else 0
    return tenir_le_lot(departement, annee, maintenant=maintenant, a_preparer=reste)


def _candidates(departement: str, annee: int, seulement: Collection[int] | None = None) -> list[Convention]:
    """Return the conventions that need an avenant for a year, with their signed versions and ranks, in two queries."""
    debut = date(annee, 1, 1)
    suspens = Version.objects.filter(etat__in=EN_SUSPENS).values("convention")
    signees = Version.objects.filter(etat=EtatVersion.SIGNEE).order_by("rang")
    avenants = Max("versions__numero", filter=Q(versions__nature=NatureVersion.AVENANT)
                   & ~Q(versions__etat=EtatVersion.ABANDONNEE))  # fmt: skip
    lignes = (
        Convention.objects.filter(departement=departement, structure__isnull=False, etat__in=[*PRETES, *ECARTEES])
        .filter(debut__lt=debut, fin__gt=debut)
        .exclude(pk__in=suspens)
        .annotate(dernier_rang=Max("versions__rang"), dernier_avenant=avenants)
        .select_related("structure")
        .prefetch_related(Prefetch("versions", signees, to_attr="signees"))
        .order_by("reference")
    )
    if seulement is not None:
        lignes = lignes.filter(pk__in=seulement)
    return [c for c in lignes if _a_preparer(c, debut)]


def _a_preparer(convention: Convention, debut: date) -> bool:
    """Tell whether the last signed clauses stop before the year."""
    signees: list[Version] = convention.signees  # type: ignore[attr-defined]
    return bool(signees) and (signees[-1].clauses_fin is None or signees[-1].clauses_fin <= debut)


Montants = Callable[[str], Decimal | None]


def _montants(departement: str, jour: date) -> Montants:
    """Return a reader of the unit amounts of a day, each read once."""
    lus: dict[str, Decimal | None] = {}

    def lire(categorie: str) -> Decimal | None:
        if categorie not in lus:
            lu = droit.montant_d_un_poste(categorie, departement, jour)
            lus[categorie] = Decimal(lu[0]) if lu else None
        return lus[categorie]

    return lire


def _une(
    convention: Convention, annee: int, montants: Montants, taux: Taux | None, maintenant: datetime
) -> tuple[LigneDeLot, Version | None, AnnexeFinanciere | None]:
    """Prepare the avenant and the annexe of one convention, unsaved: posts of the year before, unit amount of the new.

    This is what the extranet does: A1M0 of year n repeats the last ETP of n − 1 at the new unit amount.
    `taux`: those agreed for the year, if any.
    """
    precedente: Version = convention.signees[-1]  # type: ignore[attr-defined]
    termes = precedente.termes
    if convention.etat in ECARTEES:
        raison = f"Convention « {convention.get_etat_display().lower()} » : à traiter une à une."
        return _ligne(convention, termes, None, raison), None, None
    periode = Periode(date(annee, 1, 1), min(date(annee + 1, 1, 1), convention.fin))
    unitaire = montants(convention.categorie) or termes.montant_unitaire
    neufs = avec_taux(replace(termes, montant_unitaire=unitaire), taux)
    assert periode.fin is not None
    avenant = NouvelAvenant(periode.debut, periode.fin, f"Clauses financières {annee}", neufs)
    rang, numero = convention.dernier_rang + 1, (convention.dernier_avenant or 0) + 1  # type: ignore[attr-defined]
    version = Version(**champs(convention, precedente, avenant, rang, numero, maintenant))
    annexe = annexe_de(convention, version, neufs, periode, maintenant)
    return _ligne(convention, neufs, annexe, annexe.motif), version, annexe


def annexe_de(
    convention: Convention, version: Version, termes: Termes, periode: Periode, maintenant: datetime
) -> AnnexeFinanciere:
    """Build the annexe of a version for a period, unsaved; what it lacks makes it an exception, named."""
    assert periode.fin is not None
    postes, unitaire = termes.postes or Decimal(0), termes.montant_unitaire or Decimal(0)
    motif = _exception(termes, periode)
    premier = termes.cofinancements[0] if termes.cofinancements else None
    complets = termes.taux_dynamique is not None
    return AnnexeFinanciere(
        convention=convention,
        version=version,
        annee=periode.debut.year,
        etat=EtatAnnexe.EXCEPTION if motif else EtatAnnexe.PREPAREE,
        motif=motif,
        debut=periode.debut,
        fin=periode.fin,
        postes=postes,
        heures_etp=termes.heures_etp,
        montant_unitaire=unitaire,
        montant_total=montant_annexe(postes, unitaire, periode.nombre_de_mois),
        cofinanceur_id=int(premier.cle) if premier and premier.cle.isdecimal() else None,
        cofinancement=premier.montant if premier else None,
        sorties_prevues=termes.sorties_prevues,
        taux_durable=termes.taux_durable if complets else None,
        taux_transition=termes.taux_transition if complets else None,
        taux_positives=termes.taux_positives if complets else None,
        taux_dynamique=termes.taux_dynamique,
        preparee_le=maintenant,
    )


def _exception(termes: Termes, periode: Periode) -> str:
    """Say what asks for a look before keying, or nothing."""
    raisons = []
    if not termes.postes:
        raisons.append("postes inconnus")
    if not termes.montant_unitaire:
        raisons.append("montant d'un poste inconnu")
    if termes.taux_dynamique is None:
        raisons.append("objectifs de sortie incomplets")
    if periode.nombre_de_mois < 12:
        raisons.append(f"elle couvre une partie de l'année : {periode.nombre_de_mois} mois")
    if len(termes.cofinancements) > 1:
        raisons.append("plusieurs cofinanceurs pour un seul montant cofinancé à saisir")
    return " ; ".join(raisons)


def _ligne(convention: Convention, termes: Termes, annexe: AnnexeFinanciere | None, exception: str) -> LigneDeLot:
    total = annexe.montant_total if annexe else ""
    return LigneDeLot(
        convention.reference,
        convention.nom_de_la_partie,
        str(termes.postes or ""),
        str(termes.montant_unitaire or ""),
        str(total),
        exception,
    )


def _passage(acteur: Acteur, convention: Convention, jour: date, maintenant: datetime) -> Passage:
    auteur = acteur.auteur
    vers = E.AVENANT_EN_PREPARATION if convention.etat == E.EN_COURS else convention.etat
    return Passage(
        convention=convention,
        transition="preparer_avenant",
        depuis=convention.etat,
        vers=vers,
        jour=jour,
        enregistre_le=maintenant,
        auteur_id=auteur.utilisateur_id,
        auteur_nom=auteur.nom,
        organisation_nom=auteur.organisation,
    )


def _ecrire(
    acteur: Acteur,
    rapport: RapportDeLot,
    versions: list[Version],
    annexes: list[AnnexeFinanciere],
    passages: list[Passage],
    jour: date,
) -> None:
    """Write the batch: versions, then their annexes, the moves, the states, one entry in the journal."""
    Version.objects.bulk_create(versions, batch_size=PAR_LOT)
    for version, annexe in zip(versions, annexes, strict=True):
        annexe.version = version
    AnnexeFinanciere.objects.bulk_create(annexes, batch_size=PAR_LOT)
    Passage.objects.bulk_create(passages, batch_size=PAR_LOT)
    cles = [p.convention_id for p in passages if p.depuis == E.EN_COURS]
    for debut in range(0, len(cles), PAR_LOT):
        lot = Convention.objects.filter(pk__in=cles[debut : debut + PAR_LOT], etat=E.EN_COURS)
        lot.update(etat=E.AVENANT_EN_PREPARATION, etat_depuis=jour, jeton=F("jeton") + 1)
    objet = ("conventions.convention", f"{rapport.departement}-{rapport.annee}", f"Avenants {rapport.annee}")
    apres = {"references": [ligne.reference for ligne in rapport.preparees], "exceptions": len(rapport.exceptions)}
    journaliser(actes.PREPARER_LOT, objet, auteur=acteur.auteur, apres=apres)
