"""Bringing a Slack export in: `archive` reads the zip and trusts nothing in it, `text` turns Slack's marks into plain
text, `importing` writes people, groups and messages."""
