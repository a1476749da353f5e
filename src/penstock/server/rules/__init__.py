"""Pure rules: from facts and a proposal to a frozen ruling. Another place writes what they decide."""
