"""Le passage du temps : chaque texte son essai, deux fois le même jour ne font rien de plus."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from convenir.contrat.conventions import droit, temps
from convenir.contrat.conventions.actions import (
    AvisRendu,
    Lettre,
    engager_manquement,
    mettre_en_signature,
    passer,
    rendre_avis,
    reprendre_des_sommes,
)
from convenir.contrat.conventions.attendus import Code
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.continuite import Continuite
from convenir.contrat.conventions.temps import Rapport, passer_le_jour
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.restitution.commandes.principal import main
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Notification, Tache
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, monde, tout_signer
from tests.contrat.conventions.test_decisions import PROJET
from tests.factories_comptes import AdhesionFactory
from tests.factories_conventions import ConventionFactory, VersionFactory, convention_en_cours

pytestmark = pytest.mark.django_db


def jour(quand: date, essai: bool = False) -> Rapport:
    return passer_le_jour(quand, maintenant=INSTANT, essai=essai)


def faites(rapport: Rapport) -> dict[str, int]:
    """Ce qui a été fait aux conventions ; les rappels d'obligations et de lots ont leurs essais."""
    return {code: n for code, n in rapport.comptes.items() if n and not code.startswith(("obligations", "lots"))}


def signee(m, **champs) -> Convention:
    convention = m.convention(**champs)
    passer(SYSTEME, convention, "soumettre_avis", jour=JOUR, maintenant=INSTANT)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    mettre_en_signature(SYSTEME, convention, jour=JOUR, maintenant=INSTANT)
    tout_signer(convention.versions.get())
    return Convention.objects.get(pk=convention.pk)


@pytest.fixture
def aci() -> Convention:
    """Une ACI en cours depuis 2026, dont les clauses financières finissent avec l'année."""
    return convention_en_cours()


def etat(convention: Convention) -> str:
    return Convention.objects.get(pk=convention.pk).etat


def taches(**champs) -> list[str]:
    return sorted(Tache.objects.filter(faite_le=None, **champs).values_list("code", flat=True))


def test_une_convention_signee_commence_a_sa_date_pas_avant():
    convention = signee(monde(), debut=date(2026, 6, 1), fin=date(2029, 1, 1), motif_periode="Saison")
    assert faites(jour(date(2026, 5, 31))) == {}
    assert etat(convention) == "signe"
    assert faites(jour(date(2026, 6, 1))) == {"commencees": 1}
    assert etat(convention) == "en_cours"
    assert faites(jour(date(2026, 6, 1))) == {}, "rejouer le jour ne fait rien"


def test_un_jour_manque_se_rattrape_a_la_date_de_l_acte():
    convention = signee(monde(), debut=date(2026, 6, 1), fin=date(2029, 1, 1), motif_periode="Saison")
    jour(date(2026, 6, 20))
    assert convention.passages.get(transition="commencer").jour == date(2026, 6, 1)


def test_une_convention_finit_le_lendemain_de_son_dernier_jour():
    aci = ConventionFactory(etat="en_cours")
    VersionFactory(convention=aci, clauses_fin=date(2029, 1, 1), etat="signee", signee_le=date(2026, 1, 5))
    assert faites(jour(date(2028, 12, 31))).get("expirees") is None
    assert faites(jour(date(2029, 1, 1)))["expirees"] == 1
    assert etat(aci) == "expire"
    assert faites(jour(date(2029, 1, 1))).get("expirees") is None


def test_l_acte_precedent_s_applique_par_continuite_jusqu_a_la_date_de_l_arrete_puis_les_versements_sont_suspendus(
    aci,
):
    assert faites(jour(date(2027, 1, 1)))["continuite"] == 1
    tache = Tache.objects.get(code=Code.CONTINUITE)
    assert (tache.echeance, tache.organisation) == (date(2027, 5, 31), aci.service)
    jour(date(2027, 5, 31))
    assert etat(aci) == "en_cours", "le dernier jour compte encore"
    assert faites(jour(date(2027, 6, 1)))["suspendues"] == 1
    aci.refresh_from_db()
    assert (aci.etat, aci.suspendue_le) == ("suspendu", date(2027, 6, 1))
    assert Tache.objects.get(code=Code.CONTINUITE).echeance == date(2027, 9, 30)
    assert "suspendues" not in faites(jour(date(2027, 6, 2)))


