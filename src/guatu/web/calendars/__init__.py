"""Working days of the district: calendars, seasonal stops, and the yearly holiday notices."""
