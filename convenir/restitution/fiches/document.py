"""The fiche bilan as a document: the same values and sentences as the page, laid out for the table of a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from convenir.restitution.fiches import graphiques, phrases
from convenir.restitution.fiches.modele import FicheBilan, LigneComparaison, LigneObjectif
from convenir.socle.commun import francais
from convenir.socle.documents import contextes as d
from convenir.socle.documents.rendu import DocumentRendu
from convenir.socle.documents.rendu import rendre as composer
from convenir.socle.journal.queries import tete

GRAVITES = {"forte": "À traiter", "moderee": "À suivre"}
COMMENT = (
    "Recalculez la fiche depuis les mêmes fichiers : l’empreinte doit être la même. À l’écran, chaque chiffre "
    "s’ouvre sur sa définition, son calcul, ses lignes et son texte."
)


def rendre(fiche: FicheBilan) -> DocumentRendu:
    """Render the fiche as a tagged PDF; same fiche, same bytes.

    Raises:
        DocumentImpossible: the typesetter refused the data.
    """
    return composer(
        "fiche-bilan", donnees(fiche), horodatage=fiche.instantane.calcule_le, fictif=settings.DONNEES_FICTIVES
    )


def donnees(fiche: FicheBilan) -> d.DonneesFicheBilan:
    """Return the typed data of the document."""
    return d.DonneesFicheBilan(
        meta=_meta(fiche),
        annee=str(fiche.annee),
        annees=tuple(str(a) for a in reversed(fiche.annees)),
        services=_services(fiche),
        titre=f"Fiche bilan {fiche.annee}",
        objet=_objet(fiche),
        identite=_identite(fiche),
        essentiel=tuple(phrases.essentiel(fiche)),
        alertes=tuple(_alerte(a) for a in fiche.alertes),
        sans_alerte=phrases.sans_alerte(fiche),
        objectifs=_objectifs(fiche),
        sorties=_sorties(fiche),
        etp=_etp(fiche),
        publics=_publics(fiche),
        argent=_argent(fiche),
        comparaison=_comparaison(fiche),
        absents=tuple(d.Mention(m.quoi, f"{m.origine}. {m.effet}") for m in fiche.manques),
        a_confirmer=_a_confirmer(fiche),
        sources=tuple(_source(f) for f in fiche.fichiers),
        preuve=_preuve(fiche),
    )


def _a_confirmer(fiche: FicheBilan) -> tuple[d.Mention, ...]:
    if not fiche.a_confirmer:
        return ()
    libelles = "; ".join(fiche.a_confirmer.values()).replace("; ", " ; ")
    return (d.Mention(francais.pluriel(len(fiche.a_confirmer), "paramètre"), f"{libelles}."),)


def _meta(fiche: FicheBilan) -> d.Meta:
    s = fiche.structure
    return d.Meta(
        titre=f"Fiche bilan {fiche.annee} : {s.denomination} ({s.categorie})",
        reference=f"FB-{fiche.annee}-{s.code}",
        auteur=_services(fiche)[-1],
        objet="Objectifs négociés et résultats de l’année, trois ans d’historique, moyens et alertes",
        etat=f"Données arrêtées au {francais.jour(fiche.arretee_le)}",
    )


def _services(fiche: FicheBilan) -> tuple[str, ...]:
    departement = fiche.structure.departement
    return (f"Dialogue de gestion, {departement.libelle}", "Convenir, plateforme du dialogue de gestion")


def _objet(fiche: FicheBilan) -> str:
    s = fiche.structure
    categorie = s.get_categorie_display()
    lieu = f", à {s.commune.nom}" if s.commune else ""
    return f"{s.denomination}, {categorie[0].lower()}{categorie[1:]} ({s.categorie}){lieu}"


def _identite(fiche: FicheBilan) -> tuple[tuple[str, str | None], ...]:
    s, annexe = fiche.structure, fiche.annexe
    return (
        ("Porteur", s.porteur.nom if s.porteur else None),
        ("Convention", annexe.convention.numero if annexe and annexe.convention else None),
        ("Annexe financière", f"{annexe.numero_complet}, {annexe.etat.lower()}" if annexe else None),
        ("Identifiant ASP", str(s.id_asp)),
        ("SIRET à la signature", francais.siret(s.siret_signature) or None),
        ("SIRET actuel", francais.siret(s.siret_actualise) or None),
    )


def _alerte(alerte: Mapping[str, Any]) -> d.AlerteDocument:
    return d.AlerteDocument(GRAVITES.get(alerte["gravite"], "À suivre"), alerte["fait"], phrases.alerte(alerte))


def _objectifs(fiche: FicheBilan) -> d.Objectifs:
    lignes = sorted(fiche.objectifs, key=lambda ligne: not ligne.total)
    note = (
        "Durable + transition + positives = dynamiques. Un taux se lit sur les sorties examinées, hors « retrait "
        "des sorties constatées ». La référence nationale est celle de l’annexe 7 de la circulaire du 10 décembre "
        "2008 ; elle ne bloque jamais une négociation."
    )
    return d.Objectifs(tuple(_objectif(ligne) for ligne in lignes), note=f"{phrases.triennale(fiche)} {note}".strip())


def _objectif(ligne: LigneObjectif) -> d.LigneObjectif:
    courant = ligne.courant
    return d.LigneObjectif(
        libelle=ligne.libelle if ligne.total else f"dont {ligne.libelle.lower()}",
        annees=tuple(r.texte for r in reversed(ligne.annees[1:])),
        objectif=_part(courant.objectif),
        resultat=courant.texte,
        effectif=courant.detail or None,
        reference=_part(ligne.reference),
        lecture=", ".join(x for x in (ligne.lecture, phrases.manque(ligne)) if x) or "sans objectif",
        mini=d.FigureDocument.mini(ligne.libelle, courant.resultat.valeur, courant.objectif, cle=f"mini-{ligne.code}"),
        retrait=not ligne.total,
    )


def _part(valeur: Decimal | None) -> str | None:
    return None if valeur is None else phrases.part(valeur)


def _sorties(fiche: FicheBilan) -> d.Sorties:
    examinees = fiche.examinees[0].valeur

    def part(effectif: int | None, code: str) -> str | None:
        if not examinees or effectif is None or code == "exclue":
            return None
        return francais.pourcent(Decimal(100 * effectif) / examinees)

    familles = tuple(
        d.FamilleMotifs(
            f.libelle,
            _compte(f.effectifs),
            part(f.effectifs[0], f.code),
            tuple(d.LigneMotif(m.libelle, _compte(m.effectifs), part(m.effectifs[0], f.code)) for m in f.motifs),
        )
        for f in fiche.familles
    )
    return d.Sorties(familles, tuple(v.texte for v in reversed(fiche.examinees)), phrases.sorties(fiche))


def _compte(effectifs: tuple[int | None, ...]) -> tuple[str, ...]:
    return tuple(francais.nombre(e) for e in reversed(effectifs))


def _etp(fiche: FicheBilan) -> d.ActiviteEtp:
    cumul, mois = Decimal(0), []
    for m in fiche.activite.mois:
        connu = m.realise is not None and m.conventionne is not None
        if m.realise is not None and m.conventionne is not None:
            cumul += m.realise - m.conventionne
        mois.append(
            d.MoisDocument(
                francais.MOIS_COURTS[m.mois - 1],
                None if m.realise is None else francais.nombre(m.realise, 1),
                None if m.conventionne is None else francais.nombre(m.conventionne, 1),
                francais.nombre(cumul, 1, signe=True) if connu else None,
            )
        )
    return d.ActiviteEtp(
        phrases.activite(fiche),
        d.FigureDocument.de(graphiques.etp(fiche)),
        tuple(mois),
        "ETP mensuel : heures du mois × 12 ÷ heures d’un ETP annuel. L’écart cumulé est en ETP mensuels.",
    )


def _publics(fiche: FicheBilan) -> d.Publics:
    lignes = tuple(
        d.LignePublic(
            p.libelle,
            tuple(v.texte for v in reversed(p.effectifs)),
            p.part.texte,
            priorite=None if p.part_visee is None else phrases.part(p.part_visee),
            departement=p.departement.texte,
            france=p.france.texte,
        )
        for p in fiche.publics
    )
    note = "Une personne peut compter dans plusieurs publics. « s. s. » : petit effectif couvert par le secret."
    phrase = f"{phrases.publics(fiche)} {phrases.priorites(fiche)}".strip()
    return d.Publics(fiche.presents[0].texte, lignes, phrase, f"{note} {phrases.france(fiche)}".strip())


def _argent(fiche: FicheBilan) -> d.Argent:
    lignes = [
        d.LigneArgent(libelle, tuple(v.texte for v in reversed(par_an)), gras=i == 1)
        for i, (libelle, par_an) in enumerate((*fiche.aides, *fiche.moyens))
    ]
    return d.Argent(tuple(lignes), phrases.aide(fiche))


def _comparaison(fiche: FicheBilan) -> d.Comparaison | None:
    premiere = fiche.comparaisons[0]
    territoires = tuple(
        f"{b.territoire} ({francais.nombre(b.effectif)})" if b.effectif else b.territoire for b in premiere.lignes
    )
    lignes = tuple(d.LigneComparaison(c.libelle, c.texte, tuple(map(_repere, c.lignes))) for c in fiche.comparaisons)
    return d.Comparaison(
        territoires, lignes, phrases.comparaison(fiche), d.FigureDocument.de(graphiques.comparaison(fiche, premiere)),
        "Ces repères situent, ils ne classent pas. Les autres structures ne sont pas nommées.",
    )  # fmt: skip


def _repere(ligne: LigneComparaison) -> d.Repere:
    if ligne.ensemble is not None:
        return d.Repere(ligne.ensemble.texte, "l’ensemble")
    if ligne.q1 is None or ligne.mediane is None or ligne.q3 is None:
        return d.Repere(None)
    return d.Repere(
        francais.pourcent(ligne.mediane), f"{francais.nombre(ligne.q1, 1)} à {francais.pourcent(ligne.q3)}"
    )


def _source(fichier: Mapping[str, Any]) -> d.SourceDocument:
    lignes = fichier.get("lignes")
    return d.SourceDocument(
        fichier["vue"], fichier["fichier"], None if lignes is None else francais.nombre(lignes), fichier["sha256"][:12]
    )


def _preuve(fiche: FicheBilan) -> d.Preuve:
    instantane, journal = fiche.instantane, tete()
    return d.Preuve(
        empreinte=instantane.sha256,
        figees_le=timezone.localdate(instantane.calcule_le).isoformat(),
        definitions=str(len(instantane.definitions)),
        comment=COMMENT,
        journal_numero=str(journal.numero),
        journal_empreinte=journal.empreinte[:16],
    )
