"""After a delivery of the ASP: each annexe keyed here takes the state read there, and is linked to what was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions import actes, suites
from convenir.contrat.conventions.models import AnnexeFinanciere, EtatAnnexe
from convenir.mesure.donnees.models import AnnexeLue
from convenir.socle.commun.identifiants import NumeroAnnexe, lire_numero_annexe
from convenir.socle.comptes.acteur import Acteur

ACTEUR = Acteur.systeme("Livraison de l'ASP")
# Historisée, rejetée ou annulée, une annexe n'est plus que de l'histoire (décisions, § 4).
SUIVIS = (EtatAnnexe.SAISI, EtatAnnexe.PROVISOIRE, EtatAnnexe.VALIDE, EtatAnnexe.CLOTURE)
LUS = {e.value.upper(): e for e in (*SUIVIS, EtatAnnexe.HISTORISE, EtatAnnexe.REJETE, EtatAnnexe.ANNULE)}
A_REPRENDRE = frozenset({EtatAnnexe.REJETE, EtatAnnexe.ANNULE})
LOT = 500
Cle = tuple[int | None, str]


def suivre_l_asp(*, maintenant: datetime) -> int:
    """Bring the keyed annexes to the state the ASP gives; return how many changed. Again, it changes nothing."""
    cles = list(AnnexeFinanciere.objects.filter(etat__in=SUIVIS).exclude(numero="").values_list("pk", flat=True))
    changees = 0
    for debut in range(0, len(cles), LOT):
        lot = list(AnnexeFinanciere.objects.filter(pk__in=cles[debut : debut + LOT]).select_related("convention"))
        lues = _lues(lot)
        changees += sum(_suivre(annexe, lue, maintenant) for annexe in lot if (lue := _trouver(annexe, lues)))
    return changees


def _base(numero: NumeroAnnexe) -> str:
    return str(replace(numero, avenant=None, modification=None))


def _lues(annexes: Iterable[AnnexeFinanciere]) -> Mapping[Cle, Sequence[AnnexeLue]]:
    """Return the annexes read under these numbers, by structure and number, the one in use first (one query)."""
    bases = {_base(lire_numero_annexe(a.numero)) for a in annexes}
    par_cle: dict[Cle, list[AnnexeLue]] = defaultdict(list)
    choisies = AnnexeLue.objects.filter(numero__in=bases, disparue_le=None)
    for lue in choisies.order_by("-retenue", "-avenant", "-modification", "pk"):
        par_cle[lue.structure_id, lue.numero].append(lue)
    return par_cle


def _trouver(annexe: AnnexeFinanciere, lues: Mapping[Cle, Sequence[AnnexeLue]]) -> AnnexeLue | None:
    """Return the version read under the number keyed; a number keyed without A or M takes the one in use."""
    numero = lire_numero_annexe(annexe.numero)
    for lue in lues.get((annexe.convention.structure_id, _base(numero)), ()):
        if numero.avenant in (None, lue.avenant) and numero.modification in (None, lue.modification):
            return lue
    return None


def _suivre(annexe: AnnexeFinanciere, lue: AnnexeLue, maintenant: datetime) -> bool:
    etat = LUS.get(lue.etat)
    if etat is None or (annexe.etat, annexe.annexe_lue_id) == (etat, lue.pk):
        return False
    with transaction.atomic():
        fraiche = AnnexeFinanciere.objects.select_for_update(of=("self",)).get(pk=annexe.pk)
        avant = {"etat": fraiche.etat}
        fraiche.etat, fraiche.annexe_lue = etat, lue
        fraiche.jeton += 1
        fraiche.save()
        code = actes.REJETER_ANNEXE if etat in A_REPRENDRE else actes.SUIVRE_ANNEXE
        suites.inscrire(
            code, annexe.convention, ACTEUR, jour=timezone.localdate(maintenant), maintenant=maintenant,
            avant=avant, apres={"numero": annexe.numero, "etat": etat, "annexe_lue": lue.numero_complet},
            cle=f"{annexe.pk}-{etat}", details=f"Annexe {annexe.numero} : {etat.label.lower()}.",
        )  # fmt: skip
    return True
