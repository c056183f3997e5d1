"""What the structure writes: open a file, save a section, join pieces, ask funders, answer a comment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.actions import NouvelleConvention, creer
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import exiger_l_une
from convenir.contrat.conventions.queries import des_memes_jours
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.conventions.states import AVANT_SIGNATURE
from convenir.contrat.dossiers import actes, policies
from convenir.contrat.dossiers.cibles import cible_de_ligne, texte_de_ligne
from convenir.contrat.dossiers.models import Dossier, Financement, Reponse
from convenir.contrat.dossiers.preremplissage import connues, reprendre_le_projet
from convenir.contrat.dossiers.queries import attend_une_reponse, champs_ouverts, lignes_ouvertes, plan_ouvert
from convenir.contrat.dossiers.referentiel import champs
from convenir.contrat.dossiers.rules import lire_reponse
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation


@transaction.atomic
def ouvrir(acteur: Acteur, convention: Convention, *, maintenant: datetime) -> Dossier:
    """Open the file of a convention, pre-filled with what is known; opening it twice gives the same file.

    Raises:
        ActionRefusee: the person may neither write nor instruct it, or does not see this convention.
    """
    exiger_l_une(acteur, convention, Capacite.INSTRUIRE_CONVENTION, Capacite.REDIGER_DEMANDE)
    existant = Dossier.objects.filter(convention=convention).first()
    if existant is not None:
        return existant
    jour = timezone.localdate(maintenant)
    dossier = Dossier.objects.create(convention=convention, ouvert_le=maintenant, reference_jour=jour)
    Reponse.objects.bulk_create(
        Reponse(dossier=dossier, champ=code, valeur=connu.valeur, a_confirmer=True, origine=connu.origine[:200],
                modifiee_le=maintenant)
        for code, connu in connues(convention, champs(dossier.cadre, jour)).items()
    )  # fmt: skip
    reprendre_le_projet(dossier, maintenant)
    journaliser(actes.OUVERT, dossier, auteur=acteur.auteur, apres={"convention": convention.reference})
    return dossier


@transaction.atomic
def demander_une_convention(acteur: Acteur, demande: NouvelleConvention, *, maintenant: datetime) -> Dossier:
    """Create the convention asked for, as a draft, and open its file.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: another convention or application of this party covers some of these days.
    """
    if deja := des_memes_jours(demande.partie, demande.debut, demande.fin).first():
        jours = f"du {en_mots(deja.debut)} au {en_mots(deja.dernier_jour)}"
        ou = "ouvrez cette demande" if deja.etat in AVANT_SIGNATURE else "demandez plutôt un avenant"
        raise EntreeInvalide(f"{deja.reference} couvre déjà ces jours, {jours} : {ou}.")
    convention = creer(acteur, demande, maintenant=maintenant)
    return ouvrir(acteur, convention, maintenant=maintenant)


@dataclass(frozen=True)
class Saisie:
    """An answer sent: its text and the version the person had read."""

    texte: str
    version: int = 0


@dataclass(frozen=True)
class Conflit:
    """Someone else wrote this answer meanwhile: both texts are kept in sight."""

    champ: str
    libelle: str
    ecrite: str
    envoyee: str
    par: str


class EcritEntreTemps(EntreeInvalide):
    """Someone else wrote this line meanwhile: nothing is written, both texts are kept in sight."""

    def __init__(self, conflit: Conflit) -> None:
        super().__init__(f"« {conflit.libelle} » : quelqu'un d'autre a écrit entre-temps.")
        self.conflit = conflit


@dataclass
class Enregistrement:
    """What came of a save: the answers written, those refused and why, those written meanwhile by someone else."""

    ecrites: dict[str, int] = field(default_factory=dict)
    refusees: dict[str, str] = field(default_factory=dict)
    conflits: list[Conflit] = field(default_factory=list)


@transaction.atomic
def enregistrer(
    acteur: Acteur, dossier: Dossier, saisies: Mapping[str, Saisie], *, maintenant: datetime, confirmer: bool = True
) -> Enregistrement:
    """Save answers. One wrong answer is said and does not stop the others; nobody's text is lost.

    Args:
        confirmer: a pre-filled answer sent back is confirmed; an automatic save confirms only what changed.

    Raises:
        ActionRefusee: no right, or a question that is not open.
    """
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    dossier = Dossier.objects.select_for_update().select_related("convention").get(pk=dossier.pk)
    ouverts = champs_ouverts(dossier)
    if fermes := set(saisies) - ouverts:
        raise ActionRefusee(_ferme(dossier, fermes))
    actuelles = {r.champ: r for r in dossier.reponses.select_related("modifiee_par").filter(champ__in=saisies)}
    resultat = Enregistrement()
    for code, saisie in saisies.items():
        _une(acteur, dossier, code, saisie, actuelles.get(code), maintenant, confirmer, resultat)
    if resultat.ecrites:
        journaliser(actes.SECTION, dossier, auteur=acteur.auteur, apres={"questions": sorted(resultat.ecrites)})
    return resultat


def _ferme(dossier: Dossier, fermes: set[str]) -> str:
    connus = dossier.champs
    noms = ", ".join(f"« {connus[c].libelle} »" for c in sorted(fermes) if c in connus)
    if not noms:
        return "Cette question n'est pas dans le dossier."
    return f"Le dossier est déposé : {noms} ne se change plus. Le service instructeur peut rouvrir la question."


def _une(
    acteur: Acteur,
    dossier: Dossier,
    code: str,
    saisie: Saisie,
    actuelle: Reponse | None,
    maintenant: datetime,
    confirmer: bool,
    resultat: Enregistrement,
) -> None:
    champ = dossier.champs[code]
    try:
        valeur = lire_reponse(champ, saisie.texte)
    except EntreeInvalide as erreur:
        resultat.refusees[code] = str(erreur)
        return
    reponse = actuelle or Reponse(dossier=dossier, champ=code, version=0)
    change = reponse.valeur != valeur
    if change and reponse.version > saisie.version:
        par = str(reponse.modifiee_par) if reponse.modifiee_par else ""
        resultat.conflits.append(Conflit(code, champ.libelle, reponse.valeur, valeur, par))
        return
    if not change and not (reponse.a_confirmer and confirmer):
        return
    reponse.valeur, reponse.a_confirmer = valeur, False
    reponse.version += 1
    reponse.modifiee_le, reponse.modifiee_par = maintenant, acteur.utilisateur
    reponse.save()
    resultat.ecrites[code] = reponse.version


LIGNE_FERMEE = "Le dossier est déposé : cette ligne ne se change plus. Le service peut la rouvrir."


@dataclass(frozen=True)
class Demande:
    """What is asked of a funder, in euros."""

    nature: str
    nom: str
    base: Decimal
    efforts: Decimal
    objet: str = ""
    organisation: Organisation | None = None


@transaction.atomic
def demander_financement(
    acteur: Acteur, dossier: Dossier, demande: Demande, *, lue: str | None = None, brouillon: str = ""
) -> Financement:
    """Add what is asked of a funder, or bring the line of the same funder up to date; one's draft of it is over.

    Args:
        lue: the line and the version that a form has read (`Financement.lecture`), empty for a line to add.
        brouillon: what the form names its draft, that of the line by default.

    Raises:
        EcritEntreTemps: someone else wrote this line after it was read.
        ActionRefusee: no right, or the file is filed and the service has reopened neither the plan nor that line.
        EntreeInvalide: a negative amount, a funder without a name or of another territory.
    """
    _exiger_la_ligne(acteur, dossier, demande)
    connu = demande.organisation
    if connu and not financeurs_possibles(dossier.convention).filter(pk=connu.pk).exists():
        raise EntreeInvalide(f"{connu} n'est pas un financeur de ce territoire : choisissez-le dans la liste.")
    if not demande.nom.strip() or min(demande.base, demande.efforts) < 0:
        raise EntreeInvalide("Nommez le financeur et donnez des montants positifs.")
    ligne = _ligne_de(dossier, demande)
    _remplir(ligne, demande, lue)
    ligne.version, ligne.modifiee_par = ligne.version + 1, acteur.utilisateur
    ligne.save()
    dossier.brouillons.filter(auteur=acteur.utilisateur, cible=brouillon or cible_de_ligne(ligne.pk)).delete()
    apres = {"financeur": ligne.nom, "base": ligne.base, "efforts": ligne.efforts}
    journaliser(actes.FINANCEMENT, dossier, auteur=acteur.auteur, apres=apres)
    return ligne


def _ligne_de(dossier: Dossier, demande: Demande) -> Financement:
    """Return the line of that funder, held until the end of the transaction, or a new one."""
    cle = {"nature": demande.nature, "nom": demande.nom.strip()}
    connues = dossier.financements.select_for_update(of=("self",)).select_related("modifiee_par")
    return connues.filter(**cle).first() or Financement(dossier=dossier, version=0, **cle)


def _remplir(ligne: Financement, demande: Demande, lue: str | None) -> None:
    """Put what is asked in the line, unless someone else wrote something else there since it was read."""
    avant = texte_de_ligne(ligne)
    ecrits = {"base": demande.base, "efforts": demande.efforts, "objet": demande.objet.strip(),
              "organisation": demande.organisation}  # fmt: skip
    change = any(getattr(ligne, champ) != valeur for champ, valeur in ecrits.items())
    for champ, valeur in ecrits.items():
        setattr(ligne, champ, valeur)
    ligne.a_confirmer = False
    if ligne.pk and change and lue is not None and lue != ligne.lecture:
        par = str(ligne.modifiee_par) if ligne.modifiee_par else ""
        raise EcritEntreTemps(Conflit(ligne.lecture, ligne.nom, avant, texte_de_ligne(ligne), par))


@transaction.atomic
def confirmer_financements(acteur: Acteur, dossier: Dossier, cles: Collection[int]) -> int:
    """Confirm the requests taken from the year before that the person has in sight; return how many.

    Raises:
        ActionRefusee: no right, or the plan is closed.
    """
    _exiger_le_plan(acteur, dossier)
    repris = dossier.financements.filter(pk__in=cles, a_confirmer=True)
    noms = list(repris.values_list("nom", flat=True))
    if noms:
        repris.update(a_confirmer=False)
        journaliser(actes.FINANCEMENT, dossier, auteur=acteur.auteur, apres={"confirmes": noms})
    return len(noms)


@transaction.atomic
def retirer_financement(acteur: Acteur, ligne: Financement) -> None:
    """Remove the line of a funder.

    Raises:
        ActionRefusee: no right, the plan is closed, or a remark on this line waits for an answer.
    """
    _exiger_le_plan(acteur, ligne.dossier)
    if attend_une_reponse(ligne.dossier, cible_de_ligne(ligne.pk)):
        raise ActionRefusee("Répondez d'abord au commentaire du service sur cette ligne.")
    ligne.dossier.brouillons.filter(cible=cible_de_ligne(ligne.pk)).delete()
    journaliser(actes.FINANCEMENT_RETIRE, ligne.dossier, auteur=acteur.auteur, avant={"financeur": ligne.nom})
    ligne.delete()


def _exiger_la_ligne(acteur: Acteur, dossier: Dossier, demande: Demande) -> None:
    """Let the structure write any line while the plan is open; else only a line that a remark has reopened."""
    visee = dossier.financements.filter(nature=demande.nature, nom=demande.nom.strip()).first()
    policies.exiger(refus_d_ecrire_la_ligne(acteur, dossier, visee.pk if visee else None))
    if visee and visee.organisation != demande.organisation and not plan_ouvert(dossier):
        raise ActionRefusee(LIGNE_FERMEE)


def refus_d_ecrire_la_ligne(acteur: Acteur, dossier: Dossier, cle: int | None = None) -> str | None:
    """Say why the person may not add a funder, or correct the line of this key; None when they may."""
    if raison := policies.refus_d_ecrire(acteur, dossier):
        return raison
    dossier.convention.refresh_from_db(fields=["etat"])
    if plan_ouvert(dossier) or cle in lignes_ouvertes(dossier):
        return None
    return LIGNE_FERMEE


def _exiger_le_plan(acteur: Acteur, dossier: Dossier) -> None:
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    dossier.convention.refresh_from_db(fields=["etat"])
    if not plan_ouvert(dossier):
        raise ActionRefusee("Le dossier est déposé : la demande ne se change plus que si le service la rouvre.")


__all__ = [
    "Conflit", "Demande", "EcritEntreTemps", "Enregistrement", "Saisie", "confirmer_financements",
    "demander_financement", "demander_une_convention", "enregistrer", "ouvrir", "refus_d_ecrire_la_ligne",
    "retirer_financement",
]  # fmt: skip
