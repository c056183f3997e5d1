"""Put a version to signature, receive the signatures by the routes of the decisions (§ 10), finish the act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from convenir.contrat.conventions import actes, annonces, policies, suites
from convenir.contrat.conventions.actions.annexes_de_version import donner_son_annexe
from convenir.contrat.conventions.actions.constats import Signataire, SignatureRecue, constater
from convenir.contrat.conventions.actions.passages import (
    accomplir,
    annuler_les_signatures,
    verrouiller,
    version_a_traiter,
)
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import (
    Convention,
    Dispositif,
    EtatSignature,
    GenrePiece,
    Partie,
    Piece,
    Signature,
    Titre,
    Version,
    Voie,
)  # fmt: skip
from convenir.contrat.conventions.rules.signataires import EtatDePartie, peut_signer, signent
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Nature, Organisation


@suites.acte
def mettre_en_signature(
    acteur: Acteur, convention: Convention, *, jour: date, maintenant: datetime, agence: Organisation | None = None
) -> Version:
    """Freeze the terms and open one signature by party, in the order of authority.

    Args:
        agence: the agency of France Travail that signs; by default, that of the département.

    Raises:
        ActionRefusee: right, state, guard, or a party that no organisation represents.
    """
    fraiche = accomplir(acteur, convention, "mettre_en_signature", jour=jour, maintenant=maintenant)
    version = version_a_traiter(fraiche)
    assert version is not None  # la transition en exige une
    for signature in signatures_a_venir(version, jour, agence):
        signature.remise_le = jour
        signature.save()
    return version


def signatures_a_venir(version: Version, jour: date, agence: Organisation | None = None) -> list[Signature]:
    """Return the signatures that a version asks for, unsaved, in the order of authority.

    Raises:
        ActionRefusee: a party that no organisation represents.
    """
    convention = version.convention
    return [
        Signature(
            version=version, partie=attendue.partie, organisation=organisation, ordre=attendue.ordre,
            autorite=autorite(convention, attendue.partie, organisation, jour),
            deliberation_attendue=attendue.partie == Partie.FINANCEUR,
        )
        for attendue in signent(version.termes, france_travail=convention.dispositif == Dispositif.IAE)
        for organisation in [_organisation(convention, attendue.partie, attendue.cle, agence)]
    ]  # fmt: skip


def _organisation(convention: Convention, partie: str, cle: str, agence: Organisation | None) -> Organisation:
    """Return the organisation that signs for a party.

    Raises:
        ActionRefusee: none is known.
    """
    trouvee: Organisation | None = convention.service
    if partie == Partie.STRUCTURE:
        trouvee = convention.organisation
    elif partie == Partie.FRANCE_TRAVAIL:
        agences = Organisation.objects.filter(nature=Nature.FRANCE_TRAVAIL)
        trouvee = agence or agences.filter(departement=convention.departement_id).first()
    elif partie == Partie.FINANCEUR:
        trouvee = Organisation.objects.filter(pk=int(cle)).first() if cle.isdecimal() else None
    if trouvee is None:
        raise ActionRefusee(f"Aucune organisation connue ne signe pour : {Partie(partie).label}.")
    return trouvee


def autorite(convention: Convention, partie: str, organisation: Organisation, jour: date) -> str:
    """Return the authority in whose name a party signs, as the act prints it."""
    if partie == Partie.ETAT:
        return f"Le préfet {convention.departement.complement}"
    if partie == Partie.FRANCE_TRAVAIL:
        return f"Pour {organisation.nom_au(jour)}, la direction de l'agence"
    if partie == Partie.FINANCEUR:
        return f"Pour {organisation.nom_au(jour)}, la présidence ou l'élu délégué"
    return f"Pour {organisation.nom_au(jour)}, la présidence ou la direction"


@suites.acte
def signer(acteur: Acteur, signature: Signature, recue: SignatureRecue, *, maintenant: datetime) -> Signature:
    """Record a signature; the last one finishes the act.

    Raises:
        ActionRefusee: not this person's to record, not this party's turn, or the act is not at signature.
        EntreeInvalide: signatory incomplete, file missing, other page count, PDF signature that does not hold.
    """
    convention = verrouiller(signature.version.convention)
    fraiche = a_signer(acteur, convention, signature)
    _verifier_signataire(recue.signataire, recue.jour, maintenant)
    _verifier_l_ordre(fraiche, recue.jour)
    constat = constater(fraiche, recue, acteur)
    fraiche.etat, fraiche.signee_le, fraiche.voie = EtatSignature.SIGNEE, recue.jour, recue.voie
    fraiche.signataire, fraiche.qualite = recue.signataire.nom.strip(), recue.signataire.qualite.strip()
    fraiche.titre, fraiche.fondement = recue.signataire.titre, recue.signataire.fondement.strip()
    fraiche.constat = constat
    compare, fraiche.piece = fraiche.piece, _acte_signe(acteur, convention, fraiche, recue, maintenant)
    fraiche.save()
    if compare and compare != fraiche.piece:
        compare.delete()
    annonces.n_est_plus_a_signer(fraiche, signee=True)
    _avancer(acteur, convention, recue.jour, maintenant)
    return fraiche


@suites.acte
def substituer(
    acteur: Acteur, signature: Signature, *, jour: date, motif: str, fichier: Fichier, maintenant: datetime
) -> Signature:
    """Record what stands for a signature that will not come: a dated act, attached, with its reason.

    Raises:
        ActionRefusee: the State, the structure and the funder sign themselves; only France Travail is replaced.
        EntreeInvalide: no reason.
    """
    convention = verrouiller(signature.version.convention)
    policies.exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    fraiche = a_signer(acteur, convention, signature)
    if fraiche.partie != Partie.FRANCE_TRAVAIL:
        raise ActionRefusee(f"{fraiche.get_partie_display()} : cette signature ne se remplace pas.")
    if not motif.strip():
        raise EntreeInvalide("Dites quel acte remplace la signature : « accord de coopération annexé », par exemple.")
    fraiche.etat, fraiche.signee_le, fraiche.motif = EtatSignature.SUBSTITUEE, jour, motif.strip()
    fraiche.piece = _joindre(acteur, convention, fraiche, GenrePiece.SUBSTITUT, fichier, jour, maintenant)
    fraiche.save()
    annonces.n_est_plus_a_signer(fraiche, signee=True)
    _avancer(acteur, convention, jour, maintenant)
    return fraiche


def a_signer(acteur: Acteur, convention: Convention, signature: Signature) -> Signature:
    """Return the signature, locked, when this person may record it now."""
    fraiche = Signature.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=signature.pk)
    policies.exiger(acteur, convention, Capacite.SIGNER_CONVENTION)
    if raison := policies.refus_de_signature(acteur, fraiche):
        raise ActionRefusee(raison)
    version = version_a_traiter(convention)
    if version is None or version.pk != fraiche.version_id:
        raise ActionRefusee("Cet acte n'est plus à la signature.")
    if fraiche.etat != EtatSignature.ATTENDUE:
        raise ActionRefusee(f"Cette signature est déjà « {fraiche.get_etat_display().lower()} ».")
    if not peut_signer(fraiche.partie, etats(version)):
        raise ActionRefusee("Ce n'est pas encore son tour : l'État signe après toutes les autres parties.")
    return fraiche


def etats(version: Version) -> list[EtatDePartie]:
    """Return what has become of each expected signature of a version."""
    lignes = version.signatures.exclude(etat=EtatSignature.ANNULEE).values_list("partie", "ordre", "etat")
    return [EtatDePartie(*ligne) for ligne in lignes]


def _verifier_signataire(signataire: Signataire, jour: date, maintenant: datetime) -> None:
    if not signataire.nom.strip() or not signataire.qualite.strip():
        raise EntreeInvalide("Donnez le nom et la qualité de la personne qui a signé.")
    if signataire.titre != Titre.TITULAIRE and not signataire.fondement.strip():
        raise EntreeInvalide("Une délégation ou un intérim cite l'acte qui les donne, avec sa date.")
    if jour > timezone.localdate(maintenant):
        raise EntreeInvalide("La date de signature est dans le futur.")


def _verifier_l_ordre(signature: Signature, jour: date) -> None:
    """The State signs last: its date does not come before that of another party."""
    if signature.partie != Partie.ETAT:
        return
    autres = signature.version.signatures.exclude(etat=EtatSignature.ANNULEE).exclude(pk=signature.pk)
    derniere = autres.aggregate(jour=Max("signee_le"))["jour"]
    if derniere is not None and jour < derniere:
        raise EntreeInvalide(f"L'État signe en dernier : sa date ne précède pas le {en_mots(derniere)}.")


def _acte_signe(
    acteur: Acteur, convention: Convention, signature: Signature, recue: SignatureRecue, maintenant: datetime
) -> Piece | None:
    """Return the signed act as a piece: the file received with the signature, or the scan kept before."""
    if recue.fichier:
        return _joindre(acteur, convention, signature, GenrePiece.ACTE_SIGNE, recue.fichier, recue.jour, maintenant)
    if recue.voie != Voie.PAPIER or signature.piece is None:
        return None
    signature.piece.genre, signature.piece.jour = GenrePiece.ACTE_SIGNE, recue.jour
    signature.piece.save(update_fields=["genre", "jour"])
    return signature.piece


def _joindre(
    acteur: Acteur, convention: Convention, signature: Signature, genre: str, fichier: Fichier, jour: date,
    maintenant: datetime,
) -> Piece:  # fmt: skip
    return joindre(acteur, convention, genre, fichier, jour=jour, maintenant=maintenant, version=signature.version)


def _avancer(acteur: Acteur, convention: Convention, jour: date, maintenant: datetime) -> None:
    """Make the move that the signature brings: partly signed, or signed when it was the last."""
    version = version_a_traiter(convention)
    assert version is not None
    derniere = not version.signatures.filter(etat=EtatSignature.ATTENDUE).exists()
    accomplir(acteur, convention, "achever_signature" if derniere else "signer", jour=jour, maintenant=maintenant)
    if derniere:
        donner_son_annexe(version, maintenant=maintenant)


@suites.acte
def annuler_signatures(
    acteur: Acteur, convention: Convention, *, motif: str, jour: date, maintenant: datetime
) -> Convention:
    """Take back a partly signed act: the signatures received stay in the journal and no longer count."""
    fraiche = accomplir(acteur, convention, "annuler_signatures", jour=jour, maintenant=maintenant, motif=motif)
    _annuler(fraiche)
    return fraiche


@suites.acte
def retirer_de_la_signature(
    acteur: Acteur, convention: Convention, *, motif: str, jour: date, maintenant: datetime
) -> Convention:
    """Take back an act that nobody signed yet; its terms may change again."""
    fraiche = accomplir(acteur, convention, "retirer_signature", jour=jour, maintenant=maintenant, motif=motif)
    _annuler(fraiche)
    return fraiche


def _annuler(convention: Convention) -> None:
    version = version_a_traiter(convention)
    assert version is not None
    annuler_les_signatures(version)


@suites.acte
def deliberer(acteur: Acteur, signature: Signature, *, reference: str, jour: date) -> Signature:
    """Record the deliberation of a funder or a board; awaiting it blocks nobody.

    Raises:
        EntreeInvalide: no reference.
    """
    policies.exiger(acteur, signature.version.convention, Capacite.SIGNER_CONVENTION)
    if raison := policies.refus_de_signature(acteur, signature):
        raise ActionRefusee(raison)
    if not reference.strip():
        raise EntreeInvalide("Donnez la référence de la délibération.")
    signature.deliberation, signature.deliberee_le = reference.strip(), jour
    signature.deliberation_attendue = False
    signature.save(update_fields=["deliberation", "deliberee_le", "deliberation_attendue"])
    apres = {"partie": signature.partie, "reference": reference, "jour": jour}
    convention = signature.version.convention
    suites.inscrire(
        actes.DELIBERER, convention, acteur, jour=jour, apres=apres, cle=signature.pk,
        details=f"{signature.organisation}, {reference.strip()}.",
    )  # fmt: skip
    return signature


@dataclass(frozen=True)
class Relance:
    """A party reminded: its signature, how many people were told, none when nobody there has an account."""

    signature: Signature
    prevenues: int

    @property
    def phrase(self) -> str:
        """What came of it, in words."""
        if not self.prevenues:
            return (
                f"La relance est enregistrée. Personne de {self.signature.organisation} n'a de compte : écrivez-lui."
            )
        return f"La relance part à {pluriel(self.prevenues, 'personne')} de {self.signature.organisation}."


@suites.acte
def relancer(acteur: Acteur, signature: Signature, *, jour: date) -> Relance:
    """Remind a party whose turn it is: those who sign for it are told, by mail if they want it.

    Raises:
        ActionRefusee: nothing is awaited from it, or it is not its turn yet.
    """
    convention = signature.version.convention
    policies.exiger(acteur, convention, Capacite.INSTRUIRE_CONVENTION)
    if signature.etat != EtatSignature.ATTENDUE:
        raise ActionRefusee("Cette partie n'a plus rien à signer.")
    if not peut_signer(signature.partie, etats(signature.version)):
        raise ActionRefusee("Ce n'est pas encore son tour : l'État signe après toutes les autres parties.")
    signature.relancee_le = jour
    signature.save(update_fields=["relancee_le"])
    prevenues = annonces.relance(signature, convention, jour, acteur.utilisateur)
    apres = {
        "partie": signature.partie, "organisation": str(signature.organisation), "jour": jour, "prevenues": prevenues,
    }  # fmt: skip
    suites.inscrire(actes.RELANCER, convention, acteur, jour=jour, apres=apres, cle=signature.pk)
    return Relance(signature, prevenues)
