"""Several named mappings for each organisation; a deposit says through which one it is read."""

import django.db.models.deletion
from django.db import migrations, models

MEME_NOM = "Une correspondance porte déjà ce nom."


def nommer(apps, schema_editor):
    """Name the one mapping of each organisation, and attach it to the deposits that wait for their columns."""
    correspondances = apps.get_model("donnees", "CorrespondanceDeSource")
    livraisons = apps.get_model("donnees", "Livraison")
    for connue in correspondances.objects.all():
        connue.nom = (connue.contenu.get("nom") or connue.nom)[:80]
        connue.contenu = {**connue.contenu, "nom": connue.nom}
        connue.save(update_fields=["nom", "contenu"])
        en_attente = livraisons.objects.filter(organisation=connue.organisation_id, etat__in=["recue", "a_relier"])
        en_attente.filter(source__in=["ml", "agregats_ml"]).update(correspondance=connue)


class Migration(migrations.Migration):
    dependencies = [
        ("donnees", "0004_arrete_au"),
        ("organisations", "0002_missions_locales"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="correspondancedesource",
            options={
                "ordering": ["organisation", "nom"],
                "verbose_name": "correspondance de colonnes",
                "verbose_name_plural": "correspondances de colonnes",
            },
        ),
        migrations.AddField(
            model_name="correspondancedesource",
            name="nom",
            field=models.CharField(default="Export habituel", max_length=80, verbose_name="nom de l'export"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="livraison",
            name="correspondance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="livraisons",
                to="donnees.correspondancedesource",
                verbose_name="correspondance de colonnes",
            ),
        ),
        migrations.AlterField(
            model_name="correspondancedesource",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="correspondancedesource",
            constraint=models.UniqueConstraint(
                fields=("organisation", "nom"),
                name="correspondance_nom_unique",
                violation_error_message=MEME_NOM,
            ),
        ),
        migrations.AddConstraint(
            model_name="correspondancedesource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation__isnull", True)),
                fields=("nom",),
                name="correspondance_nom_exploitant",
                violation_error_message=MEME_NOM,
            ),
        ),
        migrations.RunPython(nommer, migrations.RunPython.noop),
    ]
