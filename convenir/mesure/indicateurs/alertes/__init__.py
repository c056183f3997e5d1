"""Early alerts: a fact, its figure, its threshold, its consequence; never a judgement on the structure."""
