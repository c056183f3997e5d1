"""Compute and forget (décisions, § 2): only the indicators cross, the records of a private space are deleted."""

from __future__ import annotations

import shutil
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees import moteur_ml, policies, queries
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.actions.controles import Controle, controler_livraison
from convenir.mesure.donnees.actions.imports import nouvelle_livraison, verifier_motif
from convenir.mesure.donnees.actions.mise_en_vigueur import mettre_en_vigueur
from convenir.mesure.donnees.effets import Contenu, lire_contenu
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.preparation import Lecture, Preparation
from convenir.mesure.donnees.rapport import Issue
from convenir.mesure.donnees.states import EtatLivraison, verifier
from convenir.mesure.donnees.verrou import dossier_entrepot, verrou
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.reseau import enregistrer_reseau

ATTENTE_DU_VERROU = 1800
ECHEC = "Le calcul a échoué. Rien n'est gardé : ni enregistrements, ni indicateurs. Déposez de nouveau les fichiers."


def demander_le_calcul(livraison: Livraison, acteur: Acteur, *, motif_confirmation: str | None = None) -> None:
    """Check that a private delivery may be computed and note the reason; `calculer_et_oublier` does it.

    Raises:
        ActionRefusee: wrong state, or the delivery is not in the private space of the person.
        EntreeInvalide: a threshold asks for a reason, and none is given.
    """
    policies.exiger_de_deposer(acteur)
    verifier("oublier", livraison.etat)
    policies.exiger_perimetre(acteur, livraison.departements, missions=livraison.couverture)
    livraison.motif_confirmation = verifier_motif(
        motif_confirmation or ("" if livraison.rapport.get("seuils") else None)
    )
    livraison.etape, livraison.message = "Calcul en attente", ""
    livraison.save(update_fields=["motif_confirmation", "etape", "message"])


def calculer_et_oublier(uuid: UUID, acteur: Acteur) -> Livraison:
    """Compute the indicators of a private delivery, put them in force, delete its records; return the indicators.

    Whatever happens, the records are no longer there at the end.

    Raises:
        ActionRefusee: wrong state, or not the private space of the person.
        EntreeInvalide: the calculation failed; nothing is kept.
    """
    with verrou(ATTENTE_DU_VERROU):
        privees = queries.livraisons_visibles(acteur).filter(prive=True, organisation=acteur.organisation)
        livraison = privees.get(uuid=uuid)
        verifier("oublier", livraison.etat)
        travail = dossier_entrepot() / ".travail" / str(uuid4())
        try:
            return _calculer(livraison, acteur, UUID(travail.name))
        except BaseException:
            _rien_ne_reste(livraison)
            raise
        finally:
            shutil.rmtree(livraison.dossier_travail, ignore_errors=True)
            shutil.rmtree(travail, ignore_errors=True)


def _calculer(livraison: Livraison, acteur: Acteur, uuid: UUID) -> Livraison:
    preparation = Preparation.lire(livraison.dossier_travail)
    contenu = lire_contenu(preparation, timezone.localdate(livraison.recue_le))
    policies.exiger_perimetre(acteur, contenu.apportes, contenu.couverts, contenu.annees)
    dossier = dossier_entrepot() / ".travail" / str(uuid)
    dossier.mkdir()
    csv = dossier / "indicateurs.csv"
    annees = sorted({an for annees in contenu.annees.values() for an in annees})
    empreinte = moteur_ml.moteur().calculer(preparation.dossier, annees, csv)
    with transaction.atomic():
        agregats = _deposer_les_indicateurs(livraison, preparation, contenu, csv, acteur, uuid, empreinte)
        shutil.rmtree(livraison.dossier_travail)
        _oublier(livraison, agregats, preparation, empreinte, acteur)
        _abandonner_les_essais(livraison, acteur)
    return agregats


