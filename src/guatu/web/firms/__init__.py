"""Firms beyond the register: figures and their consent, specialists, marks, account plans."""
