"""Life of a convention: the one table of its states and of the moves between them; the documentation is made from it.

A convention has one state. A version of its terms has its own, because an avenant is prepared, submitted and signed
while the terms before it run. A move of the table says what happens to both, so that they never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.capacites import Capacite


class EtatConvention(TextChoices):
    """Where a convention stands."""

    BROUILLON = "brouillon", "Brouillon"
    DEPOSE = "depose", "Déposée"
    INCOMPLET = "incomplet", "Incomplète"
    COMPLET = "complet", "Complète"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    EN_NEGOCIATION = "en_negociation", "En négociation"
    SOUMIS_AVIS = "soumis_avis", "Soumise pour avis"
    AVIS_RENDU = "avis_rendu", "Avis rendu"
    A_SIGNER = "a_signer", "À signer"
    PARTIELLEMENT_SIGNE = "partiellement_signe", "Partiellement signée"
    SIGNE = "signe", "Signée"
    EN_COURS = "en_cours", "En cours"
    AVENANT_EN_PREPARATION = "avenant_en_preparation", "Avenant en préparation"
    SUSPENDU = "suspendu", "Versements suspendus"
    MANQUEMENT = "manquement", "Procédure de manquement"
    RESILIE = "resilie", "Résiliée"
    EXPIRE = "expire", "Expirée"
    EN_RENOUVELLEMENT = "en_renouvellement", "En renouvellement"
    REFUSE = "refuse", "Refusée"


class EtatVersion(TextChoices):
    """Where a version of the terms stands."""

    PREPARATION = "preparation", "En préparation"
    SOUMISE_AVIS = "soumise_avis", "Soumise pour avis"
    AVIS_RENDU = "avis_rendu", "Avis rendu"
    A_SIGNER = "a_signer", "À signer"
    PARTIELLEMENT_SIGNEE = "partiellement_signee", "Partiellement signée"
    SIGNEE = "signee", "Signée"
    ABANDONNEE = "abandonnee", "Abandonnée"


E, V, C = EtatConvention, EtatVersion, Capacite
AVANT = "avant"  # le retour à l'état d'où l'on venait, gardé par la convention

# En vigueur : les termes d'une version signée s'appliquent.
EN_VIGUEUR = frozenset({E.EN_COURS, E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.MANQUEMENT, E.EN_RENOUVELLEMENT})
CLOS = frozenset({E.RESILIE, E.EXPIRE, E.REFUSE})
INSTRUITS = frozenset({E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION, E.EN_NEGOCIATION})
# La table n'y laisse aucune version en suspens.
SANS_SUSPENS = frozenset({E.EN_COURS, *CLOS})
AVANT_SIGNATURE = frozenset({E.BROUILLON, *INSTRUITS, E.SOUMIS_AVIS, E.AVIS_RENDU, E.A_SIGNER, E.PARTIELLEMENT_SIGNE})
# Une version qui n'est ni signée ni abandonnée : il n'y en a qu'une par convention.
EN_SUSPENS = frozenset({V.PREPARATION, V.SOUMISE_AVIS, V.AVIS_RENDU, V.A_SIGNER, V.PARTIELLEMENT_SIGNEE})
# Les termes ne se changent que là.
MODIFIABLE = frozenset({V.PREPARATION})


@dataclass(frozen=True)
class Transition:
    """A move.

    Attributes:
        nom: its name, in the journal and in the addresses.
        passages: state of the convention it starts from → state it leads to (`AVANT`: back where it came from).
        version: (states of the pending version it starts from, state it leads to); None when it does not move.
        capacite: what the person must hold; None: the software itself, on a date.
        libelle: words of its button, and of the journal.
        motif: whether a written reason is asked.
        retour: whether it goes back.
    """

    nom: str
    passages: Mapping[str, str]
    capacite: Capacite | None
    libelle: str
    version: tuple[frozenset[str], str] | None = None
    motif: bool = False
    retour: bool = False
    effet: str = field(default="")

    @property
    def avance(self) -> bool:
        """Whether it carries the convention on: neither a way back nor an act to be justified (refusal, breach…)."""
        return not self.retour and not self.motif


def _t(
    nom: str,
    passages: Mapping[str, str],
    capacite: Capacite | None,
    libelle: str,
    version: tuple[Iterable[str], str] | None = None,
    *,
    motif: bool = False,
    retour: bool = False,
    effet: str = "",
) -> Transition:
    depuis_vers = (frozenset(version[0]), version[1]) if version else None
    return Transition(nom, dict(passages), capacite, libelle, depuis_vers, motif, retour, effet)


def _de(depuis: frozenset[EtatConvention] | set[EtatConvention], vers: str) -> dict[str, str]:
    return dict.fromkeys(sorted(depuis), vers)


def _sur_place(*etats: str) -> dict[str, str]:
    """An avenant moves while its convention stays where it is."""
    return {etat: etat for etat in etats}


_AVENANT = _sur_place(E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT)
_INSTRUIRE, _DEPOSER, _SIGNER, _DECIDER = (
    C.INSTRUIRE_CONVENTION, C.DEPOSER_DEMANDE, C.SIGNER_CONVENTION, C.DECIDER_CONVENTION,
)  # fmt: skip

TRANSITIONS: dict[str, Transition] = {
    t.nom: t
    for t in (
        # La demande
        _t("deposer", {E.BROUILLON: E.DEPOSE}, _DEPOSER, "Déposer la demande",
           effet="Le service instructeur la reçoit ; un accusé de réception dit le délai d'instruction."),
        _t("declarer_incomplet", _de({E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION}, E.INCOMPLET), _INSTRUIRE,
           "Demander les pièces manquantes", motif=True, effet="La structure reçoit la liste et le délai."),
        _t("completer", {E.INCOMPLET: E.DEPOSE}, _DEPOSER, "Déposer les pièces demandées"),
        _t("declarer_complet", _de({E.DEPOSE, E.INCOMPLET}, E.COMPLET), _INSTRUIRE, "Déclarer la demande complète"),
        _t("renvoyer", _de(INSTRUITS, E.BROUILLON), _INSTRUIRE, "Rendre la demande à la structure",
           motif=True, retour=True, effet="La structure la corrige et la dépose de nouveau."),
        _t("instruire", {E.COMPLET: E.EN_INSTRUCTION}, _INSTRUIRE, "Commencer l'instruction"),
        _t("negocier", {E.EN_INSTRUCTION: E.EN_NEGOCIATION}, _INSTRUIRE, "Ouvrir la négociation des objectifs"),
        _t("reprendre_instruction", {E.EN_NEGOCIATION: E.EN_INSTRUCTION}, _INSTRUIRE, "Revenir à l'instruction",
           motif=True, retour=True),
        # L'avis
        _t("soumettre_avis", {E.EN_INSTRUCTION: E.SOUMIS_AVIS, E.EN_NEGOCIATION: E.SOUMIS_AVIS} | _AVENANT,
           _INSTRUIRE, "Soumettre à l'avis de la commission", ({V.PREPARATION}, V.SOUMISE_AVIS)),
        _t("retirer_avis", {E.SOUMIS_AVIS: E.EN_NEGOCIATION} | _AVENANT, _INSTRUIRE, "Retirer la demande d'avis",
           ({V.SOUMISE_AVIS}, V.PREPARATION), motif=True, retour=True),
        _t("rendre_avis", {E.SOUMIS_AVIS: E.AVIS_RENDU} | _AVENANT, C.ENREGISTRER_AVIS, "Enregistrer l'avis",
           ({V.SOUMISE_AVIS}, V.AVIS_RENDU)),
        _t("reprendre_negociation", {E.AVIS_RENDU: E.EN_NEGOCIATION} | _AVENANT, _INSTRUIRE,
           "Reprendre la négociation", ({V.AVIS_RENDU}, V.PREPARATION), motif=True, retour=True,
           effet="Les termes se modifient de nouveau ; l'avis déjà rendu reste au dossier."),
        # Les signatures
        _t("mettre_en_signature", {E.AVIS_RENDU: E.A_SIGNER, E.EN_NEGOCIATION: E.A_SIGNER} | _AVENANT, _INSTRUIRE,
           "Mettre à la signature", ({V.AVIS_RENDU, V.PREPARATION}, V.A_SIGNER),
           effet="Les termes sont figés ; chaque partie est invitée à signer à son tour."),
        _t("retirer_signature", {E.A_SIGNER: E.EN_NEGOCIATION} | _AVENANT, _INSTRUIRE, "Retirer de la signature",
           ({V.A_SIGNER}, V.PREPARATION), motif=True, retour=True),
        _t("signer", {E.A_SIGNER: E.PARTIELLEMENT_SIGNE, E.PARTIELLEMENT_SIGNE: E.PARTIELLEMENT_SIGNE} | _AVENANT,
           _SIGNER, "Enregistrer une signature", ({V.A_SIGNER, V.PARTIELLEMENT_SIGNEE}, V.PARTIELLEMENT_SIGNEE)),
        _t("annuler_signatures", {E.PARTIELLEMENT_SIGNE: E.EN_NEGOCIATION} | _AVENANT, _INSTRUIRE,
           "Reprendre un acte partiellement signé", ({V.PARTIELLEMENT_SIGNEE}, V.PREPARATION), motif=True, retour=True,
           effet="Les signatures déjà reçues restent au journal et ne valent plus : l'acte change."),
        _t("achever_signature",
           {E.A_SIGNER: E.SIGNE, E.PARTIELLEMENT_SIGNE: E.SIGNE, E.AVENANT_EN_PREPARATION: E.EN_COURS,
            E.SUSPENDU: AVANT, E.EN_RENOUVELLEMENT: E.EN_RENOUVELLEMENT},
           _SIGNER, "Enregistrer la dernière signature", ({V.A_SIGNER, V.PARTIELLEMENT_SIGNEE}, V.SIGNEE),
           effet="La version ne change plus. Un avenant s'applique à sa date d'effet ; une suspension est levée."),
        # L'exécution
        _t("commencer", {E.SIGNE: E.EN_COURS}, None, "Prise d'effet de la convention"),
        _t("reprendre", {E.BROUILLON: E.EN_COURS}, _INSTRUIRE, "Reprendre une convention née ailleurs",
           ({V.PREPARATION}, V.SIGNEE)),
        _t("preparer_avenant",
           {E.EN_COURS: E.AVENANT_EN_PREPARATION} | _sur_place(E.SUSPENDU, E.EN_RENOUVELLEMENT),
           _INSTRUIRE, "Préparer un avenant"),
        _t("abandonner_avenant",
           {E.AVENANT_EN_PREPARATION: E.EN_COURS} | _sur_place(E.SUSPENDU, E.EN_RENOUVELLEMENT), _INSTRUIRE,
           "Abandonner l'avenant", (set(EN_SUSPENS) - {V.PARTIELLEMENT_SIGNEE}, V.ABANDONNEE), motif=True,
           retour=True),
        _t("suspendre", _de({E.EN_COURS, E.AVENANT_EN_PREPARATION, E.EN_RENOUVELLEMENT}, E.SUSPENDU), _INSTRUIRE,
           "Constater la suspension des versements", effet="L'avenant de l'année n'est pas signé à la date limite."),
        _t("lever_suspension", {E.SUSPENDU: AVANT}, _INSTRUIRE, "Lever la suspension", motif=True, retour=True),
        # Le manquement
        _t("engager_manquement",
           _de({E.EN_COURS, E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT}, E.MANQUEMENT), _DECIDER,
           "Engager la procédure de manquement", motif=True,
           effet="Lettre recommandée ; l'employeur a au moins un mois pour ses observations."),
        _t("clore_manquement", {E.MANQUEMENT: AVANT}, _DECIDER, "Clore la procédure sans suite", motif=True,
           retour=True),
        _t("resilier", {E.MANQUEMENT: E.RESILIE}, _DECIDER, "Résilier la convention", motif=True,
           effet="Un avenant encore en préparation est abandonné."),
        _t("retablir", {E.RESILIE: E.EN_COURS}, _DECIDER, "Rétablir la convention", motif=True, retour=True,
           effet="Recours accueilli, ou décision annulée par le juge."),
        _t("expirer",
           _de({E.EN_COURS, E.AVENANT_EN_PREPARATION, E.SUSPENDU, E.EN_RENOUVELLEMENT}, E.EXPIRE), None,
           "Fin de la convention"),
        # Le renouvellement et le refus
        _t("engager_renouvellement", {E.EN_COURS: E.EN_RENOUVELLEMENT}, _INSTRUIRE, "Engager le renouvellement"),
        _t("abandonner_renouvellement", {E.EN_RENOUVELLEMENT: AVANT}, _INSTRUIRE, "Abandonner le renouvellement",
           motif=True, retour=True),
        _t("refuser", _de({*INSTRUITS, E.SOUMIS_AVIS, E.AVIS_RENDU, E.A_SIGNER}, E.REFUSE), _DECIDER,
           "Refuser la convention", (set(EN_SUSPENS), V.ABANDONNEE), motif=True),
        _t("reexaminer", {E.REFUSE: E.EN_INSTRUCTION}, _DECIDER, "Réexaminer la demande",
           ({V.ABANDONNEE}, V.PREPARATION), motif=True, retour=True, effet="Recours gracieux accueilli."),
    )
}  # fmt: skip


def verifier(nom: str, etat: str, etat_version: str | None = None) -> Transition:
    """Return the transition `nom` if it starts from the state of the convention and of its pending version.

    Raises:
        ActionRefusee: naming the present state.
    """
    transition = TRANSITIONS[nom]
    if etat not in transition.passages:
        raise ActionRefusee(
            f"« {transition.libelle} » n'est pas possible : la convention est « {E(etat).label.lower()} »."
        )
    if transition.version and etat_version not in transition.version[0]:
        ou = f"est « {V(etat_version).label.lower()} »" if etat_version else "n'existe pas"
        raise ActionRefusee(f"« {transition.libelle} » n'est pas possible : la version à traiter {ou}.")
    return transition


def possibles(etat: str, etat_version: str | None = None) -> list[Transition]:
    """Return the moves a person may ask for, given the state of the convention and of its pending version."""
    return [
        t
        for t in TRANSITIONS.values()
        if t.capacite is not None and etat in t.passages and (t.version is None or etat_version in t.version[0])
    ]