def test_la_date_de_l_arrete_ne_va_jamais_au_dela_du_31_mai(aci, monkeypatch):
    tardive = Continuite.de(date(2027, 7, 15), date(2027, 9, 30))
    monkeypatch.setattr(droit, "continuite", lambda annee: tardive)
    assert faites(jour(date(2027, 6, 1)))["suspendues"] == 1


def test_une_date_d_arrete_plus_precoce_suspend_des_son_lendemain(aci, monkeypatch):
    monkeypatch.setattr(droit, "continuite", lambda annee: Continuite.de(date(2027, 4, 30), date(2027, 9, 30)))
    assert "suspendues" not in faites(jour(date(2027, 4, 30)))
    assert faites(jour(date(2027, 5, 1)))["suspendues"] == 1


def test_sans_signature_l_aide_se_reclame_a_partir_du_30_septembre(aci):
    jour(date(2027, 6, 1))
    jour(date(2027, 9, 29))
    assert Code.RECUPERER not in taches()
    assert faites(jour(date(2027, 9, 30)))["continuite"] == 1
    assert taches(organisation=aci.service) == [Code.RECUPERER]
    reprise = replace(PROJET, prise_le=date(2027, 10, 4), montant=Decimal("57410.40"))
    reprendre_des_sommes(SYSTEME, Convention.objects.get(pk=aci.pk), reprise)
    assert Code.RECUPERER not in taches(), "la décision prise, il reste à la notifier"


def test_une_association_intermediaire_est_suspendue_comme_les_autres_r5132_14(aci):
    Convention.objects.filter(pk=aci.pk).update(categorie="AI")
    assert "suspendues" in faites(jour(date(2027, 6, 1)))
    assert etat(aci) == "suspendu"


def test_une_eiti_n_est_pas_suspendue_aucun_texte_ne_le_dit(aci):
    Convention.objects.filter(pk=aci.pk).update(categorie="EITI")
    assert faites(jour(date(2027, 10, 1))) == {}
    assert etat(aci) == "en_cours"


def test_une_annexe_valide_a_l_asp_ne_laisse_rien_suspendre_le_service_enregistre_l_acte(aci):
    AnnexeLue.objects.create(
        structure=aci.structure, id_structure_asp=aci.structure.id_asp, id_annexe=1, id_avenant=1, mesure="ACI_DC",
        numero="ACI044270001", retenue=True, etat="VALIDE", debut=date(2027, 1, 1), fin_incluse=date(2027, 12, 31),
        etp=Decimal(12), montant_unitaire=Decimal(23921), empreinte="x",
        livraison=Livraison.objects.create(source="fluxiae", auteur_nom="Essai"),
    )  # fmt: skip
    assert "suspendues" not in faites(jour(date(2027, 6, 1)))
    assert etat(aci) == "en_cours"
    tache = Tache.objects.get(code=Code.CONTINUITE)
    assert "enregistrer l’avenant 2027" in tache.libelle
    jour(date(2027, 9, 30))
    assert Code.RECUPERER not in taches(), "ce que l'ASP a validé ne se réclame pas"


def test_une_convention_reprise_sans_ses_avenants_n_est_pas_suspendue_par_le_seul_temps(aci):
    Convention.objects.filter(pk=aci.pk).update(origine="reprise")
    assert "suspendues" not in faites(jour(date(2027, 6, 1)))
    assert "aucun de ses avenants n’est connu" in Tache.objects.get(code=Code.CONTINUITE).pourquoi


def test_un_avenant_signe_dans_l_annee_evite_tout(aci):
    VersionFactory(convention=aci, nature="avenant", numero=1, rang=1, effet=date(2027, 1, 1), etat="signee",
                   signee_le=date(2027, 3, 1))  # fmt: skip
    assert faites(jour(date(2027, 10, 1))) == {}


def test_le_mois_de_l_employeur_passe_le_service_doit_decider(aci):
    engager_manquement(SYSTEME, aci, Lettre("Faits", "R. 5132-5", date(2026, 3, 2), "1A"), maintenant=INSTANT)
    assert "observations" not in faites(jour(date(2026, 4, 1)))
    assert faites(jour(date(2026, 4, 2)))["observations"] == 1
    assert taches(organisation=aci.service) == [Code.DECIDER]


def test_un_jour_d_essai_dit_tout_et_n_ecrit_rien(aci):
    entrees = Entree.objects.count()
    essai = jour(date(2027, 6, 1), essai=True)
    assert faites(essai)["suspendues"] == 1
    assert (etat(aci), Tache.objects.count(), Entree.objects.count()) == ("en_cours", 0, entrees)


