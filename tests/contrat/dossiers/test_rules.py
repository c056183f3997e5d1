"""Completeness, pieces by legal form, delays: cases worked by hand."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.contrat.dossiers import octets, referentiel, rules
from convenir.contrat.dossiers.referentiel import Champ
from convenir.contrat.dossiers.rules import ReponseLue
from convenir.socle.commun.erreurs import EntreeInvalide

JOUR = date(2026, 11, 2)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def dues(forme: str, *, premiere: bool = False, jour: date = JOUR) -> list[str]:
    types = referentiel.types_de_pieces().values()
    return [p.code for p in rules.pieces_dues(types, forme, premiere=premiere, le_jour=jour)]


def test_association_nouvelle_contrat_d_engagement_statuts_comptes():
    assert dues("association", premiere=True) == ["contrat_engagement_republicain", "statuts", "comptes"]


def test_association_connue_compte_rendu_mais_pas_les_statuts_deja_tenus():
    assert dues("association") == ["contrat_engagement_republicain", "comptes", "compte_rendu_financier"]


def test_societe_sans_contrat_d_engagement_republicain():
    assert dues("societe") == ["comptes", "compte_rendu_financier"]


def test_collectivite_delibere():
    assert dues("collectivite", premiere=True) == ["deliberation"]


def test_pas_de_contrat_d_engagement_avant_2022():
    assert "contrat_engagement_republicain" not in dues("association", jour=date(2021, 12, 31))


def test_forme_inconnue_rien_n_est_du():
    assert dues("", premiere=True) == []


def remplies(cadre: str) -> dict[str, ReponseLue]:
    return {c: ReponseLue("oui") for c in referentiel.champs(cadre, JOUR)}


def test_dossier_complet():
    c = rules.completude(referentiel.sections("ACI", JOUR), remplies("ACI"), (), ())
    assert c.est_complet
    assert c.faits == c.attendus


def test_une_valeur_preremplie_non_confirmee_manque():
    reponses = remplies("ACI") | {"postes.etp_demandes": ReponseLue("12", a_confirmer=True)}
    c = rules.completude(referentiel.sections("ACI", JOUR), reponses, (), ())
    assert [(m.section, m.raison) for m in c.manques] == [("postes", "à confirmer")]


def test_un_champ_facultatif_ne_manque_jamais():
    reponses = remplies("ACI")
    del reponses["engagements.efforts"]
    assert rules.completude(referentiel.sections("ACI", JOUR), reponses, (), ()).est_complet


def test_une_piece_due_manque():
    types = referentiel.types_de_pieces()
    c = rules.completude((), {}, [types["comptes"], types["statuts"]], {"statuts"})
    assert [m.code for m in c.manques] == ["comptes"]
    assert c.faits == 1


@given(st.sets(st.sampled_from(sorted(referentiel.champs("EI", JOUR)))))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_faits_plus_manques_egalent_attendus(remplis):
    reponses = {c: ReponseLue("x") for c in remplis}
    c = rules.completude(referentiel.sections("EI", JOUR), reponses, (), ())
    assert c.faits + len(c.manques) == c.attendus
    assert not {m.code for m in c.manques} & remplis


@pytest.mark.parametrize(
    ("genre", "saisie", "gardee"),
    [
        ("decimal", "12,50", "12.50"),
        ("montant", "1 250 000,5 €", "1250000.5"),
        ("entier", "3", "3"),
        ("oui_non", "oui", "oui"),
        ("texte", " a\r\nb ", "a\nb"),
        ("entier", "", ""),
        ("siret", "552 100 554 00013", "55210055400013"),
    ],
)
def test_une_reponse_est_gardee_sous_une_seule_forme(genre, saisie, gardee):
    assert rules.lire_reponse(Champ("a.b", "Question", genre), saisie) == gardee


@pytest.mark.parametrize(
    ("genre", "saisie"),
    [("decimal", "douze"), ("entier", "1,5"), ("montant", "-3"), ("oui_non", "peut-être"), ("choix", "x"),
     ("siret", "123"), ("decimal", "NaN"), ("decimal", "inf")],
)  # fmt: skip
def test_une_reponse_fautive_nomme_sa_question(genre, saisie):
    with pytest.raises(EntreeInvalide):
        rules.lire_reponse(Champ("a.b", "Question", genre), saisie)


def test_delai_d_instruction_en_mois_de_calendrier():
    assert rules.date_limite_instruction(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_depot_au_quatrieme_trimestre_de_l_annee_precedente():
    assert not rules.depot_tardif(date(2026, 12, 31), 2027, 4)
    assert rules.depot_tardif(date(2027, 1, 1), 2027, 4)
    assert not rules.depot_tardif(date(2025, 3, 1), 2027, 4)
    assert rules.depot_tardif(date(2026, 10, 1), 2027, 3)


def test_une_echeance_laisse_le_temps_de_repondre():
    rules.verifier_echeance(date(2026, 11, 17), JOUR, 15)
    with pytest.raises(EntreeInvalide, match="17\u00a0novembre"):
        rules.verifier_echeance(date(2026, 11, 16), JOUR, 15)


def test_un_dossier_ne_se_rejette_qu_apres_l_echeance():
    assert "17\u00a0novembre" in rules.refus_de_rejeter([date(2026, 11, 17)], date(2026, 11, 17))
    assert rules.refus_de_rejeter([date(2026, 11, 17)], date(2026, 11, 18)) == ""
    assert rules.refus_de_rejeter([], JOUR)


def test_un_commentaire_ne_rouvre_que_son_champ():
    tous = referentiel.champs("ACI", JOUR)
    ouverts = rules.champs_ouverts(en_redaction=False, tous=tous, rouverts=["moyens.accueil", "postes.etp_motif"])
    assert ouverts == {"postes.etp_motif"}
    assert rules.champs_ouverts(en_redaction=True, tous=tous, rouverts=[]) == set(tous)


def test_la_projection_d_un_financeur_ne_montre_que_ses_sections():
    sections = referentiel.sections("EI", JOUR)
    assert "salaires" in [s.code for s in rules.projection(sections, "etat")]
    assert "salaires" not in [s.code for s in rules.projection(sections, "commune")]


def archive(**membres: str) -> bytes:
    tampon = BytesIO()
    with ZipFile(tampon, "w") as z:
        for nom, contenu in membres.items():
            z.writestr(nom.replace("__", "/"), contenu)
    return tampon.getvalue()


def docx(**autres: str) -> bytes:
    return archive(**{"[Content_Types].xml": "", "word/document.xml": "<w/>"}, **autres)


@pytest.mark.parametrize(
    ("contenu", "lu"),
    [(PDF, "pdf"), (b"%PDF-1.7 coup", None), (b"\x89PNG\r\n\x1a\n....", "png"), (b"\xff\xd8\xff\xe0..", "jpeg"),
     (docx(), "docx"), (archive(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
     (archive(autre="x"), None), (b"MZ\x90\x00", None), (b"PK\x03\x04casse", None), (b"", None)],
)  # fmt: skip
def test_le_format_se_lit_dans_les_octets(contenu, lu):
    assert octets.format_des_octets(contenu) == lu


def test_une_piece_est_controlee():
    comptes = referentiel.types_de_pieces()["comptes"]
    assert octets.verifier_piece(comptes, "comptes.pdf", PDF) == "pdf"
    with pytest.raises(EntreeInvalide, match="n'est pas un fichier lisible"):
        octets.verifier_piece(comptes, "comptes.pdf", b"MZ\x90\x00")
    with pytest.raises(EntreeInvalide, match="est un fichier DOCX"):
        octets.verifier_piece(comptes, "comptes.pdf", docx())
    with pytest.raises(EntreeInvalide, match="est vide"):
        octets.verifier_piece(comptes, "comptes.pdf", b"")
    with pytest.raises(EntreeInvalide, match="dépasse 10 Mo"):
        octets.verifier_piece(comptes, "comptes.pdf", PDF + b"0" * comptes.taille_max)


def test_une_piece_avec_macros_est_refusee():
    autre = referentiel.types_de_pieces()["autre"]
    with pytest.raises(EntreeInvalide, match="macros"):
        octets.verifier_piece(autre, "lettre.docx", docx(**{"word/vbaProject.bin": "x"}))
