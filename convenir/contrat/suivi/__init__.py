"""What happens after the signature: means, commitments, bilan, control, renewal, and the daily work of an office."""
