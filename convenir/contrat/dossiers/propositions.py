"""The terms that a file asks for, in the words of the structure: posts, project axis by axis, written parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.propositions import proposer_des_termes
from convenir.contrat.conventions.rules.termes import Ecrit, Termes
from convenir.contrat.dossiers.models import ActionProjet, Dossier

POSTES = "postes.etp_demandes"
# Chaque partie écrite de l'acte, et les questions de la demande qui y répondent.
SECTIONS: dict[str, tuple[str, ...]] = {
    "presentation": ("porteur.objet_social",),
    "publics": ("publics.publics", "chantiers.publics"),
    "accompagnement": ("accompagnement.accompagnement", "accompagnement.cooperation"),
    "autres_conventions": ("autres_conventions.autres_conventions",),
    "exclusivite": ("exclusivite.exclusivite",),
    "economie": ("territoire.offre",),
    "territoire": ("territoire.perimetre",),
    "moyens": ("moyens.moyens_humains", "moyens.moyens_materiels", "moyens.moyens_financiers"),
    "offres": ("offres.offres",),
    "autres_aides": ("aides.aides_recues", "aides.aides_attendues"),
    "remuneration": ("salaires.remuneration", "salaires.contrats"),
    "suivi": ("suivi.suivi",),
}
# Les cinq axes d'une CPO, numérotés dans le dossier, nommés dans les termes ; leur offre de service a ses questions.
AXES_DE_ML = {"ml_1": "reperage", "ml_2": "parcours", "ml_3": "entreprises", "ml_4": "expertise", "ml_5": "ingenierie"}
QUESTIONS_D_AXE = ("offre", "publics", "moyens", "resultats")


@proposer_des_termes
def termes_demandes(convention: Convention) -> Termes:
    """Return the posts, the axes and the written parts that a filed application asks for."""
    dossier = Dossier.objects.filter(convention=convention, depose_le__isnull=False).first()
    if dossier is None:
        return Termes()
    reponses = dict(dossier.reponses.exclude(valeur="").values_list("champ", "valeur"))
    postes = Decimal(reponses[POSTES]) if POSTES in reponses else None
    parties = SECTIONS.items() if convention.structure_id else ()  # une CPO s'écrit en cinq axes
    sections = _ecrits((cle, [reponses.get(c, "") for c in champs]) for cle, champs in parties)
    return Termes(postes=postes, axes=_axes(dossier, reponses), sections=sections)


def _ecrits(textes: Iterable[tuple[str, list[str]]]) -> tuple[Ecrit, ...]:
    joints = ((cle, "\n".join(t.strip() for t in lus if t.strip())) for cle, lus in textes)
    return tuple(Ecrit(cle, texte) for cle, texte in joints if texte)


def _axes(dossier: Dossier, reponses: Mapping[str, str]) -> tuple[Ecrit, ...]:
    """Write each axis as one text: the offer, what is said freely, then a line by action."""
    lignes = {axe: [reponses.get(f"ml_axe_{axe[-1]}.{q}", "") for q in QUESTIONS_D_AXE] for axe in AXES_DE_ML}
    for axe, texte in dossier.presentations.values_list("axe", "texte"):
        lignes.setdefault(axe, []).append(texte)
    for action in dossier.actions.all():
        lignes.setdefault(action.axe, []).append(action_en_mots(action))
    return _ecrits((AXES_DE_ML.get(axe, axe), lues) for axe, lues in sorted(lignes.items()))


def action_en_mots(action: ActionProjet) -> str:
    """Write an action on one line: its title, then what is said of it."""
    details = (
        ("moyens", action.moyens), ("calendrier", action.calendrier), ("indicateur", action.indicateur),
        ("preuve", action.preuve), ("orientation du plan départemental servie", action.orientation),
        ("attendue par", action.attendue_par),
    )  # fmt: skip
    dits = [f"{nom} : {texte.strip()}" for nom, texte in details if texte.strip()]
    return f"{action.intitule} ({' ; '.join(dits)})" if dits else action.intitule
