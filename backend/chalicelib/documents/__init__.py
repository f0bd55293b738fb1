"""What patients send (cards, letters, identity papers) arrives safe: seen by nobody before it was scanned and made anew."""
