"""What a convention expects on a day, from whom and before when; « à faire » is kept equal to it.

Tasks are never opened here and closed there: `accorder` compares what is expected with what is open.
The application itself (filed, incomplete) and the objectives have their own tasks, in their own rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions import droit, personnes
from convenir.contrat.conventions.gardes_des_textes import CATEGORIES_DE_CONTINUITE
from convenir.contrat.conventions.models import (
    A_REVOIR,
    AnnexeFinanciere,
    Convention,
    Decision,
    EtatAnnexe,
    EtatSignature,
    Manquement,
    Origine,
    Version,
)
from convenir.contrat.conventions.rules.continuite import Continuite, Situation
from convenir.contrat.conventions.rules.signataires import EtatDePartie, a_son_tour
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.mesure.donnees.models import AnnexeLue
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation
from convenir.socle.taches.actions import Proposition, proposer, terminer
from convenir.socle.taches.models import Risque, Tache
from convenir.socle.taches.portee import reserver

E, V = EtatConvention, EtatVersion
AUTEUR = Auteur.systeme("Conventions")
NEUVE = object()


class Code(StrEnum):
    """Kinds of tasks of this room."""

    INSTRUIRE = "conventions.instruire"
    NEGOCIER = "conventions.negocier"
    SOUMETTRE = "conventions.soumettre"
    AVIS = "conventions.avis"
    SIGNATURE = "conventions.mettre_en_signature"
    SIGNER = "conventions.signer"
    AVENANT = "conventions.avenant"
    CONTINUITE = "conventions.continuite"
    RECUPERER = "conventions.recuperer"
    OBSERVER = "conventions.observer"
    DECIDER = "conventions.decider"
    NOTIFIER = "conventions.notifier"
    RECOURS = "conventions.recours"
    RENOUVELER = "conventions.renouveler"
    SAISIR = "conventions.saisir_annexe"


# Ce que chaque tâche demande de pouvoir faire ; les autres sont à qui instruit.
C = Capacite
DE_QUI: dict[Code, tuple[Capacite, ...]] = {
    Code.AVIS: (C.ENREGISTRER_AVIS,),
    Code.SIGNER: (C.SIGNER_CONVENTION,),
    Code.RECUPERER: (C.DECIDER_CONVENTION,),
    Code.OBSERVER: (C.DEPOSER_DEMANDE, C.INSTRUIRE_CONVENTION),
    Code.DECIDER: (C.DECIDER_CONVENTION,),
    Code.RECOURS: (C.DECIDER_CONVENTION,),
    Code.RENOUVELER: (C.REDIGER_DEMANDE, C.INSTRUIRE_CONVENTION),
}
for _code in Code:
    reserver(_code.value, *DE_QUI.get(_code, (C.INSTRUIRE_CONVENTION,)))


@dataclass(frozen=True)
class Attendu:
    """One thing expected of an organisation; `cle` tells apart several of the same kind."""

    code: Code
    organisation: Organisation
    faire: str
    pourquoi: str
    url: str
    echeance: date | None = None
    risque: Risque = Risque.ORDINAIRE
    cle: str = ""


def accorder(convention: Convention, *, jour: date, maintenant: datetime) -> int:
    """Open, update and close the tasks of a convention so that they are what it expects; return how many changed."""
    voulues = {(a.organisation.pk, a.code.value, _objet(convention, a)): a for a in attendus(convention, jour)}
    ouvertes = Tache.objects.filter(code__in=list(Code), faite_le=None).filter(
        Q(objet=convention.reference) | Q(objet__startswith=f"{convention.reference}/")
    )
    avant = {(t.organisation_id, t.code, t.objet): t for t in ouvertes.select_related("organisation")}
    for cle, tache in avant.items():
        if cle not in voulues:
            terminer(tache.organisation, tache.code, tache.objet, auteur=AUTEUR, maintenant=maintenant)
    datees = {cle: tache.echeance for cle, tache in avant.items()}
    for attendu in voulues.values():
        proposer(_proposition(convention, attendu), auteur=AUTEUR, maintenant=maintenant)
    return sum(datees.get(cle, NEUVE) != a.echeance for cle, a in voulues.items()) + len(avant.keys() - voulues.keys())


def _objet(convention: Convention, attendu: Attendu) -> str:
    return f"{convention.reference}/{attendu.cle}" if attendu.cle else convention.reference


def _proposition(convention: Convention, attendu: Attendu) -> Proposition:
    return Proposition(
        code=attendu.code.value, objet=_objet(convention, attendu),
        libelle=f"{convention.nom_de_la_partie} : {attendu.faire}"[:300], pourquoi=attendu.pourquoi[:500],
        organisation=attendu.organisation, url=attendu.url, echeance=attendu.echeance, risque=attendu.risque,
        structure=convention.structure, mission_locale=convention.mission_locale,
        destinataire=personnes.charge_pour(convention, attendu.organisation) if attendu.code != Code.SIGNER else None,
    )  # fmt: skip


def attendus(convention: Convention, jour: date) -> list[Attendu]:
    """Return what a convention expects on a day, from each organisation."""
    version = convention.versions.en_suspens().order_by("rang").last()
    return [
        *_de_l_etape(convention, version, jour),
        *_de_la_continuite(convention, jour),
        *_du_manquement(convention, jour),
        *_des_decisions(convention),
        *_des_annexes(convention),
    ]


def _acte(convention: Convention, nom: str) -> str:
    return reverse("conventions:acte", args=[convention.reference, nom])


def _de_l_etape(convention: Convention, version: Version | None, jour: date) -> Iterator[Attendu]:
    """What the step of the application, or of the pending avenant, expects."""
    service = convention.service
    etat = version.etat if version and convention.etat in PENDANT_UN_AVENANT else convention.etat
    if etat in DE_LA_DEMANDE:
        code, faire, nom = DE_LA_DEMANDE[etat]
        yield Attendu(code, service, faire, "L’accusé de réception court : la structure attend une réponse.",
                      _acte(convention, nom), _limite_d_instruction(convention))  # fmt: skip
    elif etat in {E.SOUMIS_AVIS, V.SOUMISE_AVIS}:
        yield Attendu(Code.AVIS, service, "enregistrer l’avis de la commission",
                      "Sans avis, l’acte ne part pas à la signature.", _acte(convention, "rendre_avis"),
                      _limite_d_avis(convention))  # fmt: skip
    elif etat in {E.AVIS_RENDU, V.AVIS_RENDU}:
        yield Attendu(Code.SIGNATURE, service, "mettre l’acte à la signature",
                      "L’avis est rendu : chaque partie attend l’acte.", _acte(convention, "mettre_en_signature"),
                      limite_de_signature(convention, version), _risque(convention, jour))  # fmt: skip
    elif etat in {E.A_SIGNER, E.PARTIELLEMENT_SIGNE, V.A_SIGNER, V.PARTIELLEMENT_SIGNEE} and version:
        yield from _des_signataires(convention, version)
    elif etat == V.PREPARATION and version and not version.annexes.exists():
        yield Attendu(Code.AVENANT, service, f"finir l’acte « {version.libelle.lower()} »",
                      "Les termes précédents s’appliquent jusqu’à sa signature.", convention.get_absolute_url(),
                      limite_de_signature(convention, version), _risque(convention, jour))  # fmt: skip
    elif etat == E.EN_RENOUVELLEMENT and not convention.est_suivie():
        yield Attendu(Code.RENOUVELER, convention.organisation or service, "préparer la demande qui suit",
                      "La nouvelle convention suit le même chemin, de la demande à la signature.",
                      convention.get_absolute_url(), convention.dernier_jour)  # fmt: skip


PENDANT_UN_AVENANT = frozenset({E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT})
DE_LA_DEMANDE: dict[str, tuple[Code, str, str]] = {
    E.COMPLET: (Code.INSTRUIRE, "commencer l’instruction", "instruire"),
    E.EN_INSTRUCTION: (Code.NEGOCIER, "ouvrir la négociation des objectifs", "negocier"),
    E.EN_NEGOCIATION: (Code.SOUMETTRE, "clore la négociation et soumettre à l’avis", "soumettre_avis"),
}


def _des_signataires(convention: Convention, version: Version) -> Iterator[Attendu]:
    signatures = list(
        version.signatures.exclude(etat=EtatSignature.ANNULEE).select_related("organisation").order_by("ordre")
    )
    tours = {(p.partie, p.ordre) for p in a_son_tour([EtatDePartie(s.partie, s.ordre, s.etat) for s in signatures])}
    for s in signatures:
        if (s.partie, s.ordre) in tours:
            yield Attendu(Code.SIGNER, s.organisation, f"signer l’acte « {version.libelle.lower()} »",
                          "L’État signe en dernier, quand toutes les parties ont signé.",
                          reverse("conventions:signer", args=[convention.reference, s.pk]),
                          limite_de_signature(convention, version), cle=f"signature-{s.pk}")  # fmt: skip


def _regle(convention: Convention, annee: int) -> Continuite | None:
    return droit.continuite(annee) if convention.categorie in CATEGORIES_DE_CONTINUITE else None


def limite_de_signature(convention: Convention, version: Version | None) -> date | None:
    """Return the day before which an act is to be signed: the date by order for a yearly avenant, else its effect."""
    if version is None:
        return None
    regle = _regle(convention, version.effet.year)
    if version.rang and regle and (version.effet.month, version.effet.day) == (1, 1):
        return regle.limite
    return version.effet


def _risque(convention: Convention, jour: date) -> Risque:
    situation = situation_de(convention, jour)
    return Risque.ELEVE if situation and situation != Situation.CLAUSES else Risque.ORDINAIRE


def situation_de(convention: Convention, jour: date) -> Situation | None:
    """Return where the financial clauses stand on a day; None where no rule of continuity is known."""
    regle, derniere = _regle(convention, jour.year), convention.versions.signees().last()
    return regle.situation(jour, derniere.clauses_fin) if regle and derniere else None


def _de_la_continuite(convention: Convention, jour: date) -> Iterator[Attendu]:
    """Clauses over and no act signed: the date by order, then the reclaim (R. 5132-3-1, R. 5132-29-1)."""
    if convention.etat not in SOUS_CONTINUITE or convention.fin <= jour:
        return
    situation, regle = situation_de(convention, jour), _regle(convention, jour.year)
    if regle is None or situation in {None, Situation.CLAUSES}:
        return
    if doute := acte_ailleurs(convention, jour):
        yield Attendu(Code.CONTINUITE, convention.service, f"enregistrer l’avenant {jour.year}, ou dire qu’il manque",
                      doute, convention.get_absolute_url(), regle.limite, Risque.ELEVE)  # fmt: skip
        return
    if situation == Situation.REPRISE:
        reclame = Decision.objects.filter(convention=convention, genre="reprise_sommes", prise_le__gte=regle.reprise)
        if not reclame.exists():
            yield Attendu(Code.RECUPERER, convention.service, f"réclamer l’aide versée en {jour.year}",
                          f"L’avenant de l’année n’était pas signé le {en_mots(regle.reprise)}.",
                          reverse("conventions:reprendre_sommes", args=[convention.reference]), regle.reprise,
                          Risque.MAJEUR)  # fmt: skip
        return
    limite = regle.limite if situation == Situation.CONTINUITE else regle.reprise
    sinon = "les versements sont suspendus" if situation == Situation.CONTINUITE else "l’aide de l’année est réclamée"
    yield Attendu(Code.CONTINUITE, convention.service, f"faire signer l’avenant {jour.year}",
                  f"À défaut de signature le {en_mots(limite)}, {sinon}.", convention.get_absolute_url(), limite,
                  Risque.ELEVE if situation == Situation.CONTINUITE else Risque.MAJEUR)  # fmt: skip


def acte_ailleurs(convention: Convention, jour: date) -> str:
    """Say why an avenant may well be signed although Convenir does not have it; nothing otherwise.

    The ASP then pays on a valid annexe, or the convention was taken over without its avenants: nothing is suspended
    nor reclaimed by the passing of time alone.
    """
    valides = AnnexeLue.objects.filter(
        structure=convention.structure_id, retenue=True, etat="VALIDE", disparue_le=None, debut__lte=jour,
        fin_incluse__gte=jour,
    )  # fmt: skip
    if convention.structure_id and valides.exists():
        return "L’ASP connaît une annexe valide pour ce jour ; Convenir n’a pas l’acte signé."
    if convention.origine == Origine.REPRISE and not convention.versions.signees().filter(rang__gt=0).exists():
        return "Convention reprise : aucun de ses avenants n’est connu ici."
    return ""


SOUS_CONTINUITE = frozenset({E.EN_COURS, E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT})


def _limite_d_instruction(convention: Convention) -> date | None:
    depots = convention.passages.filter(transition__in=["deposer", "completer"])
    recu = depots.order_by("-pk").values_list("jour", flat=True).first()
    return droit.instruction_jusquau(recu) if recu else None


def _limite_d_avis(convention: Convention) -> date | None:
    saisine = convention.passages.filter(transition="soumettre_avis").order_by("-pk").first()
    return droit.avis_jusquau(saisine.jour) if saisine else None


def _du_manquement(convention: Convention, jour: date) -> Iterator[Attendu]:
    """The employer answers first, for at least one month; the service decides afterwards."""
    ouvert = Manquement.objects.filter(convention=convention, clos_le=None).first()
    if convention.etat != E.MANQUEMENT or ouvert is None:
        return
    if ouvert.observations_le is None and jour < ouvert.observations_avant and convention.organisation:
        yield Attendu(Code.OBSERVER, convention.organisation, "écrire vos observations sur le manquement",
                      "Sans réponse de votre part, une décision suit.",
                      reverse("conventions:observations", args=[convention.reference]), ouvert.observations_avant,
                      Risque.MAJEUR)  # fmt: skip
        return
    yield Attendu(Code.DECIDER, convention.service, "décider de la suite du manquement",
                  "L’employeur a répondu, ou son délai est passé.",
                  reverse("conventions:manquement", args=[convention.reference]),
                  ouvert.observations_avant, Risque.ELEVE)  # fmt: skip


def _des_decisions(convention: Convention) -> Iterator[Attendu]:
    """A decision is notified, an appeal is answered."""
    en_suspens = Q(notifiee_le=None) | Q(recours_le__isnull=False, reponse_le=None)
    for d in Decision.objects.filter(en_suspens, convention=convention):
        adresse = reverse("conventions:decision", args=[convention.reference, d.pk])
        genre = d.get_genre_display().lower()
        if d.notifiee_le is None:
            yield Attendu(Code.NOTIFIER, convention.service, f"notifier la décision : {genre}",
                          "Les délais de recours ne courent que de sa notification.", adresse,
                          droit.notification_avant(d.prise_le), Risque.ELEVE, f"decision-{d.pk}")  # fmt: skip
        elif d.recours_le:
            yield Attendu(Code.RECOURS, convention.service, f"répondre au recours : {genre}",
                          "Passé ce jour, le silence vaut rejet.", adresse, droit.silence_jusquau(d.recours_le),
                          Risque.MAJEUR, f"decision-{d.pk}")  # fmt: skip


def _des_annexes(convention: Convention) -> Iterator[Attendu]:
    """The annexe of a signed act is keyed into the extranet; those of 1 January are in the task of their batch."""
    signees = AnnexeFinanciere.objects.filter(
        convention=convention, etat__in=[*A_REVOIR, EtatAnnexe.REJETE], version__etat=V.SIGNEE
    ).exclude(version__effet__month=1, version__effet__day=1)  # fmt: skip
    for annexe in signees.select_related("version").order_by("pk"):
        a_revoir = annexe.etat in {EtatAnnexe.EXCEPTION, EtatAnnexe.REJETE}
        quoi, nom = ("revoir puis saisir", "annexe") if a_revoir else ("saisir", "annexe_saisir")
        yield Attendu(Code.SAISIR, convention.service,
                      f"{quoi} dans l’extranet l’annexe {annexe.annee} de l’acte « {annexe.version.libelle.lower()} »",
                      "Sans annexe saisie dans l’extranet, l’ASP paie sur l’ancienne.",
                      reverse(f"conventions:{nom}", args=[convention.reference, annexe.pk]), annexe.version.effet,
                      Risque.ELEVE, f"annexe-{annexe.pk}")  # fmt: skip
