from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.donnees.formats import Colonne, Vue
from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee
from convenir.mesure.donnees.reception.entetes import lire_tete
from convenir.mesure.donnees.reception.flux import blocs_de_lignes
from convenir.mesure.donnees.reception.lecture import Lecture
from convenir.mesure.donnees.reception.rapiecage import rapiecer

NOMS = ("vue_id", "vue_b", "vue_c")
VUE = Vue("Essai", "essai", True, colonnes=tuple(Colonne(n) for n in NOMS))


def lire(texte: str, taille_bloc: int = 1 << 20) -> tuple[list[tuple], Lecture]:
    """Rows with the line where each begins, and the account of the reading."""
    octets = texte.encode()
    tete = lire_tete("f.csv", octets, VUE)
    lecture = Lecture("f.csv", tete, list(range(len(NOMS))))
    blocs = blocs_de_lignes(io.BytesIO(octets), "f.csv", None, taille_bloc)
    # L'en-tête doit tenir dans le premier bloc, comme dans la réception.
    debut, suite = b"", iter(blocs)
    while len(debut) < tete.octets:
        debut += next(suite)

    def enchainer():
        yield debut
        yield from suite

    rangees = []
    for morceau in lecture.morceaux(enchainer()):
        colonnes = [morceau.table[str(i)].to_pylist() for i in range(len(NOMS))]
        rangees += list(zip(morceau.lignes.tolist(), *colonnes, strict=True))
    return rangees, lecture


def fichier(corps: str, fin: str = "") -> str:
    return "|".join(NOMS) + "\n" + corps + fin


@pytest.mark.parametrize(
    ("corps", "attendues"),
    [
        ("1|a|b\n2|c|d\n", [(2, "1", "a", "b"), (3, "2", "c", "d")]),
        ("1|a\nsuite|b\n2|c|d\n", [(2, "1", "a suite", "b"), (4, "2", "c", "d")]),
        ("1|a\n\nsuite\n|b\n2|c|d\n", [(2, "1", "a suite ", "b"), (6, "2", "c", "d")]),
        ("1|a|b\nsuite du dernier champ\n2|c|d\n", [(2, "1", "a", "b suite du dernier champ"), (4, "2", "c", "d")]),
        ("1|a|b\n\n2|c|d\n", [(2, "1", "a", "b"), (4, "2", "c", "d")]),
        ("1|a\rsuite|b\n2|c|d\n", [(2, "1", "a suite", "b"), (3, "2", "c", "d")]),
        ("1|a|b\r\n2||d\r\n", [(2, "1", "a", "b"), (3, "2", None, "d")]),
        ('1|un "guillemet seul|b\n2|c|d"\n', [(2, "1", 'un "guillemet seul', "b"), (3, "2", "c", 'd"')]),
    ],
)
def test_rows_are_mended_and_keep_the_line_of_the_file(corps, attendues):
    assert lire(fichier(corps, "FIN2||\n"))[0] == attendues


def test_a_line_that_cannot_be_right_is_set_aside_and_counted():
    rangees, lecture = lire(fichier("1|a|b\n2|trop|de|champs\n3|court\n4|c|d\n", "FIN4\n"))
    assert [r[1] for r in rangees] == ["1", "4"]
    assert lecture.ecartees == 2
    assert [(a.ligne, a.gravite, a.message) for a in lecture.anomalies] == [
        (3, "quarantaine", "la ligne a 4 champs au lieu de 3 ; elle est mise à l'écart".replace("4 ", "4\u00a0")),
        (4, "quarantaine", "la ligne a 2 champs au lieu de 3 ; elle est mise à l'écart".replace("2 ", "2\u00a0")),
    ]


def test_a_carriage_return_alone_never_makes_two_rows():
    rangees, lecture = lire(fichier("1|a|b\n2||\r||\n3|c|d\n", "FIN3\n"))
    assert [r[:2] for r in rangees] == [(2, "1"), (4, "3")]
    assert [(a.ligne, a.gravite) for a in lecture.anomalies] == [(3, "quarantaine")]


@pytest.mark.parametrize("fin", ["", "FIN2||\n"])
@pytest.mark.parametrize("derniere", ["2|c", "2|c\n", "2|c\n\n"])
def test_a_last_line_with_fewer_fields_refuses_the_file(derniere, fin):
    with pytest.raises(LivraisonRefusee, match=r"ligne 3 : la dernière ligne a 2.champs au lieu de 3 .* tronqué"):
        lire(fichier("1|a|b\n" + derniere + ("\n" if fin else ""), fin))


