"""The fiche of a mission locale as a document: the values and sentences of the page, for the table of a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.restitution.fiches_ml.modele import FicheMl, LigneMl
from convenir.restitution.fiches_ml.presentation import FicheMlPresentee, SectionPresentee
from convenir.socle.commun import francais
from convenir.socle.documents import contextes as d
from convenir.socle.documents import contextes_ml as dml
from convenir.socle.documents.rendu import DocumentRendu
from convenir.socle.documents.rendu import rendre as composer
from convenir.socle.journal.queries import tete

COMMENT = (
    "Recalculez la fiche depuis les mêmes fichiers : l’empreinte doit être la même. À l’écran, chaque chiffre "
    "s’ouvre sur sa définition, ses mois, ses découpages et son texte."
)


def rendre(fiche: FicheMl) -> DocumentRendu:
    """Render the fiche as a tagged PDF; same fiche, same bytes.

    Raises:
        DocumentImpossible: the typesetter refused the data.
    """
    return composer(
        "fiche-ml", donnees(fiche), horodatage=fiche.instantane.calcule_le, fictif=settings.DONNEES_FICTIVES
    )


def donnees(fiche: FicheMl) -> dml.DonneesFicheMl:
    """Return the typed data of the document."""
    p, m = FicheMlPresentee(fiche), fiche.mission_locale
    arrete = francais.jour(fiche.moment.jour)
    services = (f"Dialogue de gestion, {m.departement.libelle}", "Convenir, plateforme du dialogue de gestion")
    return dml.DonneesFicheMl(
        meta=d.Meta(
            titre=f"Fiche {fiche.annee} : {m.nom}",
            reference=f"FML-{fiche.annee}-{m.code}",
            auteur=services[-1],
            objet="Indicateurs de la convention pluriannuelle d’objectifs, trois années, territoires et qualité",
            etat=f"Données arrêtées au {arrete}",
            mots=("mission locale", "CPO", "dialogue de gestion"),
            type="Fiche d’une mission locale",
        ),
        services=services,
        titre=f"Fiche {fiche.annee}",
        objet=f"{m.nom}, convention pluriannuelle d’objectifs (CPO)",
        identite=(
            ("Forme", m.get_statut_display()),
            ("Département", m.departement.nom),
            ("Identifiant", m.code),
            ("Module Entreprise", "utilisé" if m.module_entreprise else "non utilisé"),
            ("Grille", fiche.catalogue.grille.libelle),
            ("Données", f"{p.periode}, arrêtées au {arrete}{f', {p.voie}' if p.voie else ''}"),
        ),
        tete=tuple((x.indicateur.libelle, x.courante.texte, detail) for x, detail in p.tete),
        qualite=_qualite(p),
        annees=tuple(p.entetes),
        territoires=tuple(a.nom for a in fiche.autour),
        mentions=(*p.voies_autour, *_secret(fiche)),
        sections=tuple(_section(fiche, s) for s in p.sections),
        absents=_absents(p),
        regles=tuple(_regle(p) for p in fiche.parametres),
        sources=tuple(_source(f) for f in fiche.instantane.fichiers),
        preuve=_preuve(fiche),
    )


def _qualite(p: FicheMlPresentee) -> tuple[str, ...]:
    lignes = [
        f"{x.indicateur.libelle} : {x.courante.texte}{f' ({x.courante.effectif})' if x.courante.effectif else ''}"
        for x in p.qualite
    ]
    return (p.phrase_qualite, *lignes)


def _secret(fiche: FicheMl) -> tuple[str, ...]:
    if not fiche.a_des_secrets:
        return ()
    return (
        "« s. s. », couvert par le secret : trop peu de jeunes pour que le chiffre soit publié, "
        "ou un chiffre qui le rendrait.",
    )


def _section(fiche: FicheMl, s: SectionPresentee) -> dml.SectionFicheMl:
    phrases = [s.phrase]
    if s.section.axe == "4-5" and fiche.travaux is not None:
        phrases.append(f"Registre des travaux en {fiche.annee} : {fiche.travaux.phrase}.")
    return dml.SectionFicheMl(
        titre=s.section.titre,
        phrases=tuple(phrases),
        titre_figure=s.figure.titre if s.figure else "",
        figure=d.FigureDocument.de(s.figure) if s.figure else None,
        lignes=tuple(_ligne(ligne) for ligne in s.section.lignes),
    )


def _ligne(ligne: LigneMl) -> dml.LigneFicheMl:
    return dml.LigneFicheMl(
        libelle=ligne.indicateur.libelle,
        retrait=ligne.retrait,
        annees=tuple(_chiffre(v, ligne) for v in ligne.annees),
        autour=tuple(None if v is None else v.texte for v in ligne.autour),
        precision=" ".join(filter(None, (ligne.annees_des_termes or ligne.reserve, ligne.rupture))),
        a_confirmer=bool(ligne.indicateur.a_confirmer),
    )


def _chiffre(v: Valeur, ligne: LigneMl) -> dml.ChiffreMl:
    compte = v.unite == "%" and ligne.indicateur.axe != "ressources"
    return dml.ChiffreMl(v.texte, v.effectif or "" if compte else "")


def _absents(p: FicheMlPresentee) -> tuple[d.Mention, ...]:
    if not p.manquants:
        return ()
    titre = f"{francais.pluriel(len(p.manquants), 'indicateur')} sur {p.nombre_indicateurs} sans donnée"
    return (
        d.Mention(f"{titre} en {p.fiche.annee}", "Leur ligne porte « n. d. » : une donnée absente n’est pas zéro."),
    )


def _regle(p: Mapping[str, Any]) -> dml.RegleAppliquee:
    return dml.RegleAppliquee(
        p["libelle"], p.get("affichage") or f"{p['valeur']} {p['unite']}".strip(),
        francais.jour(date.fromisoformat(p["debut"])), bool(p["a_confirmer"]),
    )  # fmt: skip


def _source(fichier: Mapping[str, Any]) -> d.SourceDocument:
    lignes = fichier.get("lignes")
    return d.SourceDocument(
        fichier["vue"], fichier["fichier"], None if lignes is None else francais.nombre(lignes), fichier["sha256"][:12]
    )


def _preuve(fiche: FicheMl) -> d.Preuve:
    instantane, journal = fiche.instantane, tete()
    return d.Preuve(
        empreinte=instantane.sha256,
        figees_le=timezone.localdate(instantane.calcule_le).isoformat(),
        definitions=str(len(instantane.definitions)),
        comment=COMMENT,
        journal_numero=str(journal.numero),
        journal_empreinte=journal.empreinte[:16],
    )