def _deposer_les_indicateurs(
    livraison: Livraison, preparation: Preparation, contenu: Contenu, csv: Any, acteur: Acteur, uuid: UUID,
    empreinte: str,
) -> Livraison:  # fmt: skip
    """Put the values in force, signed by the digests of the files they come from."""
    if contenu.reseau is not None:
        enregistrer_reseau(contenu.reseau, acteur.auteur, timezone.localdate(livraison.recue_le))
    controle = controler_livraison(csv, csv.parent, acteur, Lecture(Source.MISSIONS_LOCALES))
    if controle.rapport.deja_importee:
        return Livraison.objects.get(uuid=UUID(controle.rapport.livraison))
    return _mettre_en_vigueur(livraison, preparation, controle, acteur, uuid, empreinte)


def _mettre_en_vigueur(
    livraison: Livraison, preparation: Preparation, controle: Controle, acteur: Acteur, uuid: UUID, empreinte: str
) -> Livraison:
    if controle.preparation is None or controle.contenu is None:
        raise EntreeInvalide(f"{ECHEC} {controle.rapport.phrase}")
    agregats = nouvelle_livraison(uuid, Source.AGREGATS_ML, livraison.nom, acteur)
    agregats.motif_confirmation = livraison.motif_confirmation
    agregats.origine = {
        "livraison": str(livraison.uuid),
        "empreinte": preparation.empreinte,
        "fichiers": {f.nom: f.sha256_recu for f in preparation.fichiers},
        "valeurs": empreinte,
    }
    controle.rapport.issue, controle.rapport.livraison = Issue.APPLIQUEE, str(uuid)
    mettre_en_vigueur(agregats, controle.preparation, controle.contenu, controle.rapport, acteur.auteur)
    return agregats


def _oublier(
    livraison: Livraison, agregats: Livraison, preparation: Preparation, empreinte: str, acteur: Acteur
) -> None:  # fmt: skip
    """Write that the records are deleted: what was counted stays, what was read of anyone does not."""
    livraison.etat = verifier("oublier", livraison.etat).vers
    livraison.rapport, livraison.tetes, livraison.etape = _sans_valeurs(livraison.rapport), {}, ""
    livraison.origine = {"indicateurs": str(agregats.uuid), "valeurs": empreinte}
    livraison.save()
    journaliser(
        actes.OUBLIEE,
        livraison,
        auteur=acteur.auteur,
        apres={
            "empreinte": preparation.empreinte,
            "fichiers": {f.nom: f.sha256_recu for f in preparation.fichiers},
            "lignes_supprimees": sum(f.lignes_lues for f in preparation.fichiers),
            "dossier_supprime": not livraison.dossier_travail.exists(),
            "indicateurs": str(agregats.uuid),
            "valeurs": empreinte,
        },
    )


def _abandonner_les_essais(livraison: Livraison, acteur: Acteur) -> None:
    """Give up the earlier tries of the same records: a mapping was corrected, the files sent again."""
    essais = Livraison.objects.filter(
        prive=True, organisation=livraison.organisation, etat__in=[EtatLivraison.CONTROLEE, EtatLivraison.A_CONFIRMER]
    )
    for essai in essais.exclude(pk=livraison.pk).filter(recue_le__lt=livraison.recue_le):
        if all(set(annees) <= set(livraison.couverture.get(ml, ())) for ml, annees in essai.couverture.items()):
            essai.etat, essai.etape = verifier("abandonner", essai.etat).vers, ""
            essai.save(update_fields=["etat", "etape"])
            journaliser(actes.ABANDONNEE, essai, auteur=acteur.auteur, apres={"remplacee_par": str(livraison.uuid)})
            shutil.rmtree(essai.dossier_travail, ignore_errors=True)


def _sans_valeurs(rapport: dict[str, Any]) -> dict[str, Any]:
    """Return a report that quotes no line any more."""
    groupes = [{**g, "lignes": [], "valeurs": []} for g in rapport.get("par_message", [])]
    return {**rapport, "anomalies": [], "avertissements": [], "par_message": groupes}


def _rien_ne_reste(livraison: Livraison) -> None:
    """Say that the calculation failed, and keep nothing of what was read."""
    livraison.refresh_from_db()
    transition = verifier("interrompre", livraison.etat)
    Livraison.objects.filter(pk=livraison.pk).update(
        etat=transition.vers, etape="", message=ECHEC, rapport=_sans_valeurs(livraison.rapport), tetes={}
    )
