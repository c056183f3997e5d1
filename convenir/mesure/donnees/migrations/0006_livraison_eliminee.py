"""Eliminated deliveries keep the day they were applied."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donnees', '0005_correspondances_nommees'),
        ('organisations', '0002_missions_locales'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='livraison',
            name='livraison_appliquee_datee',
        ),
        migrations.RemoveConstraint(
            model_name='livraison',
            name='livraison_etat',
        ),
        migrations.AlterField(
            model_name='livraison',
            name='etat',
            field=models.CharField(choices=[('recue', 'Reçue'), ('controlee', 'Contrôlée'), ('a_confirmer', 'À confirmer'), ('appliquee', 'Appliquée'), ('refusee', 'Refusée'), ('abandonnee', 'Abandonnée'), ('interrompue', 'Interrompue'), ('a_relier', 'Colonnes à relier'), ('oubliee', 'Calculée, puis oubliée'), ('eliminee', 'Éliminée')], default='recue', max_length=11, verbose_name='état'),
        ),
        migrations.AddConstraint(
            model_name='livraison',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['recue', 'controlee', 'a_confirmer', 'appliquee', 'refusee', 'abandonnee', 'interrompue', 'a_relier', 'oubliee', 'eliminee'])), name='livraison_etat', violation_error_message="Cet état de livraison n'existe pas."),
        ),
        migrations.AddConstraint(
            model_name='livraison',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appliquee_le__isnull', False), ('etat__in', ('appliquee', 'eliminee'))), models.Q(models.Q(('etat__in', ('appliquee', 'eliminee')), _negated=True), ('appliquee_le__isnull', True)), _connector='OR'), name='livraison_appliquee_datee', violation_error_message='Une livraison appliquée porte la date de son application, les autres non.'),
        ),
    ]
