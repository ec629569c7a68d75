"""Pages where papers and ledgers come in, are read, checked and confirmed."""
