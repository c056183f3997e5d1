"""La fiche bilan en PDF : complète, accessible, reproductible, et jamais arrêtée par un texte saisi.

Le texte étalon se refait par `REFAIRE_ETALONS=1 pytest tests/socle/documents`, puis se relit avant d'être versé.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.socle.documents import rendu as module
from convenir.socle.documents.contextes import (
    AlerteDocument,
    DonneesFicheBilan,
    FamilleMotifs,
    LigneMotif,
    Mention,
    Meta,
    Sorties,
    SourceDocument,
)
from convenir.socle.documents.docx import rendre_docx, texte_du_docx
from convenir.socle.documents.glyphes import POLICES, Nettoyage, signes_connus
from convenir.socle.documents.rendu import DocumentImpossible, DocumentRendu, rendre
from tests.socle.documents import fabrique

ETALON = Path(__file__).parent / "fiche-bilan.txt"
HOSTILES = {
    "typst": '#let x = 1 *gras* $x^2$ _i_ `c` // c <lab> @ref \\ "q" [b] {c}',
    "balises": "<b>&amp;</b> ]]> <!-- -->",
    "emoji": "Réussite 😀",
    "arabe": "مرحبا بالعالم",
    "hebreu": "שלום",
    "combinaisons": "q\u0489z\u0301\u0327",
    "marques interdites": "\ufeffa\u202eb\ufffe\ufe0f",
    "controles": "a\x00\x01\x1b\u2028b",
}


def faire(donnees: DonneesFicheBilan | None = None, *, fictif: bool = True) -> DocumentRendu:
    return rendre("fiche-bilan", donnees or fabrique.fiche(), horodatage=fabrique.GEL, fictif=fictif)


def lire(document: DocumentRendu) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document.octets))


def texte(document: DocumentRendu) -> str:
    brut = "\n\f\n".join(page.extract_text() for page in lire(document).pages)
    return "\n".join(ligne.rstrip() for ligne in brut.splitlines()) + "\n"


def serre(document: DocumentRendu) -> str:
    return re.sub(r"[\s\u200b]", "", texte(document))


def test_texte_etalon() -> None:
    obtenu = texte(faire())
    if os.environ.get("REFAIRE_ETALONS"):
        ETALON.write_text(obtenu, "utf-8")
    assert obtenu == ETALON.read_text("utf-8")


def test_accessible() -> None:
    document = lire(faire())
    racine = document.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"].value is True
    assert racine["/Lang"] == "fr-FR"
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert document.metadata
    assert document.metadata.title == "Fiche bilan 2025 : Les Jardins de la Confluence (ACI)"
    assert "pdfuaid" in racine["/Metadata"].get_data().decode()
    assert len(document.outline) >= 9


def test_chaque_figure_a_son_texte_de_remplacement() -> None:
    alts: list[str] = []

    def parcourir(noeud: object) -> None:
        objet = noeud.get_object() if hasattr(noeud, "get_object") else noeud
        if isinstance(objet, list):
            for enfant in objet:
                parcourir(enfant)
        elif isinstance(objet, dict):
            if objet.get("/S") == "/Figure":
                alts.append(str(objet.get("/Alt", "")))
            parcourir(objet.get("/K", []))

    parcourir(lire(faire()).trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert len(alts) == 6  # quatre petites barres, les ETP, la comparaison
    assert all(alts)
    assert any("janvier 2025 10,60 pour 11,00 conventionnés" in alt for alt in alts)


def test_deux_ou_trois_pages() -> None:
    assert 2 <= len(lire(faire()).pages) <= 3


def test_chaque_page_dit_sa_nature_et_sa_reference() -> None:
    for page in lire(faire()).pages:
        mots = page.extract_text()
        assert "DONNÉES FICTIVES" in mots
        assert "FB-2025-900041-ACI" in mots
        assert "ce ne sont pas des statistiques officielles" in mots


def test_des_donnees_reelles_ne_sont_pas_dites_fictives() -> None:
    assert "DONNÉES FICTIVES" not in texte(faire(fictif=False))


def test_memes_donnees_memes_octets() -> None:
    premier, second = faire(), faire()
    assert premier.octets == second.octets
    assert premier.sha256 == sha256(second.octets).hexdigest()
    autre = replace(fabrique.fiche(), titre="Fiche bilan 2025 corrigée")
    assert faire(autre).sha256 != premier.sha256


def test_polices_livrees_seulement() -> None:
    familles = {police.family for police in module.polices().fonts()}
    assert familles == {"Inter", "Charis SIL", "DejaVu Sans", "DejaVu Sans Mono"}
    noms = set()
    for page in lire(faire()).pages:
        for police in page["/Resources"]["/Font"].values():
            noms.add(str(police.get_object()["/BaseFont"]).split("+")[1])
    assert {nom.split("-Identity")[0] for nom in noms} <= {
        "Inter-Regular", "Inter-Medium", "Inter-SemiBold", "Inter-Bold", "DejaVuSansMono", "DejaVuSans",
    }  # fmt: skip


def test_les_licences_accompagnent_les_polices() -> None:
    for famille in ("Inter", "CharisSIL", "DejaVu"):
        assert (POLICES / f"LICENCE-{famille}.txt").stat().st_size > 500
    assert sum(fichier.stat().st_size for fichier in POLICES.iterdir()) < 6_000_000


def test_tout_ce_qui_peut_manquer_manque() -> None:
    document = faire(fabrique.creuse())
    mots = texte(document)
    for phrase in ("Aucun objectif", "Aucune sortie", "Aucun mois", "Aucun salarié", "Aucune annexe", "Aucun repère"):
        assert phrase in mots
    assert document.avertissements == ()


@pytest.mark.parametrize("cas", HOSTILES)
def test_un_texte_hostile_est_imprime_tel_quel(cas: str) -> None:
    saisi = HOSTILES[cas]
    donnees = replace(
        fabrique.creuse(),
        objet=saisi,
        identite=(("Porteur", saisi),),
        essentiel=(saisi,),
        alertes=(AlerteDocument("À suivre", saisi, saisi),),
        absents=(Mention(saisi, saisi),),
        sources=(SourceDocument(saisi, saisi, saisi, saisi),),
    )
    obtenu = serre(faire(donnees))
    if cas in ("typst", "balises"):
        assert re.sub(r"\s", "", saisi) in obtenu
    assert "%PDF" not in obtenu


def test_un_signe_sans_police_est_remplace_et_signale() -> None:
    document = faire(replace(fabrique.creuse(), essentiel=("Nom : 日本日",)))
    assert "Nom : □□□" in texte(document).replace("\u202f", " ").replace("\u00a0", " ")
    assert document.avertissements == (
        "Signe absent des polices (U+65E5, cjk unified ideograph-65e5) : remplacé 2 fois par « □ ».",
        "Signe absent des polices (U+672C, cjk unified ideograph-672c) : remplacé 1 fois par « □ ».",
    )


def test_un_signe_refuse_par_le_compositeur_est_remplace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Filet : si la table des polices se trompe, le compositeur refuse, et le signe est remplacé au second essai."""
    connus = signes_connus() | {ord("日")}
    monkeypatch.setattr("convenir.socle.documents.glyphes.signes_connus", lambda: connus)
    document = faire(replace(fabrique.creuse(), essentiel=("Nom 日",)))
    assert [(r.signe, r.fois) for r in document.remplacements] == [("日", 1)]


