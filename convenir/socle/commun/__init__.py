"""Money, ETP, periods, dated values and French wording: pure Python, no Django."""
