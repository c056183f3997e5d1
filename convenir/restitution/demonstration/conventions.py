"""Invented conventions in the main states, born of the real acts: current ones, then those of the year to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone

from convenir.contrat.conventions import actions, droit
from convenir.contrat.conventions.actions import Lettre, Projet
from convenir.contrat.conventions.actions.decisions import voies_par_defaut
from convenir.contrat.conventions.models import Convention, SensAvis
from convenir.contrat.conventions.rules.articles import fondement
from convenir.contrat.conventions.rules.termes import Chantier, Cofinancement, Ecrit, Termes
from convenir.contrat.objectifs.actions import NouvelObjectif
from convenir.contrat.objectifs.models import AXES_ML
from convenir.contrat.suivi.actions import moyens, suites
from convenir.contrat.suivi.actions.moyens import EngagementPris, MoyenAccorde
from convenir.mesure.donnees.models import AnnexeLue
from convenir.restitution.demonstration.vies import Vie, instant
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.organisations.models import MissionLocale, Nature, Organisation, Structure
from convenir.socle.territoires.models import Departement

TAUX = (24, 20, 16)
AXES = {
    "accueil": "Un livret et un tutorat de quinze jours (fictif).",
    "accompagnement": "Un entretien par mois, un bilan à mi-parcours (fictif).",
    "formation": "Permis, CléA et gestes du métier (fictif).",
    "territoire": "Un comité d’employeurs par trimestre (fictif).",
}
AXES_DE_ML = {
    "reperage": "Permanences dans six communes et équipe mobile (fictif).",
    "parcours": "Un référent par jeune, un point chaque mois (fictif).",
    "entreprises": "Un pôle de trois chargés de relations avec les entreprises (fictif).",
    "expertise": "Un tableau de bord du territoire, chaque trimestre (fictif).",
    "ingenierie": "Deux actions nouvelles avec les partenaires chaque année (fictif).",
}
OBJECTIFS_DE_ML = (
    ("Jeunes accueillis pour la première fois", 900), ("Jeunes en parcours contractualisé", 420),
    ("Entreprises partenaires actives", 120), ("Diagnostics partagés avec les partenaires", 4),
    ("Actions nouvelles conduites à plusieurs", 2),
)  # fmt: skip
Jouer = Callable[["Decor", Structure], None]


class Decor:
    """Where and when the demonstration plays."""

    def __init__(self, acteur: Acteur) -> None:
        self.acteur, self.jour = acteur, timezone.localdate()
        self.annee = self.jour.year

    def vie(
        self, structure: Structure, debut: int, annees: int, *, depuis: date | None = None, **champs: object
    ) -> Vie:
        """Open the convention of a structure for some years."""
        premier = date(debut, 1, 1)
        return Vie(
            structure, premier, annees, self.acteur, termes_de(structure, premier),
            depuis=depuis or date(debut - 1, 9, 15), **champs,
        )  # fmt: skip


def termes_de(structure: Structure, debut: date) -> Termes:
    """Return invented terms around the posts and the unit amount of the annexe read, if any."""
    annexe = AnnexeLue.objects.filter(structure=structure, retenue=True).order_by("-debut").first()
    montant = droit.montant_d_un_poste(structure.categorie, structure.departement_id, debut)
    termes = Termes(
        postes=annexe.etp if annexe and annexe.etp else Decimal(8),
        montant_unitaire=Decimal(montant[0]) if montant else Decimal(10_000),
        modulation_max=Decimal(10), encadrement=Decimal("2.5"), accompagnement=Decimal("1.2"), sorties_prevues=24,
        heures_etp=annexe.heures_etp if annexe else None,
        axes=tuple(Ecrit(cle, texte) for cle, texte in AXES.items()),
        sections=(Ecrit("presentation", "Association fictive, née pour la démonstration."),
                  Ecrit("territoire", "Le département, et d’abord ses quartiers prioritaires (fictif).")),
    )  # fmt: skip
    return _chantiers(structure, termes) if structure.categorie == "ACI" else termes


def _chantiers(structure: Structure, termes: Termes) -> Termes:
    conseil = Organisation.objects.filter(nature=Nature.COLLECTIVITE, departement=structure.departement).first()
    assert termes.postes is not None
    chantiers = (
        Chantier("1", "Maraîchage (fictif)", "Commune fictive", "Légumes biologiques", termes.postes - 2),
        Chantier("2", "Entretien des berges (fictif)", "Commune fictive", "Espaces naturels", Decimal(2)),
    )
    part = Cofinancement(str(conseil.pk), conseil.nom, Decimal(2), Decimal(12_000)) if conseil else None
    return replace(termes, chantiers=chantiers, cofinancements=(part,) if part else ())


# ------------------------------------------------------------------------------------- conventions de l'année


def _en_cours(d: Decor, structure: Structure) -> None:
    vie = d.vie(structure, d.annee - 1, 3)
    vie.signee(date(d.annee - 2, 12, 10), *TAUX)
    vie.bilan(d.annee - 1, date(d.annee, 3, 20))
    postes = vie.convention.versions.get().termes.postes or Decimal(8)
    vie.avenant_signe(d.annee, f"Un poste de plus en {d.annee} (fictif)", avis=True, postes=postes + 1)
    _moyens_et_engagements(d, vie.convention)


def _moyens_et_engagements(d: Decor, convention: Convention) -> None:
    """A means that did not come, one that did, a commitment kept in part."""
    appui = MoyenAccorde(
        d.annee, "dla", "Appui à la gestion (fictif)", "DLA fictif", Decimal(6), "journées", date(d.annee, 6, 30),
        "Sorties en emploi durable",
    )  # fmt: skip
    visites = MoyenAccorde(
        d.annee, "branche", "Visites d’entreprises (fictif)", "Branche fictive", Decimal(4), "visites"
    )
    manque, venu = (moyens.accorder(d.acteur, convention, m) for m in (appui, visites))
    raison = "Le consultant n’est pas venu (fictif)."
    moyens.passer_moyen(d.acteur, manque, "manquer", jour=date(d.annee, 7, 5), motif=raison)
    moyens.passer_moyen(d.acteur, venu, "livrer", jour=date(d.annee, 5, 12))
    pris = EngagementPris(d.annee, "orientations", "France Travail (agence fictive)", 20, "bénéficiaires du RSA", 15)
    engagement = moyens.s_engager(d.acteur, convention, pris)
    moyens.constater(d.acteur, engagement, 14, "Peu de candidats mobiles (fictif).")


def _avenant_en_preparation(d: Decor, structure: Structure) -> None:
    vie = d.vie(structure, d.annee - 1, 3)
    vie.signee(date(d.annee - 2, 12, 10), *TAUX)
    vie.avenant_signe(d.annee, f"Clauses financières {d.annee}, mêmes postes (fictif)", avis=False)
    postes = vie.convention.versions.signees().last().termes.postes or Decimal(8)  # type: ignore[union-attr]
    vie.avenant(d.annee + 1, "Un poste et demi de plus (fictif)", postes=postes + Decimal("1.5"))


def _suspendue(d: Decor, structure: Structure) -> None:
    """The avenant of the year was never signed; payments stop after the date limit."""
    vie = d.vie(structure, d.annee - 1, 3)
    vie.signee(date(d.annee - 2, 12, 10), *TAUX)
    vie.avenant(d.annee, f"Clauses financières {d.annee} (fictif)")
    limite = droit.continuite(d.annee)
    if limite is not None and d.jour > limite.limite:
        vie.passer("suspendre", limite.limite + timedelta(days=1))


def _manquement(d: Decor, structure: Structure) -> None:
    vie = d.vie(structure, d.annee - 1, 3)
    vie.signee(date(d.annee - 2, 12, 10), *TAUX)
    vie.avenant_signe(d.annee, f"Clauses financières {d.annee}, mêmes postes (fictif)", avis=False)
    jour = d.jour - timedelta(days=9)
    lettre = Lettre("Le bilan n’a pas été remis, deux demandes sont restées sans réponse (fictif).",
                    "Code du travail, R. 5132-5", jour, "1A 000 000 0001 (fictif)")  # fmt: skip
    actions.engager_manquement(d.acteur, vie.convention, lettre, maintenant=instant(jour))


def _renouvellement(d: Decor, structure: Structure) -> None:
    vie = d.vie(structure, d.annee - 2, 3)
    vie.signee(date(d.annee - 3, 12, 10), *TAUX)
    for annee in (d.annee - 1, d.annee):
        vie.avenant_signe(annee, f"Clauses financières {annee}, mêmes postes (fictif)", avis=False)
        vie.bilan(annee - 1, date(annee, 3, 20))
    jour = min(d.jour, date(d.annee, 9, 20))
    vie.passer("engager_renouvellement", jour)
    analyse = suites.analyser(
        d.acteur, vie.convention,
        {"issue": "non_atteint", "contexte": "Deux employeurs du bassin ont fermé (fictif).",
         "solutions": "Un partenariat avec l’interim d’insertion voisin (fictif)."}, maintenant=instant(jour),
    )  # fmt: skip
    suites.preconiser(d.acteur, analyse, {"libelle": "Ouvrir un second métier (fictif)", "horizon": d.annee + 1})


# ------------------------------------------------------------------------------- conventions de l'année suivante


def _prochaine(d: Decor, structure: Structure) -> tuple[Vie, date]:
    """File and negotiate the convention of next year; return it and the day it may go to the commission."""
    depuis = d.jour - timedelta(days=75)
    actuelle = Convention.objects.filter(structure=structure).order_by("-debut").first()
    vie = d.vie(structure, d.annee + 1, 3, depuis=depuis, renouvelle=actuelle)
    jour = vie.instruire() + timedelta(days=3)
    vie.convenir(jour, *TAUX)
    return vie, jour + timedelta(days=4)


def _soumise(d: Decor, structure: Structure) -> None:
    vie, jour = _prochaine(d, structure)
    vie.passer("soumettre_avis", jour)


def _avis_rendu(d: Decor, structure: Structure) -> None:
    vie, jour = _prochaine(d, structure)
    vie.avis(jour, SensAvis.RESERVES, "La commission demande un suivi trimestriel de l’encadrement (fictif).")


def _a_signer(d: Decor, structure: Structure) -> None:
    vie, jour = _prochaine(d, structure)
    vie.avis(jour)
    vie.a_la_signature(jour + timedelta(days=16))


def _partielle(d: Decor, structure: Structure) -> None:
    vie, jour = _prochaine(d, structure)
    vie.avis(jour)
    version = vie.a_la_signature(jour + timedelta(days=14))
    vie.signer(version, jour + timedelta(days=14), combien=2)


def _refusee(d: Decor, structure: Structure) -> None:
    vie = d.vie(structure, d.annee + 1, 1, depuis=d.jour - timedelta(days=60), motif_duree="fragile",
                precision_duree="Fonds propres négatifs (fictif)")  # fmt: skip
    vie.instruire()
    projet = Projet(
        faits="Le plan de financement n’est pas équilibré et la structure ne l’a pas corrigé (fictif).",
        articles=fondement(structure.categorie), signataire="Sacha Fictif",
        qualite="Directeur départemental", prise_le=d.jour - timedelta(days=7),
        voies=voies_par_defaut(d.jour - timedelta(days=7)), delegue=True,
        fondement="arrêté fictif du 8 janvier 2024",
    )  # fmt: skip
    actions.refuser(d.acteur, vie.convention, projet, maintenant=instant(projet.prise_le))


# ------------------------------------------------------------------------------------------ missions locales


def _cpo(d: Decor, mission: MissionLocale, debut: int) -> tuple[Vie, date]:
    """Open a CPO with five axes and its five objectives."""
    termes = Termes(dotation=Decimal(640_000), axes=tuple(Ecrit(c, t) for c, t in AXES_DE_ML.items()))
    depuis = min(date(debut - 1, 9, 15), d.jour - timedelta(days=60))
    vie = Vie(mission, date(debut, 1, 1), 3, d.acteur, termes, depuis=depuis)
    jour = vie.instruire()
    for axe, (libelle, _) in zip(AXES_ML, OBJECTIFS_DE_ML, strict=True):
        vie.poser(NouvelObjectif(debut, axe, libelle, unite="par an"), jour)
    return vie, jour + timedelta(days=2)


def _cpo_en_cours(d: Decor, mission: MissionLocale) -> None:
    vie, jour = _cpo(d, mission, d.annee - 1)
    for objectif, (_, valeur) in zip(vie.convention.objectifs.order_by("pk"), OBJECTIFS_DE_ML, strict=True):
        vie.dire(objectif, jour, valeur)
    signature = date(d.annee - 2, 12, 10)
    vie.signer(vie.a_la_signature(signature), signature)
    vie.passer("commencer", vie.convention.debut)
    vie.avenant_signe(d.annee, f"Dotation {d.annee} (fictif)", avis=False, dotation=Decimal(655_000))


def _cpo_en_negociation(d: Decor, mission: MissionLocale) -> None:
    vie, jour = _cpo(d, mission, d.annee + 1)
    for rang, objectif in enumerate(vie.convention.objectifs.order_by("pk")):
        if rang < 3:
            vie.dire(objectif, jour, OBJECTIFS_DE_ML[rang][1], accord=rang < 2)


DE_LANNEE: tuple[tuple[str, Jouer], ...] = (
    ("EI", _en_cours), ("ACI", _avenant_en_preparation), ("ETTI", _suspendue), ("EI", _manquement),
    ("AI", _renouvellement),
)  # fmt: skip
PROCHAINES: tuple[tuple[str, Jouer], ...] = (
    ("EI", _soumise), ("ETTI", _avis_rendu), ("EI", _a_signer), ("ACI", _partielle), ("AI", _refusee),
)  # fmt: skip
CPO: tuple[Callable[[Decor, MissionLocale], None], ...] = (_cpo_en_cours, _cpo_en_negociation)
# Les premières structures de chaque catégorie ont un dossier ou une négociation de démonstration ; celle de l'AI
# renouvelle la convention d'ici.
PASSEES = {"ACI": 5, "AI": 0}


def creer_celles_de_lannee(region: str, acteur: Acteur) -> int:
    """Create the conventions that already live; before the take-over of the others, which leaves these alone.

    Returns:
        How many were created: none when they are already there.
    """
    decor = Decor(acteur)
    choisies = zip(DE_LANNEE, _structures(region, [c for c, _ in DE_LANNEE]), strict=True)
    libres = [(jouer, s) for (_, jouer), s in choisies if s and not s.conventions.exists()]
    return sum(_jouer(decor, jouer, structure) for jouer, structure in libres)


def creer_les_prochaines(region: str, acteur: Acteur) -> int:
    """Create the conventions of next year at several stages, and the CPO; return how many were created."""
    decor = Decor(acteur)
    avant = [c for c, _ in DE_LANNEE]
    structures = list(_structures(region, [*avant, *(c for c, _ in PROCHAINES)]))[len(avant) :]
    choisies = zip(PROCHAINES, structures, strict=True)
    debut = date(decor.annee + 1, 1, 1)
    libres = [(jouer, s) for (_, jouer), s in choisies if s and not s.conventions.filter(debut=debut).exists()]
    faites = sum(_jouer(decor, jouer, structure) for jouer, structure in libres)
    missions = MissionLocale.objects.filter(departement__region=region, organisation__isnull=False).order_by("code")
    siennes = zip(CPO, missions.select_related("departement", "organisation"), strict=False)
    return faites + sum(_jouer(decor, jouer, m) for jouer, m in siennes if not m.conventions.exists())


def _jouer(decor: Decor, jouer: Callable[[Decor, Any], None], partie: Structure | MissionLocale) -> int:
    with transaction.atomic():
        jouer(decor, partie)
    return 1


def _structures(region: str, categories: list[str]) -> Iterator[Structure | None]:
    """Yield one SIAE by category asked, each once, first in the département of the first accounts; None when short."""
    premier = Departement.objects.filter(region=region).order_by("pk").values("pk")[:1]
    prises: Counter[str] = Counter()
    for categorie in categories:
        siennes = Structure.objects.filter(categorie=categorie, departement__region=region, porteur__isnull=False)
        ordonnees = siennes.suivies().select_related("porteur", "departement__region").order_by(
            Case(When(departement__in=premier, then=0), default=1), "id_asp"
        )  # fmt: skip
        rang = PASSEES.get(categorie, 1) + prises[categorie]
        prises[categorie] += 1
        yield next(iter(ordonnees[rang : rang + 1]), None)
