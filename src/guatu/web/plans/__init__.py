"""A project's plan as pages: backward schedule, editor, what-if, progress, exchange."""
