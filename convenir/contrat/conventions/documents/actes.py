"""The act to sign: its context from the version, its PDF kept by fingerprint and attached to the convention."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.actions.signatures import signatures_a_venir
from convenir.contrat.conventions.documents.annexes import annexes_de
from convenir.contrat.conventions.documents.contextes import ActeDocument, Titre
from convenir.contrat.conventions.documents.redaction import titres_d_avenant, titres_de_convention
from convenir.contrat.conventions.fichiers import lire
from convenir.contrat.conventions.models import (
    Convention,
    Dispositif,
    EtatSignature,
    GenrePiece,
    NatureVersion,
    Partie,
    Piece,
    Signature,
    Version,
)
from convenir.contrat.conventions.states import EN_SUSPENS
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import minuscule, pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.contextes import Meta
from convenir.socle.documents.rendu import rendre
from convenir.socle.organisations.models import Nature

AILLEURS = "Acte signé hors de Convenir : le texte qui fait foi est le fichier joint à la convention."
VERIFIER = "Comparez cette empreinte à celle que montre la page de la convention dans Convenir."


def acte_de(version: Version, jour: date) -> ActeDocument:
    """Return the context of the act of a version, as it stands on a day."""
    convention = version.convention
    iae = convention.dispositif == Dispositif.IAE
    initiale = version.nature == NatureVersion.INITIALE
    signatures, annexes = _signatures(version, jour), annexes_de(version)
    genre = str(convention.get_dispositif_display())
    titre = genre if initiale else f"{version.libelle} à la {minuscule(genre)}"
    return ActeDocument(
        meta=_meta(convention, version, titre),
        services=(f"Préfecture {convention.departement.complement}", convention.service.nom_au(jour)),
        titre=titre,
        objet=f"{_nom_complet(convention)}, du {en_mots(convention.debut)} au {en_mots(convention.dernier_jour)}",
        cartouche=(
            ("Référence", convention.reference),
            *((("Numéro ASP", convention.numero_asp or "À attribuer"),) if iae else ()),
            ("Prise d’effet", en_mots(version.effet)),
        ),
        visas=_visas(convention, version),
        parties=tuple(_partie(s, jour) for s in sorted(signatures, key=lambda s: s.partie != Partie.ETAT)),
        titres=_titres(convention, version, annexes=len(annexes)),
        annexes=annexes,
        fait=f"Fait en {pluriel(len(signatures), 'exemplaire')}." if signatures else AILLEURS,
        signatures=tuple({"qualite": _au_nom_de(s, jour), "nom": _signataire(s)} for s in signatures),
        preuve=_preuve(version),
    )  # fmt: skip


def _nom_complet(convention: Convention) -> str:
    """Name the structure and its category; a mission locale says what it is by its name."""
    if not convention.categorie:
        return convention.nom_de_la_partie
    categorie = minuscule(str(convention.get_categorie_display()))
    return f"{convention.nom_de_la_partie}, {categorie} ({convention.categorie})"


def _signatures(version: Version, jour: date) -> list[Signature]:
    """Return the signatures of an act; those it will ask for while it is written, as far as its parties are known.

    An act signed elsewhere and taken over has none here.
    """
    ouvertes = version.signatures.exclude(etat=EtatSignature.ANNULEE).select_related("organisation").order_by("ordre")
    lues = list(ouvertes)
    if lues or version.etat not in EN_SUSPENS:
        return lues
    try:
        return signatures_a_venir(version, jour)
    except ActionRefusee:
        return []


def _partie(signature: Signature, jour: date) -> tuple[str, str, str]:
    """Name a party and who represents it: the person who signed, else the prefect, else a line to fill in."""
    organisation, nom = signature.organisation, signature.organisation.nom_au(jour)
    if signature.partie == Partie.ETAT:
        return "L’État", "représenté par", _signataire(signature) or minuscule(signature.autorite)
    if signature.partie == Partie.FRANCE_TRAVAIL:
        remplacee = signature.etat == EtatSignature.SUBSTITUEE
        suite = "dont la signature est remplacée par" if remplacee else "représenté par"
        return "France Travail", f"{nom}, {suite}", _signataire(signature)
    if signature.partie == Partie.FINANCEUR:
        return nom, "cofinanceur des aides au poste, représenté par", _signataire(signature)
    dite = "mission locale" if organisation.nature == Nature.MISSION_LOCALE else "structure"
    return nom, f"dite « la {dite} », représentée par", _signataire(signature)


def _signataire(signature: Signature) -> str:
    """Write who signed, or the act that stands for it; nothing while nobody did."""
    if signature.etat == EtatSignature.SUBSTITUEE:
        return f"un acte joint, du {en_mots(signature.signee_le)}"
    return f"{signature.signataire}, {minuscule(signature.qualite)}" if signature.signataire else ""


def _au_nom_de(signature: Signature, jour: date) -> str:
    if signature.partie == Partie.ETAT:
        return signature.autorite
    return "France Travail" if signature.partie == Partie.FRANCE_TRAVAIL else signature.organisation.nom_au(jour)


def _meta(convention: Convention, version: Version, titre: str) -> Meta:
    return Meta(
        titre=f"{titre} : {convention.nom_de_la_partie}",
        reference=f"{convention.reference}-v{version.rang}",
        auteur=str(convention.service),
        objet=f"{version.libelle} de la convention {convention.reference}",
        etat=f"{version.libelle}, version {str(version.get_etat_display()).lower()}",
        mots=("convention", "insertion"),
        type=str(convention.get_dispositif_display()),
        nature="",
    )


def _visas(convention: Convention, version: Version) -> tuple[str, ...]:
    """Return the recitals: the code, the opinion given."""
    iae = convention.dispositif == Dispositif.IAE
    code = "le code du travail, notamment ses articles " + (
        "L. 5132-1 à L. 5132-3-1 et leurs textes d’application" if iae else "L. 5314-1 à L. 5314-4"
    )
    avis = version.avis.exclude(sens="ajourne").order_by("-jour").first()
    if avis is None:
        return (code,)
    return (
        code,
        f"l’avis {avis.get_sens_display().lower()} de l’instance « {avis.instance} » du {en_mots(avis.jour)}",
    )


def _titres(convention: Convention, version: Version, *, annexes: int) -> tuple[Titre, ...]:
    if version.nature == NatureVersion.INITIALE:
        return titres_de_convention(convention, version, annexes=annexes)
    precedente = convention.versions.signees().filter(rang__lt=version.rang).last()
    if precedente is None:
        raise ValueError("Un avenant suit une version signée.")
    return titres_d_avenant(convention, version, precedente, annexes=annexes)


def _preuve(version: Version) -> dict[str, object]:
    return {
        "empreinte": version.empreinte,
        "figees_le": timezone.localdate(version.creee_le).isoformat(),
        "definitions": "",
        "comment": VERIFIER,
        "journal_numero": None,
        "journal_empreinte": None,
    }


@transaction.atomic
def produire(acteur: Acteur, version: Version, *, jour: date, maintenant: datetime) -> Piece:
    """Make the PDF of the act and attach it; the same version gives the same bytes."""
    rendu = rendre("acte", acte_de(version, jour), horodatage=version.creee_le, fictif=settings.DONNEES_FICTIVES)
    nom = f"{version.convention.reference}-v{version.rang}.pdf".lower()
    fichier = lire(nom, rendu.octets)
    deja = version.pieces.filter(genre=GenrePiece.ACTE, sha256=rendu.sha256).first()
    if deja is not None:
        return deja
    return joindre(
        acteur, version.convention, GenrePiece.ACTE, fichier, jour=jour, maintenant=maintenant, version=version
    )
