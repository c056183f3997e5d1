"""Take over conventions born elsewhere: a minimum of fields and the PDF of the signed act, one by one or in bulk."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from convenir.contrat.conventions import droit, suites
from convenir.contrat.conventions.actions.creation import NouvelleConvention, creer
from convenir.contrat.conventions.actions.passages import accomplir
from convenir.contrat.conventions.actions.pieces import joindre
from convenir.contrat.conventions.fichiers import Fichier
from convenir.contrat.conventions.models import Convention, GenrePiece, MotifDuree, Origine
from convenir.contrat.conventions.queries import des_memes_jours
from convenir.contrat.conventions.rules import periodes
from convenir.contrat.conventions.rules.reprises import Fiche
from convenir.contrat.conventions.states import EtatConvention
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.periodes import Periode
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import MissionLocale, Structure

CHIFFRES_ASP = 15
AILLEURS = "Acte signé hors de Convenir"


@suites.acte
def reprendre(
    acteur: Acteur, convention: Convention, acte: Fichier, *, signee_le: date, maintenant: datetime
) -> Convention:
    """Put in force a draft whose act was signed outside; its terms, as entered, no longer change."""
    fraiche = accomplir(acteur, convention, "reprendre", jour=signee_le, maintenant=maintenant)
    Convention.objects.filter(pk=fraiche.pk).update(origine=Origine.REPRISE)
    version = fraiche.versions.get(rang=0)
    joindre(acteur, fraiche, GenrePiece.REPRISE, acte, jour=signee_le, maintenant=maintenant, version=version)
    fraiche.refresh_from_db()
    return fraiche


@suites.acte
def reprendre_nee_ailleurs(acteur: Acteur, fiche: Fiche, acte: Fichier, *, maintenant: datetime) -> Convention:
    """Create a convention signed outside and put it in force, with its PDF.

    Raises:
        ActionRefusee: no right, or a structure out of the perimeter.
        EntreeInvalide: unknown structure, reversed or too long dates, a convention that already covers these days.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    partie = verifier_fiche(acteur, fiche, timezone.localdate(maintenant))
    fin = fiche.dernier_jour + timedelta(days=1)
    periode = Periode(fiche.debut, fin)
    court = isinstance(partie, Structure) and periodes.est_d_un_an_au_plus(periode)
    demande = NouvelleConvention(
        partie=partie, debut=fiche.debut, fin=fin, termes=fiche.termes,
        motif_periode="" if periodes.suit_l_annee_civile(periode) else AILLEURS,
        motif_duree=MotifDuree.FRAGILE if court else "",
        precision_duree=f"{AILLEURS}, motif à préciser" if court else "",
    )  # fmt: skip
    convention = creer(acteur, demande, maintenant=maintenant)
    convention.numero_asp = fiche.numero_asp
    convention.save(update_fields=["numero_asp"])
    if fiche.clauses_jusquau is not None:
        version = convention.versions.get(rang=0)
        version.clauses_fin = min(fiche.clauses_jusquau + timedelta(days=1), fin)
        version.save()
    return reprendre(acteur, convention, acte, signee_le=fiche.signee_le, maintenant=maintenant)


def verifier_fiche(acteur: Acteur, fiche: Fiche, aujourdhui: date) -> Structure | MissionLocale:
    """Check what is known of a convention born elsewhere; return the structure or the mission locale.

    Raises:
        EntreeInvalide: the message says what to correct.
    """
    partie = trouver_partie(acteur, fiche.identifiant, fiche.categorie)
    fin = fiche.dernier_jour + timedelta(days=1)
    if fin <= fiche.debut:
        raise EntreeInvalide("La convention finit avant de commencer : corrigez ses dates.")
    if fiche.signee_le > aujourdhui:
        raise EntreeInvalide("La date de signature est dans le futur.")
    maximum = droit.duree_maximale(fiche.debut)
    if maximum and periodes.depasse(Periode(fiche.debut, fin), maximum):
        raise EntreeInvalide(f"La convention dure plus de {maximum} ans, le maximum : vérifiez ses dates.")
    if fiche.clauses_jusquau is not None and fiche.clauses_jusquau < fiche.debut:
        raise EntreeInvalide("Les clauses financières finissent avant le début de la convention.")
    deja = des_memes_jours(partie, fiche.debut, fin).exclude(etat=EtatConvention.BROUILLON).first()
    if deja is not None:
        raise EntreeInvalide(
            f"{deja.reference} couvre déjà ces jours, du {en_mots(deja.debut)} au {en_mots(deja.dernier_jour)}."
        )
    return partie


def trouver_partie(acteur: Acteur, identifiant: str, categorie: str = "") -> Structure | MissionLocale:
    """Return the structure (ASP id, category) or the mission locale (code) of the perimeter.

    Raises:
        EntreeInvalide: none, or an ASP id that several categories share.
    """
    siennes = MissionLocale.objects.visibles_par(acteur.perimetre).filter(code__iexact=identifiant)
    if (mission := siennes.select_related("departement__region", "organisation").first()) is not None:
        return mission
    structures = Structure.objects.visibles_par(acteur.perimetre)
    est_asp = identifiant.isdecimal() and len(identifiant) <= CHIFFRES_ASP
    lues = structures.filter(id_asp=int(identifiant)) if est_asp else structures.none()
    if categorie:
        lues = lues.filter(categorie=categorie)
    trouvees = list(lues.select_related("departement__region", "porteur").order_by("categorie")[:5])
    if not trouvees:
        quoi = f"« {identifiant} »{f' en {categorie}' if categorie else ''}"
        raise EntreeInvalide(f"Aucune structure ni mission locale de votre périmètre ne porte l'identifiant {quoi}.")
    if len(trouvees) > 1:
        categories = ", ".join(s.categorie for s in trouvees)
        raise EntreeInvalide(
            f"L'identifiant {identifiant} a plusieurs catégories : {categories}. Donnez la catégorie."
        )
    return trouvees[0]