def test_l_essai_annonce_ce_que_le_jour_fera_ni_plus_ni_moins(aci):
    convention_en_cours()
    essai = jour(date(2027, 6, 1), essai=True)
    assert (essai.comptes, essai.ecartes) == (jour(date(2027, 6, 1)).comptes, [])


@pytest.mark.django_db(transaction=True)
def test_chaque_cas_est_sa_propre_transaction_une_panne_garde_ce_qui_est_fait(monkeypatch):
    premiere, seconde = convention_en_cours(), convention_en_cours()
    vraie = temps.passer

    def panne(acteur, convention, nom, **autres):
        if convention.pk == seconde.pk:
            raise RuntimeError("Panne d'essai")
        return vraie(acteur, convention, nom, **autres)

    monkeypatch.setattr(temps, "passer", panne)
    with pytest.raises(RuntimeError, match="Panne d'essai"):
        jour(date(2027, 6, 1))
    assert (etat(premiere), etat(seconde)) == ("suspendu", "en_cours")


def test_un_jour_est_journalise_s_il_fait_quelque_chose(aci):
    jour(date(2027, 6, 1))
    jour(date(2027, 6, 1))
    assert Entree.objects.filter(acte="conventions.passer_le_jour").count() == 1


def test_un_cas_qui_echoue_est_ecarte_avec_sa_raison_et_les_autres_suivent(aci, monkeypatch):
    autre = convention_en_cours()
    vraie = temps.passer

    def bancale(acteur, convention, nom, **autres):
        if convention.pk == aci.pk:
            raise temps.ErreurMetier("Verrou d'essai.")
        return vraie(acteur, convention, nom, **autres)

    monkeypatch.setattr(temps, "passer", bancale)
    rapport = jour(date(2027, 6, 1))
    assert [(x.reference, x.detail) for x in rapport.ecartes] == [(aci.reference, "Verrou d'essai.")]
    assert (etat(aci), etat(autre)) == ("en_cours", "suspendu")


def test_les_parties_sont_prevenues_d_une_suspension_une_seule_fois(aci):
    direction = AdhesionFactory(organisation=aci.structure.porteur, role=Role.DIRECTION_STRUCTURE).utilisateur
    for delta in range(3):
        jour(date(2027, 6, 1) + timedelta(days=delta))
    dites = Notification.objects.filter(destinataire=direction, libelle__contains="suspendus")
    assert dites.count() == 1


def test_le_nombre_de_requetes_d_un_jour_sans_rien_ne_depend_pas_du_volume(django_assert_max_num_queries):
    def courante() -> None:
        VersionFactory(convention=convention_en_cours(), nature="avenant", numero=1, rang=1, effet=date(2026, 2, 1),
                       etat="signee", signee_le=date(2026, 2, 1))  # fmt: skip

    courante()
    with django_assert_max_num_queries(60) as peu:
        jour(date(2026, 6, 1))
    for _ in range(5):
        courante()
    with django_assert_max_num_queries(len(peu)):
        jour(date(2026, 6, 1))


def test_la_commande_rend_un_rapport_lisible_et_un_json(aci, capsys):
    assert main(["conventions", "passer-le-jour", "--date", "2027-06-01", "--essai"]) == 0
    sortie = capsys.readouterr().out
    assert sortie.startswith("Essai, rien n’est écrit. 1er\xa0juin\xa02027 : 1\xa0suspension constatée")
    assert main(["conventions", "passer-le-jour", "--date", "2026-06-01", "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert (lu["jour"], lu["essai"], lu["faits"], lu["ecartes"]) == ("2026-06-01", False, [], [])
    assert main(["conventions", "passer-le-jour", "--date", "2099-01-01"]) == 2


def test_une_suspension_levee_par_un_agent_ne_revient_pas_le_lendemain():
    convention = convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    passer_le_jour(date(2026, 6, 2), maintenant=INSTANT)
    assert Convention.objects.get().etat == "suspendu"
    passer(
        SYSTEME, convention, "lever_suspension", jour=date(2026, 6, 3), maintenant=INSTANT, motif="Signé sur papier"
    )
    assert passer_le_jour(date(2026, 6, 4), maintenant=INSTANT).comptes["suspendues"] == 0
    assert passer_le_jour(date(2027, 6, 2), maintenant=INSTANT).comptes["suspendues"] == 1
