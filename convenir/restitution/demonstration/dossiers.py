"""Invented files at several stages, and the conventions of the région taken over from the annexes read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from convenir.contrat.conventions import actions as conventions
from convenir.contrat.conventions.actions import NouvelleConvention, operations
from convenir.contrat.conventions.models import Convention, GenreOperation, Operation
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.actions import ActionEcrite, Demande, PieceAttendue, Saisie
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.dossiers.queries import completude
from convenir.contrat.dossiers.referentiel import Champ
from convenir.contrat.suivi.actions import bilans
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement

PDF = b"%PDF-1.7\n% Document fictif de la demonstration\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
# La première structure négocie ensuite ses objectifs (`objectifs`) : son dossier est complet depuis un mois.
ETAPES = ("complet", "brouillon", "depose", "incomplet", "question")
DEPOT_DU_COMPLET = timedelta(days=40)
VALEURS = {"entier": "10", "decimal": "4", "montant": "100000", "oui_non": "oui", "siret": "55210055400013"}


def creer(region: str, acteur: Acteur) -> int:
    """Take over the conventions of a région and write five files; return how many files there are. Idempotent."""
    maintenant = timezone.now()
    if not Operation.objects.filter(genre=GenreOperation.ANNEXES).exists():
        _reprendre(region, acteur, maintenant)
    if not Dossier.objects.exists():
        structures = Structure.objects.filter(departement__region=region, categorie="ACI", porteur__isnull=False)
        for etape, structure in zip(ETAPES, structures.suivies().order_by("id_asp"), strict=False):
            _dossier(structure, etape, acteur, maintenant)
    return Dossier.objects.count()


def _reprendre(region: str, acteur: Acteur, maintenant: datetime) -> None:
    jour = timezone.localdate()
    for departement in Departement.objects.filter(region=region).select_related("region").order_by("pk"):
        demandee = operations.demander(acteur, GenreOperation.ANNEXES, departement, essai=False, maintenant=maintenant)
        operations.executer(acteur, demandee)
        bilans.fixer_echeance(acteur, departement, jour.year - 1, date(jour.year, 3, 31), maintenant=maintenant)


def _dossier(structure: Structure, etape: str, acteur: Acteur, maintenant: datetime) -> None:
    debut = date(timezone.localdate().year + 1, 1, 1)
    maintenant -= DEPOT_DU_COMPLET if etape == "complet" else timedelta(0)
    jour = timezone.localdate(maintenant)
    finie = Convention.objects.filter(structure=structure, fin=debut).first()
    demande = NouvelleConvention(partie=structure, debut=debut, fin=date(debut.year + 3, 1, 1), renouvelle=finie)
    dossier = actions.ouvrir(acteur, conventions.creer(acteur, demande, maintenant=maintenant), maintenant=maintenant)
    if etape == "brouillon":
        return
    _remplir(dossier, acteur, maintenant)
    dossier = actions.deposer(acteur, dossier, jour=jour, maintenant=maintenant)
    if etape == "incomplet":
        actions.demander(
            acteur, dossier, [PieceAttendue("autre", "Attestation d’assurance des chantiers (fictive)")],
            echeance=jour + timedelta(days=21), motif="L’attestation n’est pas jointe.", jour=jour,
            maintenant=maintenant,
        )  # fmt: skip
    elif etape == "question":
        actions.commenter(acteur, dossier, "postes.etp_motif", "Qu’est-ce qui a changé ?", maintenant=maintenant)
    elif etape == "complet":
        suite = timedelta(days=6)
        actions.declarer_complet(acteur, dossier, jour=jour + suite, maintenant=maintenant + suite)


def _remplir(dossier: Dossier, acteur: Acteur, maintenant: datetime) -> None:
    lues = {r.champ: r for r in dossier.reponses.all()}
    saisies = {
        code: Saisie(lues[code].valeur, lues[code].version)
        if code in lues and lues[code].valeur
        else Saisie(_texte(champ))
        for code, champ in dossier.champs.items()
    }
    actions.enregistrer(acteur, dossier, saisies, maintenant=maintenant)
    demande = Demande("etat", "État", Decimal(180_000), Decimal(9_000), "Aide au poste (montants fictifs)")
    actions.demander_financement(acteur, dossier, demande)
    conseil = financeurs_possibles(dossier.convention).filter(departement=dossier.convention.departement).first()
    if conseil is not None:
        objet = "Accompagnement des allocataires du RSA et permis mobilité (montants fictifs)"
        aide = Demande("departement", conseil.nom, Decimal(24_000), Decimal(6_000), objet, conseil)
        actions.demander_financement(acteur, dossier, aide)
    accueil = ActionEcrite(
        "accueil", "Un livret d’accueil relu par les salariés (fictif)", element="accueil.livret",
        calendrier="premier semestre", indicateur="salariés qui l’ont reçu", preuve="le livret",
    )  # fmt: skip
    actions.ecrire_action(acteur, dossier, accueil, maintenant=maintenant)
    permis = ActionEcrite(
        "formation", "Permis mobilité (fictif)", orientation="Lever les freins à la mobilité (orientation fictive)",
        organisation=conseil,
    )  # fmt: skip
    actions.ecrire_action(acteur, dossier, permis, maintenant=maintenant)
    textes = {"territoire": Saisie("Deux communes confient leurs espaces verts à l’atelier (présentation fictive).")}
    actions.ecrire_librement(acteur, dossier, textes, maintenant=maintenant)
    for manque in completude(dossier).de_la_section("pieces"):
        actions.joindre(acteur, dossier, manque.code, f"{manque.code}.pdf", PDF, maintenant=maintenant)


def _texte(champ: Champ) -> str:
    if champ.type == "choix":
        return champ.choix[0][0]
    return VALEURS.get(champ.type, f"Réponse fictive : {champ.libelle.lower()}.")
