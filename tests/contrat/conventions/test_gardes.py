"""Chaque garde, nommée d'après son texte, sur un cas qu'elle arrête et un cas qu'elle laisse passer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from convenir.contrat.conventions import gardes
from convenir.contrat.conventions.actions import (
    AvisRendu,
    Lettre,
    NouvelAvenant,
    Projet,
    clore_manquement,
    engager_manquement,
    mettre_en_signature,
    passer,
    preparer_avenant,
    rendre_avis,
    resilier,
    retirer_de_la_signature,
    signer,
    substituer,
)
from convenir.contrat.conventions.actions import SignatureRecue as Recue
from convenir.contrat.conventions.gardes_des_textes import CATEGORIES_DE_CONTINUITE
from convenir.contrat.conventions.models import Convention, Version
from convenir.contrat.conventions.rules.termes import Cofinancement, Termes
from convenir.contrat.conventions.states import TRANSITIONS
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, TITULAIRE, fichier, monde, tout_signer
from tests.factories_conventions import TERMES, CpoFactory, VersionFactory
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
VOIES = "Recours gracieux ou contentieux dans les deux mois."


def obstacle(nom: str, transition: str, convention: Convention, jour: date = JOUR) -> str | None:
    """Ce que dit une garde, seule."""
    garde = next(g for g in gardes.de(transition) if g.nom == nom)
    version = convention.versions.order_by("-rang").first()
    return garde.condition(gardes.Contexte(convention, version, jour))


def soumettre(convention: Convention) -> None:
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)


def a_signer(m, termes=TERMES, **champs) -> Version:
    convention = m.convention(termes, **champs)
    soumettre(convention)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    return mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)


def en_cours(m, termes=TERMES, **champs) -> Convention:
    version = a_signer(m, termes, **champs)
    tout_signer(version)
    return passer(SYSTEME, version.convention, "commencer", jour=date(2026, 2, 1), maintenant=INSTANT)


def test_chaque_garde_porte_son_texte_et_garde_une_transition_de_la_table():
    for nom in TRANSITIONS:
        for garde in gardes.de(nom):
            assert garde.texte, garde


def test_chaque_garde_a_un_test_qui_porte_son_nom():
    """Une garde ajoutée dans une salle sans son test arrête ici."""
    ecrits = {
        nom
        for fichier_de_tests in Path(__file__).parents[1].rglob("test_*.py")
        for nom in re.findall(r"^def test_(\w+)", fichier_de_tests.read_text("utf-8"), re.MULTILINE)
    }
    declarees = {g.nom for nom in TRANSITIONS for g in gardes.de(nom)} | {"objectifs_clos"}  # écartée par conftest
    assert len(declarees) > 15
    assert not [nom for nom in sorted(declarees) if not any(ecrit.startswith(nom) for ecrit in ecrits)]


def test_trois_ans_au_plus():
    juste = CpoFactory(debut=date(2026, 1, 1), fin=date(2029, 1, 1))
    trop = CpoFactory(debut=date(2026, 1, 1), fin=date(2029, 1, 2))
    assert obstacle("trois_ans_au_plus", "soumettre_avis", juste) is None
    assert "plus de 3 ans" in obstacle("trois_ans_au_plus", "mettre_en_signature", trop)


def test_annee_civile_preferee_sinon_le_motif_est_ecrit():
    decalee = CpoFactory(debut=date(2026, 3, 1), fin=date(2028, 3, 1))
    nom = "annee_civile_preferee_sinon_le_motif"
    assert "année civile" in obstacle(nom, "soumettre_avis", decalee)
    decalee.motif_periode = "Ouverture du chantier en mars"
    assert obstacle(nom, "soumettre_avis", decalee) is None


def test_un_an_pour_une_structure_nouvelle_ou_fragile_avec_le_motif():
    m = monde()
    convention = m.convention(debut=date(2026, 1, 1), fin=date(2027, 1, 1))
    with pytest.raises(ActionRefusee, match="nouvelles ou sans garanties"):
        soumettre(convention)
    Convention.objects.filter(pk=convention.pk).update(motif_duree="nouvelle")
    soumettre(convention)
    assert Convention.objects.get(pk=convention.pk).etat == "soumis_avis"


@pytest.mark.parametrize(
    ("categorie", "debut", "admise"),
    [("EI", date(2014, 3, 1), True), ("ETTI", date(2014, 5, 1), False), ("ACI", date(2014, 7, 1), True),
     ("AI", date(2014, 9, 1), False), ("EI", date(2015, 1, 1), False)],
)  # fmt: skip
def test_exception_de_2014_dans_ses_limites(categorie, debut, admise):
    convention = Convention(categorie=categorie, debut=debut, fin=date(2015, 7, 1), exception_2014=True)
    contexte = gardes.Contexte(convention, None, debut)
    dites = {g.nom: g.condition(contexte) for g in gardes.de("soumettre_avis") if g.nom != "les_termes_sont_complets"}
    assert (dites["exception_de_2014_dans_ses_limites"] is None) is admise
    assert dites["annee_civile_preferee_sinon_le_motif"] is None


def test_avis_requis_sauf_avenant_sans_changement_de_postes():
    m = monde()
    convention = m.convention()
    with pytest.raises(ActionRefusee, match="avis de la commission est requis"):
        mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    convention = en_cours(monde())
    inchange = replace(TERMES, taux_durable=Decimal(25))
    ouvrir(convention, inchange)
    version = mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    assert version.etat == "a_signer"
    tout_signer(version)
    ouvrir(convention, replace(inchange, postes=Decimal("13.5")))
    with pytest.raises(ActionRefusee, match="requis sur ce nombre de postes"):
        mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    soumettre(convention)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "defavorable", "Offre déjà dense"), maintenant=INSTANT)
    assert mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT).etat == "a_signer"


def ouvrir(convention: Convention, termes: Termes) -> Version:
    avenant = NouvelAvenant(date(2026, 7, 1), date(2027, 1, 1), "Postes", termes)
    return preparer_avenant(SYSTEME, convention, avenant, jour=date(2026, 3, 1), maintenant=INSTANT)


def test_un_avis_ajourne_ne_vaut_pas_et_un_avis_vaut_pour_le_nombre_de_postes_soumis():
    convention = monde().convention()
    soumettre(convention)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "ajourne", "Pièce attendue"), maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="requis"):
        mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)


def test_un_avis_se_date_du_jour_de_paris_et_jamais_d_un_jour_a_venir():
    """At half past midnight in Paris, the day before is not over in UTC."""
    minuit_et_demi = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    convention = monde().convention()
    soumettre(convention)
    with pytest.raises(EntreeInvalide, match="dans le futur"):
        rendre_avis(SYSTEME, convention, AvisRendu(date(2026, 3, 12), "favorable"), maintenant=minuit_et_demi)
    rendre_avis(SYSTEME, convention, AvisRendu(date(2026, 3, 11), "favorable"), maintenant=minuit_et_demi)


def test_le_cofinanceur_devient_signataire():
    m = monde()
    version = a_signer(m, m.cofinancees())
    assert [s.partie for s in version.signatures.all()] == ["structure", "france_travail", "financeur", "etat"]
    assert version.signatures.get(partie="financeur").organisation == m.departement
    m = monde()
    inconnu = replace(TERMES, cofinancements=(Cofinancement("0", "Métropole fictive", Decimal(1)),))
    with pytest.raises(ActionRefusee, match="Métropole fictive cofinance"):
        a_signer(m, inconnu)


def test_france_travail_signe_ou_son_substitut_est_consigne():
    version = a_signer(monde())
    france_travail = version.signatures.get(partie="france_travail")
    accord = {"motif": "Accord de coopération annexé", "fichier": fichier(nom="accord.pdf")}
    signature = substituer(SYSTEME, france_travail, jour=JOUR, maintenant=INSTANT, **accord)
    assert signature.piece.nom == "accord.pdf"
    with pytest.raises(ActionRefusee, match="ne se remplace pas"):
        substituer(SYSTEME, version.signatures.get(partie="structure"), jour=JOUR, maintenant=INSTANT, **accord)
    tout_signer(version)
    assert Version.objects.get(pk=version.pk).etat == "signee"


def test_chaque_partie_a_signe_ou_son_substitut_est_consigne():
    version = a_signer(monde())
    recue = Recue(JOUR, "papier", TITULAIRE, fichier(), attestee=True)
    with pytest.raises(ActionRefusee, match="l'État signe après"):
        signer(SYSTEME, version.signatures.get(partie="etat"), recue, maintenant=INSTANT)
    signer(SYSTEME, version.signatures.get(partie="france_travail"), recue, maintenant=INSTANT)
    assert Convention.objects.get().etat == "partiellement_signe"
    with pytest.raises(ActionRefusee, match="Il manque encore"):
        gardes.exiger("achever_signature", gardes.Contexte(version.convention, version, JOUR))
    with pytest.raises(ActionRefusee):
        retirer_de_la_signature(SYSTEME, version.convention, motif="x", jour=JOUR, maintenant=INSTANT)


def test_suspension_apres_la_date_limite_seulement():
    convention = en_cours(monde())
    assert {"EI", "ETTI", "AI", "ACI"} == CATEGORIES_DE_CONTINUITE
    nom = "suspension_apres_la_date_limite_seulement"
    assert "courent encore" in obstacle(nom, "suspendre", convention, date(2026, 12, 31))
    assert "par continuité jusqu'au 31\u00a0mai\u00a02027" in obstacle(nom, "suspendre", convention, date(2027, 5, 31))
    assert obstacle(nom, "suspendre", convention, date(2027, 6, 1)) is None
    ouvrir(convention, TERMES)
    suspendue = passer(SYSTEME, convention, "suspendre", jour=date(2027, 6, 1), maintenant=INSTANT)
    assert (suspendue.suspendue_le, suspendue.etat_precedent) == (date(2027, 6, 1), "avenant_en_preparation")
    version = mettre_en_signature(SYSTEME, convention, jour=date(2027, 6, 2), maintenant=INSTANT)
    tout_signer(version)
    apres = Convention.objects.get(pk=convention.pk)
    assert (apres.etat, apres.suspendue_le, apres.etat_precedent) == ("en_cours", None, "")


@pytest.mark.parametrize("categorie", ["EI", "ETTI", "AI", "ACI"])
def test_la_regle_de_continuite_vaut_pour_chaque_categorie_du_code_r5132_14_pour_une_ai(categorie):
    convention = en_cours(monde(StructureFactory(categorie=categorie)))
    nom = "suspension_apres_la_date_limite_seulement"
    assert "par continuité" in obstacle(nom, "suspendre", convention, date(2027, 5, 31))
    assert obstacle(nom, "suspendre", convention, date(2027, 6, 1)) is None


def test_la_regle_de_continuite_n_est_pas_etendue_aux_eiti_aucun_texte_ne_la_porte():
    convention = en_cours(monde(StructureFactory(categorie="EITI")))
    assert "n'est pas connue" in obstacle(
        "suspension_apres_la_date_limite_seulement", "suspendre", convention, date(2027, 6, 1)
    )


def test_au_moins_un_mois_pour_les_observations_apres_la_lettre_recommandee():
    convention = en_cours(monde())
    lettre = Lettre("Bilan non remis", "R. 5132-32", date(2026, 3, 10), "1A 000 000 0001")
    manquement = engager_manquement(SYSTEME, convention, lettre, maintenant=INSTANT)
    assert manquement.observations_avant == date(2026, 4, 10)
    projet = Projet("Bilan non remis", "R. 5132-32", "Camille Fictive", "Préfète", date(2026, 4, 9), VOIES)
    with pytest.raises(ActionRefusee, match="jusqu'au 10\u00a0avril"):
        resilier(SYSTEME, convention, projet, maintenant=INSTANT)
    decision = resilier(SYSTEME, convention, replace(projet, prise_le=date(2026, 4, 10), montant=Decimal(1200)),
                        maintenant=INSTANT)  # fmt: skip
    assert Convention.objects.get(pk=convention.pk).etat == "resilie"
    assert decision.manquement.clos_le == date(2026, 4, 10)


def test_la_resiliation_est_obligatoire_apres_une_fausse_declaration():
    convention = en_cours(monde())
    lettre = Lettre("Heures inventées", "R. 5132-43", date(2026, 3, 10), "1A 000 000 0002", obligatoire=True)
    engager_manquement(SYSTEME, convention, lettre, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="obligatoire"):
        clore_manquement(SYSTEME, convention, motif="Régularisé", jour=JOUR, maintenant=INSTANT)


def test_l_avenant_signe_leve_la_suspension_sans_defaire_le_renouvellement_engage():
    convention = en_cours(monde())
    passer(SYSTEME, convention, "engager_renouvellement", jour=date(2027, 5, 1), maintenant=INSTANT)
    ouvrir(convention, TERMES)
    passer(SYSTEME, convention, "suspendre", jour=date(2027, 6, 1), maintenant=INSTANT)
    tout_signer(mettre_en_signature(SYSTEME, convention, jour=date(2027, 6, 2), maintenant=INSTANT))
    apres = Convention.objects.get(pk=convention.pk)
    assert (apres.etat, apres.suspendue_le, apres.etat_precedent) == ("en_renouvellement", None, "")


def test_clore_sans_suite_ramene_la_convention_ou_elle_etait():
    convention = en_cours(monde())
    ouvrir(convention, TERMES)
    lettre = Lettre("Retard", "R. 5132-32", date(2026, 3, 10), "1A 000 000 0003")
    engager_manquement(SYSTEME, convention, lettre, maintenant=INSTANT)
    rendue = clore_manquement(SYSTEME, convention, motif="Régularisé", jour=JOUR, maintenant=INSTANT)
    assert rendue.etat == "avenant_en_preparation"


def test_les_termes_sont_complets_avant_l_avis_et_la_cpo_dit_sa_dotation():
    convention = monde().convention(Termes(postes=Decimal(8)))
    with pytest.raises(ActionRefusee, match="montant d'un poste, les taux de sortie"):
        soumettre(convention)
    cpo = CpoFactory(etat="en_negociation")
    VersionFactory(convention=cpo, termes=Termes())
    assert "dotation" in obstacle("les_termes_sont_complets", "mettre_en_signature", cpo)


def test_une_cpo_se_signe_sans_avis_de_la_commission_ni_france_travail():
    cpo = CpoFactory(etat="en_negociation")
    VersionFactory(convention=cpo, termes=Termes(dotation=Decimal(480000)))
    version = mettre_en_signature(SYSTEME, cpo, jour=JOUR, maintenant=INSTANT)
    assert [s.partie for s in version.signatures.all()] == ["structure", "etat"]
    tout_signer(version)
    assert Convention.objects.get(pk=cpo.pk).etat == "signe"


def test_une_seule_version_en_suspens():
    convention = en_cours(monde())
    assert obstacle("une_seule_version_en_suspens", "preparer_avenant", convention) is None
    premier = ouvrir(convention, TERMES)
    assert "déjà en préparation" in obstacle("une_seule_version_en_suspens", "preparer_avenant", convention)
    with pytest.raises(ActionRefusee, match="pas possible"):
        ouvrir(convention, TERMES)
    passer(SYSTEME, convention, "abandonner_avenant", motif="Erreur", jour=JOUR, maintenant=INSTANT)
    assert Version.objects.get(pk=premier.pk).etat == "abandonnee"
    assert obstacle("une_seule_version_en_suspens", "preparer_avenant", convention) is None


def test_un_avenant_ne_prolonge_pas_une_convention_finie():
    convention = en_cours(monde())
    nom = "un_avenant_ne_prolonge_pas_une_convention_finie"
    assert obstacle(nom, "preparer_avenant", convention, convention.dernier_jour) is None
    assert "engagez plutôt son renouvellement" in obstacle(nom, "preparer_avenant", convention, convention.fin)
    tardif = NouvelAvenant(convention.fin, None, "Trop tard", TERMES)
    with pytest.raises(ActionRefusee, match="La convention est finie"):
        preparer_avenant(SYSTEME, convention, tardif, jour=convention.fin, maintenant=INSTANT)


def test_aucune_signature_encore_recue():
    version = a_signer(monde())
    nom = "aucune_signature_encore_recue"
    assert obstacle(nom, "retirer_signature", version.convention) is None
    recue = Recue(JOUR, "papier", TITULAIRE, fichier(), attestee=True)
    signer(SYSTEME, version.signatures.get(partie="structure"), recue, maintenant=INSTANT)
    assert "reprenez plutôt l'acte partiellement signé" in obstacle(nom, "retirer_signature", version.convention)


def test_la_date_d_effet_est_venue():
    version = a_signer(monde(), debut=date(2027, 1, 1), fin=date(2030, 1, 1))
    tout_signer(version)
    convention = version.convention
    with pytest.raises(ActionRefusee, match="prend effet"):
        passer(SYSTEME, convention, "commencer", jour=date(2026, 12, 31), maintenant=INSTANT)
    assert passer(SYSTEME, convention, "commencer", jour=date(2027, 1, 1), maintenant=INSTANT).etat == "en_cours"


def test_le_terme_est_passe():
    convention = en_cours(monde())
    with pytest.raises(ActionRefusee, match="court jusqu'au"):
        passer(SYSTEME, convention, "expirer", jour=convention.dernier_jour, maintenant=INSTANT)
    assert passer(SYSTEME, convention, "expirer", jour=convention.fin, maintenant=INSTANT).etat == "expire"
