"""French wording in templates: the filters of `socle.commun.francais`, always available."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from convenir.mesure.indicateurs.valeurs import Statut, Valeur
from convenir.restitution.fiches import phrases
from convenir.restitution.fiches.modele import Comparaison, LigneComparaison, MoisEtp
from convenir.restitution.fiches_ml.modele import FicheMl
from convenir.restitution.portail.liens_ml import url_chiffre_ml
from convenir.restitution.portail.presentation import url_chiffre
from convenir.socle.commun import francais
from convenir.socle.figures.barres import barre_mini
from convenir.socle.figures.toile import Svg
from convenir.socle.organisations.models import MissionLocale, Structure

register = template.Library()

register.filter("nombre", francais.nombre)
register.filter("pourcent", francais.pourcent)
register.filter("points", francais.points)
register.filter("euros", francais.euros)
register.filter("etp", francais.etp)
register.filter("siret", francais.siret)
register.filter("soigne", francais.soigner)


def _date(valeur: date | datetime | None) -> date | None:
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


@register.filter
def jour(valeur: date | datetime | None) -> str:
    """Write a date in words."""
    return francais.jour(_date(valeur))


@register.filter
def jour_semaine(valeur: date | datetime | None) -> str:
    """Write a date in words with the day of the week."""
    return francais.jour(_date(valeur), semaine=True)


@register.filter
def instant(valeur: datetime | None) -> str:
    """Write a moment: « 11 octobre 2026, 6 h 30 »."""
    if valeur is None:
        return francais.jour(None)
    local = timezone.localtime(valeur)
    return f"{francais.jour(local.date())}, {local.hour}{francais.INSECABLE}h{francais.INSECABLE}{local.minute:02d}"


@register.filter
def taux(valeur: Decimal) -> str:
    """Write a negotiated rate without a useless decimal: « 58 % », « 57,5 % »."""
    return phrases.part(valeur)


register.filter("alerte", phrases.alerte)


@register.filter
def sans_point(texte: str) -> str:
    """Remove the full stop of a sentence that goes on."""
    return texte.removesuffix(".")


@register.filter
def nom_du_mois(mois: MoisEtp) -> str:
    """Write the name of a month."""
    return francais.MOIS[mois.mois - 1].capitalize()


@register.filter
def pluriel(compte: int, formes: str) -> str:
    """Write a count and its noun: `{{ n|pluriel:"sortie,sorties" }}`."""
    singulier, _, au_pluriel = formes.partition(",")
    return francais.pluriel(compte, singulier, au_pluriel or None)


@register.simple_tag
def mini_barre(valeur: Decimal | None, objectif: Decimal | None = None) -> Svg:
    """Draw the small bar of a table cell; out of 120 %, so that a target of 100 % stays in sight."""
    return barre_mini(valeur, objectif if objectif is not None else 100, cle="mini", maximum=120)


@register.simple_tag
def chiffre(structure: Structure, valeur: Valeur, libelle: str, texte: str = "", niveau: str = "") -> SafeString:
    """Print a figure that opens onto its source; one that is not there stays plain text.

    With `niveau`, the figure is that of the territory around the structure.
    """
    imprime = texte or valeur.texte
    if not valeur.est_disponible and valeur.statut != Statut.NON_CALCULABLE:
        return format_html("{}", imprime)
    return format_html(
        '<a class="cv-chiffre" href="{}">{}<span class="fr-sr-only"> (d’où vient ce chiffre : {})</span></a>',
        url_chiffre(structure, valeur, niveau), imprime, libelle,
    )  # fmt: skip


@register.simple_tag
def repere(structure: Structure, comparaison: Comparaison, ligne: LigneComparaison) -> SafeString:
    """Print what a rate is compared with in a territory, opening onto its source, and over how many structures."""
    if ligne.mediane is not None and ligne.effectif is not None:
        imprime, sur = francais.pourcent(ligne.mediane), francais.pluriel(ligne.effectif, "structure")
    elif ligne.ensemble:
        imprime, sur = ligne.ensemble.texte, "l’ensemble"
    else:
        return format_html("{}", ligne.mention)
    return format_html(
        '<a class="cv-chiffre" href="{}?periode={}">{}'
        '<span class="fr-sr-only"> (d’où vient ce chiffre : {}, {})</span></a><small>{}</small>',
        reverse(
            "portail:repere",
            args=[structure.id_asp, structure.categorie, ligne.niveau, comparaison.indicateur],
        ),
        comparaison.structure.periode, imprime, comparaison.libelle, ligne.territoire, sur,
    )  # fmt: skip


@register.simple_tag
def chiffre_ml(mission_locale: MissionLocale, valeur: Valeur, libelle: str) -> SafeString:
    """Print a figure of a mission locale that opens onto its source; one that is not there stays plain text."""
    if not valeur.est_disponible and valeur.statut != Statut.NON_CALCULABLE:
        return format_html("{}", valeur.texte)
    return format_html(
        '<a class="cv-chiffre" href="{}">{}<span class="fr-sr-only"> (d’où vient ce chiffre : {}, {})</span></a>',
        url_chiffre_ml(mission_locale, valeur), valeur.texte, libelle, valeur.periode,
    )  # fmt: skip


@register.simple_tag
def nom_autour(fiche: FicheMl, rang: int) -> str:
    """Name the territory of a column."""
    return fiche.autour[rang].nom


@register.simple_tag(takes_context=True)
def avec_parametres(context: template.Context, **changements: object) -> str:
    """Return the query string of this page with some parameters changed; None removes one."""
    parametres = dict(context["request"].GET.lists())
    for nom, valeur in changements.items():
        if valeur is None:
            parametres.pop(nom, None)
        else:
            parametres[nom] = [str(valeur)]
    return f"?{urlencode(parametres, doseq=True)}"
