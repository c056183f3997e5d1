"""Archives publiques : rien ne s'élimine sans bordereau signé et visé ; la chaîne du journal reste entière."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.models import GenrePiece, Piece
from convenir.contrat.dossiers import actes
from convenir.contrat.dossiers.models import PieceJointe, Reponse
from convenir.restitution.commandes.principal import main
from convenir.socle.archives import actions, queries
from convenir.socle.archives.export import exporter
from convenir.socle.archives.models import Bordereau
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.stockage import deposer, relire
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.models import Charge, Entree
from convenir.socle.journal.queries import verifier
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import ConventionFactory
from tests.factories_dossiers import PDF, DossierFactory, PieceJointeFactory

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 27)
INSTANT = datetime(2012, 6, 1, 9, tzinfo=UTC)
SIGNE = actions.Signature("Camille Fictive", "Directrice départementale")
VISA = actions.Visa("Archives départementales fictives", JOUR, "visa.pdf", PDF)
FONDS = "dossiers.demande"


def clos(etat: str = "expire", **champs):
    """Un dossier d'une convention finie en 2012, sa réponse, sa pièce, son acte au journal."""
    convention = ConventionFactory(
        etat=etat, debut=date(2010, 1, 1), fin=date(2013, 1, 1), etat_depuis=date(2013, 1, 1), **champs
    )
    dossier = DossierFactory(
        convention=convention, ouvert_le=datetime(2009, 11, 2, 9, tzinfo=UTC), depose_le=date(2009, 11, 4)
    )
    Reponse.objects.create(dossier=dossier, champ="postes.etp_demandes", valeur="12", modifiee_le=INSTANT)
    PieceJointeFactory(dossier=dossier, sha256=deposer(PDF, "piece.pdf").sha256)
    with transaction.atomic():
        journaliser(actes.OUVERT, dossier, auteur=Acteur.systeme("Essai").auteur, apres={"etp": "12"})
    return dossier


@pytest.fixture
def dossier():
    return clos()


@pytest.fixture
def gens(dossier):
    return acteurs_par_role(dossier.convention.structure)


@pytest.fixture
def ddets(gens):
    return gens[Role.DEPARTEMENTAL].acteur


def preparer(acteur, dossier, sens: str = "elimination", fonds: str = FONDS) -> Bordereau:
    reference = dossier.convention.reference
    return actions.preparer(acteur, dossier.convention.departement, sens, [(fonds, reference)], SIGNE, jour=JOUR)


def test_ce_qui_est_echu_se_liste_et_n_est_que_sur_un_bordereau(ddets, dossier):
    departement = dossier.convention.departement_id
    (article,) = queries.echus(FONDS, departement, JOUR)
    assert (article.cle, article.clos_le) == (dossier.convention.reference, date(2012, 12, 31))
    assert queries.echus(FONDS, departement, date(2022, 12, 30)) == [], "dix ans ne sont pas passés"
    bordereau = preparer(ddets, dossier)
    assert queries.echus(FONDS, departement, JOUR) == []
    with pytest.raises(ActionRefusee, match="déjà sur un bordereau"):
        preparer(ddets, dossier)
    actions.refuser(ddets, bordereau, "Intérêt historique")
    assert len(queries.echus(FONDS, departement, JOUR)) == 1


def test_rien_ne_s_elimine_sans_visa_date_et_joint(ddets, dossier):
    bordereau = preparer(ddets, dossier)
    with pytest.raises(ActionRefusee, match="attend le visa"):
        actions.executer(ddets, bordereau, jour=JOUR)
    for visa, message in (
        (actions.Visa("", JOUR, "v.pdf", PDF), "qui a visé"),
        (actions.Visa("A", date(2026, 11, 26), "v.pdf", PDF), "après le bordereau"),
        (actions.Visa("A", JOUR, "v.pdf", b"pas un pdf"), "en PDF"),
    ):
        with pytest.raises(EntreeInvalide, match=message):
            actions.viser(ddets, bordereau, visa)
    with pytest.raises(IntegrityError, match="bordereau_visa"), transaction.atomic():
        Bordereau.objects.filter(pk=bordereau.pk).update(etat="bordereau_vise")
    with pytest.raises(IntegrityError, match="bordereau_execute"), transaction.atomic():
        Bordereau.objects.filter(pk=bordereau.pk).update(execute_le=JOUR)
    assert Reponse.objects.filter(dossier=dossier).exists()


def test_l_elimination_visee_efface_contenu_fichiers_et_details_la_chaine_reste_entiere(
    ddets, dossier, django_capture_on_commit_callbacks
):
    sha, numero = dossier.pieces.get().sha256, Entree.objects.get(acte=actes.OUVERT).pk
    bordereau = actions.viser(ddets, preparer(ddets, dossier), VISA)
    PieceJointe.objects.filter(dossier=dossier).update(sha256=deposer(PDF + b"%", "p.pdf").sha256)
    with pytest.raises(ActionRefusee, match="a changé depuis le bordereau"):
        actions.executer(ddets, bordereau, jour=JOUR)
    PieceJointe.objects.filter(dossier=dossier).update(sha256=sha)
    with django_capture_on_commit_callbacks(execute=True):
        actions.executer(ddets, bordereau, jour=JOUR)
    assert not Reponse.objects.filter(dossier=dossier).exists()
    assert not PieceJointe.objects.filter(dossier=dossier).exists()
    assert bordereau.sha256 == sha, "le visa est le même fichier : il reste cité"
    assert relire(sha)
    charge = Charge.objects.get(pk=numero)
    assert (charge.avant, charge.apres, charge.sel) == (None, None, "")
    assert Entree.objects.filter(acte="archives.eliminer").count() == 1
    assert verifier().valide
    ligne = queries.elimination_de(FONDS, dossier.convention.reference)
    assert (ligne.faite_le, ligne.bordereau.numero) == (JOUR, bordereau.numero)


