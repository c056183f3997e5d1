"""How an invented convention lives, one real act after another, each on a plausible day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from convenir.contrat.conventions import actions
from convenir.contrat.conventions.actions import (
    AvisRendu,
    NouvelAvenant,
    NouvelleConvention,
    Signataire,
    SignatureRecue,
)
from convenir.contrat.conventions.documents import produire
from convenir.contrat.conventions.fichiers import lire
from convenir.contrat.conventions.models import Convention, Partie, Signature, Version
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.objectifs import actions as objectifs
from convenir.contrat.objectifs.actions import NouvelObjectif, Reponse
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.actions import bilans
from convenir.contrat.suivi.rules.bilan import RUBRIQUES
from convenir.restitution.demonstration.comptes import acteur_fictif
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.stockage import relire
from convenir.socle.organisations.models import MissionLocale, Structure

INSTRUCTION = ("deposer", "declarer_complet", "instruire", "negocier")
SIGNATAIRES = {
    Partie.STRUCTURE: Signataire("Camille Fictive", "Présidente"),
    Partie.FRANCE_TRAVAIL: Signataire("Dominique Fictif", "Directeur d’agence"),
    Partie.FINANCEUR: Signataire("Claude Fictive", "Vice-présidente", "delegation", "arrêté fictif du 2 janvier 2024"),
    Partie.ETAT: Signataire(
        "Sacha Fictif", "Directeur départemental", "delegation", "arrêté fictif du 8 janvier 2024"
    ),
}


class Vie:
    """A convention and the people who act on it: the State's agent, the director of the structure.

    Args:
        acteur: the software, for what needs no person.
        termes: what the convention agrees.
        depuis: day it is opened.
    """

    def __init__(
        self, partie: Structure | MissionLocale, debut: date, annees: int, acteur: Acteur, termes: Termes,
        *, depuis: date, **champs: Any,
    ) -> None:  # fmt: skip
        self.acteur, self.depart = acteur, depuis
        demande = NouvelleConvention(partie, debut, date(debut.year + annees, 1, 1), termes=termes, **champs)
        self.convention = actions.creer(acteur, demande, maintenant=instant(depuis))
        liees = ("structure__porteur", "mission_locale__organisation", "departement__region", "service")
        self.convention = Convention.objects.select_related(*liees).get(pk=self.convention.pk)
        self.agent = acteur_fictif(self.convention.service, Role.DEPARTEMENTAL, acteur)
        organisation = self.convention.organisation
        assert organisation is not None  # les structures choisies ont un porteur
        self.directeur = acteur_fictif(organisation, Role.DIRECTION_STRUCTURE, acteur)

    def passer(self, nom: str, jour: date, motif: str = "") -> None:
        """Make a move that carries nothing but its reason."""
        actions.passer(self.acteur, self.convention, nom, jour=jour, maintenant=instant(jour), motif=motif)
        self.convention.refresh_from_db(fields=["etat"])

    def instruire(self) -> date:
        """File, complete, instruct and open the negotiation, a few days apart; return the day it opens."""
        jour = self.depart
        for nom in INSTRUCTION:
            jour += timedelta(days=6)
            self.passer(nom, jour)
        return jour

    def convenir(self, jour: date, *valeurs: int) -> None:
        """Agree the three rates of exit of the first year."""
        annee = self.convention.debut.year
        objectifs.poser_sorties(self.agent, self.convention, annee, maintenant=instant(jour))
        poses = {o.type_de_sortie: o for o in self.convention.objectifs.filter(annee=annee) if o.type_de_sortie}
        for objectif, valeur in zip(poses.values(), valeurs, strict=True):
            self.dire(objectif, jour, valeur)

    def dire(self, objectif: Objectif, jour: date, valeur: int, *, accord: bool = True) -> None:
        """Propose a value for the State; the structure accepts it two days later."""
        offre = Reponse("proposition", Decimal(valeur), raisons="Au vu des résultats des trois années (fictif).")
        frais = self._frais(objectif)
        objectifs.repondre(self.agent, frais, offre, revision=frais.revision, maintenant=instant(jour))
        if accord:
            frais = self._frais(objectif)
            deux_jours = instant(jour + timedelta(days=2))
            objectifs.repondre(
                self.directeur, frais, Reponse("accord"), revision=frais.revision, maintenant=deux_jours
            )

    def poser(self, demande: NouvelObjectif, jour: date) -> Objectif:
        """Put another objective on the table."""
        return objectifs.poser(self.agent, self.convention, demande, maintenant=instant(jour))

    def avis(self, jour: date, sens: str = "favorable", motifs: str = "") -> None:
        """Submit, then record the opinion twelve days later."""
        self.passer("soumettre_avis", jour)
        rendu = jour + timedelta(days=12)
        actions.rendre_avis(self.acteur, self.convention, AvisRendu(rendu, sens, motifs), maintenant=instant(rendu))

    def a_la_signature(self, jour: date) -> Version:
        """Freeze the terms and make the act."""
        version = actions.mettre_en_signature(self.acteur, self.convention, jour=jour, maintenant=instant(jour))
        produire(self.acteur, version, jour=jour, maintenant=instant(jour))
        return version

    def signer(self, version: Version, jour: date, combien: int | None = None) -> None:
        """Receive the signatures, in order, five days apart; each is the act itself, scanned."""
        acte = version.pieces.get(genre="acte")
        scan = lire("acte-signe-fictif.pdf", relire(acte.sha256, acte.suffixe))
        attendues = Signature.objects.filter(version=version, etat="attendue").order_by("ordre")
        for signature in list(attendues)[:combien]:
            jour += timedelta(days=5)
            recue = SignatureRecue(jour, "papier", SIGNATAIRES[Partie(signature.partie)], scan, attestee=True)
            if signature.deliberation_attendue:
                reference = f"CP-{jour.year}-{signature.pk:03d} (fictive)"
                actions.deliberer(self.acteur, signature, reference=reference, jour=jour)
                signature.refresh_from_db()
            actions.signer(self.acteur, signature, recue, maintenant=instant(jour))

    def signee(self, jour: date, *valeurs: int) -> None:
        """Go from the draft to the last signature, then to the first day."""
        ouverte = self.instruire()
        if valeurs:
            self.convenir(ouverte + timedelta(days=5), *valeurs)
            self.avis(ouverte + timedelta(days=20))
        self.signer(self.a_la_signature(jour), jour)
        self.passer("commencer", self.convention.debut)

    def avenant(self, annee: int, objet: str, **changements: Any) -> Version:
        """Prepare the avenant of a year in November, from the last signed terms."""
        derniere = self.convention.versions.signees().last()
        assert derniere is not None
        jour = date(annee - 1, 11, 9)
        prepare = NouvelAvenant(date(annee, 1, 1), None, objet, replace(derniere.termes, **changements))
        return actions.preparer_avenant(self.acteur, self.convention, prepare, jour=jour, maintenant=instant(jour))

    def avenant_signe(self, annee: int, objet: str, *, avis: bool, **changements: Any) -> None:
        """Prepare an avenant, have it agreed and signed by all at the start of the year."""
        self.avenant(annee, objet, **changements)
        if avis:
            self.avis(date(annee - 1, 12, 3))
        jour = date(annee, 1, 8)
        self.signer(self.a_la_signature(jour), jour)

    def bilan(self, annee: int, jour: date) -> None:
        """Write, file and examine the bilan of a year."""
        bilan = bilans.ouvrir_bilan(self.directeur, self.convention, annee, maintenant=instant(jour))
        textes = {r.code: f"{r.titre} en {annee} (texte fictif)." for r in RUBRIQUES}
        bilans.ecrire_bilan(self.directeur, bilan, textes, {}, maintenant=instant(jour))
        for nom, qui, ecart in (("deposer", self.directeur, 0), ("accepter", self.agent, 20)):
            le = jour + timedelta(days=ecart)
            bilans.passer_bilan(qui, bilan, nom, jour=le, maintenant=instant(le))

    def _frais(self, objectif: Objectif) -> Objectif:
        frais = Objectif.objects.get(pk=objectif.pk)
        frais.convention = self.convention
        return frais


def instant(jour: date) -> datetime:
    """Return ten o'clock of a day, in France, never later than now."""
    return min(timezone.make_aware(datetime.combine(jour, time(10))), timezone.now())
