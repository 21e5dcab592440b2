"""A transform for ``RecordTransform.from_function``: adds ``amount_eur``, leaves out records of zero, refuses unknown currencies.

Each record is checked by the schema before it comes here, and by the output schema after. A decimal is a string: no digit is lost.
"""

from decimal import ROUND_HALF_EVEN, Decimal

# Of one day, for the example.
EUROS = {"EUR": Decimal("1"), "USD": Decimal("0.9214"), "GBP": Decimal("1.1653"), "CHF": Decimal("1.0219")}
CENT = Decimal("0.01")


def handler(event, context):
    # With pandas, a batch is `pandas.DataFrame(event["records"], dtype=object)`: see docs/transforms.md.
    return {"records": [transform(record) for record in event["records"]]}


def transform(record):
    """Gives the record to publish, None to leave it out, or a reject."""
    amount = Decimal(record["amount"])
    if amount == 0:
        return None
    euros = EUROS.get(record["currency"])
    if euros is None:
        return {"$reject": f"no rate for {record['currency']}", "column": "currency"}
    return {**record, "amount_eur": str((amount * euros).quantize(CENT, ROUND_HALF_EVEN))}
