"""What the rest of the product may listen to.

`livraison_appliquee` is sent once the database transaction of an applied delivery is committed, with
`livraison_uuid` (UUID): the records, structures and annexes it brings are in force.
"""

from django.dispatch import Signal

livraison_appliquee = Signal()
