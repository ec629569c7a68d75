"""What crosses chapters: reading, cockpit, sample, tick."""
