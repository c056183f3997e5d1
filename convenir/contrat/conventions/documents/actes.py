"""The act to sign: its context from the version, its PDF kept by fingerprint and attached to the convention."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.documents.contextes import ActeDocument, Titre
from convenir.contrat.conventions.documents.redaction import (
    annexe_financiere,
    annexe_objectifs,
    titres_d_avenant,
    titres_de_convention,
)
from convenir.contrat.conventions.fichiers import lire
from convenir.contrat.conventions.models import (
    Convention,
    Dispositif,
    GenrePiece,
    NatureVersion,
    Partie,
    Piece,
    Signature,
    Version,
)
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.documents.contextes import Meta
from convenir.socle.documents.rendu import rendre
from convenir.socle.organisations.models import Nature

VERIFIER = "Comparez cette empreinte à celle que montre la page de la convention dans Convenir."


def acte_de(version: Version, jour: date) -> ActeDocument:
    """Return the context of the act of a version, as it stands on a day."""
    convention = version.convention
    iae = convention.dispositif == Dispositif.IAE
    initiale = version.nature == NatureVersion.INITIALE
    signatures = list(version.signatures.exclude(etat="annulee").select_related("organisation").order_by("ordre"))
    genre = str(convention.get_dispositif_display())
    titre = genre if initiale else f"{version.libelle} à la {genre[0].lower()}{genre[1:]}"
    return ActeDocument(
        meta=_meta(convention, version, titre),
        services=(f"Préfecture {convention.departement.complement}", convention.service.nom_au(jour)),
        titre=titre,
        objet=f"{convention.nom_de_la_partie}, du {en_mots(convention.debut)} au {en_mots(convention.dernier_jour)}",
        cartouche=(
            ("Référence", convention.reference),
            *((("Numéro ASP", convention.numero_asp or "À attribuer"),) if iae else ()),
            ("Prise d’effet", en_mots(version.effet)),
        ),
        visas=_visas(convention, version),
        parties=tuple((_partie(s), f"{s.organisation.nom_au(jour)}, {_minuscule(s.autorite)}")
                      for s in signatures),
        titres=_titres(convention, version),
        annexes=_annexes(version) if iae else (),
        fait=f"Fait en {pluriel(len(signatures), 'exemplaire')}." if signatures else "",
        signatures=tuple({"qualite": _partie(s), "nom": s.signataire or s.autorite}
                         for s in signatures),
        preuve=_preuve(version),
    )  # fmt: skip


def _annexes(version: Version) -> tuple[Titre, ...]:
    termes = version.termes
    return annexe_financiere(termes, version.effet.year), annexe_objectifs(termes)


def _partie(signature: Signature) -> str:
    """Name a party; a mission locale is not called « structure »."""
    if signature.partie == Partie.STRUCTURE and signature.organisation.nature == Nature.MISSION_LOCALE:
        return "Mission locale"
    return str(signature.get_partie_display())


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _meta(convention: Convention, version: Version, titre: str) -> Meta:
    return Meta(
        titre=f"{titre} : {convention.nom_de_la_partie}",
        reference=f"{convention.reference}-v{version.rang}",
        auteur=str(convention.service),
        objet=f"{version.libelle} de la convention {convention.reference}",
        etat=f"{version.libelle}, {str(version.get_etat_display()).lower()}",
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


def _titres(convention: Convention, version: Version) -> tuple[Titre, ...]:
    if version.nature == NatureVersion.INITIALE:
        return titres_de_convention(convention, version)
    precedente = convention.versions.signees().filter(rang__lt=version.rang).last()
    if precedente is None:
        raise ValueError("Un avenant suit une version signée.")
    return titres_d_avenant(convention, version, precedente)


def _preuve(version: Version) -> dict[str, object]:
    return {
        "empreinte": version.empreinte,
        "figees_le": version.creee_le.date().isoformat(),
        "definitions": "termes de la version",
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
