"""Words in French and in English: message catalogues, plurals, numbers, dates, countries and typography."""
