"""The third route of signature: hand an act over to a *parapheur*, record what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from convenir.contrat.conventions import actes, parapheur, policies, suites
from convenir.contrat.conventions.actions.constats import Signataire, SignatureRecue, acte_a_signer
from convenir.contrat.conventions.actions.passages import version_a_traiter
from convenir.contrat.conventions.actions.signatures import signer
from convenir.contrat.conventions.fichiers import Fichier, lire
from convenir.contrat.conventions.models import Convention, EtatSignature, Piece, Signature, Titre, Version, Voie
from convenir.contrat.conventions.states import EtatVersion
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.documents.stockage import relire

EN_SIGNATURE = frozenset({EtatVersion.A_SIGNER, EtatVersion.PARTIELLEMENT_SIGNEE})


@dataclass(frozen=True)
class Envoi:
    """An archive for the *parapheur*."""

    nom: str
    octets: bytes


@suites.acte
def remettre_au_parapheur(acteur: Acteur, convention: Convention, *, jour: date) -> Envoi:
    """Make the archive of the act at signature: its PDF and its slip.

    Raises:
        ActionRefusee: no right, or no act at signature.
    """
    version, acte = _acte(acteur, convention)
    slip = parapheur.bordereau(version, acte)
    octets = parapheur.ecrire(slip, _dernier_pdf(version, acte))
    apres = {"acte": version.libelle, "sha256": acte.sha256, "signataires": len(slip["circuit"])}
    suites.inscrire(actes.REMETTRE_AU_PARAPHEUR, convention, acteur, jour=jour, apres=apres, cle=version.pk)
    return Envoi(f"parapheur-{convention.reference.lower()}-v{version.rang}.zip", octets)


def _acte(acteur: Acteur, convention: Convention) -> tuple[Version, Piece]:
    policies.exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    version = version_a_traiter(convention)
    if version is None or version.etat not in EN_SIGNATURE:
        raise ActionRefusee("Aucun acte n'est à la signature.")
    acte = acte_a_signer(version)
    if acte is None:
        raise ActionRefusee("L'acte à signer n'est pas encore produit : remettez la version à la signature.")
    return version, acte


def _dernier_pdf(version: Version, acte: Piece) -> bytes:
    """Return the act with the electronic signatures already received: the next ones add to them."""
    faites = version.signatures.filter(etat=EtatSignature.SIGNEE, voie__in=[Voie.PARAPHEUR, Voie.PDF_SIGNE])
    derniere = faites.filter(piece__isnull=False).select_related("piece").order_by("-piece__pk").first()
    piece = derniere.piece if derniere and derniere.piece else acte
    octets = relire(piece.sha256, piece.suffixe)
    original = relire(acte.sha256, acte.suffixe)
    return octets if octets.startswith(original) else original


@suites.acte
def revenir_du_parapheur(
    acteur: Acteur, convention: Convention, octets: bytes, nom: str, *, maintenant: datetime
) -> list[Signature]:
    """Record every new signature that an archive brings back, in the order of the circuit; return them.

    Raises:
        ActionRefusee: no right, no act at signature, or a party that signs before its turn.
        EntreeInvalide: another act, a rewritten PDF, a signature that does not hold, nothing new.
    """
    version, acte = _acte(acteur, convention)
    retour = parapheur.lire(octets, nom)
    if retour.reference != convention.reference:
        raise EntreeInvalide(f"Ce bordereau est celui de {retour.reference}.")
    vives = list(version.signatures.exclude(etat=EtatSignature.ANNULEE).select_related("version__convention"))
    rapportees = {s.cle: s for s in retour.signatures}
    if inconnues := rapportees.keys() - {s.pk for s in vives}:
        raise EntreeInvalide(f"Le bordereau rapporte une signature qui n'est pas de cet acte ({min(inconnues)}).")
    nouvelles = [s for s in vives if s.pk in rapportees and s.etat == EtatSignature.ATTENDUE]
    if not nouvelles:
        raise EntreeInvalide("Le bordereau n'apporte aucune signature nouvelle.")
    deja = sum(s.etat == EtatSignature.SIGNEE and s.voie != Voie.PAPIER for s in vives)
    parapheur.exiger_le_meme_acte(retour, acte, relire(acte.sha256, acte.suffixe), len(nouvelles) + deja, deja)
    fichier = lire(retour.nom, retour.pdf, acceptes=frozenset({".pdf"}))
    return [
        signer(acteur, s, _recue(rapportees[s.pk], fichier), maintenant=maintenant)
        for s in sorted(nouvelles, key=lambda s: (s.ordre, s.pk))
    ]


def _recue(rapportee: parapheur.SignatureRapportee, fichier: Fichier) -> SignatureRecue:
    if rapportee.titre not in Titre.values:
        raise EntreeInvalide(f"Le bordereau donne un titre inconnu : « {rapportee.titre} ».")
    qui = Signataire(rapportee.signataire, rapportee.qualite, rapportee.titre, rapportee.fondement)
    return SignatureRecue(rapportee.signee_le, Voie.PARAPHEUR, qui, fichier)