def test_un_fichier_part_quand_plus_rien_ne_le_cite(ddets, dossier, django_capture_on_commit_callbacks):
    partage, propre = (deposer(PDF + octet, "p.pdf").sha256 for octet in (b"%1", b"%2"))
    PieceJointe.objects.filter(dossier=dossier).update(sha256=propre)
    PieceJointeFactory(dossier=dossier, genre="statuts", sha256=partage)
    PieceJointeFactory(dossier=clos(structure=dossier.convention.structure), sha256=partage)
    bordereau = actions.viser(ddets, preparer(ddets, dossier), VISA)
    with django_capture_on_commit_callbacks(execute=True):
        actions.executer(ddets, bordereau, jour=JOUR)
    with pytest.raises(EntreeInvalide, match="Aucun document"):
        relire(propre)
    assert relire(partage), "un autre dossier le cite encore"


def test_un_acte_se_verse_avec_son_manifeste_et_ne_s_elimine_pas(ddets, dossier):
    convention = dossier.convention
    Piece.objects.create(
        convention=convention, genre=GenrePiece.ACTE_SIGNE, nom="acte « signé ».pdf", taille=len(PDF), suffixe=".pdf",
        sha256=deposer(PDF, "acte.pdf").sha256, jour=date(2010, 1, 5), deposee_le=INSTANT, deposee_par="x",
    )  # fmt: skip
    with pytest.raises(ActionRefusee, match="se verse aux Archives"):
        preparer(ddets, dossier, fonds="conventions.actes")
    bordereau = preparer(ddets, dossier, "versement", "conventions.actes")
    octets = exporter(ddets, bordereau)
    assert octets == exporter(ddets, bordereau), "mêmes données, mêmes octets"
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        noms = archive.namelist()
        lignes = list(csv.DictReader(archive.read("manifeste.csv").decode("utf-8-sig").splitlines()))
        assert archive.read(lignes[0]["fichier"]) == PDF
        assert convention.reference in archive.read("manifeste.xml").decode()
    assert noms[:2] == ["manifeste.csv", "manifeste.xml"]
    assert lignes[0]["sha256"] == convention.pieces.get().sha256
    with pytest.raises(ActionRefusee, match="ne se verse pas"):
        exporter(ddets, preparer(ddets, dossier))


def test_une_convention_en_cours_ou_d_ailleurs_n_est_pas_sur_un_bordereau(ddets, dossier):
    voisine = clos()
    with pytest.raises(ActionRefusee, match="Hors de ce département"):
        actions.preparer(ddets, dossier.convention.departement, "elimination",
                         [(FONDS, voisine.convention.reference)], SIGNE, jour=JOUR)  # fmt: skip
    with pytest.raises(ActionRefusee, match="périmètre"):
        preparer(ddets, voisine)
    courante = clos("en_cours", structure=dossier.convention.structure)
    with pytest.raises(EntreeInvalide, match="n'existe pas"):
        preparer(ddets, courante)


def test_le_chemin_entier_par_les_pages(gens, dossier):
    client, convention = gens[Role.DEPARTEMENTAL].client, dossier.convention
    page = client.get(reverse("archives:liste")).content.decode()
    assert "1\xa0article : préparer un bordereau" in page
    adresse = reverse("archives:preparer", args=[convention.departement_id, FONDS])
    assert client.post(adresse, {"signataire": "C", "qualite": "D"}).status_code == 400, "aucun article choisi"
    envoi = {"article": convention.reference, "signataire": "C. Fictive", "qualite": "Directrice"}
    assert client.post(adresse, envoi).status_code == 302
    bordereau = Bordereau.objects.get()
    assert convention.reference in client.get(bordereau.get_absolute_url()).content.decode()
    visa = {"par": "Archives", "jour": f"{timezone.localdate():%Y-%m-%d}",
            "fichier": SimpleUploadedFile("visa.pdf", PDF, content_type="application/pdf")}  # fmt: skip
    assert client.post(reverse("archives:viser", args=[bordereau.pk]), visa).status_code == 302
    client.post(reverse("archives:executer", args=[bordereau.pk]))
    bordereau.refresh_from_db()
    assert bordereau.etat == "bordereau_execute"
    assert "Contenu éliminé le" in client.get(dossier.get_absolute_url()).content.decode()
    assert client.get(reverse("archives:visa", args=[bordereau.pk])).content == PDF
    assert gens[Role.DIRECTION_STRUCTURE].client.get(reverse("archives:liste")).status_code == 403


def test_la_commande_dit_ce_qui_est_echu(dossier, capsys):
    assert main(["archives", "--departement", dossier.convention.departement_id, "--json"]) == 0
    dits = {d["fonds"]: d for d in json.loads(capsys.readouterr().out)}
    assert dits[FONDS]["echus"] == [dossier.convention.reference]
    assert {code for code, d in dits.items() if d["tenu"]} == set(dits), "chaque fonds du tableau est tenu"
