"""What an export holds: `archive` writes the zip, `records` says what of a message goes into it."""
