"""What the rest of the product may listen to.

`livraison_appliquee` is sent once the database transaction of an applied delivery is committed, with
`livraison_uuid` (UUID): the records, structures and annexes it brings are in force.

`livraison_ml_appliquee` is the same for the deliveries of missions locales, records or indicators:
`queries.entrepots_ml()` then says what is in force.
"""

from django.dispatch import Signal

livraison_appliquee = Signal()
livraison_ml_appliquee = Signal()