def test_un_docx_garde_un_signe_hors_de_nos_polices_et_dit_celui_qu_aucune_n_a() -> None:
    """Le PDF n'a que nos polices ; un DOCX s'affiche avec celles de qui l'ouvre, sauf pour un signe sans dessin."""
    donnees = acte_minuscule("Nom : 日本, signe \ue000, demi-signe \ud800, caché \u202e.")
    rendu = rendre_docx("acte", donnees, horodatage=fabrique.GEL, fictif=False)
    mots = texte_du_docx(rendu.octets)
    assert "Nom\u00a0: 日本, signe □, demi-signe □, caché ." in mots
    assert mots.count("Signes remplacés.") == 1
    assert "(U+E000, sans nom) : remplacé 1 fois par « □ »." in mots
    assert [r.signe for r in rendu.remplacements] == ["\ud800", "\ue000"]
    sans = rendre_docx("acte", acte_minuscule("Rien d'étrange."), horodatage=fabrique.GEL, fictif=False)
    assert "Signes remplacés" not in texte_du_docx(sans.octets)
    dans_le_pdf = rendre("acte", acte_minuscule("Nom : 日"), horodatage=fabrique.GEL, fictif=False)
    assert [r.signe for r in dans_le_pdf.remplacements] == ["日"]


def acte_minuscule(texte: str) -> dict[str, object]:
    """Un acte d'un seul article, dans la forme que les deux gabarits attendent."""
    meta = asdict(Meta("Acte fictif", "CONV-99-2026-ACI-0001", "Service fictif", "Un essai", "Données d'essai"))
    article = {"titre": "Objet", "paragraphes": [texte], "puces": [], "tableau": None, "numerote": True}
    vides = {cle: [] for cle in ("cartouche", "visas", "parties", "annexes", "signatures")}
    return vides | {
        "meta": meta, "services": [], "titre": "Acte", "objet": "Objet", "fait": "", "preuve": None, "extra": {},
        "titres": [{"titre": "", "articles": [article]}],
    }  # fmt: skip


