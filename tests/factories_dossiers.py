"""Fabriques des dossiers : un dossier rempli, ses pièces. Tout est inventé."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import factory
from factory.django import DjangoModelFactory

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers.models import ActionProjet, Dossier, Financement, PieceJointe, Reponse
from tests.factories_conventions import convention_en_preparation

INSTANT = datetime(2026, 11, 2, 9, tzinfo=UTC)
JOUR = date(2026, 11, 2)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
VALEURS = {
    "porteur.forme": "association",
    "porteur.siret": "55210055400013",
    "porteur.premiere_demande": "oui",
    "publics.publics_nombre": "40",
    "moyens.encadrants_etp": "3.5",
    "moyens.accueil": "4",
    "postes.etp_demandes": "12",
}


def docx() -> bytes:
    """Un document de traitement de texte sans rien dedans."""
    tampon = BytesIO()
    with ZipFile(tampon, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "<w/>")
    return tampon.getvalue()


class DossierFactory(DjangoModelFactory):
    """Un dossier vide, d'une convention en brouillon."""

    class Meta:
        model = Dossier

    convention = factory.LazyFunction(lambda: convention_en_preparation(debut=date(2027, 1, 1), fin=date(2030, 1, 1)))
    ouvert_le = INSTANT
    reference_jour = JOUR


class PieceJointeFactory(DjangoModelFactory):
    class Meta:
        model = PieceJointe

    dossier = factory.SubFactory(DossierFactory)
    genre = "comptes"
    nom = "comptes.pdf"
    format = "pdf"
    taille = len(PDF)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    deposee_le = INSTANT
    deposee_par = "Personne fictive"


def reponse_plausible(champ: Any) -> str:
    """Une réponse acceptable pour une question."""
    if champ.code in VALEURS:
        return VALEURS[champ.code]
    if champ.type in ("entier", "decimal", "montant"):
        return "10"
    if champ.type == "choix":
        return str(champ.choix[0][0])
    return {"oui_non": "oui", "siret": "55210055400013"}.get(champ.type, f"Réponse inventée à « {champ.libelle} ».")


def dossier_rempli(convention: Convention | None = None, *, pieces: bool = True, **champs: Any) -> Dossier:
    """Un dossier où rien ne manque."""
    dossier = DossierFactory(**({"convention": convention} if convention else {}), **champs)
    Reponse.objects.bulk_create(
        Reponse(dossier=dossier, champ=code, valeur=reponse_plausible(champ), modifiee_le=INSTANT)
        for code, champ in dossier.champs.items()
    )
    Financement.objects.create(dossier=dossier, nature="etat", nom="État", base=100_000, efforts=5_000)
    axe = "ml_1" if dossier.cadre == "ML" else "accueil"
    ActionProjet.objects.create(dossier=dossier, axe=axe, intitule="Accueil fictif", ecrite_le=INSTANT)
    for genre in ("contrat_engagement_republicain", "statuts", "comptes") if pieces else ():
        PieceJointeFactory(dossier=dossier, genre=genre)
    return dossier


def dossier_depose(etat: str = EtatConvention.DEPOSE, **champs: Any) -> Dossier:
    """Un dossier rempli et déposé, sans passer par les actions."""
    dossier = dossier_rempli(**champs)
    Convention.objects.filter(pk=dossier.convention_id).update(etat=etat)
    Dossier.objects.filter(pk=dossier.pk).update(depose_le=JOUR)
    return Dossier.objects.get(pk=dossier.pk)
