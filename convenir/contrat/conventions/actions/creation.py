"""Create a convention: its reference, its first version, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions import actes
from convenir.contrat.conventions.actions.numerotation import tirer_reference
from convenir.contrat.conventions.models import Convention, Dispositif, NatureVersion, Origine, Version
from convenir.contrat.conventions.rules.references import MISSION_LOCALE
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import MissionLocale, Nature, NiveauTerritorial, Organisation, Structure


@dataclass(frozen=True)
class NouvelleConvention:
    """What a new convention is made of; `debut` is in, `fin` is out.

    Attributes:
        partie: the structure or the mission locale.
        termes: what is already known of the terms.
        motif_periode: why the period is not made of calendar years.
        motif_duree: why it lasts one year or less (`MotifDuree`), with its detail.
    """

    partie: Structure | MissionLocale
    debut: date
    fin: date
    termes: Termes = field(default_factory=Termes)
    motif_periode: str = ""
    motif_duree: str = ""
    precision_duree: str = ""
    exception_2014: bool = False
    renouvelle: Convention | None = None
    referent: Utilisateur | None = None


@transaction.atomic
def creer(acteur: Acteur, demande: NouvelleConvention, *, maintenant: datetime) -> Convention:
    """Create a draft and its initial version, which a person of the structure or of the State may do.

    Raises:
        ActionRefusee: neither capability, or a structure out of the perimeter.
        EntreeInvalide: reversed dates, or a département without a State service.
    """
    _exiger_creation(acteur, demande.partie)
    convention = preparer(demande, maintenant=maintenant, jour=timezone.localdate(maintenant))
    convention.save()
    Version.objects.create(**_initiale(convention, demande.termes, maintenant))
    journaliser(actes.CREER, convention, auteur=acteur.auteur, apres=_a_journaliser(convention))
    return convention


def preparer(
    demande: NouvelleConvention, *, maintenant: datetime, jour: date, origine: str = Origine.CONVENIR
) -> Convention:
    """Build a convention with its reference, checked and not saved; inside the transaction of the act.

    Raises:
        EntreeInvalide: a field is wrong.
    """
    if demande.fin <= demande.debut:
        raise EntreeInvalide("La convention finit avant de commencer : corrigez ses dates.")
    structure = demande.partie if isinstance(demande.partie, Structure) else None
    mission_locale = demande.partie if isinstance(demande.partie, MissionLocale) else None
    departement = demande.partie.departement
    categorie = structure.categorie if structure else MISSION_LOCALE
    convention = Convention(
        reference=str(tirer_reference(departement.code, demande.debut.year, categorie)),
        dispositif=Dispositif.IAE if structure else Dispositif.ML,
        structure=structure,
        mission_locale=mission_locale,
        categorie=structure.categorie if structure else "",
        departement=departement,
        service=service_instructeur(departement.code, departement.region_id),
        debut=demande.debut,
        fin=demande.fin,
        motif_periode=demande.motif_periode.strip(),
        motif_duree=demande.motif_duree,
        precision_duree=demande.precision_duree.strip(),
        exception_2014=demande.exception_2014,
        origine=origine,
        renouvelle=demande.renouvelle,
        referent=demande.referent,
        etat_depuis=jour,
        creee_le=maintenant,
    )
    _valider(convention)
    return convention


def _valider(convention: Convention) -> None:
    try:
        convention.full_clean(validate_unique=False)
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(erreur.messages)) from erreur


def service_instructeur(departement: str, region: str) -> Organisation:
    """Return the State service of a département; overseas, the regional service that acts for it.

    Raises:
        EntreeInvalide: none is known.
    """
    services = Organisation.objects.filter(nature=Nature.SERVICE_ETAT, departement=departement)
    service = (
        services.filter(niveau=NiveauTerritorial.DEPARTEMENTAL).first()
        or services.filter(niveau=NiveauTerritorial.REGIONAL, region=region).first()
    )
    if service is None:
        raise EntreeInvalide(
            f"Aucun service de l'État n'est connu pour le département {departement}. Lancez « convenir preparer »."
        )
    return service


def _initiale(convention: Convention, termes: Termes, maintenant: datetime) -> dict[str, object]:
    return {
        "convention": convention,
        "nature": NatureVersion.INITIALE,
        "rang": 0,
        "effet": convention.debut,
        "clauses_fin": min(date(convention.debut.year + 1, 1, 1), convention.fin),
        "termes_json": en_json(termes),
        "empreinte": empreinte(termes),
        "creee_le": maintenant,
    }


def _exiger_creation(acteur: Acteur, partie: Structure | MissionLocale) -> None:
    raisons = [raison_du_refus(acteur, c) for c in (Capacite.DEPOSER_DEMANDE, Capacite.INSTRUIRE_CONVENTION)]
    if all(raisons):
        raise ActionRefusee(str(raisons[0]))
    if not type(partie).objects.visibles_par(acteur.perimetre).filter(pk=partie.pk).exists():
        raise ActionRefusee(f"{partie} n'est pas dans votre périmètre.")


def _a_journaliser(convention: Convention) -> dict[str, object]:
    return {
        "reference": convention.reference,
        "debut": convention.debut,
        "fin": convention.fin,
        "motif_periode": convention.motif_periode,
        "motif_duree": convention.motif_duree,
    }