def test_quarante_motifs_et_longs_noms() -> None:
    long = "Association " + "intermédiairedescommunesréunies" * 6
    motifs = tuple(
        LigneMotif(f"Motif numéro {n} au libellé assez long pour passer à la ligne suivante", ("1", "2", "3"), "1,0 %")
        for n in range(40)
    )
    donnees = replace(
        fabrique.fiche(),
        objet=long,
        identite=(("Porteur", long),),
        sorties=Sorties(
            (FamilleMotifs("Emploi durable", ("40", "80", "120"), "100,0 %", motifs),), ("40", "80", "120")
        ),
    )
    document = faire(donnees)
    assert len(lire(document).pages) <= 5
    mots = serre(document)
    assert all(f"Motifnuméro{n}au" in mots for n in range(40))
    for page in lire(document).pages:
        assert not _hors_page(page)


def _hors_page(page: pypdf.PageObject) -> list[str]:
    sortis: list[str] = []

    def visiter(mots: str, _cm: object, tm: list[float], _police: object, _corps: object) -> None:
        if mots.strip() and not (0 <= tm[4] <= 595 and 0 <= tm[5] <= 842):
            sortis.append(mots)

    page.extract_text(visitor_text=visiter)
    return sortis


def test_une_ligne_au_mauvais_nombre_de_colonnes_est_refusee() -> None:
    boiteuse = Sorties((FamilleMotifs("Emploi durable", ("1", "2"), None),), ("1", "2", "3"))
    with pytest.raises(ValueError, match="2 valeurs pour 3 années"):
        faire(replace(fabrique.fiche(), sorties=boiteuse))
    with pytest.raises(ValueError, match="dernière des années"):
        faire(replace(fabrique.fiche(), annee="2024"))


def test_modele_inconnu_donnees_informes_heure_sans_fuseau() -> None:
    with pytest.raises(DocumentImpossible, match="inconnu"):
        rendre("../../etc/passwd", {}, horodatage=fabrique.GEL, fictif=True)
    with pytest.raises(DocumentImpossible, match="n'a pas pu être composé"):
        rendre("fiche-bilan", {"meta": {}}, horodatage=fabrique.GEL, fictif=True)
    with pytest.raises(ValueError, match="fuseau"):
        rendre("fiche-bilan", fabrique.fiche(), horodatage=datetime(2026, 3, 16), fictif=True)  # noqa: DTZ001


def test_une_alerte_du_compositeur_est_une_erreur(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "essai.typ").write_text(
        '#set document(title: "T")\n#set text(font: "Police absente")\n#title()\n', "utf-8"
    )
    monkeypatch.setattr(module, "MODELES", tmp_path)
    with pytest.raises(DocumentImpossible, match="proprement"):
        rendre("essai", {}, horodatage=datetime(2026, 1, 1, tzinfo=UTC), fictif=True)


@given(st.text(max_size=120))
@settings(max_examples=25, deadline=None)
def test_aucun_texte_n_arrete_le_rendu(saisi: str) -> None:
    faire(replace(fabrique.creuse(), essentiel=(saisi,), identite=((saisi, saisi),)))


@given(st.text(max_size=200))
def test_nettoyer_deux_fois_ne_change_rien(saisi: str) -> None:
    une = Nettoyage().texte(saisi)
    assert Nettoyage().texte(une) == une
