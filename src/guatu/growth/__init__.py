"""DECIDE: steady growth. Firms: their figures with consent, their specialists, their plans."""
