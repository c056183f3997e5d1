"""Pure rules of the follow-up."""
