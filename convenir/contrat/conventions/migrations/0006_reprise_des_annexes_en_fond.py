from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0005_suites_du_controle'),
    ]

    operations = [
        migrations.AlterField(
            model_name='operation',
            name='genre',
            field=models.CharField(choices=[('lot', "Avenants et annexes d'une année"), ('reprise', 'Reprise de conventions nées ailleurs'), ('annexes', 'Reprise des conventions en cours')], max_length=10, verbose_name='genre'),
        ),
    ]
