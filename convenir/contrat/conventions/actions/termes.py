"""Change the terms of a version in preparation; two people at once: the second is told and loses nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.db import transaction

from convenir.contrat.conventions import actes, policies
from convenir.contrat.conventions.actions.annexes_de_version import accorder_l_annexe
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide, ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser


class TermesChanges(ErreurMetier):
    """Someone changed these terms since the person read them.

    Attributes:
        version: the version as it is now.
        proposes: what the person wanted to write, kept whole.
    """

    def __init__(self, version: Version, proposes: Termes) -> None:
        super().__init__(
            "Ces termes ont changé depuis que vous avez ouvert la page. Les deux textes sont ci-dessous : "
            "gardez l'un, l'autre, ou recomposez-les."
        )
        self.version, self.proposes = version, proposes


@transaction.atomic
def modifier_termes(acteur: Acteur, version: Version, termes: Termes, *, jeton: int, maintenant: datetime) -> Version:
    """Write the terms of a version in preparation, if nobody did since `jeton` was read.

    Raises:
        ActionRefusee: no right, or the version is no longer in preparation.
        TermesChanges: someone else wrote meanwhile; carries both texts.
    """
    fraiche = Version.objects.select_for_update().select_related("convention").get(pk=version.pk)
    policies.exiger(acteur, fraiche.convention, Capacite.INSTRUIRE_CONVENTION)
    if not fraiche.modifiable:
        raise ActionRefusee(f"{fraiche.libelle} est « {fraiche.get_etat_display().lower()} » : ses termes sont figés.")
    if fraiche.jeton != jeton:
        raise TermesChanges(fraiche, termes)
    avant = fraiche.empreinte
    if avant == empreinte(termes):
        return fraiche
    fraiche.termes_json, fraiche.empreinte = en_json(termes), empreinte(termes)
    fraiche.jeton += 1
    fraiche.save()
    accorder_l_annexe(fraiche, maintenant=maintenant)
    journaliser(
        actes.MODIFIER_TERMES,
        fraiche.convention,
        auteur=acteur.auteur,
        avant={"empreinte": avant},
        apres={"version": fraiche.libelle, "empreinte": fraiche.empreinte, "instant": maintenant},
    )
    return fraiche


@dataclass(frozen=True)
class Periode:
    """Dates and recorded reasons of a convention; `fin` out."""

    debut: date
    fin: date
    motif_periode: str = ""
    motif_duree: str = ""
    precision_duree: str = ""
    exception_2014: bool = False


@transaction.atomic
def modifier_periode(acteur: Acteur, convention: Convention, periode: Periode) -> Convention:
    """Change the dates of a convention that nobody signs yet; the effect of its first version follows.

    Raises:
        ActionRefusee: no right, or the act is already at signature or signed.
        EntreeInvalide: reversed dates.
    """
    fraiche = Convention.objects.select_for_update().get(pk=convention.pk)
    policies.exiger(acteur, fraiche, Capacite.INSTRUIRE_CONVENTION)
    version = fraiche.versions.filter(rang=0).get()
    if not version.modifiable:
        raise ActionRefusee("La période est figée avec les termes : reprenez d'abord la négociation.")
    if periode.fin <= periode.debut:
        raise EntreeInvalide("La convention finit avant de commencer : corrigez ses dates.")
    avant = {champ.name: getattr(fraiche, champ.name) for champ in fields(periode)}
    apres = asdict(periode)
    for champ, valeur in apres.items():
        setattr(fraiche, champ, valeur)
    fraiche.jeton += 1
    fraiche.save()
    version.effet, version.clauses_fin = periode.debut, min(date(periode.debut.year + 1, 1, 1), periode.fin)
    version.save()
    journaliser(actes.MODIFIER_PERIODE, fraiche, auteur=acteur.auteur, avant=avant, apres=apres)
    return fraiche
