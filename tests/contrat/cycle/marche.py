"""La marche : une convention que des actes publics mènent au hasard, et ce qui doit rester vrai après chacun."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from convenir.contrat.conventions import actions, states
from convenir.contrat.conventions.actions import AvisRendu, Lettre, NouvelAvenant, NouvelleConvention, Projet
from convenir.contrat.conventions.actions.passages import PROPRES
from convenir.contrat.conventions.models import A_REVOIR, Convention, MotifDuree, Titre, Version
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.states import TRANSITIONS, EtatConvention, EtatVersion
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.contrat.objectifs import actions as negociation
from convenir.contrat.objectifs.actions import Changements, NouvelObjectif, Reponse
from convenir.contrat.objectifs.models import Axe, Objectif
from convenir.contrat.objectifs.states import Genre
from convenir.contrat.suivi.actions import bilans, suites
from convenir.contrat.suivi.models import AnalyseDeResultats
from convenir.contrat.suivi.rules.bilan import RUBRIQUES
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import SYSTEME, TITULAIRE, fichier, monde
from tests.contrat.cycle import invariants
from tests.factories_comptes import AdhesionFactory, connecter

E, V = EtatConvention, EtatVersion
D = Decimal
FAITS, ARTICLES = "Faits fictifs", "R. 5132-5"
DUREES = [  # fin exclue, motif de la période, motif de la durée : la première convient, les autres pas toutes
    (date(2029, 1, 1), "", ""),
    (date(2029, 1, 1), "", ""),
    (date(2027, 1, 1), "", MotifDuree.FRAGILE),
    (date(2027, 1, 1), "", ""),
    (date(2028, 7, 1), "", ""),
    (date(2030, 1, 1), "", ""),
]
postes = st.sampled_from([D(10), D(12), D("12.5"), D(14)])
taux = st.sampled_from([D(10), D(25), D(30), D(60)])
SIMPLES = sorted(set(TRANSITIONS) - PROPRES)
CHEMIN = {
    E.BROUILLON: "deposer", E.DEPOSE: "declarer_complet", E.INCOMPLET: "completer", E.COMPLET: "instruire",
    E.EN_INSTRUCTION: "negocier",
}  # fmt: skip
PAS = [1, 40, 120, 300]  # jours


class Marche(RuleBasedStateMachine):
    """Chaque règle est un acte public ; un acte refusé avec ses raisons (`ErreurMetier`) n'écrit rien.

    Toute autre exception, contrainte de base violée comprise, fait échouer la marche.
    """

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.jour = date(2025, 11, 3)
        self.faits = self.verifies = 0
        self.signees: dict[int, tuple[str, Termes]] = {}

    def teardown(self) -> None:
        if hasattr(self, "cle"):
            invariants.les_contraintes_tiennent(self.convention)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        AUTANT.append((self.faits, getattr(self, "vus", set())))

    # Ce dont les règles se servent

    @property
    def convention(self) -> Convention:
        return Convention.objects.get(pk=self.cle)

    @property
    def version(self) -> Version:
        version = Version.objects.filter(convention=self.cle).order_by("-rang").first()
        assert version is not None
        return version

    @property
    def etat(self) -> str:
        return self.convention.etat

    @property
    def temps(self) -> dict[str, object]:
        return {"jour": self.jour, "maintenant": self.maintenant}

    @property
    def maintenant(self) -> datetime:
        return datetime.combine(self.jour, time(9), UTC)

    def tenter(self, acte, *args, **kwargs) -> object:
        """Faire un acte ; refusé, il n'a rien écrit et la marche continue."""
        avant = invariants.photographie(self.cle)
        try:
            with transaction.atomic():
                rendu = acte(*args, **kwargs)
        except ErreurMetier as refus:
            raison = str(refus).strip()
        else:
            self.faits += 1
            self.vus.add(self.etat)
            return rendu
        assert raison
        assert invariants.photographie(self.cle) == avant
        return None

    def passer(self, nom: str) -> None:
        self.tenter(actions.passer, SYSTEME, self.convention, nom, motif="Motif fictif", **self.temps)

    # Les règles

    @initialize(duree=st.sampled_from(DUREES), n=postes, depart=st.sampled_from([0, 0, 12, -1, -1, -1]))
    def naitre(self, duree: tuple[date, str, str], n: Decimal, depart: int) -> None:
        self.vus: set[str] = set()
        self.monde = monde()
        fin, periode, court = duree
        demande = NouvelleConvention(
            self.monde.structure, date(2026, 1, 1), fin, Termes(postes=n, montant_unitaire=D(23921)),
            motif_periode=periode, motif_duree=court,
        )  # fmt: skip
        self.cle = actions.creer(SYSTEME, demande, maintenant=self.maintenant).pk
        convention = self.convention
        assert convention.organisation is not None
        self.agente = connecter(AdhesionFactory(organisation=convention.service, role=Role.DEPARTEMENTAL)).acteur
        structure = AdhesionFactory(organisation=convention.organisation, role=Role.DIRECTION_STRUCTURE)
        self.directeur = connecter(structure).acteur
        if depart < 0:  # née ailleurs, déjà signée : la marche commence en cours
            self.jour = date(2026, 2, 2)
            self.tenter(
                actions.reprendre, SYSTEME, convention, fichier(), signee_le=self.jour, maintenant=self.maintenant
            )
        for _ in range(depart):
            self.avancer()

    @rule(pas=st.sampled_from(PAS))
    def attendre(self, pas: int) -> None:
        """Le temps passe, et ce que chaque jour apporte se fait."""
        self.jour += timedelta(days=pas)
        rapport = passer_le_jour(self.jour, maintenant=self.maintenant)
        assert not rapport.ecartes, rapport.ecartes
        self.vus.add(self.etat)

    @rule(donnees=st.data(), permis=st.booleans())
    def demander_un_passage(self, donnees: st.DataObject, permis: bool) -> None:
        """L'un de ceux que la table permet, ou n'importe lequel : elle le refuse alors."""
        version = self.version
        suspens = None if version.etat == V.SIGNEE else version.etat
        possibles = [t.nom for t in states.possibles(self.etat, suspens) if t.nom in SIMPLES]
        self.passer(donnees.draw(st.sampled_from((permis and possibles) or SIMPLES)))

    @rule(combien=st.sampled_from([1, 2, 4]))
    def suivre_le_chemin(self, combien: int) -> None:
        """Le chemin ordinaire, pour que la marche aille loin."""
        for _ in range(combien):
            self.avancer()

    def avancer(self) -> None:
        etat, version = E(self.etat), self.version
        if etat in CHEMIN:
            self.passer(CHEMIN[etat])
        elif etat == E.EN_NEGOCIATION or version.etat == V.PREPARATION:
            self.preparer_l_acte(version)
        elif version.etat == V.SOUMISE_AVIS:
            self.donner_l_avis("favorable")
        elif version.etat == V.AVIS_RENDU:
            self.mettre_en_signature()
        elif version.etat in {V.A_SIGNER, V.PARTIELLEMENT_SIGNEE}:
            self.signer(3, False)
        elif etat == E.SIGNE:
            self.attendre(40)

    def preparer_l_acte(self, version: Version) -> None:
        """Clore les objectifs de l'année, puis demander l'avis."""
        siens = self.objectifs(annee=True)
        if siens.exclude(etat__in=["convenu", "refuse", "desaccord"]).exists():
            self.convenir(True, D(25))
        elif version.rang == 0 and siens.exclude(indicateur="").count() < 3:
            self.poser_des_objectifs(0)
        else:
            self.passer("soumettre_avis")

    @rule(n=postes, unitaire=st.sampled_from([D(23921), D("21096.5")]))
    def changer_les_termes(self, n: Decimal, unitaire: Decimal) -> None:
        from dataclasses import replace

        version = self.version
        neufs = replace(version.termes, postes=n, montant_unitaire=unitaire)
        self.tenter(actions.modifier_termes, SYSTEME, version, neufs, jeton=version.jeton, maintenant=self.maintenant)

    @rule(duree=st.sampled_from(DUREES), motive=st.booleans())
    def changer_la_periode(self, duree: tuple[date, str, str], motive: bool) -> None:
        fin, _, court = duree
        motif = "Motif fictif" if motive else ""
        periode = actions.Periode(date(2026, 1, 1), fin, motif, court or (MotifDuree.FRAGILE if motive else ""))
        self.tenter(actions.modifier_periode, SYSTEME, self.convention, periode)

    @rule(sens=st.sampled_from(["favorable", "ajourne", "defavorable"]))
    def donner_l_avis(self, sens: str) -> None:
        avis = AvisRendu(self.jour, sens, "Motifs fictifs")
        self.tenter(actions.rendre_avis, SYSTEME, self.convention, avis, maintenant=self.maintenant)

    @rule()
    def mettre_en_signature(self) -> None:
        self.tenter(actions.mettre_en_signature, SYSTEME, self.convention, **self.temps)

    @rule(combien=st.sampled_from([1, 3]), substitut=st.booleans())
    def signer(self, combien: int, substitut: bool) -> None:
        for signature in self.version.signatures.filter(etat="attendue").order_by("ordre")[:combien]:
            if substitut and signature.partie == "france_travail":
                self.tenter(
                    actions.substituer, SYSTEME, signature, motif="Accord annexé", fichier=fichier(), **self.temps
                )
                continue
            recue = actions.SignatureRecue(self.jour, "papier", TITULAIRE, fichier(), attestee=True)
            self.tenter(actions.signer, SYSTEME, signature, recue, maintenant=self.maintenant)

    @rule(choix=st.data())
    def signer_hors_tour(self, choix: st.DataObject) -> None:
        """N'importe laquelle, même déjà reçue, annulée ou pas encore à son tour ; parfois par délégation sans acte."""
        toutes = list(self.version.signatures.order_by("pk"))
        if toutes:
            signature = choix.draw(st.sampled_from(toutes))
            titre = choix.draw(st.sampled_from([Titre.TITULAIRE, Titre.DELEGATION]))
            qui = actions.Signataire("Camille Fictive", "Présidente", titre)
            recue = actions.SignatureRecue(self.jour, "papier", qui, fichier(), attestee=True)
            self.tenter(actions.signer, SYSTEME, signature, recue, maintenant=self.maintenant)

    @rule(retour=st.sampled_from(["retirer_de_la_signature", "annuler_signatures"]))
    def reprendre_l_acte(self, retour: str) -> None:
        self.tenter(getattr(actions, retour), SYSTEME, self.convention, motif="Motif fictif", **self.temps)

    @rule(effet=st.dates(date(2025, 12, 1), date(2029, 6, 1)), n=st.none() | postes)
    def preparer_un_avenant(self, effet: date, n: Decimal | None) -> None:
        """Avec d'autres postes, ou les mêmes : l'avis n'est requis que dans le premier cas."""
        from dataclasses import replace

        signee = self.convention.versions.signees().last()
        termes = replace(signee.termes, postes=n) if signee and n is not None else None
        avenant = NouvelAvenant(effet, None, "Objet fictif", termes)
        self.tenter(actions.preparer_avenant, SYSTEME, self.convention, avenant, **self.temps)

    @rule(annee=st.sampled_from([2027, 2028]))
    def preparer_le_lot(self, annee: int) -> None:
        departement = self.convention.departement_id
        self.tenter(actions.preparer_avenants, SYSTEME, departement, annee, essai=False, **self.temps)

    @rule(n=st.none() | postes)
    def revoir_une_annexe(self, n: Decimal | None) -> None:
        annexe = self.convention.annexes.filter(etat__in=A_REVOIR).first()
        if annexe:
            self.tenter(actions.revoir, SYSTEME, annexe, postes=n)

    # Manquement, décisions, recours

    @rule(avance=st.booleans(), obligatoire=st.booleans())
    def engager_un_manquement(self, avance: bool, obligatoire: bool) -> None:
        avant = self.jour + timedelta(days=10) if avance else None
        lettre = Lettre(FAITS, ARTICLES, self.jour, "1A", obligatoire, avant)
        self.tenter(actions.engager_manquement, SYSTEME, self.convention, lettre, maintenant=self.maintenant)

    @rule(acte=st.sampled_from(["observer", "clore", "resilier"]))
    def suivre_le_manquement(self, acte: str) -> None:
        ouvert = self.convention.manquements.filter(clos_le=None).first()
        if acte == "observer" and ouvert:
            self.tenter(actions.observer, SYSTEME, ouvert, "Observations fictives", **self.temps)
        elif acte == "clore":
            self.tenter(actions.clore_manquement, SYSTEME, self.convention, motif="Sans suite", **self.temps)
        elif acte == "resilier":
            self.tenter(actions.resilier, SYSTEME, self.convention, self.projet(), maintenant=self.maintenant)

    def projet(self, **champs: object) -> Projet:
        return Projet(FAITS, ARTICLES, "Camille Fictive", "Préfète", self.jour, "Deux mois.", **champs)

    @rule(complete=st.booleans())
    def refuser(self, complete: bool) -> None:
        projet = self.projet(delegue=not complete)
        self.tenter(actions.refuser, SYSTEME, self.convention, projet, maintenant=self.maintenant)

    @rule()
    def reclamer(self) -> None:
        self.tenter(actions.reprendre_des_sommes, SYSTEME, self.convention, self.projet(montant=D("812.40")))

    @rule(accueilli=st.booleans())
    def faire_recours(self, accueilli: bool) -> None:
        """Notification, recours, réponse : l'acte suivant de la dernière décision."""
        decision = self.convention.decisions.order_by("pk").last()
        if decision is None:
            return
        if decision.notifiee_le is None:
            self.tenter(actions.notifier, SYSTEME, decision, preuve=fichier(), **self.temps)
        elif decision.recours_le is None:
            self.tenter(actions.recevoir_recours, SYSTEME, decision, "Objet fictif", jour=self.jour)
        else:
            self.tenter(actions.repondre_au_recours, SYSTEME, decision, accueilli=accueilli, reponse="Raisons",
                        **self.temps)  # fmt: skip

    # Objectifs

    @rule(annee=st.sampled_from([0, 0, 0, 2027, 2031]))
    def poser_des_objectifs(self, annee: int) -> None:
        annee = annee or self.version.effet.year
        qui = {"maintenant": self.maintenant}
        self.tenter(negociation.poser_sorties, self.agente, self.convention, annee, **qui)

    @rule()
    def poser_un_objectif_local(self) -> None:
        demande = NouvelObjectif(self.version.effet.year, Axe.FORMATION, "Heures de formation", unite="h")
        self.tenter(negociation.poser, self.directeur, self.convention, demande, maintenant=self.maintenant)

    @rule(annee=st.booleans(), v=taux)
    def convenir(self, annee: bool, v: Decimal) -> None:
        """Proposer puis accepter chaque objectif ouvert : le chemin ordinaire."""
        for objectif in self.objectifs(annee).exclude(etat__in=["convenu", "refuse", "desaccord"]):
            self.dire(self.agente, objectif, Genre.PROPOSITION, v)
            self.dire(self.agente, objectif, Genre.CONTRE_PROPOSITION, v)
            self.dire(self.directeur, objectif, Genre.ACCORD)

    @rule(choix=st.data(), genre=st.sampled_from(Genre), v=taux, etat=st.booleans())
    def prendre_position(self, choix: st.DataObject, genre: Genre, v: Decimal, etat: bool) -> None:
        objectifs = list(self.objectifs().order_by("pk"))
        if objectifs and genre != Genre.AVIS:
            self.dire(self.agente if etat else self.directeur, choix.draw(st.sampled_from(objectifs)), genre, v)

    def objectifs(self, annee: bool = False):
        lus = Objectif.objects.filter(convention=self.cle)
        return lus.filter(annee=self.version.effet.year) if annee else lus

    def dire(self, acteur, objectif: Objectif, genre: Genre, v: Decimal | None = None) -> None:
        frais = Objectif.objects.select_related("convention").get(pk=objectif.pk)
        reponse = Reponse(genre, v, raisons="" if genre == Genre.ACCORD else "Raison fictive.")
        qui = {"revision": frais.revision, "maintenant": self.maintenant}
        self.tenter(negociation.repondre, acteur, frais, reponse, **qui)

    @rule(choix=st.data(), basse=st.none() | taux, haute=st.none() | taux)
    def borner(self, choix: st.DataObject, basse: Decimal | None, haute: Decimal | None) -> None:
        objectif = self.un_objectif(choix)
        if objectif:
            neufs = Changements(borne_basse=basse, borne_haute=haute)
            qui = {"revision": objectif.revision, "maintenant": self.maintenant}
            self.tenter(negociation.modifier, self.agente, objectif, neufs, **qui)

    @rule(choix=st.data(), resultat=taux)
    def juger(self, choix: st.DataObject, resultat: Decimal) -> None:
        objectif = self.un_objectif(choix)
        if objectif:
            qui = {"revision": objectif.revision, "maintenant": self.maintenant}
            self.tenter(
                negociation.juger, self.agente, objectif, explication="Raison", resultat=resultat, source="x", **qui
            )

    @rule(choix=st.data())
    def reprendre_une_position(self, choix: st.DataObject) -> None:
        objectif = self.un_objectif(choix)
        position = objectif.positions.order_by("-rang").first() if objectif else None
        if position:
            acteur = self.agente if position.partie == "etat" else self.directeur
            self.tenter(negociation.reprendre, acteur, position, maintenant=self.maintenant)

    def un_objectif(self, choix: st.DataObject) -> Objectif | None:
        lus = list(self.objectifs().select_related("convention").order_by("pk"))
        return choix.draw(st.sampled_from(lus)) if lus else None

    # Bilan, analyse, préconisations

    @rule(acte=st.sampled_from(["ecrire", "deposer", "accepter", "renvoyer", "analyser", "preconiser"]),
          entier=st.booleans())  # fmt: skip
    def conduire_le_suivi(self, acte: str, entier: bool) -> None:
        """À moitié, l'acte manque d'une rubrique, d'une cause ou d'une raison : il est refusé."""
        dit = "Texte fictif." if entier else ""
        if acte == "analyser":
            champs = {"issue": "non_atteint", "contexte": dit, "solutions": "Solution fictive."}
            self.tenter(suites.analyser, self.agente, self.convention, champs, maintenant=self.maintenant)
        elif acte == "preconiser":
            self.preconiser(dit)
        else:
            self.suivre_le_bilan(acte, len(RUBRIQUES) - (not entier))

    def suivre_le_bilan(self, acte: str, combien: int) -> None:
        convention, qui = self.convention, self.agente if acte in {"accepter", "renvoyer"} else self.directeur
        bilan = convention.bilans.first()
        if bilan is None:
            annee = convention.debut.year
            self.tenter(bilans.ouvrir_bilan, self.directeur, convention, annee, maintenant=self.maintenant)
        elif acte == "ecrire":
            textes = dict.fromkeys([r.code for r in RUBRIQUES][:combien], "Texte fictif.")
            self.tenter(bilans.ecrire_bilan, qui, bilan, textes, {}, maintenant=self.maintenant)
        else:
            self.tenter(bilans.passer_bilan, qui, bilan, acte, motif="Motif fictif", **self.temps)

    def preconiser(self, suite: str) -> None:
        analyse = AnalyseDeResultats.objects.select_related("convention").filter(convention=self.cle).first()
        preconisation = analyse.preconisations.first() if analyse else None
        if preconisation:
            self.tenter(suites.suivre, self.agente, preconisation, "abandonnee", suite)
        elif analyse:
            champs = {"libelle": "Préconisation fictive", "horizon": self.jour.year}
            self.tenter(suites.preconiser, self.agente, analyse, champs)

    # Ce qui reste vrai

    @invariant()
    def tout_tient(self) -> None:
        if self.faits == self.verifies:
            return  # rien n'a été écrit depuis la dernière fois
        self.verifies = self.faits
        convention = self.convention
        invariants.les_etats_s_accordent(convention)
        invariants.les_gardes_des_textes_tiennent(convention)
        invariants.une_version_signee_ne_change_plus(convention, self.signees)
        invariants.l_avenant_est_sa_difference(convention)
        invariants.les_termes_consolides_sont_le_rejeu(convention, self.signees)
        invariants.l_annexe_dit_les_termes(convention)
        invariants.les_objectifs_sont_le_rejeu(convention)
        invariants.les_procedures_suivent_l_etat(convention)
        invariants.le_suivi_tient(convention)


AUTANT: list[tuple[int, set[str]]] = []  # par marche : actes faits, états vus