def test_a_last_line_without_separator_is_a_cut_unless_fin_follows():
    with pytest.raises(LivraisonRefusee, match="tronqué"):
        lire(fichier("1|a|b\n2"))
    assert lire(fichier("1|a|b\nsuite\n", "FIN1||\n"))[0] == [(2, "1", "a", "b suite")]


@pytest.mark.parametrize("fin", ["FIN3||\n", "FIN0", "FIN99||||\n\n\n"])
def test_a_fin_line_with_another_count_refuses_the_file(fin):
    with pytest.raises(LivraisonRefusee, match=r"la ligne FIN annonce \d+.lignes?, le fichier en contient 2"):
        lire(fichier("1|a|b\n2|c|d\n", fin))


@pytest.mark.parametrize(("fin", "sans_fin"), [("", True), ("FIN2||\n", False), ("FIN2\r\n\r\n", False)])
def test_the_absence_of_fin_is_told(fin, sans_fin):
    rangees, lecture = lire(fichier("1|a|b\n2|c|d\n", fin))
    assert len(rangees) == 2
    assert lecture.sans_fin is sans_fin
    assert [a.message for a in lecture.anomalies] == [
        "pas de ligne FIN : rien ne garantit que le fichier soit entier"
    ] * sans_fin


def test_a_damaged_file_stops_before_filling_the_report(monkeypatch):
    monkeypatch.setattr("convenir.mesure.donnees.reception.lecture.ECARTS_MAX", 20)
    with pytest.raises(LivraisonRefusee, match=r"plus de 20 lignes sont illisibles"):
        lire(fichier("1|a|b|c|d\n" * 30, "FIN30\n"), 64)


def test_mended_lines_are_told_one_by_one_then_in_total(monkeypatch):
    monkeypatch.setattr("convenir.mesure.donnees.reception.lecture.RECOLLAGES_DITS", 2)
    _, lecture = lire(fichier("1|a\nb|c\n" * 5, "FIN5\n"), 32)
    assert [a.ligne for a in lecture.anomalies] == [2, 4, None]
    assert lecture.anomalies[-1].message == "au total, 5 lignes coupées ont été recollées"


champ = st.text(alphabet="ab\" é'", max_size=4)
ligne_juste = st.tuples(st.integers(0, 99).map(str), champ, champ).map("|".join)
ligne_brute = st.text(alphabet="a|é \n\r", max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    lignes=st.lists(st.one_of(ligne_juste, ligne_juste, ligne_juste, ligne_brute), max_size=12),
    taille=st.integers(1, 40),
    avec_fin=st.booleans(),
)
def test_what_is_read_does_not_depend_on_the_size_of_the_blocks(lignes, taille, avec_fin):
    corps = "".join(f"{ligne}\n" for ligne in ["0|x|y", *lignes])
    texte = fichier(corps, "FIN1\n" if avec_fin else "")

    def resultat(taille_bloc: int) -> object:
        try:
            rangees, lecture = lire(texte, taille_bloc)
        except LivraisonRefusee as refusee:
            return str(refusee)
        return rangees, lecture.ecartees, lecture.anomalies

    assert resultat(taille) == resultat(1 << 20)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9).map(str), champ, champ), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 40)), max_size=4),
    st.integers(1, 60),
)
def test_a_line_break_inside_a_text_never_loses_a_row(rangees, coupures, taille):
    lignes = ["|".join(r) for r in rangees]
    for rang, position in coupures:
        if rang < len(lignes) and "|" in lignes[rang][:position] and position < len(lignes[rang]):
            lignes[rang] = lignes[rang][:position] + "\n" + lignes[rang][position:]
    texte = fichier("\n".join(lignes) + "\n", f"FIN{len(rangees)}||\n")
    lues, lecture = lire(texte, taille)
    assert lecture.ecartees == 0
    assert [r[1] for r in lues] == [r[0] for r in rangees]
    for lue, vraie in zip(lues, rangees, strict=True):
        assert [(v or "").replace(" ", "") for v in lue[2:]] == [v.replace(" ", "") for v in vraie[1:]]


def test_the_last_record_of_a_block_is_held_for_the_next():
    fait = rapiecer(b"1|a\nb|c\n2|d\n", 2, 10, dernier=False, fin_annoncee=False)
    assert (fait.octets, fait.lignes.tolist()) == (b"1|a b|c\n", [10])
    assert (fait.reste, fait.ligne_du_reste) == (b"2|d\n", 12)
