"""Life of a delivery deposited from a page: deposit, control in the background, application, abandon, way back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Sequence
from dataclasses import fields
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees import policies, queries
from convenir.mesure.donnees.actions import actes, correspondances
from convenir.mesure.donnees.actions.controles import Controle, comparer, controler_livraison, mesurer_la_saisie
from convenir.mesure.donnees.actions.imports import nouvelle_livraison, verifier_motif
from convenir.mesure.donnees.actions.mise_en_vigueur import enregistrer_fichiers, mettre_en_vigueur
from convenir.mesure.donnees.actions.nettoyage import balayer
from convenir.mesure.donnees.controle.livraison import Progression
from convenir.mesure.donnees.correspondances import AUCUNE
from convenir.mesure.donnees.effets import lire_contenu
from convenir.mesure.donnees.models import SOURCES_ML, CorrespondanceDeSource, Livraison, Source
from convenir.mesure.donnees.preparation import Lecture, Preparation
from convenir.mesure.donnees.rapport import LISTE_STOCKEE, Issue, Rapport
from convenir.mesure.donnees.sources.detection import detecter
from convenir.mesure.donnees.states import EtatLivraison, verifier
from convenir.mesure.donnees.verrou import verrou
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser

E = EtatLivraison
ATTENTE_DU_VERROU = 1800
SECONDES_ENTRE_AVIS = 1.0


def deposer(
    fichiers: Sequence[tuple[str, Path]],
    acteur: Acteur,
    *,
    source: Source | None = None,
    correspondance: CorrespondanceDeSource | None = None,
) -> Livraison:
    """Take in the files of a delivery; its control is then asked for (`tasks.controler`).

    What a mission locale deposits for itself goes to its private space, which nobody else can read.

    Args:
        fichiers: name given by the person and path of the uploaded file, which is moved, not copied.
        acteur: who deposits.
        source: kind of delivery, when it is not to be told from the content.
        correspondance: mapping through which the files of missions locales are read.

    Raises:
        ActionRefusee: the person may not import.
        LivraisonRefusee: the files are of no known kind, or of several.
    """
    policies.exiger_de_deposer(acteur)
    propre = policies.depose_pour_sa_mission_locale(acteur)
    noms = [nom_sur(nom) for nom, _ in fichiers]
    if not noms:
        raise EntreeInvalide("Choisissez au moins un fichier.")
    if len(set(noms)) < len(noms):
        raise EntreeInvalide("Deux fichiers portent le même nom. Déposez-les séparément ou renommez-en un.")
    livraison = Livraison(source="")
    depot = livraison.dossier_depot
    depot.mkdir(parents=True, mode=0o700)
    try:
        for nom, (_, temporaire) in zip(noms, fichiers, strict=True):
            shutil.move(temporaire, depot / nom)
        nom = noms[0] if len(noms) == 1 else f"{len(noms)} fichiers"
        trouvee = Source.MISSIONS_LOCALES if propre else source or detecter(livraison.chemin_depot)
        livraison = nouvelle_livraison(livraison.uuid, str(trouvee), nom, acteur)
        livraison.prive, livraison.etape = propre, "En attente de traitement"
        with transaction.atomic():
            livraison.save()
            if correspondance is not None and trouvee in SOURCES_ML:
                correspondances.choisir(livraison, correspondance, acteur, relire=False)
            journaliser(actes.DEPOSEE, livraison, auteur=acteur.auteur, apres={"fichiers": noms})
    except BaseException:
        shutil.rmtree(depot, ignore_errors=True)
        raise
    return livraison


def nom_sur(nom: str) -> str:
    """Return the last part of a file name, without a leading dot."""
    return Path(nom.replace("\\", "/")).name.lstrip(".")[:200] or "fichier"


def controler_depot(
    uuid: UUID, acteur: Acteur, *, mot_de_passe: str | None = None, encodage: str | None = None
) -> Livraison:
    """Read and control a deposit; whatever happens, the files as received are deleted at the end.

    Raises:
        ActionRefusee: the delivery is not waiting for its control.
        ImportEnCours: another import held the lock for half an hour; the deposit is deleted, to be made again.
    """
    livraison = Livraison.objects.get(uuid=uuid)
    verifier("controler", livraison.etat)
    try:
        with verrou(ATTENTE_DU_VERROU):
            livraison.demarree_le, livraison.etape = timezone.now(), "Lecture des fichiers"
            livraison.save(update_fields=["demarree_le", "etape"])
            livraison.dossier_travail.mkdir(parents=True, exist_ok=True)
            avis = _avis(livraison)
            controle = controler_livraison(
                livraison.chemin_depot,
                livraison.dossier_travail,
                acteur,
                _lecture(livraison, mot_de_passe, encodage),
                avis,
            )
            mesurer_la_saisie(controle, avis)
            _conclure(livraison, controle, acteur)
    except BaseException:
        _interrompre(livraison)
        raise
    finally:
        if livraison.etat != E.A_RELIER:
            shutil.rmtree(livraison.dossier_depot, ignore_errors=True)
    return livraison


def _lecture(livraison: Livraison, mot_de_passe: str | None, encodage: str | None) -> Lecture:
    """Return how the deposit is read: through the mapping chosen for it."""
    correspondance = correspondances.de_la_livraison(livraison) if livraison.source in SOURCES_ML else AUCUNE
    return Lecture(Source(livraison.source), mot_de_passe, encodage, correspondance)


def _avis(livraison: Livraison) -> Progression:
    """Return what writes the progress in the database, once a second at most."""
    dernier = 0.0

    def avancer(etape: str, part: int) -> None:
        nonlocal dernier
        if time.monotonic() - dernier >= SECONDES_ENTRE_AVIS:
            dernier = time.monotonic()
            Livraison.objects.filter(pk=livraison.pk).update(etape=etape[:120], progression=min(max(part, 0), 99))

    return avancer


def _conclure(livraison: Livraison, controle: Controle, acteur: Acteur) -> None:
    """Write the outcome of the control: refused, already in force, to confirm, or controlled."""
    rapport = controle.rapport
    if rapport.deja_importee:
        nom, message = "abandonner", rapport.phrase
    elif controle.preparation is None:
        nom, message = "refuser", rapport.phrase
    else:
        nom, message = ("demander_confirmation" if rapport.demande_un_motif else "controler"), ""
    if livraison.source in SOURCES_ML:
        livraison.tetes = correspondances.lire_tetes(
            livraison.chemin_depot, correspondances.de_la_livraison(livraison)
        )
        nom = "relier" if nom == "refuser" and controle.a_relier and livraison.tetes else nom
    livraison.etat, livraison.message = verifier(nom, livraison.etat).vers, message
    livraison.controlee_le, livraison.etape, livraison.progression = timezone.now(), "", 100
    livraison.rapport = rapport.as_dict(limite=LISTE_STOCKEE)
    with transaction.atomic():
        if controle.preparation is not None and controle.contenu is not None:
            livraison.empreinte = controle.preparation.empreinte
            _nommer_la_source(livraison, controle)
            livraison.date_extraction = controle.preparation.date_extraction
            livraison.departements = sorted(controle.contenu.apportes)
            livraison.couverture = controle.contenu.annees
            enregistrer_fichiers(livraison, controle.preparation)
        livraison.save()
        if livraison.etat == E.REFUSEE:
            journaliser(actes.REFUSEE, livraison, auteur=acteur.auteur, apres={"refus": rapport.refus})
    if controle.preparation is None:
        shutil.rmtree(livraison.dossier_travail, ignore_errors=True)


def _nommer_la_source(livraison: Livraison, controle: Controle) -> None:
    """Say what the files were: indicators hold nothing private."""
    if controle.preparation is not None and controle.preparation.source == Source.AGREGATS_ML:
        livraison.source, livraison.prive = Source.AGREGATS_ML, False


def _interrompre(livraison: Livraison) -> None:
    """Say that the control failed for a reason nobody foresaw."""
    courante = Livraison.objects.filter(pk=livraison.pk, etat=E.RECUE)
    courante.update(etat=verifier("interrompre", E.RECUE).vers, etape="", message=(
        "Le contrôle s'est arrêté sur une erreur imprévue. Déposez de nouveau les fichiers ; si l'erreur revient, "
        "prévenez l'administration de la plateforme."
    ))  # fmt: skip
    shutil.rmtree(livraison.dossier_travail, ignore_errors=True)


def demander_application(
    livraison: Livraison, acteur: Acteur, *, motif_confirmation: str | None = None, motif_sans_fin: str | None = None
) -> None:
    """Check that a delivery may be applied and note the reasons; the application itself is `appliquer_depot`.

    Raises:
        ActionRefusee: wrong state, role or perimeter.
        EntreeInvalide: a reason is asked for and not given.
    """
    policies.exiger_de_deposer(acteur)
    verifier("appliquer", livraison.etat)
    if livraison.prive:
        raise ActionRefusee("Une livraison de l'espace privé ne s'applique pas : elle se calcule, puis s'oublie.")
    if livraison.etat == E.RECUE:
        raise ActionRefusee("Le contrôle de cette livraison n'est pas fini.")
    policies.exiger_perimetre(acteur, livraison.departements, missions=livraison.couverture)
    rapport = livraison.rapport
    livraison.motif_confirmation = verifier_motif(motif_confirmation or ("" if rapport.get("seuils") else None))
    livraison.motif_sans_fin = verifier_motif(motif_sans_fin or ("" if rapport.get("sans_fin") else None))
    livraison.etape, livraison.message = "Application en attente", ""
    livraison.save(update_fields=["motif_confirmation", "motif_sans_fin", "etape", "message"])


def appliquer_depot(uuid: UUID, acteur: Acteur) -> Livraison:
    """Put a controlled delivery in force. If what is in force has changed since, its thresholds are looked at again.

    Raises:
        ActionRefusee: wrong state, role or perimeter.
        EntreeInvalide: the prepared records are gone, or the database refuses a value.
    """
    policies.exiger_de_deposer(acteur)
    with verrou(ATTENTE_DU_VERROU):
        livraison = queries.livraisons_visibles(acteur).filter(prive=False).get(uuid=uuid)
        verifier("appliquer", livraison.etat)
        try:
            return _appliquer(livraison, livraison.dossier_travail, acteur)
        finally:
            Livraison.objects.filter(pk=livraison.pk).update(etape="")


def _appliquer(
    livraison: Livraison, dossier: Path, acteur: Acteur, acte: str = actes.APPLIQUEE, seulement: Collection[str] = ()
) -> Livraison:
    """Put a prepared delivery in force, in some départements only if they are given."""
    try:
        preparation = Preparation.lire(dossier)
    except FileNotFoundError:
        raise EntreeInvalide("Les données préparées ne sont plus là. Déposez de nouveau les fichiers.") from None
    contenu = lire_contenu(preparation, timezone.localdate())
    if seulement:
        contenu.restreindre(seulement)
    policies.exiger_perimetre(acteur, contenu.apportes, contenu.couverts, contenu.annees)
    rapport = relire_rapport(livraison)
    comparer(rapport, preparation, contenu)
    if rapport.seuils and not livraison.motif_confirmation:
        livraison.etat = verifier("demander_confirmation", E.CONTROLEE).vers
        livraison.rapport = rapport.as_dict(limite=LISTE_STOCKEE)
        livraison.message = "Ce qui est en vigueur a changé depuis le contrôle : un motif est maintenant demandé."
        livraison.save(update_fields=["etat", "rapport", "message"])
        return livraison
    rapport.issue, rapport.livraison = Issue.APPLIQUEE, str(livraison.uuid)
    mettre_en_vigueur(livraison, preparation, contenu, rapport, acteur.auteur, acte=acte)
    return livraison


def relire_rapport(livraison: Livraison) -> Rapport:
    """Return the report stored with a delivery."""
    connus = {c.name for c in fields(Rapport)}
    lu = {cle: valeur for cle, valeur in livraison.rapport.items() if cle in connus}
    return Rapport(**{**lu, "issue": Issue(lu.get("issue", Issue.ESSAI))})


def abandonner(livraison: Livraison, acteur: Acteur) -> None:
    """Give up a delivery that is not applied: its prepared records and its deposit are deleted.

    Raises:
        ActionRefusee: wrong state or role, or a control is running.
        ImportEnCours: an import is running, maybe this one.
    """
    policies.exiger_de_deposer(acteur)
    with verrou():
        livraison.refresh_from_db()
        transition = verifier("abandonner", livraison.etat)
        with transaction.atomic():
            livraison.etat, livraison.etape = transition.vers, ""
            livraison.save(update_fields=["etat", "etape"])
            journaliser(actes.ABANDONNEE, livraison, auteur=acteur.auteur)
        balayer()


def remettre_en_vigueur(livraison: Livraison, motif: str, acteur: Acteur) -> Livraison:
    """Put an earlier delivery in force again, from its kept records: the way back of an import.

    It holds again in the départements of the person alone: those of the others keep what holds there.

    Raises:
        ActionRefusee: wrong state or role, or it covers nothing of their perimeter.
        EntreeInvalide: it is the one in force, its records are gone, or the reason is empty.
    """
    policies.exiger_de_deposer(acteur)
    motif = verifier_motif(motif)
    with verrou(ATTENTE_DU_VERROU):
        livraison.refresh_from_db()
        verifier("remettre", livraison.etat)
        couverts = set(livraison.couverts.values_list("departement", flat=True))
        permis = policies.departements_permis(acteur, couverts)
        if couverts and not permis:
            raise ActionRefusee("Cette livraison ne couvre aucun département de votre périmètre.")
        remplaces = queries.remplacements().get(livraison.uuid)
        if remplaces is not None and not (permis & remplaces):
            raise EntreeInvalide("Cette livraison est déjà celle en vigueur dans votre périmètre.")
        courante = queries.deja_en_vigueur(livraison.source, livraison.empreinte)
        if livraison.source in SOURCES_ML and courante == livraison:
            raise EntreeInvalide("Cette livraison est déjà celle en vigueur.")
        livraison.motif_confirmation = motif
        return _appliquer(livraison, livraison.dossier, acteur, actes.REMISE, permis)
