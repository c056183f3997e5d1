"""Acts of the life cycle as forms: one address by move of the table, plain HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from convenir.contrat.conventions import actions, forms, gardes
from convenir.contrat.conventions.actions.decisions import voies_par_defaut
from convenir.contrat.conventions.actions.passages import version_a_traiter
from convenir.contrat.conventions.documents import produire
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import TRANSITIONS
from convenir.contrat.conventions.views.commun import trouver
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.formulaires import FormulaireDsfr
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus, tenter

# Le dépôt et les pièces sont à la salle des dossiers ; les signatures ont leur page.
AILLEURS = frozenset({"deposer", "completer", "signer", "achever_signature", "reprendre"})


@dataclass(frozen=True)
class Demande:
    """What an act is asked on: who, what, the cleaned form, the instant."""

    acteur: Acteur
    convention: Convention
    propre: dict[str, Any]
    maintenant: datetime

    @property
    def jour(self) -> date:
        """Day of the act."""
        jour: date = self.propre["jour"]
        return jour


def _simple(nom: str) -> Callable[[Demande], object]:
    return lambda d: actions.passer(
        d.acteur, d.convention, nom, jour=d.jour, maintenant=d.maintenant, motif=d.propre.get("motif", "")
    )


def _avec_motif(acte: Callable[..., object]) -> Callable[[Demande], object]:
    return lambda d: acte(d.acteur, d.convention, motif=d.propre["motif"], jour=d.jour, maintenant=d.maintenant)


def _avis(d: Demande) -> object:
    p = d.propre
    rendu = actions.AvisRendu(d.jour, p["sens"], p["motifs"], p["electronique"], p["fichier"])
    return actions.rendre_avis(d.acteur, d.convention, rendu, maintenant=d.maintenant)


def _avenant(d: Demande) -> object:
    p = d.propre
    avenant = actions.NouvelAvenant(p["effet"], p["clauses_fin"], p["objet"], nature=p["nature"])
    return actions.preparer_avenant(
        d.acteur, d.convention, avenant, jour=timezone.localdate(d.maintenant), maintenant=d.maintenant
    )


def _lettre(d: Demande) -> object:
    p = d.propre
    lettre = actions.Lettre(p["faits"], p["articles"], d.jour, p["numero"], p["obligatoire"], p["avant"], p["fichier"])
    return actions.engager_manquement(d.acteur, d.convention, lettre, maintenant=d.maintenant)


def projet_de(propre: dict[str, Any]) -> actions.Projet:
    """Build a decision from its form."""
    noms = ("faits", "articles", "signataire", "qualite", "fondement", "voies", "montant")
    return actions.Projet(
        **{n: propre[n] for n in noms},
        prise_le=propre["jour"],
        delegue=bool(propre["fondement"]),
        appuyee_sur_un_calcul=propre["calcul"],
        mention_algorithmique=propre["calcul"],
    )


@transaction.atomic
def _signature(d: Demande) -> object:
    """Freeze the terms and produce the act to sign, together or not at all."""
    version = actions.mettre_en_signature(d.acteur, d.convention, jour=d.jour, maintenant=d.maintenant)
    return produire(d.acteur, version, jour=d.jour, maintenant=d.maintenant)


def _decision(acte: Callable[..., object]) -> Callable[[Demande], object]:
    return lambda d: acte(d.acteur, d.convention, projet_de(d.propre), maintenant=d.maintenant)


Fabrique = Callable[..., FormulaireDsfr]
PROPRES: dict[str, tuple[Fabrique, Callable[[Demande], object]]] = {
    "rendre_avis": (forms.FormulaireAvis, _avis),
    "preparer_avenant": (forms.FormulaireAvenant, _avenant),
    "engager_manquement": (forms.FormulaireLettre, _lettre),
    "refuser": (forms.FormulaireDecision, _decision(actions.refuser)),
    "resilier": (forms.FormulaireDecision, _decision(actions.resilier)),
    "mettre_en_signature": (forms.FormulaireActe, _signature),
    "retirer_signature": (forms.FormulaireActe, _avec_motif(actions.retirer_de_la_signature)),
    "annuler_signatures": (forms.FormulaireActe, _avec_motif(actions.annuler_signatures)),
    "clore_manquement": (forms.FormulaireActe, _avec_motif(actions.clore_manquement)),
}


@exige(Capacite.VOIR_CONVENTIONS)
def acte(request: HttpRequest, reference: str, nom: str) -> HttpResponseBase:
    """Show the form of a move and what stands in its way; make it."""
    convention = trouver(request, reference)
    transition = TRANSITIONS.get(nom)
    if transition is None or nom in AILLEURS or transition.capacite is None:
        raise Http404
    acteur = acteur_de_la_requete(request)
    if raison := raison_du_refus(acteur, transition.capacite):
        return page_de_refus(request, raison)
    fabrique, faire = PROPRES.get(nom, (forms.FormulaireActe, _simple(nom)))
    options = {"motif": transition.motif} if fabrique is forms.FormulaireActe else {}
    jour = timezone.localdate()
    depart = {"jour": jour, "voies": voies_par_defaut(jour)} | _du_manquement(convention, nom)
    formulaire = fabrique(request.POST or None, request.FILES or None, initial=depart, **options)
    if request.method == "POST" and formulaire.is_valid():
        demande = Demande(acteur, convention, formulaire.cleaned_data, timezone.now())
        if tenter(request, lambda: faire(demande), f"{transition.libelle} : c’est fait."):
            return redirect(convention)
    contexte = gardes.Contexte(convention, version_a_traiter(convention), jour)
    obstacles = gardes.obstacles(nom, contexte)
    return _page(request, convention, transition.libelle, formulaire, transition.effet, obstacles)


def _du_manquement(convention: Convention, nom: str) -> dict[str, str]:
    """A termination starts from the facts and articles of the registered letter."""
    ouvert = convention.manquements.filter(clos_le=None).first() if nom == "resilier" else None
    return {"faits": ouvert.faits, "articles": ouvert.articles} if ouvert else {}


def _page(
    request: HttpRequest, convention: Convention, titre: str, formulaire: FormulaireDsfr, effet: str = "",
    obstacles: list[str] | None = None, **autres: Any,
) -> HttpResponse:  # fmt: skip
    contexte = {
        "c": convention,
        "titre": titre,
        "formulaire": formulaire,
        "effet": effet,
        "obstacles": obstacles or [],
    }
    statut = 400 if request.method == "POST" else 200
    return render(request, "conventions/acte.html", contexte | autres, status=statut)


page_d_acte = _page
