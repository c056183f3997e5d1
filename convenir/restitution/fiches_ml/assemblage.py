"""Read everything a fiche of a mission locale says, in a fixed number of SQL queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from convenir.contrat.travaux.queries import decompte
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.qualite.bornes import bornes
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.versions import rupture
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Valeur, Valeurs
from convenir.restitution.fiches.assemblage import FicheIndisponible
from convenir.restitution.fiches_ml.modele import HISTORIQUE, Autour, FicheMl, LigneMl, Moment, SectionMl
from convenir.restitution.fiches_ml.secret import autour_dune_partie, pour_un_tiers
from convenir.socle.commun import francais
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.reglementation.queries import a_jour


def trouver(acteur: Acteur, code: str) -> MissionLocale:
    """Return a mission locale in the person's sight.

    Raises:
        EntreeInvalide: it is not there.
    """
    visibles = MissionLocale.objects.visibles_par(acteur.perimetre).select_related("departement__region")
    trouvee = visibles.filter(code=code).first()
    if trouvee is None:
        raise EntreeInvalide(f"Aucune mission locale {code} dans votre périmètre. Vérifiez son identifiant.")
    return trouvee


def assembler(acteur: Acteur, mission_locale: MissionLocale, annee: int) -> FicheMl:
    """Return the fiche of a mission locale for a year, as this person may see it.

    Args:
        acteur: who reads: outside the State and the mission locale, small counts are hidden; the mission locale does
            not read those of its neighbours in the figures of their territories.
        mission_locale: with its département and région already read.
        annee: civil year.

    Raises:
        FicheIndisponible: no snapshot holds the year.
    """
    instantane = ml.instantane(annee)
    if instantane is None:
        connues = ", ".join(str(a) for a in ml.annees()) or "aucune"
        raise FicheIndisponible(f"Aucun chiffre de mission locale n'est calculé pour {annee}. Années : {connues}.")
    cat = ml.catalogue_de(instantane, annee)
    siennes, autour = _valeurs(instantane, mission_locale)
    masquee = not acteur.peut(Capacite.VOIR_MARQUES_SENSIBLES)
    if masquee:
        siennes = pour_un_tiers(siennes)
        autour = tuple(replace(a, valeurs=pour_un_tiers(a.valeurs)) for a in autour)
    elif not (acteur.est_etat or acteur.est_systeme):
        autour = tuple(replace(a, valeurs=autour_dune_partie(a.valeurs, siennes)) for a in autour)
    moments = tuple(Moment.de(instantane, annee - rang) for rang in range(HISTORIQUE))
    appliques = instantane.parametres.get(str(annee), {})
    lignes = [_ligne(i, cat, siennes, autour, moments, appliques) for i in ml.publies(cat)]
    return FicheMl(
        mission_locale=mission_locale,
        moments=moments,
        instantane=instantane,
        catalogue=cat,
        valeurs=siennes,
        sections=tuple(
            SectionMl(axe, titre, tuple(ligne for ligne in lignes if ligne.indicateur.axe == axe))
            for axe, titre in ml.AXES.items()
        ),
        autour=autour,
        a_confirmer={c: p["libelle"] for c, p in sorted(appliques.items()) if p.get("a_confirmer")},
        parametres=tuple(p for _, p in sorted(appliques.items())),
        masquee=masquee,
        travaux=decompte(acteur, mission_locale, annee),
    )


def seuil_du_secret(annee: int) -> int:
    """Return the parameter `secret.seuil` at the end of a year."""
    return int(a_jour().nombre("secret.seuil", date(annee, 12, 31)))


def _valeurs(instantane: Instantane, mission_locale: MissionLocale) -> tuple[Valeurs, tuple[Autour, ...]]:
    """Return the values of the mission locale, and those of its territories: one query."""
    departement = mission_locale.departement
    autour = (
        ("departement", departement.pk, departement.nom),
        ("region", departement.region_id, departement.region.nom),
        ("france", CODE_FRANCE, "France"),
    )
    cles = [("ml", mission_locale.code), *((niveau, code) for niveau, code, _ in autour)]
    lues = indicateurs.valeurs_de_plusieurs([instantane], cles)
    return lues["ml", mission_locale.code], tuple(Autour(n, nom, lues[n, code]) for n, code, nom in autour)


def _ligne(
    i: IndicateurMl, cat: CatalogueMl, valeurs: Valeurs, autour: tuple[Autour, ...], moments: tuple[Moment, ...],
    appliques: dict[str, dict[str, str]],
) -> LigneMl:  # fmt: skip
    ligne = LigneMl(
        i,
        ml.retrait(cat, i),
        tuple(valeurs.get(i.code, m.periode(i)) for m in moments),
        (),
        tuple(appliques[c]["libelle"] for c in i.parametres if appliques.get(c, {}).get("a_confirmer")),
        annees_des_termes(i, cat, moments[0]),
        reserve(valeurs, i.code, moments[0].periode(i)),
        rupture(i, tuple(m.annee for m in moments)),
    )
    vus = [a.valeurs.get(i.code, moments[0].periode(i)) for a in autour]
    return replace(ligne, autour=tuple(vus))


def reserve(valeurs: Valeurs, code: str, periode: str, ventilation: str = "", modalite: str = "") -> str:
    """Say how complete a figure is and between what bounds it stands; empty when no unknown weighs on it."""
    lues = bornes(valeurs, code, periode, ventilation, modalite)
    return lues.reserve if lues else ""


def annees_des_termes(i: IndicateurMl, cat: CatalogueMl, moment: Moment) -> str:
    """Say of what year each term of a ratio of resources is: they are never divided silently."""
    if i.axe != "ressources" or i.denominateur is None or not i.numerateur.indicateur:
        return ""
    haut, bas = cat.indicateurs[i.numerateur.indicateur], cat.indicateurs[i.denominateur.indicateur]
    return f"{_annee_de(haut, moment)}, sur {_annee_de(bas, moment)}"


def _annee_de(terme: IndicateurMl, moment: Moment) -> str:
    if terme.releve == "budget":
        return f"budget prévisionnel {moment.annee}"
    if terme.releve == "personnel":
        return f"personnel {moment.annee}"
    if terme.genre == "stock":
        return f"présents au {francais.jour(moment.jour)}"
    fin = "" if moment.est_clos else f", à fin {francais.MOIS[moment.mois - 1]}"
    return f"activité {moment.annee}{fin}"


def valeurs_annuelles(fiche: FicheMl) -> list[Valeur]:
    """Return the values shown, each once, in the order of the fiche."""
    toutes = [v for s in fiche.sections for ligne in s.lignes for v in ligne.annees]
    return list({v.cle: v for v in toutes}.values())
