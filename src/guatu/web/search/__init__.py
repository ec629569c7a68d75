"""The search over everything: its page and the suggestions under the bar."""
