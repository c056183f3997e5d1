"""Les rapports des reprises passées rejoignent les autres opérations en masse : une seule mécanique les suit."""

from django.db import migrations


def reporter(apps, schema_editor):
    """Copier chaque rapport, ligne par ligne, dans la forme commune."""
    operation = apps.get_model('conventions', 'Operation')
    for ancienne in apps.get_model('suivi', 'Reprise').objects.order_by('pk').iterator():
        operation.objects.create(
            genre='annexes', departement_id=ancienne.departement_id, essai=ancienne.essai,
            etat='finie' if ancienne.finie_le else 'echouee', progression=100 if ancienne.finie_le else 0,
            message='' if ancienne.finie_le else 'La reprise s’est arrêtée sans rapport.',
            rapport=[ligne(x) for x in ancienne.rapport], demandee_le=ancienne.demandee_le,
            demandee_par=ancienne.demandee_par, finie_le=ancienne.finie_le,
        )


def ligne(ancienne):
    lue = f"Annexe {ancienne['numero']}"
    raison = ancienne.get('raison', '')
    issue = ancienne['issue'].replace('déjà dans Convenir', 'déjà présente')
    return {'partie': ancienne['structure'], 'reference': ancienne.get('reference', ''), 'issue': issue,
            'detail': f'{lue} : {raison}' if raison else lue}


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0006_reprise_des_annexes_en_fond'),
        ('suivi', '0006_financeurs_par_organisation'),
    ]

    operations = [
        migrations.RunPython(reporter, migrations.RunPython.noop),
        migrations.DeleteModel(name='Reprise'),
    ]
