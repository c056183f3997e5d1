"""Acts on organisations and structures. Each writes in one transaction and journals what it did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import Periode
from convenir.socle.commun.valeurs_datees import Chronique, ValeurDatee
from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.livraison import comparer_structures, enregistrer_structures
from convenir.socle.organisations.models import Nature, NomDate, Organisation, Structure
from convenir.socle.organisations.services import agences_fictives, services_attendus

__all__ = [
    "comparer_structures",
    "creer_agences_fictives",
    "creer_organisation",
    "creer_services_etat",
    "enregistrer_structures",
    "nommer",
    "rattacher_au_reseau",
]


CREER_SERVICES = declarer("organisations.creer_services_etat", "Services de l'État et départements créés")
CREER_AGENCES = declarer("organisations.creer_agences_fictives", "Agences fictives créées pour la démonstration")
CREER = declarer("organisations.creer", "Organisation créée")
NOMMER = declarer("organisations.nommer", "Nom daté donné à une organisation")
RATTACHER = declarer("organisations.rattacher_au_reseau", "Structures rattachées à un réseau")


@transaction.atomic
def creer_services_etat(auteur: Auteur) -> int:
    """Create the State services and the départements that are missing; return their number.

    Raises:
        EntreeInvalide: the official geography is not loaded.
    """
    voulues = list(services_attendus())
    if len(voulues) == 1:
        raise EntreeInvalide(
            "La géographie officielle n'est pas chargée. Lancez « convenir preparer », puis recommencez."
        )
    return _creer_manquantes(voulues, CREER_SERVICES, "Services de l'État et départements", auteur)


@transaction.atomic
def creer_agences_fictives(departements: Iterable[str], auteur: Auteur) -> int:
    """Create one invented France Travail agency per département, for the demonstration; return the number created."""
    voulues = list(agences_fictives(departements))
    return _creer_manquantes(voulues, CREER_AGENCES, "Agences fictives", auteur)


def _creer_manquantes(voulues: list[Organisation], acte: str, libelle: str, auteur: Auteur) -> int:
    connues = set(Organisation.objects.exclude(code_externe="").values_list("nature", "code_externe"))
    nouvelles = [o for o in voulues if (o.nature, o.code_externe) not in connues]
    Organisation.objects.bulk_create(nouvelles)
    if nouvelles:
        journaliser(
            acte,
            ("organisations.Organisation", "lot", libelle),
            auteur=auteur,
            apres={"organisations": [o.nom for o in nouvelles]},
        )
    return len(nouvelles)


@transaction.atomic
def creer_organisation(nature: Nature, nom: str, auteur: Auteur, **champs: Any) -> Organisation:
    """Create one organisation (network, funder, agency…).

    Args:
        champs: other fields of `Organisation` (niveau, region, departement, siret, code_externe).

    Raises:
        EntreeInvalide: a field is wrong; the message says which and why.
    """
    organisation = Organisation(nature=nature, nom=nom.strip(), **champs)
    _valider(organisation)
    organisation.save()
    valeurs = {c.attname: getattr(organisation, c.attname) for c in Organisation._meta.concrete_fields}
    journaliser(CREER, organisation, auteur=auteur, apres=valeurs)
    return organisation


@transaction.atomic
def nommer(
    organisation: Organisation, nom: str, debut: date, auteur: Auteur, *, sigle: str = "", fin: date | None = None
) -> NomDate:
    """Give an organisation a dated name of its own (« DDETS-PP de la Creuse »), which prevails over the texts' name.

    Args:
        debut: first day of the name.
        fin: first day on which it no longer holds; None for no end.

    Raises:
        EntreeInvalide: empty name, reversed dates, or another name holds on the same days.
    """
    nouveau = NomDate(organisation=organisation, nom=nom.strip(), sigle=sigle, debut=debut, fin=fin)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _valider(nouveau)
    portes = [*organisation.noms.order_by("debut"), nouveau]
    try:
        Chronique(ValeurDatee(n.nom, Periode(n.debut, n.fin)) for n in portes)
    except ValueError as erreur:
        raise EntreeInvalide(
            f"{organisation} porte déjà un autre nom sur ces dates. Mettez d'abord fin au nom précédent."
        ) from erreur
    nouveau.save()
    journaliser(
        NOMMER,
        organisation,
        auteur=auteur,
        apres={"nom": nouveau.nom, "sigle": sigle, "debut": debut.isoformat(), "fin": fin and fin.isoformat()},
    )
    return nouveau


@transaction.atomic
def rattacher_au_reseau(reseau: Organisation, structures: Iterable[Structure], auteur: Auteur) -> int:
    """Add structures to a network; return how many were not in it.

    Raises:
        EntreeInvalide: the organisation is not a network.
    """
    if reseau.nature != Nature.RESEAU:
        raise EntreeInvalide(f"{reseau} n'est pas un réseau. Choisissez une organisation de nature « Réseau ».")
    presentes = set(reseau.structures_adherentes.values_list("pk", flat=True))
    nouvelles = [s for s in structures if s.pk not in presentes]
    reseau.structures_adherentes.add(*nouvelles)
    if nouvelles:
        codes = sorted(s.code for s in nouvelles)
        journaliser(RATTACHER, reseau, auteur=auteur, apres={"structures": codes})
    return len(nouvelles)


def _valider(objet: Organisation | NomDate) -> None:
    """Check the fields and the constraints.

    Raises:
        EntreeInvalide: with the label of each wrong field and its message.
    """
    try:
        objet.full_clean()
    except ValidationError as erreur:
        noms = {champ.name: str(getattr(champ, "verbose_name", champ.name)) for champ in objet._meta.get_fields()}
        messages = [
            f"{noms[champ]} : {message}" if champ in noms else message
            for champ, textes in erreur.message_dict.items()
            for message in textes
        ]
        raise EntreeInvalide(" ".join(messages)) from erreur
