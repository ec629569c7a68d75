"""A leader's page: which activities to push today, in order of the days they save."""
